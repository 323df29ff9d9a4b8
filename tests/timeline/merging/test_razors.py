"""A clip that one cut in two while the other went on with it: halves meet halves."""

from typing import Any

import pytest
from shotwright.core.timeline.merging.changes import Changes
from shotwright.core.timeline.merging.merge import Outcome, merged
from shotwright.core.timeline.operations import insert, remove, ripple, slice_at, slip, trim

from ..operations.drawing import film, item
from .histories import lines_of, parts

FILM = ("V1 A:24{8,8} B:24{8,8}",)


def _cut(timeline: Any, *places: int) -> Any:
    for place in places:
        timeline = slice_at(timeline, (0,), place).timeline
    return timeline


def _merged(ours: Any, theirs: Any, base: Any = None) -> Outcome:
    return merged(parts(base or film(*FILM)), parts(ours), parts(theirs))


@pytest.mark.parametrize("swapped", [False, True], ids=["ours", "theirs"])
@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        (lambda film: trim(film, (0, 0), 0, -4), "V1 A[0-10) A+10[10-20) .[20-24) B[24-48)"),
        (lambda film: ripple(film, (0, 0), 0, -4), "V1 A[0-10) A+10[10-20) B[20-44)"),
        (lambda film: ripple(film, (0, 0), -4, 0), "V1 A+4[0-6) A+10[6-20) B[20-44)"),
        (lambda film: ripple(film, (0, 0), 0, -18), "V1 A[0-6) B[6-30)"),
        (lambda film: slip(film, (0, 0), 5), "V1 A+5[0-10) A+15[10-24) B[24-48)"),
        (lambda film: slice_at(film, (0,), 16), "V1 A[0-10) A+10[10-16) A+16[16-24) B[24-48)"),
        (lambda film: slice_at(film, (0,), 10), "V1 A[0-10) A+10[10-24) B[24-48)"),
        (lambda film: insert(film, (0,), 16, item("X:6")), "V1 A[0-10) A+10[10-16) X[16-22) A+16[22-30) B[30-54)"),
        (lambda film: remove(film, (0, 0), False), "V1 .[0-24) B[24-48)"),
    ],
    ids=["trimmed", "rippled", "head", "cut off", "slipped", "razored too", "razored alike", "put in", "lifted"],
)
def test_razored_by_one_and_cut_by_the_other(other: Any, wanted: str, swapped: bool) -> None:
    sides = [_cut(film(*FILM), 10), other(film(*FILM)).timeline]
    outcome = _merged(*(sides[::-1] if swapped else sides))
    assert outcome.conflicts == []
    assert lines_of(outcome.parts) == [wanted]


def test_both_halves_have_what_the_other_did_to_the_whole() -> None:
    renamed = film(*FILM)
    renamed.tracks[0][0].name, renamed.tracks[0][0].enabled = "A again", False
    outcome = _merged(_cut(film(*FILM), 10), renamed)
    assert [(clip.name, clip.value["enabled"]) for clip in outcome.parts.items()] == [
        ("A again", False),
        ("A again", False),
        ("B", True),
    ]


def test_the_middle_cut_out_here_and_the_tail_trimmed_there() -> None:
    ours = remove(_cut(film(*FILM), 8, 16), (0, 1), True).timeline
    outcome = _merged(ours, ripple(film(*FILM), (0, 0), 0, -4).timeline)
    assert outcome.conflicts == []
    assert lines_of(outcome.parts) == ["V1 A[0-8) A+16[8-12) B[12-36)"]


@pytest.mark.parametrize("speed", ["x2", "x1/2", "x-1"])
def test_retimed_clips_are_cut_where_they_play(speed: str) -> None:
    line = f"V1 A:24{speed} B:24"
    ours, theirs = _cut(film(line), 10), _cut(film(line), 16)
    outcome = _merged(ours, theirs, film(line))
    assert outcome.conflicts == []
    assert lines_of(outcome.parts) == lines_of(parts(_cut(film(line), 10, 16)))


def test_a_half_of_a_nested_edit_is_one_too() -> None:
    line = "V1 [V9 in:9 out:9]:18 B:24"
    outcome = _merged(_cut(film(line), 6), _cut(film(line), 12), film(line))
    assert outcome.conflicts == []
    assert lines_of(outcome.parts) == lines_of(parts(_cut(film(line), 6, 12)))


def test_a_cut_is_told_as_a_cut() -> None:
    changes = Changes(parts(film(*FILM)), parts(_cut(film(*FILM), 10))).all()
    assert [change.text for change in changes] == ["A was cut in two at 01:00:00:10"]


def test_the_same_media_put_in_behind_is_no_half() -> None:
    """What is left whole was not cut, whatever stands behind it."""
    put_in = film("V1 A:24{8,8} B:24{8,8}")
    copy = put_in.tracks[0][0].clone()
    copy.metadata["shotwright"] = {"occurrence_id": "another"}
    put_in.tracks[0].append(copy)
    changes = Changes(parts(film(*FILM)), parts(put_in)).all()
    assert [change.kind for change in changes] == ["inserted"]
