"""Nested edits in which two cut at once: their cuts come together as those of the edit around them do."""

import json
from typing import Any

import opentimelineio as otio
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from shotwright.core.timeline.merging.changes import Changes
from shotwright.core.timeline.merging.items import Parts, whole
from shotwright.core.timeline.merging.merge import Outcome, merged

from ..operations.drawing import drawn, film
from ..operations.test_properties import films
from .histories import cut_on, parts


def _nested(inner: Any, frames: int = 0) -> Any:
    """A film that plays another, all of it or so many frames, between two clips."""
    around = film(f"V1 A:24 [V1 X:1]:{frames} B:24")
    stack = around.tracks[0][1]
    stack.metadata["shotwright"] = {"occurrence_id": "id of nested"}
    del stack[:]
    stack.extend([track.clone() for track in inner.tracks])
    return around


def _merged(base: Any, ours: Any, theirs: Any) -> Outcome:
    return merged(parts(base), parts(ours), parts(theirs))


def _inside(found: Parts) -> list[str]:
    timeline = otio.adapters.read_from_string(json.dumps(whole(found)), "otio_json")
    return list(drawn(_as_film(timeline.tracks[0][1])))


def _as_film(stack: Any) -> Any:
    made = film()
    made.tracks.extend([track.clone() for track in stack])
    return made


_INNER = "V1 P:24{8,8} Q:24{8,8}"


def test_each_cuts_elsewhere_inside() -> None:
    ours, theirs = film("V1 P:20{8,12} Q:24{8,8}"), film("V1 P:24{8,8} Q:10{8,22}")
    outcome = _merged(*(_nested(inner) for inner in (film(_INNER), ours, theirs)))
    assert outcome.conflicts == []
    assert _inside(outcome.parts) == ["V1 P[0-20) Q[20-30)"]


def test_one_cuts_inside_and_one_around_it() -> None:
    ours, theirs = _nested(film("V1 P:20{8,12} Q:24{8,8}"), 30), _nested(film(_INNER), 24)
    outcome = _merged(_nested(film(_INNER), 30), ours, theirs)
    assert outcome.conflicts == []
    assert _inside(outcome.parts) == ["V1 P[0-20) Q[20-44)"]
    lengths = [float(item.value["source_range"]["duration"]["value"]) for item in outcome.parts.items()]
    assert lengths == [24, 24, 24]


def test_the_same_cut_inside_is_kept_twice_and_told_where_it_plays() -> None:
    ours, theirs = film("V1 P:24{8,8} Q:20{8,12}"), film("V1 P:24{8,8} Q:18{8,14}")
    outcome = _merged(*(_nested(inner) for inner in (film(_INNER), ours, theirs)))
    assert _inside(outcome.parts) == ["V1 P[0-24) Q[24-42)", "Ours: V1 .[0-24) Q[24-44)"]
    (conflict,) = outcome.conflicts
    assert (conflict.kind, conflict.item, conflict.at) == ("trimmed", "Q", 48)
    assert conflict.text == "In nested: Q was trimmed at the same end, or slipped, by both."


def test_an_edit_nested_in_a_nested_edit_is_merged_too() -> None:
    inners = (film(_INNER), film("V1 P:20{8,12} Q:24{8,8}"), film("V1 P:24{8,8} Q:10{8,22}"))
    outcome = _merged(*(_nested(_nested(inner)) for inner in inners))
    assert outcome.conflicts == []
    timeline = otio.adapters.read_from_string(json.dumps(whole(outcome.parts)), "otio_json")
    assert drawn(_as_film(timeline.tracks[0][1][0][1])) == ["V1 P[0-20) Q[20-30)"]


def test_clips_stacked_without_tracks_are_one_thing() -> None:
    """Some programs stack clips bare: nobody can say what a cut in them moves."""
    films = []
    for name in ("P", "ours", "theirs"):
        around = _nested(film(_INNER))
        stack = around.tracks[0][1]
        del stack[:]
        stack.append(film(f"V1 {name}:24").tracks[0][0].clone())
        films.append(around)
    outcome = _merged(*films)
    assert [conflict.kind for conflict in outcome.conflicts] == ["changed"]
    assert outcome.parts.tracks[-1].name == "Ours: V1"


def test_what_changed_inside_is_told() -> None:
    changes = Changes(parts(_nested(film(_INNER))), parts(_nested(film("V1 P:20{8,12} Q:24{8,8}")))).all()
    assert [(change.kind, change.item, change.text, change.at) for change in changes] == [
        ("trimmed", "P", "In nested: P trimmed 4 frames at the tail", 24)
    ]


@st.composite
def histories(draw: Any) -> tuple[Any, Any, Any]:
    base = draw(films())
    return tuple(_nested(inner) for inner in (base, draw(cut_on(base, "ours")), draw(cut_on(base, "theirs"))))  # type: ignore[return-value]


@given(histories())
@examples(max_examples=60)
def test_what_one_side_did_inside_alone_is_the_result(history: tuple[Any, Any, Any]) -> None:
    base, changed, _ = history
    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        outcome = _merged(base, ours, theirs)
        assert outcome.conflicts == []
        assert whole(outcome.parts) == whole(parts(changed))


@given(histories())
@examples(max_examples=120)
def test_nothing_put_in_inside_is_lost(history: tuple[Any, Any, Any]) -> None:
    outcome = _merged(*history)
    told = {conflict.item for conflict in outcome.conflicts}
    timeline = otio.adapters.read_from_string(json.dumps(whole(outcome.parts)), "otio_json")
    there = {clip.name for clip in timeline.find_clips()}
    for side in history[1:]:
        put_in = {clip.name for clip in side.find_clips() if clip.name.startswith(("ours", "theirs"))}
        assert put_in <= there | told
