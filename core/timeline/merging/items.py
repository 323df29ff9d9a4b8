"""An edit taken apart: its tracks, and what each plays, one item after the other, with the free space before it.

    track   [A][T][B]  12  [C]          T: a transition      12: a gap
    items    A              free 0
             B              free 0, head T
             C              free 12

An item is anything that takes time: a clip, a nested edit, and a gap that says more than how long it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from ...errors import ProjectError
from ...timing import Rate
from ..facts import NAMESPACE
from ..spans import frames_at, time_at

Json = dict[str, Any]
_NOTHING = Fraction(0)
_NONE: Mapping[str, Any] = {}
_GAP, _TRANSITION, _TRACK = "Gap.", "Transition.", "Track."
_WARPS = ("LinearTimeWarp.", "FreezeFrame.", "TimeEffect.")


@dataclass
class Item:
    """One item: its JSON, the free record frames before it, and the transitions that stand at it.

    `head` is the transition before it; `tail` the one behind it, where free space or the track's end follows. `surely`
    is how sure it is that it has its ID by right (`identity.py`).
    """

    id: str
    track: str
    value: Json
    free: Fraction
    length: Fraction
    start: Fraction
    head: Json | None = None
    tail: Json | None = None
    surely: float = 1.0

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.value.get("name") or "a clip")


@dataclass
class Track:
    """One track: its JSON without what it plays, its items in order, and the free frames behind the last."""

    id: str
    value: Json
    items: list[Item] = field(default_factory=list)
    behind: Fraction = _NOTHING

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.value.get("name") or self.value.get("kind") or "a track")


@dataclass
class Parts:
    """An edit: its JSON without its tracks, that of their stack, and the tracks in order."""

    value: Json
    stack: Json
    tracks: list[Track]
    rate: Rate

    def items(self) -> Iterator[Item]:
        """All items, track by track."""
        for track in self.tracks:
            yield from track.items

    def copied(self) -> Parts:
        """The same, to be changed without changing these; the JSON of items is nobody's to change."""
        tracks = [
            Track(track.id, dict(track.value), [Item(**vars(item)) for item in track.items], track.behind)
            for track in self.tracks
        ]
        return Parts(dict(self.value), dict(self.stack), tracks, self.rate)


def parts_of(timeline: Mapping[str, Any], rate: Rate) -> Parts:
    """Takes an edit's JSON apart; raises ProjectError where it has no tracks or times that make no sense."""
    try:
        stack = timeline["tracks"]
        children = stack["children"]
        names = Counter[str]()
        tracks = []
        for child in children:
            if not str(child.get("OTIO_SCHEMA", "")).startswith(_TRACK):
                raise ProjectError("The edit has something beside tracks in its stack.", "Nest it in a track first.")
            label = f"{child.get('kind')}/{child.get('name')}"
            names[label] += 1
            tracks.append(_track(child, own_id(child) or f"{label}#{names[label]}", rate))
    except (KeyError, TypeError, AttributeError) as error:
        raise ProjectError("The edit is broken: its tracks can't be read.", "Restore it from a snapshot.") from error
    return Parts(_without(timeline, "tracks"), _without(stack, "children"), tracks, rate)


def _track(value: Json, name: str, rate: Rate) -> Track:
    track = Track(name, _without(value, "children"))
    at = free = _NOTHING
    pending: Json | None = None
    for child in value["children"]:
        if is_transition(child):
            pending = child
            continue
        length = length_of(child, rate)
        if is_gap(child) and plain(child):
            if pending is not None and track.items:
                track.items[-1].tail, pending = pending, None
            free, at = free + length, at + length
            continue
        item = Item(own_id(child), name, child, free, length, at, head=pending)
        track.items.append(item)
        at += length
        free, pending = _NOTHING, None
    if pending is not None and track.items:
        track.items[-1].tail = pending
    track.behind = free
    return track


def whole(parts: Parts) -> Json:
    """The edit's JSON, put together again."""
    tracks = [{**track.value, "children": list(_children(track, parts.rate))} for track in parts.tracks]
    return {**parts.value, "tracks": {**parts.stack, "children": tracks}}


def _children(track: Track, rate: Rate) -> Iterator[Json]:
    for number, item in enumerate(track.items):
        if item.free:
            yield gap_of(item.free, rate)
        if item.head is not None:
            yield item.head
        yield item.value
        following = track.items[number + 1] if number + 1 < len(track.items) else None
        if item.tail is not None and (following is None or following.free or following.head is None):
            yield item.tail
    if track.behind:
        yield gap_of(track.behind, rate)


