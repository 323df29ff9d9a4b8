"""The three-way merge: two edits that went on from one base, brought together item by item.

What only one side touched is as that side has it; what both touched, in different ways, too: one trims the head, the
other changes the take. Where both want the same thing differently, the incoming side (theirs) plays, and ours stays on
a disabled track of its own. Nothing is dropped: it is in the result or in a conflict.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction

from .cuts import merged_cut
from .identity import aligned
from .items import Item, Json, Parts, Track, frames_in, length_of, time_in, whole
from .nested import INSIDE, insides
from .order import kept_order, placed_behind
from .record_markers import RecordMarkers
from .values import Merged

_NOTHING = Fraction(0)
_OURS = "Ours: "


@dataclass(frozen=True)
class Conflict:
    """One thing that both sides want differently: `kind`, the item's name, a sentence, and the record frame."""

    kind: str
    item: str
    text: str
    at: int

    def to_json(self) -> Json:
        """As JSON, field by field."""
        return asdict(self)


@dataclass
class Outcome:
    """The merged edit, and what could not be had both ways."""

    parts: Parts
    conflicts: list[Conflict] = field(default_factory=list)


def merged(base: Parts, ours: Parts, theirs: Parts, aside: bool = True) -> Outcome:
    """What two edits come to that went on from a base; IDs of all three are brought together in place.

    Without `aside`, what is ours of a conflict is left out.
    """
    aligned(base, ours, theirs)
    return _Merge(base, ours, theirs, aside).outcome()


