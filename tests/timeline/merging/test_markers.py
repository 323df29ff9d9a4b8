"""Markers of tracks, of the edit and of clips: they move with the cut, and none is lost or doubled."""

from typing import Any

import opentimelineio as otio
from shotwright.core.timeline.merging.merge import Outcome, merged
from shotwright.core.timeline.operations import ripple

from ..operations.drawing import film, span
from .histories import parts

LINE = "V1 A:24{8,8} B:24{8,8} C:24{8,8}"


def marker(name: str, at: int) -> Any:
    return otio.schema.Marker(name, span(at, 1))


def _marked(at: int = 54) -> Any:
    made = film(LINE)
    made.tracks.markers.append(marker("look", at))
    return made


def _places(outcome: Outcome) -> list[tuple[str, float]]:
    markers = outcome.parts.stack["markers"]
    return [(marker["name"], marker["marked_range"]["start_time"]["value"]) for marker in markers]


def _merged(ours: Any, theirs: Any, base: Any = None) -> Outcome:
    return merged(parts(base or _marked()), parts(ours), parts(theirs))


def test_it_moves_by_what_both_rippled_before_it() -> None:
    outcome = _merged(ripple(_marked(), (0, 0), 0, -4).timeline, ripple(_marked(), (0, 1), 0, -6).timeline)
    assert (_places(outcome), outcome.conflicts) == ([("look", 44)], [])


def test_it_moves_by_both_also_where_they_rippled_alike() -> None:
    outcome = _merged(ripple(_marked(), (0, 0), 0, -4).timeline, ripple(_marked(), (0, 1), 0, -4).timeline)
    assert (_places(outcome), outcome.conflicts) == ([("look", 46)], [])


def test_moved_here_and_called_otherwise_there() -> None:
    theirs = _marked()
    theirs.tracks.markers[0].name = "look here"
    outcome = _merged(_marked(60), theirs)
    assert (_places(outcome), outcome.conflicts) == ([("look here", 60)], [])


def test_moved_by_both_to_different_places_both_stand() -> None:
    outcome = _merged(_marked(60), _marked(50))
    assert _places(outcome) == [("look", 50), ("look", 60)]
    assert [conflict.kind for conflict in outcome.conflicts] == ["marker"]


def test_taken_out_here_and_left_there_it_is_gone() -> None:
    outcome = _merged(film(LINE), _marked())
    assert (outcome.parts.stack["markers"], outcome.conflicts) == ([], [])


def test_taken_out_here_and_moved_there_it_stands() -> None:
    outcome = _merged(film(LINE), _marked(60))
    assert _places(outcome) == [("look", 60)]
    assert [conflict.kind for conflict in outcome.conflicts] == ["marker"]


def test_both_put_one_in_and_the_other_rippled_before() -> None:
    ours, theirs = _marked(), ripple(_marked(), (0, 0), 0, -4).timeline
    ours.tracks.markers.append(marker("mine", 30))
    theirs.tracks.markers.append(marker("theirs", 40))
    outcome = _merged(ours, theirs)
    assert (_places(outcome), outcome.conflicts) == ([("mine", 26), ("theirs", 40), ("look", 50)], [])


def test_a_clips_marker_renamed_here_and_moved_there_is_one() -> None:
    made = [film(LINE) for _ in range(3)]
    for timeline, name, at in zip(made, ("look", "look here", "look"), (110, 110, 112), strict=True):
        timeline.tracks[0][0].markers.append(marker(name, at))
    outcome = merged(*(parts(timeline) for timeline in made))
    (found,) = next(outcome.parts.items()).value["markers"]
    assert (found["name"], found["marked_range"]["start_time"]["value"]) == ("look here", 112)
    assert outcome.conflicts == []


def test_a_conflict_of_which_nothing_stands_aside_is_marked_at_its_place() -> None:
    made = [film(LINE) for _ in range(3)]
    for timeline in made[1:]:
        del timeline.tracks[0][1]
    made[2] = film(LINE)
    made[2].tracks[0][1].name = "B again"
    outcome = merged(*(parts(timeline) for timeline in made))
    (conflict,) = outcome.conflicts
    (found,) = outcome.parts.stack["markers"]
    assert (found["name"], found["comment"]) == ("conflict", conflict.text)
    assert found["marked_range"]["start_time"]["value"] == 24
