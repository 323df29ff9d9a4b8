"""Markers and effects: which one of a list is which of another's, where two went on from one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .items import Json, own_id

Members = dict[str, Any]
_NEW = "+"  # before the key of what the base does not have


def keyed(base: Sequence[Any], *sides: Sequence[Any]) -> list[Members]:
    """The members of the base's list and of each side's, by keys that are the same for the same member."""
    before = {str(number): member for number, member in enumerate(base)}
    return [before, *(_keyed(before, side) for side in sides)]


def ordered(base: Members, ours: Members, theirs: Members) -> list[str]:
    """The keys of all, in the order of theirs; in ours where only that side put in, took out or moved something."""
    if list(theirs) == list(base):
        return [*ours, *(key for key in theirs if key not in ours)]
    return [*theirs, *(key for key in ours if key not in theirs)]


def _keyed(before: Members, side: Sequence[Any]) -> Members:
    keys: dict[int, str] = {}
    left = dict(before)

    def pair(said: Callable[[Any], Any]) -> None:
        """Pairs what says the same and is the only one to say so."""
        mine = [number for number in range(len(side)) if number not in keys and said(side[number]) is not None]
        counts = Counter(said(side[number]) for number in mine), Counter(said(member) for member in left.values())
        known = {said(member): key for key, member in left.items()}
        for number in mine:
            word = said(side[number])
            if word in known and counts[0][word] == counts[1][word] == 1:
                keys[number] = known[word]
                del left[known[word]]

    pair(lambda member: own_id(_open(member)) or None)
    for number, member in enumerate(side):  # twins to the letter: the first is the first
        if number not in keys:
            key = next((key for key, other in left.items() if other == member), None)
            if key is not None:
                keys[number] = key
                del left[key]
    pair(lambda member: (_kind(member), _name(member), _place(member)))
    pair(lambda member: (_kind(member), _name(member)))
    pair(lambda member: (_kind(member), _place(member)) if _place(member) is not None else None)
    found: Members = {}
    for number, member in enumerate(side):
        key, again = keys.get(number), 1
        while key is None:
            said = own_id(_open(member)) or f"{_kind(member)} {_name(member)} {_place(member)}"
            key = f"{_NEW}{said} {again}"
            key, again = (None, again + 1) if key in found else (key, again)
        found[key] = member
    return found


def _open(member: Any) -> Json:
    return dict(member) if isinstance(member, Mapping) else {}


def _kind(member: Any) -> str:
    return str(_open(member).get("OTIO_SCHEMA"))


def _name(member: Any) -> str:
    return str(_open(member).get("name") or _open(member).get("effect_name") or "")


def _place(member: Any) -> Any:
    return ((_open(member).get("marked_range") or {}).get("start_time") or {}).get("value")
