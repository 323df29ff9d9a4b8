"""Markers of tracks and of the whole edit: each holds to the item that plays at it, so that it moves with the cut.

base    [ A ---- ][ B --- ]        theirs rippled A by -2, ours renamed the marker:
               4 frames into B     it stands 4 frames into B, renamed
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction

from .items import Item, Json, Parts, Track, frames_in, starts_of, time_like
from .members import Members, keyed, ordered
from .values import Merged

_NOTHING = Fraction(0)
_BOTH = 3
Starts = dict[str, Fraction]
Told = Callable[[str, Json, Fraction], None]


class RecordMarkers:
    """The markers of merged edits; `told` is called with a sentence, the marker and its frame where both changed it."""

    def __init__(self, sides: Sequence[Parts], result: Sequence[Track], told: Told) -> None:
        self._sides = [{track.id: track.items for track in side.tracks} for side in sides]
        self._starts: list[Starts] = [{item.id: item.start for item in side.items()} for side in sides]
        self._begins = [{id(items): [item.start for item in items] for items in side.values()} for side in self._sides]
        self._result = starts_of(result, sides[2].rate)
        self._rate, self._told = sides[2].rate, told

    def of(self, owners: Sequence[Json | None], track: str = "") -> Json:
        """What stands for markers in what three owners come to: base, ours, theirs; None for one that is not there."""
        if not any("markers" in owner for owner in owners if owner):
            return {}
        lists = [(owner or {}).get("markers") or [] for owner in owners]
        base, ours, theirs = keyed(*lists)
        found: list[Json] = []
        for key in ordered(base, ours, theirs):
            found += self._one(base.get(key), ours.get(key), theirs.get(key), track)
        if list(ours) != list(theirs) and _put_in(base, ours) and _put_in(base, theirs):
            found.sort(key=lambda marker: (self._at(marker), str(marker.get("name")), str(marker)))
        return {"markers": found}

    def _one(self, base: Json | None, ours: Json | None, theirs: Json | None, track: str) -> list[Json]:
        if base is None:
            which, only = (2, theirs) if theirs is not None else (1, ours)
            assert only is not None  # it has a key because a side has it
            anchor = self._anchors(only, which, track, (which,))[0]
            return [self._put(only, self._offset(only, anchor, which), anchor)]
        there = [number for number, side in enumerate((base, ours, theirs)) if side is not None]
        anchors = self._anchors(base, 0, track, there)
        if ours is None or theirs is None:
            which, left = (1, ours) if theirs is None else (2, theirs)
            if left is None:
                return []
            stays = [a for a in anchors if self._offset(left, a, which) == self._offset(base, a, 0)]
            if stays and _rest(left) == _rest(base):
                return []
            name = left.get("name") or ""
            self._told(f"The marker “{name}” was taken out by one and changed by the other.", left, self._at(left))
            return [self._put(left, self._offset(left, anchors[0], which), anchors[0])]
        values = Merged()
        rest = values.of(_rest(base), _rest(ours), _rest(theirs))
        ways = {a: (self._offset(base, a, 0), self._offset(ours, a, 1), self._offset(theirs, a, 2)) for a in anchors}
        anchor = min(anchors, key=lambda a: _moved(*ways[a]))
        was, mine, incoming = ways[anchor]
        span = {**theirs["marked_range"], **rest.pop("span")}
        marker = {**theirs, **rest, "marked_range": span}
        merged = self._put(marker, mine if incoming == was else incoming, anchor)
        if not values.conflicts and _moved(was, mine, incoming) < _BOTH:
            return [merged]
        name = theirs.get("name") or ""
        self._told(f"The marker “{name}” was changed by both: both stand.", theirs, self._at(theirs))
        return [merged, self._put(ours, mine, anchor)]

    def _anchors(self, marker: Json, which: int, track: str, needed: Sequence[int]) -> list[str]:
        """What a marker may hold to, of what all have: an item of its track, the last of any to begin, the start.

        Where it stands inside an item of its own track, that comes first; else whatever began last.
        """
        at = self._at(marker)
        found: list[Item] = []
        for items in self._sides[which].values():
            last = bisect_right(self._begins[which][id(items)], at) - 1
            while last >= 0 and not self._is_in_all(items[last].id, needed):
                last -= 1
            found += [items[last]] if last >= 0 else []
        found.sort(key=lambda item: (item.track == track, item.start), reverse=True)
        if found and not (found[0].track == track and at < found[0].start + found[0].length):
            found.sort(key=lambda item: item.start, reverse=True)
        return [*(item.id for item in found), ""]

    def _is_in_all(self, name: str, needed: Sequence[int]) -> bool:
        return name in self._result and all(name in self._starts[number] for number in needed)

    def _at(self, marker: Json) -> Fraction:
        return frames_in(marker["marked_range"]["start_time"], self._rate)

    def _offset(self, marker: Json, anchor: str, which: int) -> Fraction:
        return self._at(marker) - (self._starts[which][anchor] if anchor else _NOTHING)

    def _put(self, marker: Json, offset: Fraction, anchor: str) -> Json:
        """A marker so many frames behind its anchor in the merged edit."""
        at = max(_NOTHING, offset + (self._result[anchor] if anchor else _NOTHING))
        if at == self._at(marker):
            return marker
        span = marker["marked_range"]
        return {**marker, "marked_range": {**span, "start_time": time_like(at, self._rate, span["start_time"])}}


def _moved(was: Fraction, mine: Fraction, incoming: Fraction) -> int:
    """How far a place is from being agreed on: by nobody moved, by one, by both alike, by both."""
    if mine == was == incoming:
        return 0
    return 1 if was in (mine, incoming) else 2 if mine == incoming else _BOTH


def _put_in(base: Members, side: Members) -> bool:
    return any(key not in base for key in side)


def _rest(marker: Json) -> Json:
    span = {key: held for key, held in (marker.get("marked_range") or {}).items() if key != "start_time"}
    return {key: held for key, held in marker.items() if key != "marked_range"} | {"span": span}
