"""What differs between two edits, in an editor's words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

from ...timing import format_timecode
from ..facts import NAMESPACE
from .cuts import ends_of
from .identity import aligned
from .items import Item, Json, Parts, Track, frames_in, is_warp, media_of, speed_in
from .members import keyed
from .nested import insides
from .order import kept_order

_NOTHING = Fraction(0)
_HELD = ("markers", "effects", "children")
_IDS = {"id", "occurrence_id", "parent_occurrence_id"}
_TOLD = {"name", "enabled", "source_range", "media_references", "active_media_reference_key", "effects", "markers"}


@dataclass(frozen=True)
class Change:
    """One change: its `kind`, the item's or track's name, a sentence, its track and the record frame in the later edit.

    `surely` is how sure it is that the item is the same one, 0 to 1.
    """

    kind: str
    item: str
    text: str
    track: str
    at: int
    surely: float = 1.0

    def to_json(self) -> Json:
        """As JSON, field by field."""
        return asdict(self)


class Changes:
    """The changes from one edit to another; IDs are brought together in place, and then no longer told of."""

    def __init__(self, one: Parts, other: Parts) -> None:
        self._razors = aligned(one, other)
        for track in (*one.tracks, *other.tracks):
            track.value = _without_ids(track.value)
        for item in (*one.items(), *other.items()):
            item.value = _without_ids(item.value)
            item.head, item.tail = (_without_ids(join) if join else None for join in (item.head, item.tail))
        self._one, self._other = one, other
        self._before, self._after = ({item.id: item for item in side.items()} for side in (one, other))
        self._starts = [start_of(side) for side in (one, other)]
        self._tracks = [{track.id: track for track in side.tracks} for side in (one, other)]
        self._lefts = [_lefts(side) for side in (one, other)]
        self._strays: dict[str, set[str]] = {}

    def all(self) -> list[Change]:
        """Tracks first, then what plays, track by track in the order of time."""
        changes = [*self._of_edit(), *self._of_tracks()]
        changes += [
            self._told("razored", razor.later, f"{razor.whole.name} was cut in two at {self._time(razor.later, 1)}")
            for razor in self._razors
        ]
        for track in self._other.tracks:
            for item in track.items:
                old = self._before.get(item.id)
                changes += self._new(item) if old is None else self._same(old, item)
            changes += self._spaces(track)
        changes += [
            self._told(
                "lifted", item, f"{item.name} was taken out of {self._name(item, 0)} at {self._time(item, 0)}", 0
            )
            for item in self._one.items()
            if item.id not in self._after
        ]
        return changes

    # -- the edit and its tracks -----------------------------------------------------------------------------------

    def _of_edit(self) -> Iterator[Change]:
        name = str(self._other.value.get("name") or "the edit")
        for before, after in ((self._one.value, self._other.value), (self._one.stack, self._other.stack)):
            for key in dict.fromkeys((*before, *after)):
                if key == "markers":
                    yield from self._of_markers(before.get(key) or [], after.get(key) or [])
                elif _without_ids({key: before.get(key)}) != _without_ids({key: after.get(key)}):
                    yield Change("edit", name, f"The edit's {key.replace('_', ' ')} changed", "", 0)

    def _of_markers(self, before: list[Json], after: list[Json]) -> Iterator[Change]:
        """The edit's own markers, paired as a merge pairs them."""
        old, new = keyed(before, after)
        for key in dict.fromkeys((*old, *new)):
            marker = new.get(key) or old[key]
            name, which = str(marker.get("name") or "a marker"), 1 if key in new else 0
            at = round(frames_in(marker["marked_range"]["start_time"], self._one.rate))
            time = format_timecode(self._starts[which] + at, (self._one, self._other)[which].rate, False)
            if key not in old:
                yield Change("marker", name, f"Marker “{name}” was put at {time}", "", at)
            elif key not in new:
                yield Change("marker", name, f"Marker “{name}” was taken off {time}", "", at)
            elif _without_ids(old[key]) != _without_ids(new[key]):
                yield Change("marker", name, f"Marker “{name}” at {time} was moved or changed", "", at)

    def _of_tracks(self) -> Iterator[Change]:
        before, after = self._tracks
        for name, track in after.items():
            old = before.get(name)
            if old is None:
                yield Change("track", track.name, f"Track {track.name} was added", track.name, 0)
            elif old.value != track.value:
                keys = [k for k in dict.fromkeys((*old.value, *track.value)) if old.value.get(k) != track.value.get(k)]
                text = f"Track {track.name}: {', '.join(_said(k, old.value, track.value) for k in keys)}"
                yield Change("track", track.name, text, track.name, 0)
        for name, track in before.items():
            if name not in after:
                yield Change("track", track.name, f"Track {track.name} was taken out", track.name, 0)

    # -- items -----------------------------------------------------------------------------------------------------

    def _new(self, item: Item) -> list[Change]:
        where = f"{self._name(item, 1)} at {self._time(item, 1)}"
        return [self._told("inserted", item, f"{item.name} was put on {where}, {_frames(item.length)}")]

    def _same(self, old: Item, new: Item) -> list[Change]:
        found: list[Change] = []

        def told(kind: str, text: str) -> None:
            found.append(self._told(kind, new, f"{new.name} {text}"))

        if old.track != new.track:
            places = [f"{self._name(item, n)} {self._time(item, n)}" for n, item in enumerate((old, new))]
            told("moved", f"was moved from {places[0]} to {places[1]}")
        elif new.id in self._out_of_order(new.track):
            told("moved", f"was moved from {self._time(old, 0)} to {self._time(new, 1)}")
        for text in self._cut(old, new):
            told("slipped" if text.startswith("slipped") else "trimmed", text)
        if old.name != new.name:
            told("renamed", f"was called {old.name}")
        if old.value.get("enabled", True) != new.value.get("enabled", True):
            told("enabled", "was switched on" if new.value.get("enabled", True) else "was switched off")
        self._takes(old.value, new.value, told)
        was, now = speed_in(old.value), speed_in(new.value)
        if was != now:
            told("speed", f"speed {_percent(was)} -> {_percent(now)}")
        for what, one, other in (("head", old.head, new.head), ("tail", old.tail, new.tail)):
            if one != other:
                told("transition", _transition(what, one, other, self._other))
        inside = self._inside(old, new)
        self._lists(old.value, new.value, told)
        rest = [
            k
            for k in dict.fromkeys((*old.value, *new.value))
            if k not in _TOLD and old.value.get(k) != new.value.get(k) and not (inside and k == "children")
        ]
        found += inside
        if rest:
            told("changed", f"has other {', '.join(key.replace('_', ' ') for key in rest)}")
        return found

    def _inside(self, old: Item, new: Item) -> list[Change]:
        """What changed inside of a nested edit, told at its own times."""
        if old.value.get("children") == new.value.get("children"):
            return []
        sides = insides((old.value | {"markers": []}, new.value | {"markers": []}), self._other.rate)
        changes = Changes(sides[0], sides[1]).all() if sides else []
        return [
            replace(change, text=f"In {new.name}: {change.text}", track=self._name(new, 1), at=round(new.start))
            for change in changes
        ]

    def _cut(self, old: Item, new: Item) -> Iterator[str]:
        spans = old.value.get("source_range"), new.value.get("source_range")
        if spans[0] == spans[1]:
            return
        was, now = (ends_of(span) for span in spans)
        if was is None or now is None or was[2] != now[2]:
            yield f"trimmed to {_frames(new.length)}, from {_frames(old.length)}"
            return
        (first, end, _), (first_now, end_now, _) = was, now
        if end - first == end_now - first_now:
            way = "later" if first_now > first else "earlier"
            yield f"slipped {_frames(abs(first_now - first))} {way} in its media"
            return
        if first_now != first:
            yield f"{'trimmed' if first_now > first else 'extended'} {_frames(abs(first_now - first))} at the head"
        if end_now != end:
            yield f"{'trimmed' if end_now < end else 'extended'} {_frames(abs(end_now - end))} at the tail"

    def _takes(self, old: Json, new: Json, told: Any) -> None:
        before, after = (value.get("media_references") or {} for value in (old, new))
        keys = [value.get("active_media_reference_key") for value in (old, new)]
        for key in after:
            if key not in before:
                told("take", f"has {key} more")
            elif before[key] != after[key]:
                media = [
                    media_of({"media_references": {key: side[key]}, "active_media_reference_key": key})
                    for side in (before, after)
                ]
                told("media", f"{key} is {media[1]}, was {media[0]}" if media[0] != media[1] else f"{key} was changed")
        for key in before:
            if key not in after:
                told("take", f"has {key} no more")
        if keys[0] != keys[1]:
            told("take", f"take {keys[0]} -> {keys[1]}")

    def _lists(self, old: Json, new: Json, told: Any) -> None:
        for what, kind in (("markers", "marker"), ("effects", "effect")):
            before, after = ([v for v in value.get(what) or [] if not is_warp(v)] for value in (old, new))
            for thing in after:
                if thing not in before:
                    told(kind, f"{kind} “{thing.get('name') or thing.get('effect_name') or ''}” added or changed")
            for thing in before:
                if thing not in after:
                    told(kind, f"{kind} “{thing.get('name') or thing.get('effect_name') or ''}” gone or changed")

    # -- places ----------------------------------------------------------------------------------------------------

    def _spaces(self, track: Track) -> Iterator[Change]:
        """Free space that grew or shrank, or an item that went to and fro between its neighbours."""
        old = self._tracks[0].get(track.id)
        if old is None:
            return
        moved = self._out_of_order(track.id)
        stay = [
            item
            for item in track.items
            if item.id in self._before and self._before[item.id].track == track.id and item.id not in moved
        ]
        ways = {item.id: item.free - self._before[item.id].free for item in stay}
        skipped = ""
        for item, following in itertools.zip_longest(stay, stay[1:]):
            way = ways[item.id]
            if not way or item.id == skipped or self._explained(item, way):
                continue
            if following is not None and ways[following.id] == -way and self._before[item.id].length == item.length:
                skipped = following.id
                text = f"{item.name} moved {_frames(abs(way))} {'later' if way > 0 else 'earlier'}"
                yield self._told("moved", item, text)
            else:
                text = f"{_frames(abs(way))} of free space {'more' if way > 0 else 'less'} before {item.name}"
                yield self._told("space", item, text)

    def _explained(self, item: Item, way: Fraction) -> bool:
        """Whether the space before an item changed because something beside it was taken out, put in, or trimmed."""
        old = self._before[item.id]
        left_old, left_new = (lefts.get(item.id) for lefts in self._lefts)
        gone = _NOTHING
        if left_old is not None and left_old.id not in self._after:
            gone += left_old.length + left_old.free
        if left_new is not None and left_new.id not in self._before:
            gone -= left_new.length + left_new.free
        if left_old is not None and left_new is not None and left_old.id == left_new.id:
            gone += left_old.length - left_new.length
        own = ends_of(old.value.get("source_range")), ends_of(item.value.get("source_range"))
        if own[0] and own[1] and own[0][2] == own[1][2] and own[0][1] == own[1][1]:
            gone += own[1][0] - own[0][0]
        return gone == way

    def _out_of_order(self, track: str) -> set[str]:
        """What stands among others of a track than it did."""
        if track not in self._strays:
            names = [[item.id for item in tracks[track].items] if track in tracks else [] for tracks in self._tracks]
            self._strays[track] = (set(names[0]) & set(names[1])) - kept_order(*names)
        return self._strays[track]

    # -- words -----------------------------------------------------------------------------------------------------

    def _told(self, kind: str, item: Item, text: str, which: int = 1) -> Change:
        return Change(kind, item.name, text, self._name(item, which), round(item.start), item.surely)

    def _name(self, item: Item, which: int) -> str:
        return self._tracks[which][item.track].name

    def _time(self, item: Item, which: int) -> str:
        rate = (self._one, self._other)[which].rate
        return format_timecode(self._starts[which] + round(item.start), rate, False)