class _Merge:
    def __init__(self, base: Parts, ours: Parts, theirs: Parts, aside: bool) -> None:
        self._sides, self._keeps = (base, ours, theirs), aside
        self._base, self._ours, self._theirs = ({item.id: item for item in side.items()} for side in self._sides)
        self._tracks = [{track.id: track for track in side.tracks} for side in self._sides]
        self._conflicts: list[Conflict] = []
        self._aside: list[tuple[Item, str]] = []
        self._torn: set[str] = set()  # items that both sides wanted differently, as a whole
        self._moved_by_ours, self._moved_by_theirs = self._moved(self._ours, 1), self._moved(self._theirs, 2)

    def outcome(self) -> Outcome:
        base, ours, theirs = self._sides
        values = Merged()
        about = values.of(base.value, ours.value, theirs.value)
        stacks = [_unmarked(side.stack) for side in self._sides]
        stack = values.of(stacks[0], stacks[1], stacks[2])
        for path in values.conflicts:
            self._conflict("changed", "the edit", f"{path[-1]} of the edit was changed by both.", _NOTHING)
        live = self._live()
        tracks = [self._track(name, live) for name in self._track_order()]
        for track in tracks:
            self._space(track)
        markers = RecordMarkers(self._sides, tracks, self._marker_conflict)
        for track in tracks:
            track.value = track.value | markers.of([_value_of(side, track.id) for side in self._tracks], track.id)
        stack |= markers.of([side.stack for side in self._sides])
        if self._keeps:
            stack["markers"] = [*(stack.get("markers") or []), *self._markers_at_places()]
        rate = theirs.rate if theirs.rate != base.rate else ours.rate
        parts = Parts(about, stack, [*tracks, *(self._set_aside() if self._keeps else ())], rate)
        return Outcome(parts, self._conflicts)

    # -- which items there are, and what they are ------------------------------------------------------------------

    def _live(self) -> dict[str, Item]:
        live = {}
        for name in dict.fromkeys((*self._theirs, *self._ours)):
            item = self._fate(self._base.get(name), self._ours.get(name), self._theirs.get(name))
            if item is not None:
                live[name] = item
        return live

    def _fate(self, base: Item | None, ours: Item | None, theirs: Item | None) -> Item | None:
        if base is None:
            if ours is None or theirs is None:
                return replace(ours or theirs) if ours or theirs else None  # type: ignore[type-var]
            return self._both(replace(theirs, value={}), ours, theirs)
        if ours is not None and theirs is not None:
            return self._both(base, ours, theirs)
        if ours is not None:
            if _same(base, ours) and ours.id not in self._moved_by_ours:
                return None
            self._torn.add(ours.id)
            self._keep_ours(ours, "deleted", f"{ours.name} was taken out there, and changed here.")
            return None
        if theirs is not None and not (_same(base, theirs) and theirs.id not in self._moved_by_theirs):
            self._torn.add(theirs.id)
            text = f"{theirs.name} was taken out here, and changed there: it stays."
            self._conflict("deleted", theirs.name, text, theirs.start)
            return replace(theirs)
        return None

    def _both(self, base: Item, ours: Item, theirs: Item) -> Item:
        values = Merged()
        spans = [side.value.get("source_range") for side in (base, ours, theirs)]
        span, clash = merged_cut(*spans)
        inside = self._inside(base, ours, theirs)
        apart = {"source_range", *inside}
        rest = [{k: v for k, v in side.value.items() if k not in apart} for side in (base, ours, theirs)]
        held = values.of(rest[0], rest[1], rest[2]) | inside
        # In the order of theirs, so that what only they touched is theirs to the letter.
        value: Json = {
            key: span if key == "source_range" else held[key] for key in theirs.value if key in (*held, "source_range")
        }
        value |= {key: said for key, said in held.items() if key not in value}
        head = values.of(base.head, ours.head, theirs.head, ("head",))
        tail = values.of(base.tail, ours.tail, theirs.tail, ("tail",))
        item = replace(theirs, value=value, head=head, tail=tail)
        both_moved = theirs.id in self._moved_by_ours and theirs.id in self._moved_by_theirs
        if both_moved and not self._moved_alike(ours, theirs):
            self._keep_ours(ours, "moved", f"{ours.name} was moved by both, to different places.")
        elif clash:
            self._keep_ours(ours, "trimmed", f"{ours.name} was trimmed at the same end, or slipped, by both.")
        for path in values.conflicts:
            what = path[-1].replace("_", " ")
            if path == ("active_media_reference_key",):
                text = f"{ours.name} plays {ours.value.get(path[0])} here and {theirs.value.get(path[0])} there."
                self._conflict("take", ours.name, text, theirs.start)  # ours stays among its takes
            else:
                what = f"transition at the {what}" if what in ("head", "tail") else what
                self._keep_ours(ours, "changed", f"The {what} of {ours.name} was changed by both.")
        return item

    def _inside(self, base: Item, ours: Item, theirs: Item) -> Json:
        """What plays inside of a nested edit in which both cut, as its JSON; nothing where it is as one side has it."""
        held = [[side.value.get(key) for key in INSIDE] for side in (base, ours, theirs)]
        if held[1] in (held[0], held[2]) or held[2] == held[0]:
            return {}
        sides = insides((base.value, ours.value, theirs.value), self._sides[0].rate)
        if sides is None:
            return {}
        outcome = merged(sides[0], sides[1], sides[2], self._keeps)
        span = theirs.value.get("source_range")
        first = frames_in(span["start_time"], self._sides[2].rate) if span else _NOTHING
        for found in outcome.conflicts:
            at = round(theirs.start - first) + found.at
            self._conflicts.append(replace(found, text=f"In {theirs.name}: {found.text}", at=at))
        stack = whole(outcome.parts)["tracks"]
        return {key: stack[key] for key in INSIDE if key in stack}

    # -- where they stand ------------------------------------------------------------------------------------------

    def _moved(self, side: dict[str, Item], which: int) -> set[str]:
        """What a side has put on another track, or among others of its track."""
        moved = {name for name, item in side.items() if name in self._base and item.track != self._base[name].track}
        for name, track in self._tracks[which].items():
            before = self._tracks[0].get(name)
            if before is not None:
                after = [item.id for item in track.items]
                both = {item.id for item in before.items} & set(after)
                moved |= both - kept_order([item.id for item in before.items], after)
        return moved

    def _moved_alike(self, ours: Item, theirs: Item) -> bool:
        return ours.track == theirs.track and self._before(ours, 1) == self._before(theirs, 2)

    def _before(self, item: Item, which: int) -> str:
        names = [other.id for other in self._tracks[which][item.track].items]
        at = names.index(item.id)
        return names[at - 1] if at else ""

    def _track_order(self) -> list[str]:
        base, ours, theirs = self._tracks
        if list(theirs) == [name for name in base if name in theirs]:  # they put tracks nowhere: ours decides
            return [name for name in ours if name in theirs or name not in base or self._touched(name, 1)] + [
                name for name in theirs if name not in ours and self._touched(name, 2)
            ]
        order = [name for name in theirs if name not in base or name in ours or self._touched(name, 2)]
        for number, name in enumerate(ours):
            if name not in theirs and (name not in base or self._touched(name, 1)):
                before = list(ours)[:number][::-1]
                placed_behind(order, name, before, set(theirs) - set(base))
        return order

    def _touched(self, name: str, which: int) -> bool:
        """Whether a side changed a track of the base, or anything on it."""
        base, side = self._tracks[0][name], self._tracks[which][name]
        return base.value != side.value or [(i.id, i.value, i.free) for i in base.items] != [
            (i.id, i.value, i.free) for i in side.items
        ]

    def _track(self, name: str, live: dict[str, Item]) -> Track:
        sides = [tracks.get(name) for tracks in self._tracks]
        _, ours, theirs = sides
        like = theirs or ours
        assert like is not None  # it is in the order because a side has it
        value = like.value
        if ours is not None and theirs is not None:
            values = Merged()
            about = [_unmarked(side.value) if side else {} for side in sides]
            value = values.of(about[0], about[1], about[2])
            for path in values.conflicts:
                text = f"The {path[-1].replace('_', ' ')} of {theirs.name} was changed by both."
                self._conflict("track", theirs.name, text, _NOTHING)
        order = [item.id for item in theirs.items if self._stays(item)] if theirs else []
        new = {item.id for item in theirs.items if item.id not in self._base} if theirs else set()
        if ours is not None:
            there = set(order)
            for number, item in enumerate(ours.items):
                if item.id not in there and self._comes(item):
                    before = (other.id for other in reversed(ours.items[:number]))
                    placed_behind(order, item.id, before, new)
                    there.add(item.id)
        track = Track(name, value)
        track.items = [replace(live[item], track=name) for item in order if item in live]
        ends = [side.behind if side else _NOTHING for side in sides]
        track.behind = max(
            _NOTHING,
            ends[2] if ends[1] == ends[0] else ends[1] if ends[2] in (ends[0], ends[1]) else sum(ends[1:], -ends[0]),
        )
        return track

    def _stays(self, item: Item) -> bool:
        """Whether an item of theirs is on the track that they have it on."""
        return item.id not in self._moved_by_ours or item.id in self._moved_by_theirs

    def _comes(self, item: Item) -> bool:
        """Whether an item of ours is on the track that we have it on."""
        if item.id not in self._theirs:
            return True
        return item.id in self._moved_by_ours and item.id not in self._moved_by_theirs

    def _space(self, track: Track) -> None:
        """The free frames before each item of a track."""
        base = self._tracks[0].get(track.id)
        before = [item.id for item in base.items] if base else []
        behind_torn = {late for early, late in itertools.pairwise(before) if early in self._torn}
        for number, item in enumerate(list(track.items)):
            b, o, t = (side.get(item.id) for side in (self._base, self._ours, self._theirs))
            by_ours = t is None or (item.id in self._moved_by_ours and item.id not in self._moved_by_theirs)
            if by_ours and o is not None:
                item.free, item.head, item.tail = o.free, o.head, o.tail
            elif o is None or b is None or t is None or item.id in self._moved_by_theirs or item.id in behind_torn:
                item.free = t.free if t is not None else item.free
            elif o.free == b.free or o.free == t.free:
                item.free = t.free
            elif t.free == b.free:
                item.free = o.free
            else:
                item.free = o.free + t.free - b.free
            if item.free < 0:
                assert t is not None
                self._crowded(track, number, t)
                item.free = t.free
        track.items = [item for item in track.items if item.value]
        self._left_open(track, base)

    def _left_open(self, track: Track, base: Track | None) -> None:
        """Space that one side left open, by an item or the tail of one, stands before what the other put in there."""
        places = {item.id: number for number, item in enumerate(track.items)}
        for early, late in itertools.pairwise(base.items if base else []):
            at = places.get(late.id)
            for side, other in ((self._ours, self._theirs), (self._theirs, self._ours)):
                if at is None or late.id not in side:
                    continue
                opened = side[late.id].free - late.free
                if early.id in side:
                    opened = min(opened, early.length - side[early.id].length)
                first = at
                while first and (before := track.items[first - 1].id) in other and before not in side:
                    if before in self._base:
                        break
                    first -= 1
                if first < at and 0 < opened <= track.items[at].free:
                    track.items[at].free -= opened
                    track.items[first].free += opened

    def _crowded(self, track: Track, number: int, theirs: Item) -> None:
        """What we put into free space that they filled too goes aside."""
        for item in reversed(track.items[:number]):
            if item.id in self._theirs or item.id in self._base or not item.value:
                break
            self._keep_ours(self._ours[item.id], "space", f"{item.name} was put where there is {theirs.name} now.")
            item.value = {}

    # -- what can't be had both ways -------------------------------------------------------------------------------

    def _conflict(self, kind: str, name: str, text: str, at: Fraction) -> None:
        self._conflicts.append(Conflict(kind, name, text, round(at)))

    def _marker_conflict(self, text: str, marker: Json, at: Fraction) -> None:
        self._conflict("marker", str(marker.get("name") or "a marker"), text, at)

    def _markers_at_places(self) -> Iterator[Json]:
        """A marker of the edit for each conflict of which nothing stands aside."""
        aside = {item.name for item, _ in self._aside}
        rate = self._sides[2].rate
        for conflict in self._conflicts:
            if conflict.item not in aside and conflict.kind != "marker":  # two markers that both stand are told apart
                yield _conflict_marker(conflict.text, time_in(Fraction(conflict.at), rate))

    def _keep_ours(self, item: Item, kind: str, text: str) -> None:
        self._conflict(kind, item.name, text, item.start)
        if all(kept.id != item.id for kept, _ in self._aside):
            self._aside.append((item, text))

    def _set_aside(self) -> Iterator[Track]:
        """Disabled tracks with what is ours of the conflicts, each where it played."""
        rate = self._sides[1].rate
        tracks: dict[str, list[tuple[Track, Fraction]]] = {}
        for item, text in sorted(self._aside, key=lambda kept: kept[0].start):
            like = self._tracks[1][item.track]
            rows = tracks.setdefault(item.track, [])
            row = next((n for n, (_, end) in enumerate(rows) if end <= item.start), len(rows))
            if row == len(rows):
                name = f"{_OURS}{like.name}{f' {row + 1}' if row else ''}"
                value = {**like.value, "name": name, "enabled": False, "metadata": {}, "markers": [], "effects": []}
                rows.append((Track(f"{_OURS}{item.track}{row}", value), _NOTHING))
            track, end = rows[row]
            marked = {**item.value, "markers": [*item.value.get("markers", []), _marker(text, item)]}
            track.items.append(replace(item, value=marked, free=item.start - end, head=None, tail=None, track=track.id))
            rows[row] = track, item.start + length_of(item.value, rate)
        for rows in tracks.values():
            yield from (track for track, _ in rows)


def _unmarked(value: Json) -> Json:
    return {key: held for key, held in value.items() if key != "markers"}


def _value_of(tracks: dict[str, Track], name: str) -> Json | None:
    return tracks[name].value if name in tracks else None


def _same(one: Item, other: Item) -> bool:
    return one.value == other.value


def _marker(text: str, item: Item) -> Json:
    """A marker that tells what a clip stands aside for, at its first frame."""
    span = item.value.get("source_range") or {}
    start = span.get("start_time") or {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": 0.0}
    return _conflict_marker(text, start)


def _conflict_marker(text: str, start: Json) -> Json:
    nothing = {**start, "value": 0.0}
    marked = {"OTIO_SCHEMA": "TimeRange.1", "start_time": start, "duration": nothing}
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": {},
        "name": "conflict",
        "color": "RED",
        "comment": text,
        "marked_range": marked,
    }