def own_id(value: Json) -> str:
    """The identity that we gave a thing, empty where it has none."""
    ours = (value.get("metadata") or _NONE).get(NAMESPACE)
    return str(ours.get("occurrence_id") or ours.get("id") or "") if isinstance(ours, dict) else ""


def plain(gap: Json) -> bool:
    """Whether a gap says nothing but how long it is."""
    said = gap.get("metadata"), gap.get("markers"), gap.get("effects"), gap.get("name")
    return not any(said) and gap.get("enabled", True) is True


def media_of(value: Json) -> str:
    """The file name of what a clip plays, empty without one: programs rewrite the folders before it."""
    references = value.get("media_references") or {}
    active = references.get(value.get("active_media_reference_key")) or {}
    url = active.get("target_url") or active.get("target_url_base") or active.get("name") or ""
    return unquote(str(url)).replace("\\", "/").rstrip("/").rpartition("/")[2]


def clips_in(values: Iterable[Json]) -> Iterator[Json]:
    """The clips among things and inside of them, in order."""
    for value in values:
        if "media_references" in value:
            yield value
        yield from clips_in(value.get("children") or ())


def facts_in(value: Json) -> Json:
    """What Shotwright wrote into a thing's metadata, empty where it did not."""
    known = (value.get("metadata") or {}).get(NAMESPACE)
    return dict(known) if isinstance(known, Mapping) else {}


def is_gap(value: Json) -> bool:
    """Whether a thing is a gap."""
    return str(value.get("OTIO_SCHEMA", "")).startswith(_GAP)


def is_transition(value: Json) -> bool:
    """Whether a thing stands between two, and takes no time."""
    return str(value.get("OTIO_SCHEMA", "")).startswith(_TRANSITION)


def speed_in(value: Json) -> Fraction | None:
    """Media frames a record frame, as `operations/speed.py` counts them; None where it changes over time."""
    if is_gap(value):
        return Fraction(0)
    speed = Fraction(1)
    for effect in value.get("effects") or []:
        if not is_warp(effect) or not effect.get("enabled", True):
            continue
        if "time_scalar" not in effect or not math.isfinite(effect["time_scalar"]):
            return None
        speed *= Fraction(effect["time_scalar"])
    return speed


def is_warp(effect: Json) -> bool:
    """Whether an effect's JSON is a retime."""
    return str(effect.get("OTIO_SCHEMA", "")).startswith(_WARPS)


def length_of(value: Json, rate: Rate) -> Fraction:
    """How many record frames an item takes; raises ProjectError where nothing says so."""
    span = value.get("source_range")
    if span is None and "media_references" in value:
        active = value["media_references"].get(value.get("active_media_reference_key"))
        span = active and active.get("available_range")
    if span is None and "children" in value:
        lengths = [sum((length_of(c, rate) for c in _timed(t)), _NOTHING) for t in value["children"]]
        return max(lengths, default=_NOTHING) if "Stack" in value["OTIO_SCHEMA"] else sum(lengths, _NOTHING)
    if span is None:
        raise ProjectError(
            f"{value.get('name') or 'A clip'} has no length.", "Relink its media, or set its in and out."
        )
    return frames_in(span["duration"], rate)


def starts_of(tracks: Iterable[Track], rate: Rate) -> dict[str, Fraction]:
    """Where the items of tracks begin as they stand now, by their IDs."""
    starts: dict[str, Fraction] = {}
    for track in tracks:
        at = _NOTHING
        for item in track.items:
            starts[item.id] = at + item.free
            at += item.free + length_of(item.value, rate)
    return starts


def _timed(value: Json) -> list[Json]:
    children = value.get("children", [value])
    return [child for child in children if not is_transition(child)]


def frames_in(time: Json, rate: Rate) -> Fraction:
    """A time's JSON in record frames; raises ProjectError."""
    return frames_at(time["value"], time["rate"], rate)


def time_in(frames: Fraction, rate: Rate) -> Json:
    """So many record frames as a time's JSON."""
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}


def time_like(frames: Fraction, rate: Rate, like: Json) -> Json:
    """So many record frames as the JSON of a time that counts as `like` does."""
    return {**like, "value": time_at(frames, rate, SimpleNamespace(rate=like["rate"])).value}


def gap_of(frames: Fraction, rate: Rate) -> Json:
    """Free space."""
    span = {"OTIO_SCHEMA": "TimeRange.1", "duration": time_in(frames, rate), "start_time": time_in(_NOTHING, rate)}
    nothing: Json = {"metadata": {}, "name": "", "effects": [], "markers": [], "enabled": True, "color": None}
    return {"OTIO_SCHEMA": "Gap.1", **nothing, "source_range": span}


def _without(value: Mapping[str, Any], key: str) -> Json:
    return {name: held for name, held in value.items() if name != key}
