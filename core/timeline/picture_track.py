"""V1 made from a shot list, around what was there before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from ..film import ProjectSettings, Shot
from ..timing import Rate
from . import facts
from .joins import dissolve_between, put_fades
from .shot_clips import new_clip, renew_occurrence, shot_id_of, update_clip
from .spans import range_of

Join = tuple[int, int]


@dataclass
class _Before:
    """A V1 taken apart.

    `groups` has for each shot its clip and what stands behind it up to the next shot's: gaps, clips that somebody
    added, further pieces of a shot. `leading` stands before all of them. `joins` are transitions that are not ours,
    by the ids of the items that they join.
    """

    leading: list[Any] = field(default_factory=list)
    groups: dict[str, list[Any]] = field(default_factory=dict)
    joins: dict[Join, Any] = field(default_factory=dict)


def lay_out(track: Any, shots: Sequence[Shot], attic: dict[str, Any], settings: ProjectSettings) -> dict[str, Any]:
    """Puts the shots' clips on V1 in their order, in place; returns the attic as it is then.

    The attic has the clips of shots that are not in the list, takes and all, by their shots' IDs.
    """
    before = _taken_apart(track)
    attic = dict(attic)
    wanted = {shot.shot_id: shot for shot in shots}
    behind: dict[str, list[Any]] = {}
    leading = list(before.leading)
    last_kept = ""
    for shot_id, (clip, *others) in before.groups.items():
        kept_others = [item for item in others if not shot_id_of(item) or shot_id_of(item) in wanted]
        if shot_id in wanted:
            last_kept = shot_id
        else:
            attic[shot_id] = clip
        (behind.setdefault(last_kept, []) if last_kept else leading).extend(kept_others)
    items = leading
    brought_up: set[int] = set()
    for shot in shots:
        found = before.groups.get(shot.shot_id)
        clip = found[0] if found else attic.pop(shot.shot_id, None)
        if clip is None:
            clip = new_clip(shot, settings)
        else:
            update_clip(clip, shot, settings)
        put_fades(clip, shot, _length(clip, settings.rate))
        brought_up.add(id(clip))
        items += [clip, *behind.get(shot.shot_id, ())]
    for item in items:
        if (shot_id := shot_id_of(item)) and id(item) not in brought_up:
            update_clip(item, wanted[shot_id], settings, only_this=False)
    _own_identities(items)
    track.extend(_joined(items, wanted, before.joins, settings))
    return attic


def _taken_apart(track: Any) -> _Before:
    before = _Before()
    items = list(track)
    del track[:]
    current = before.leading
    for index, item in enumerate(items):
        if isinstance(item, otio.schema.Transition):
            if 0 < index < len(items) - 1 and facts.NAMESPACE not in item.metadata:
                before.joins[id(items[index - 1]), id(items[index + 1])] = item
            continue
        shot_id = shot_id_of(item)
        if shot_id and shot_id not in before.groups:
            current = before.groups[shot_id] = []
        current.append(item)
    return before


def _own_identities(items: Sequence[Any]) -> None:
    """Razor, copy and paste make equal occurrence IDs: the later in time gets a new one, its parent recorded."""
    seen: set[str] = set()
    for item in items:
        if not shot_id_of(item):
            continue
        occurrence = facts.text(facts.facts_of(item), "occurrence_id")
        if not occurrence or occurrence in seen:
            renew_occurrence(item)
        seen.add(facts.text(facts.facts_of(item), "occurrence_id"))


def _joined(items: Sequence[Any], wanted: dict[str, Shot], joins: dict[Join, Any], settings: ProjectSettings) -> Any:
    """The items with their transitions between them: the script's, and those that somebody made between these two."""
    yield from items[:1]
    for left, right in pairwise(items):
        before, after = wanted.get(shot_id_of(left)), wanted.get(shot_id_of(right))
        transition = joins.get((id(left), id(right)))
        if transition is None and before and after and before is not after:
            lengths = _length(left, settings.rate), _length(right, settings.rate)
            transition = dissolve_between(before, after, lengths, settings)
        if transition is not None:
            yield transition
        yield right


def _length(item: Any, rate: Rate) -> int:
    return len(range_of(item.trimmed_range(), rate))
