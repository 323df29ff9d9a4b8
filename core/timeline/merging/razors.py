"""Clips cut in two: what was one item in the base is as many in all edits, so that halves meet halves.

base    [ A ------------- ]      [ A --- ][ A2 ---- ]
ours    [ A --- ][ A2 --- ]  ->  [ A --- ][ A2 ---- ]
theirs  [ A, renamed ---- ]      [ A, re…][ A2, ren… ]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..facts import NAMESPACE
from ..joins import FADE_IN, FADE_OUT
from .items import Item, Json, Parts, Track, facts_in, frames_in, media_of, speed_in, time_like

_NOTHING = Fraction(0)
_IDS = ("occurrence_id", "parent_occurrence_id", "link_id")


@dataclass
class Razor:
    """That an item was cut in two: `whole` as the base has it, `later` the half that is new."""

    whole: Item
    later: Item


@dataclass
class _Family:
    """What an item of the base has become: the new halves, by the place in the media at which they begin."""

    whole: Item
    halves: dict[Fraction, Item] = field(default_factory=dict)


def cut_alike(base: Parts, changed: Sequence[Parts], new: set[int]) -> list[Razor]:
    """Cuts, in place, each edit's items where any of the others has cut the same.

    Items that are in the base have its IDs already; `new` has the `id()` of the others, less halves when it is done.
    """
    families: dict[str, _Family] = {}
    for parts in changed:
        _find(base, parts, families, new)
    if not families:
        return []
    everywhere = [_Places(parts) for parts in (base, *changed)]
    razors = []
    for family in families.values():
        slips = [_slip(family.whole, places.item(family.whole.id), base.rate) for places in everywhere]
        for at, half in sorted(family.halves.items()):
            razors.append(Razor(replace(family.whole), half))
            for places, slip in zip(everywhere, slips, strict=True):
                places.cut([family.whole.id, *(piece.id for piece in family.halves.values())], half, at + slip)
    return razors


def _find(base: Parts, parts: Parts, families: dict[str, _Family], new: set[int]) -> None:
    """The halves that an edit has and its base has not."""
    wholes = {item.id: item for item in base.items()}
    for track in parts.tracks:
        last: dict[str, tuple[Item, Item]] = {}  # by what plays: the item of the base, and the piece of it before
        for item in track.items:
            source = _source(item)
            if id(item) not in new:
                last[source] = wholes[item.id], item
                continue
            if source not in last:
                continue
            whole, before = last[source]
            at = _at(item, parts.rate)
            if at is None or not _is_cut(whole, before, item, at, base.rate):
                continue
            family = families.setdefault(whole.id, _Family(whole))
            family.halves.setdefault(at, item)
            item.id = f"{whole.id}|{at}"
            new.discard(id(item))
            last[source] = whole, item


def _is_cut(whole: Item, before: Item, item: Item, at: Fraction, rate: Any) -> bool:
    """Whether an item is a later half: it begins inside the whole, and not before the piece to its left ends."""
    ends, left, own = (_ends(piece, rate) for piece in (whole, before, item))
    if ends is None or left is None or own is None:
        return False
    if ends.backwards != own.backwards or left.backwards != own.backwards:
        return False
    passed = left.first >= at if own.backwards else left.end <= at
    return passed and ends.first < at < ends.end


@dataclass(frozen=True)
class _Ends:
    """The media that an item plays, in the film's frames, and which way."""

    first: Fraction
    end: Fraction
    backwards: bool


def _ends(item: Item, rate: Any) -> _Ends | None:
    """None where the item holds a frame, changes its speed, or says nothing of its media."""
    span, speed = item.value.get("source_range"), speed_in(item.value)
    if not span or not speed:
        return None
    first = frames_in(span["start_time"], rate)
    return _Ends(first, first + item.length * abs(speed), speed < 0)


def _at(item: Item, rate: Any) -> Fraction | None:
    """The place in the media at which an item begins to play."""
    ends = _ends(item, rate)
    return None if ends is None else ends.end if ends.backwards else ends.first


