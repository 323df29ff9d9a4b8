"""Who is who in an edit: every track, item, marker, transition and effect known by an ID of its own.

Clips and nested edits have an `occurrence_id`: this clip in this cut. All else has an `id`. Programs that razor, copy
or paste make equal ones: the later in time gets a new one then, with its parent's recorded.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..timing import Rate
from .edit import Edit
from .facts import NAMESPACE
from .merging.items import Json, facts_in, is_gap, is_transition, length_of, plain


def with_identities(edit: Edit) -> Edit:
    """The edit with an ID on all that lacks one, and none given twice; itself where nothing is to be done."""
    if next(_unknown(edit.as_json, edit.rate), None) is None:
        return edit
    timeline: Json = json.loads(edit._timeline.to_json_string())  # one of its own, to be changed
    for thing, key, parent in list(_unknown(timeline, edit.rate)):
        known = {**facts_in(thing), key: uuid.uuid4().hex[:12], **parent}
        thing["metadata"] = {**thing["metadata"], NAMESPACE: known}
    return Edit.of_json(timeline, edit.folder)


def _unknown(timeline: Mapping[str, Any], rate: Rate) -> Iterator[tuple[Json, str, Json]]:
    """All that needs an ID, under which key, and what tells its parent where it has the ID of an earlier one."""
    seen: set[str] = set()
    for thing in _in_time(timeline, rate):
        plays = "media_references" in thing or ("children" in thing and not _is_track(thing))
        key = "occurrence_id" if plays else "id"
        own = facts_in(thing).get(key)
        if not isinstance(own, str) or not own:
            yield thing, key, {}
        elif own in seen:
            yield thing, key, {"parent_occurrence_id": own} if plays else {}
        else:
            seen.add(own)


def _in_time(timeline: Mapping[str, Any], rate: Rate) -> Iterator[Json]:
    """All that has an ID: tracks first, then items in the order in which they begin, each with what is on it."""
    tracks = [track for track in timeline["tracks"]["children"] if _is_track(track)]
    yield from tracks
    for owner in (timeline["tracks"], *tracks):
        yield from owner.get("markers") or []
    placed: list[tuple[Fraction, int, Json]] = []
    for track in tracks:
        at = Fraction(0)
        for thing in track["children"]:
            placed.append((at, len(placed), thing))
            at += 0 if is_transition(thing) else length_of(thing, rate)
    for _, _, thing in sorted(placed, key=lambda place: place[:2]):
        yield from _with_all_on_it(thing)


def _with_all_on_it(thing: Json) -> Iterator[Json]:
    if not is_gap(thing) or not plain(thing):
        yield thing
    yield from thing.get("markers") or []
    yield from thing.get("effects") or []
    for inner in thing.get("children") or []:
        yield from _with_all_on_it(inner)


def _is_track(thing: Json) -> bool:
    return str(thing["OTIO_SCHEMA"]).startswith("Track.")
