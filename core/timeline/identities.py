"""Who is who in an edit: every track, item, marker, transition and effect known by an ID of its own.

Clips and nested edits have an `occurrence_id`: this clip in this cut. All else has an `id`. Programs that razor, copy
or paste make equal ones: the later in time gets a new one then, with its parent's recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import opentimelineio as otio

from . import facts
from .edit import Edit
from .shot_clips import renew_occurrence

_ITEMS = (otio.schema.Clip, otio.schema.Stack)


def with_identities(edit: Edit) -> Edit:
    """The edit with an ID on all that lacks one, and none given twice; itself where nothing is to be done."""
    timeline = edit._timeline.clone()
    seen: set[str] = set()
    for thing in _in_time(timeline):
        key = "occurrence_id" if isinstance(thing, _ITEMS) else "id"
        known = facts.text(facts.facts_of(thing), key)
        if known in seen and key == "occurrence_id":
            renew_occurrence(thing)
        elif not known or known in seen:
            facts.change_facts(thing, **{key: uuid.uuid4().hex[:12]})
        seen.add(facts.text(facts.facts_of(thing), key))
    changed = timeline.to_json_string() != edit._timeline.to_json_string()
    return Edit(timeline, edit.folder) if changed else edit


def _in_time(timeline: Any) -> Iterator[Any]:
    """All that has an ID: tracks first, then items in the order in which they begin, each with what is on it."""
    tracks = [track for track in timeline.tracks if isinstance(track, otio.schema.Track)]
    yield from tracks
    yield from timeline.tracks.markers
    placed: list[tuple[float, int, Any]] = []
    for track in tracks:
        at = 0.0
        for thing in track:
            placed.append((at, len(placed), thing))
            if not isinstance(thing, otio.schema.Transition):
                at += thing.trimmed_range().duration.to_seconds()
    for _, _, thing in sorted(placed, key=lambda place: place[:2]):
        if not isinstance(thing, otio.schema.Gap) or _matters(thing):
            yield from _with_all_on_it(thing)


def _with_all_on_it(thing: Any) -> Iterator[Any]:
    yield thing
    if isinstance(thing, otio.core.Item):
        yield from thing.markers
        yield from thing.effects
    if isinstance(thing, otio.core.Composition):
        for inner in thing.find_children():
            if not isinstance(inner, otio.schema.Gap) or _matters(inner):
                yield inner


def _matters(gap: Any) -> bool:
    return bool(gap.name or gap.markers or gap.effects or gap.metadata)
