"""Which item of one edit is which of another: by our IDs, and where these are lost by what plays, and beside what.

same ID                                     1.0
same media from the same frame on           0.9
same media, between the same neighbours     0.6
same name                                   0.4
"""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .items import Item, Parts, Track, media_of
from .razors import Razor, cut_alike

Key = Callable[[Item], Any]


@dataclass(frozen=True)
class Match:
    """That an item of one edit is one of another, and how sure that is, 0 to 1."""

    one: Item
    other: Item
    sure: float


def matches(one: Iterable[Item], other: Iterable[Item], least: float = 0.0) -> list[Match]:
    """The items of two edits that are the same, at `least` so surely, each once, in the order of the first."""
    left, right = list(one), list(other)
    found: dict[int, Match] = {}
    taken: set[int] = set()

    def pair(a: Item, b: Item, sure: float) -> None:
        found[id(a)] = Match(a, b, sure)
        taken.add(id(b))

    def by(key: Key, sure: float, twins: bool) -> None:
        """Pairs what has the same key; of `twins` the first with the first."""
        groups: defaultdict[Any, list[Item]] = defaultdict(list)
        for item in right:
            if id(item) not in taken and (said := key(item)) is not None:
                groups[said].append(item)
        mine = Counter(said for item in left if id(item) not in found and (said := key(item)) is not None)
        for item in left:
            group = groups.get(key(item)) if id(item) not in found else None
            if group and (twins or (len(group) == 1 and mine[key(item)] == 1)):
                pair(item, group.pop(0), sure)

    by(lambda item: item.id or None, 1.0, twins=False)
    for key in (_plays_there, _plays, _says_there):
        by(_at_its_place(key), 0.9, twins=True)  # of twins, those that stand where they stood
        by(key, 0.9, twins=True)
    if least <= 0.4:
        _between(left, right, found, taken, pair)
        by(lambda item: (item.track, item.value.get("name")) if item.value.get("name") else None, 0.4, twins=True)
    return [found[id(item)] for item in left if id(item) in found]


def _between(
    left: list[Item],
    right: list[Item],
    found: dict[int, Match],
    taken: set[int],
    pair: Callable[[Item, Item, float], None],
) -> None:
    """Pairs what plays the same media behind, or before, items that are known to be the same."""
    places = {id(item): number for number, item in enumerate(right)}
    for way in (1, -1):
        ordered = left if way == 1 else left[::-1]
        for item, follower in itertools.pairwise(ordered):
            match = found.get(id(item))
            if match is None or id(follower) in found or follower.track != item.track:
                continue
            at = places[id(match.other)] + way
            other = right[at] if 0 <= at < len(right) else None
            if other is None or id(other) in taken or other.track != match.other.track:
                continue
            if media_of(follower.value) and media_of(follower.value) == media_of(other.value):
                pair(follower, other, 0.6)


def _at_its_place(key: Key) -> Key:
    return lambda item: None if (said := key(item)) is None else (said, item.start)


def _plays_there(item: Item) -> Any:
    return None if (played := _plays(item)) is None else (item.track, played)


def _says_there(item: Item) -> Any:
    return item.track, json.dumps(item.value, sort_keys=True)


def _plays(item: Item) -> tuple[Any, ...] | None:
    media, span = media_of(item.value), item.value.get("source_range")
    if not media or not span:
        return None
    start = span["start_time"]
    return media, round(start["value"] / start["rate"], 4)


def aligned(base: Parts, *changed: Parts) -> list[Razor]:
    """Gives all items IDs, in place, by which one tells the same item in edits that went on from one base.

    What any of them cut in two is cut in all, in place too, so that halves meet halves; answers what was cut.
    """
    seen: set[str] = set()
    _name_new(base.items(), seen)
    new: set[int] = set()
    for parts in changed:
        _know_tracks(base, parts)
    for parts in changed:
        known = matches(base.items(), parts.items())
        for match in known:
            match.other.id, match.other.surely = match.one.id, match.sure
        new |= {id(item) for item in parts.items()} - {id(match.other) for match in known}
    razors = cut_alike(base, changed, new)
    seen.update(item.id for item in base.items())
    others: list[Item] = []
    for parts in changed:
        put_in = [item for item in parts.items() if id(item) in new]
        again = matches(others, put_in, least=0.9)  # what two went on and put in alike
        for match in again:
            match.other.id, match.other.surely = match.one.id, match.sure
        alike = {id(match.other) for match in again}
        put_in = [item for item in put_in if id(item) not in alike]
        _name_new(put_in, seen)
        others += put_in
    return razors


def _know_tracks(base: Parts, parts: Parts) -> None:
    """Gives tracks that came back under another name the ID of that of the base which plays the most of the same."""
    there = {track.id for track in parts.tracks}
    lost = [track for track in base.tracks if track.id not in there]
    known = {track.id for track in base.tracks}
    for track in parts.tracks:
        alike = [other for other in lost if other.value.get("kind") == track.value.get("kind")]
        if track.id in known or not alike:
            continue
        played = _played(track)
        best = max(alike, key=lambda other: len(played & _played(other)))  # of equals the first
        if played & _played(best) or not (track.items or best.items):
            lost.remove(best)
            track.id = best.id
            for item in track.items:
                item.track = best.id


def _played(track: Track) -> set[str]:
    return {media_of(item.value) or item.name for item in track.items}


def _name_new(items: Iterable[Item], seen: set[str]) -> None:
    """Gives items their own IDs, or, where another has that or there is none, some of what they play."""
    for item in items:
        own = item.id or f"{item.track}:{media_of(item.value) or item.name}"
        names = itertools.chain((own,), (f"{own}~{number}" for number in itertools.count(2)))
        item.id = next(name for name in names if name not in seen)
        seen.add(item.id)