def _without_ids(value: Json) -> Json:
    """Something, with what is on and inside of it, without the IDs that it has of us: to an editor they are no news."""
    clean: Json = {key: [_without_ids(each) for each in value[key]] for key in _HELD if value.get(key)}
    metadata = value.get("metadata") or {}
    known = metadata.get(NAMESPACE)
    if isinstance(known, dict) and not known.keys().isdisjoint(_IDS):
        ours = {key: held for key, held in known.items() if key not in _IDS}
        others = {key: held for key, held in metadata.items() if key != NAMESPACE}
        clean["metadata"] = {**others, NAMESPACE: ours} if ours else others
    return {**value, **clean} if clean else value


def start_of(parts: Parts) -> int:
    """The record frame that an edit's first one is labelled as, counted from 00:00:00:00."""
    start = parts.value.get("global_start_time")
    return round(frames_in(start, parts.rate)) if start else 0


def _lefts(parts: Parts) -> dict[str, Item]:
    """The item before each, by the ID of the later one."""
    return {late.id: early for track in parts.tracks for early, late in itertools.pairwise(track.items)}


def _frames(count: Fraction) -> str:
    shown = f"{float(count):g}"
    return f"{shown} frame{'' if shown == '1' else 's'}"


def _percent(speed: Fraction | None) -> str:
    return "that changes" if speed is None else f"{float(speed) * 100:g} %"


def _transition(where: str, old: Json | None, new: Json | None, parts: Parts) -> str:
    said = new or old or {}
    frames = sum((frames_in(said[key], parts.rate) for key in ("in_offset", "out_offset") if said.get(key)), _NOTHING)
    kind = str(said.get("transition_type") or "transition").removeprefix("SMPTE_").lower()
    way = "added" if old is None else "taken off" if new is None else "changed"
    return f"{kind} {_frames(frames)} {way} at the {where}"


def _said(key: str, old: Json, new: Json) -> str:
    if key == "enabled":
        return "switched on" if new.get(key, True) else "switched off"
    if key == "name":
        return f"was called {old.get('name')}"
    return f"other {key.replace('_', ' ')}"