def _slip(whole: Item, item: Item | None, rate: Any) -> Fraction:
    """By how much an edit has slipped an item that it left whole: a cut stays at its place in the record."""
    if item is None:
        return _NOTHING
    was, now = _ends(whole, rate), _ends(item, rate)
    if was is None or now is None or was.end - was.first != now.end - now.first:
        return _NOTHING
    return now.first - was.first


class _Places:
    """Where the items of an edit are, by their IDs."""

    def __init__(self, parts: Parts) -> None:
        self._rate = parts.rate
        self._found: dict[str, tuple[Track, Item]] = {
            item.id: (track, item) for track in parts.tracks for item in track.items
        }

    def item(self, name: str) -> Item | None:
        found = self._found.get(name)
        return found[1] if found else None

    def cut(self, pieces: Sequence[str], half: Item, at: Fraction) -> None:
        """Cuts whichever of these has a place in the media; what has the half already, or not that place, stays."""
        if half.id in self._found:
            return
        for track, item in (self._found[piece] for piece in pieces if piece in self._found):
            ends = _ends(item, self._rate)
            if ends is not None and ends.first < at < ends.end:
                later = _cut(item, half, at, ends, self._rate)
                track.items.insert(track.items.index(item) + 1, later)
                self._found[half.id] = track, later
                return


def _cut(item: Item, half: Item, at: Fraction, ends: _Ends, rate: Any) -> Item:
    """Cuts an item in place; what comes back is its later half, known as `half` is."""
    speed = abs(speed_in(item.value) or Fraction(1))
    length = (ends.end - at if ends.backwards else at - ends.first) / speed
    later = replace(
        item,
        id=half.id,
        value=deepcopy(item.value),
        free=_NOTHING,
        start=item.start + length,
        length=item.length - length,
        head=None,
    )
    item.tail = None
    for piece, first in ((item, at if ends.backwards else ends.first), (later, ends.first if ends.backwards else at)):
        span = piece.value["source_range"]
        time = time_like(length if piece is item else later.length, rate, span["duration"])
        start = time_like(first, rate, span["start_time"])
        piece.value = {**piece.value, "source_range": {**span, "start_time": start, "duration": time}}
    item.length = length
    for piece in (item, later):
        markers = piece.value.get("markers") or []
        kept = [marker for marker in markers if (_begins(marker, rate) >= at) == ((piece is later) != ends.backwards)]
        if len(kept) != len(markers):
            piece.value = {**piece.value, "markers": kept}
    for piece, ours in ((item, FADE_OUT), (later, FADE_IN)):
        effects = piece.value.get("effects") or []
        kept = [effect for effect in effects if facts_in(effect).get("fade") != ours]
        if len(kept) != len(effects):
            piece.value = {**piece.value, "effects": kept}
    _known_as(later.value, half.value)
    return later


def _begins(marker: Json, rate: Any) -> Fraction:
    return frames_in(marker["marked_range"]["start_time"], rate)


def _known_as(value: Json, like: Json) -> None:
    """Gives a later half the identities of the one that was cut, and those of what is nested in it."""
    metadata = dict(value.get("metadata") or {})
    theirs = facts_in(like)
    ours = {**facts_in(value), **{key: theirs[key] for key in _IDS if key in theirs}}
    if ours:
        value["metadata"] = {**metadata, NAMESPACE: ours}
    for child, other in zip(value.get("children") or [], like.get("children") or [], strict=False):
        _known_as(child, other)


def _source(item: Item) -> str:
    """What plays, whatever take and stretch of it."""
    return (
        str(facts_in(item.value).get("shot_id") or "")
        or media_of(item.value)
        or json.dumps(_bare(item.value), sort_keys=True)
    )


def _bare(value: Json) -> Json:
    """What an item is, without its stretch and what may differ between halves; nested ones keep theirs."""
    held = {key: value.get(key) for key in ("OTIO_SCHEMA", "name", "media_references")}
    return held | {
        "children": [_bare(child) | {"span": child.get("source_range")} for child in value.get("children") or []]
    }
