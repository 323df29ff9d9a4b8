"""Three of one order: who stands behind whom where two went on from the same track."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence


def kept_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Of what is in both, the most that stand in the same order: all others were moved. O(n log n)."""
    places = {name: number for number, name in enumerate(after)}
    tails: list[int] = []
    last: list[str] = []
    came: dict[str, str | None] = {}
    for name in before:
        at = places.get(name)
        if at is None:
            continue
        spot = bisect_left(tails, at)
        came[name] = last[spot - 1] if spot else None
        tails[spot : spot + 1] = [at]
        last[spot : spot + 1] = [name]
    kept: set[str] = set()
    name_: str | None = last[-1] if last else None
    while name_ is not None:
        kept.add(name_)
        name_ = came[name_]
    return kept


def placed_behind(order: list[str], name: str, predecessors: Iterable[str], others_new: set[str]) -> None:
    """Puts a name into an order, behind the nearest of its `predecessors` (nearest first) that is in it.

    Of two that both sides put in at the same place, the one whose name sorts first stands first, whoever comes first.
    """
    there = set(order)
    before = next((name for name in predecessors if name in there), None)
    at = 0 if before is None else order.index(before) + 1
    while at < len(order) and order[at] in others_new and order[at] < name:
        at += 1
    order.insert(at, name)
