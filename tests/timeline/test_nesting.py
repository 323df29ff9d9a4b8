"""A clip in a nested edit grows there, and the nested edit grows in the film where its end was to be seen."""

from fractions import Fraction
from typing import Any

import pytest
from shotwright.core.errors import NotFoundError, RefusedError, UsageError
from shotwright.core.timeline.cutting import clip_of, clips_of, extended, gap_behind, room_behind
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.nesting import lengthened
from shotwright.core.timeline.steps import Extension, NewMedia
from shotwright.core.timing import FrameRange

from .operations.drawing import draw, drawn, film, span

NESTED = "[V1 A:24{20,20} B:24{20,20}|A1 a:48]"


def inside(timeline: Any) -> list[str]:
    return [draw(track) for track in timeline.tracks[0][1]]


@pytest.mark.parametrize(
    ("shown", "place", "side", "mode", "nested", "outside"),
    [
        (48, 1, "tail", "gap", "V1 A[0-24) B[24-54)", "X[0-24) nested[24-78) .[78-84) Y[84-108)"),
        (0, 1, "tail", "gap", "V1 A[0-24) B[24-54)", "X[0-24) nested[24-78) .[78-84) Y[84-108)"),
        (48, 1, "tail", "ripple", "V1 A[0-24) B[24-54)", "X[0-24) nested[24-78) .[78-90) Y[90-114)"),
        (48, 0, "tail", "ripple", "V1 A[0-30) B[30-54)", "X[0-24) nested[24-78) .[78-90) Y[90-114)"),
        (48, 1, "head", "ripple", "V1 A[0-24) B-6[24-54)", "X[0-24) nested[24-78) .[78-90) Y[90-114)"),
        (48, 0, "head", "ripple", "V1 A-6[0-30) B[30-54)", "X[0-24) nested[24-78) .[78-90) Y[90-114)"),
        (48, 0, "tail", "overwrite", "V1 A[0-30) B+6[30-48)", "X[0-24) nested[24-72) .[72-84) Y[84-108)"),
        (50, 1, "tail", "gap", "V1 A[0-24) B[24-54)", "X[0-24) nested[24-78) .[78-86) Y[86-110)"),
        (40, 1, "tail", "gap", "V1 A[0-24) B[24-54)", "X[0-24) nested[24-64) .[64-76) Y[76-100)"),
    ],
)
def test_what_is_gained_is_shown(shown: int, place: int, side: Any, mode: Any, nested: str, outside: str) -> None:
    before = film(f"V1 X:24 {NESTED}:{shown} .:12 Y:24")
    after = lengthened(before, (0, 1, 0, place), side, 6, mode, over_neighbour=True).timeline
    assert inside(after)[0] == nested
    assert drawn(after) == [f"V1 {outside}"]


def test_a_head_at_the_start_of_a_nested_edit_takes_the_room_before_it() -> None:
    before = film(f"V1 .:12 {NESTED}:48 Y:24")
    after = lengthened(before, (0, 1, 0, 0), "head", 6).timeline
    assert inside(after)[0] == "V1 A-6[0-30) B[30-54)"
    assert drawn(after) == ["V1 .[0-6) nested[6-60) Y[60-84)"]
    assert after.tracks[0][1].source_range == span(0, 54)
    with pytest.raises(RefusedError, match="free space of 12 frames before nested on V1; 13 were asked"):
        lengthened(before, (0, 1, 0, 0), "head", 13)


def test_what_has_no_room_is_refused_whole() -> None:
    before = film(f"V1 X:24 {NESTED}:48 Y:24")
    drawing = drawn(before), inside(before)
    with pytest.raises(RefusedError, match="free space of 0 frames behind nested on V1; 6 were asked"):
        lengthened(before, (0, 1, 0, 1), "tail", 6)
    with pytest.raises(RefusedError, match="free space of 0 frames behind A on V1; 6 were asked"):
        lengthened(before, (0, 1, 0, 0), "tail", 6)
    assert (drawn(before), inside(before)) == drawing


def test_clips_in_nested_edits_are_found_behind_those_of_the_film() -> None:
    edit = Edit(film(f"V1 X:24 {NESTED}:40 .:12 A:24"))
    assert [clip.name for clip in clips_of(edit)] == ["X", "A"]
    assert clip_of(edit, "A").place == (0, 3)
    found = clip_of(edit, "B")
    assert (found.place, found.nested_in, found.record, found.timecode) == (
        (0, 1, 0, 1),
        (0, 1),
        FrameRange(24, 48),
        "01:00:02:00",
    )
    assert clip_of(edit, found.told).place == found.place
    assert room_behind(edit, clip_of(edit, "A@01:00:01:00")) == 0
    assert room_behind(edit, found) is None
    with pytest.raises(NotFoundError, match="There is no clip “B”"):
        gap_behind(edit, "B")  # a bridge is the film's own
    with pytest.raises(UsageError, match="2 clips are called “B”"):
        clip_of(Edit(film(f"V1 {NESTED}:48 {NESTED}:48")), "B")


def test_new_media_go_to_the_clip_in_the_nested_edit() -> None:
    edit = Edit(film(f"V1 X:24 {NESTED}:48 .:12"))
    clip = clip_of(edit, "B")
    new = NewMedia("new.mov", Fraction(90), Fraction(130), Fraction(90), Fraction(124))
    after, _ = extended(edit, Extension(clip.address, clip.state, "tail", 6, media=new))
    grown = clip_of(after, "B")
    assert (grown.media, grown.record) == ("new.mov", FrameRange(24, 54))
    copied, _ = extended(edit, Extension(clip.address, clip.state, "tail", 0, media=new, above=True))
    assert [clip.media for clip in clips_of(copied)] == [clip.media for clip in clips_of(edit)]
    laid = clip_of(copied, "new")
    assert (laid.place, laid.record) == ((0, 1, 1, 1), FrameRange(24, 48))
