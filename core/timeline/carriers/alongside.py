"""Tracks that a carrier left out go along with the picture that another program cut.

sent        V1 [ A ---- ][ B ---- ]        came back without A1, A shorter by 2
            A1           [ b ---- ]        b begins where B does, as before
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from fractions import Fraction

from ..merging.items import Parts, Track, facts_in, length_of, starts_of

_NOTHING = Fraction(0)


def move_along(parts: Parts, kept: set[str], before: Mapping[str, Fraction]) -> None:
    """Moves, in place, what is on tracks other than the `kept` ones by as much as the picture there has moved.

    `before` has where items began, by their IDs. A track that is not sync-locked stays; nothing overlaps, as what has
    no room begins where the item before it ends.
    """
    picture = next((track for track in parts.tracks if track.id in kept and track.items), None)
    if picture is None:
        return
    now = starts_of([picture], parts.rate)
    ways = sorted((before[name], start - before[name]) for name, start in now.items() if name in before)
    places = [at for at, _ in ways]
    for track in parts.tracks:
        if track.id in kept or not _is_locked(track):
            continue
        end = _NOTHING
        for item in track.items:
            last = bisect_right(places, item.start) - 1
            start = max(end, item.start + (ways[last][1] if last >= 0 else _NOTHING))
            item.free, end = start - end, start + length_of(item.value, parts.rate)


def _is_locked(track: Track) -> bool:
    return facts_in(track.value).get("sync_lock") is not False
