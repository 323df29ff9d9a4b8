"""Nested edits are items with a trimmed range, and can be worked on inside; media of any rate keep their own count."""

from typing import Any

import opentimelineio as otio
import pytest
from shotwright.core.errors import ProjectError, RefusedError
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.operations import (
    insert,
    is_sync_locked,
    open_up,
    overwrite,
    remove,
    ripple,
    slice_at,
    slip,
    trim,
)

from .drawing import draw, drawn, film, item, span, time, track

NESTED = "[V1 A:24 B:24|A1 a:48]"


def _inside(timeline: Any, index: int = 1) -> list[str]:
    return [draw(track) for track in timeline.tracks[0][index]]


def test_a_nested_stack_is_an_item() -> None:
    before = film(f"V1 X:24 {NESTED}:30 Y:24")
    sliced = slice_at(before, (0,), 34).timeline
    assert drawn(sliced) == ["V1 X[0-24) nested[24-34) nested+10[34-54) Y[54-78)"]
    assert _inside(sliced, 1) == _inside(sliced, 2) == ["V1 A[0-24) B[24-48)", "A1 a[0-48)"]
    assert drawn(ripple(before, (0, 1), tail_frames=18).timeline) == ["V1 X[0-24) nested[24-72) Y[72-96)"]
    with pytest.raises(RefusedError, match="The handle at the tail of nested is 18 frames long; 19 were asked"):
        ripple(before, (0, 1), tail_frames=19)
    assert drawn(slip(before, (0, 1), 18).timeline) == ["V1 X[0-24) nested+18[24-54) Y[54-78)"]


def test_the_clips_of_both_halves_of_a_nested_stack_are_occurrences_of_their_own() -> None:
    sliced = slice_at(film(f"V1 {NESTED}:48"), (0,), 24).timeline
    found = [clip.metadata["shotwright"]["occurrence_id"] for clip in sliced.find_clips()]
    assert len(found) == len(set(found)) == 6


def test_work_inside_a_nested_stack_stays_inside() -> None:
    before = film(f"V1 X:24 {NESTED}:30 Y:24", "A1 m:78")
    edited = ripple(before, (0, 1, 0, 0), tail_frames=10).timeline
    assert _inside(edited) == ["V1 A[0-34) B[34-58)", "A1 a[0-24) .[24-34) a+24[34-58)"]
    assert drawn(edited) == drawn(before)
    edited = open_up(before, 10, 5, within=(0, 1)).timeline
    assert _inside(edited) == ["V1 A[0-10) .[10-15) A+10[15-29) B[29-53)", "A1 a[0-10) .[10-15) a+10[15-53)"]
    assert drawn(edited) == drawn(before)
    assert _inside(insert(before, (0, 1, 1), 48, item("b:6")).timeline)[1] == "A1 a[0-48) b[48-54)"


def test_a_nested_stack_without_a_range_gets_the_one_that_it_had() -> None:
    before = film(f"V1 X:24 {NESTED}:0 Y:24")
    assert drawn(before) == ["V1 X[0-24) nested[24-72) Y[72-96)"]
    edited = ripple(before, (0, 1, 0, 0), tail_frames=10).timeline
    assert drawn(edited) == drawn(before)
    assert edited.tracks[0][1].source_range == span(0, 48)
    shorter = remove(before, (0, 1, 0, 1), close_up=True).timeline
    assert drawn(shorter) == drawn(before)
    assert slip(before, (0, 1, 0, 0), 5).timeline.tracks[0][1].source_range is None


def test_a_track_in_a_track_is_no_other_tracks_neighbour() -> None:
    before = film("V1 X:24 Y:24")
    before.tracks[0].insert(1, track("V9 A:12 B:12"))
    edited = ripple(before, (0, 1, 0), tail_frames=6).timeline
    assert draw(edited.tracks[0][1]) == "V9 A[0-18) B[18-30)"
    assert drawn(edited) == drawn(before) == ["V1 X[0-24) V9[24-48) Y[48-72)"]


def test_a_track_in_a_track_keeps_the_range_of_its_own() -> None:
    before = film("V1 X:24")
    before.tracks[0].append(track("V9 A:12 B:12"))
    before.tracks[0][1].source_range = span(6, 12)
    assert drawn(ripple(before, (0, 1, 0), tail_frames=6).timeline) == drawn(before) == ["V1 X[0-24) V9+6[24-36)"]


def test_a_track_with_a_range_of_its_own_moves_in_time_with_the_others() -> None:
    before = film("V1 A:24 B:24", "A1 a:10 b:24 c:24")
    before.tracks[1].source_range = span(10, 48)  # a lies before the film begins
    edited = open_up(before, 24, 6).timeline
    assert drawn(edited) == ["V1 A[0-24) .[24-30) B[30-54)", "A1 a[0-10) b[10-34) .[34-40) c[40-64)"]
    assert edited.tracks[1].source_range == span(10, 54)
    assert remove(edited, (0, 1), close_up=True).timeline.tracks[1].source_range == span(10, 48)


def test_clips_keep_counting_as_their_media_do() -> None:
    before = film("V1 A:24 B:24")
    at_30 = otio.opentime.TimeRange(otio.opentime.RationalTime(300, 30), otio.opentime.RationalTime(30, 30))
    before.tracks[0][0].source_range = at_30
    first, later = slice_at(before, (0,), 12).timeline.tracks[0][:2]
    assert (first.source_range.duration.value, first.source_range.duration.rate) == (15, 30)
    assert (later.source_range.start_time.value, later.source_range.duration.value) == (315, 15)


def test_sound_that_is_cut_between_two_frames_stays_cut_there() -> None:
    before = film("V1 A:24 B:24", "A1 .:1")
    samples = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 48_000), otio.opentime.RationalTime(47_001, 48_000))
    for name in ("a", "b"):
        before.tracks[1].append(otio.schema.Clip(name, otio.schema.ExternalReference(f"{name}.wav"), samples))
    edited = open_up(before, 40, 2).timeline
    lengths = [(thing.name, thing.trimmed_range().duration.value) for thing in edited.tracks[1]]
    assert lengths[:2] == [("", 1), ("a", 47_001)]
    assert lengths[2:] == [("b", 31_000 - 1), ("", 2), ("b", 16_002)]  # 40 frames are 80 000 samples
    moved = slice_at(before, (0,), 12).timeline
    assert moved.tracks[1].to_json_string() == before.tracks[1].to_json_string()


def test_frames_of_23_976_are_counted_exactly() -> None:
    before = film("V1 A:24")
    for thing in before.tracks[0]:
        thing.source_range = otio.opentime.TimeRange(
            otio.opentime.RationalTime(100, 24000 / 1001), otio.opentime.RationalTime(200_001, 24000 / 1001)
        )
    before.global_start_time = otio.opentime.RationalTime(86_400, 24000 / 1001)
    sliced = slice_at(before, (0,), 100_001).timeline.tracks[0]
    assert [thing.source_range.duration.value for thing in sliced] == [100_001, 100_000]
    assert sliced[1].source_range.start_time == otio.opentime.RationalTime(100_101, 24000 / 1001)
    assert sliced[1].source_range.start_time.rate == 24000 / 1001


def test_what_has_no_known_end_can_be_as_long_as_it_likes() -> None:
    before = film("V1 A:24{0,0} B:24{0,0} C:24{0,0}")
    for index, reference in enumerate((otio.schema.MissingReference(), otio.schema.GeneratorReference("bars", "Bars"))):
        reference.available_range = span(100, 24)
        before.tracks[0][index].media_reference = reference
    for index in (0, 1):
        assert ripple(before, (0, index), tail_frames=500).timeline.tracks[0][index].trimmed_range().duration == time(
            524
        )
    with pytest.raises(RefusedError):
        ripple(before, (0, 2), tail_frames=1)


def test_the_active_take_is_the_limit() -> None:
    before = film("V1 A:24{0,6}")
    clip = before.tracks[0][0]
    takes = {"TK01": clip.media_reference.clone(), "TK02": clip.media_reference.clone()}
    takes["TK02"].available_range = span(100, 40)
    clip.set_media_references(takes, "TK02")
    assert drawn(ripple(before, (0, 0), tail_frames=16).timeline) == ["V1 A[0-40)"]
    clip.active_media_reference_key = "TK01"
    with pytest.raises(RefusedError, match="6 frames long; 16 were asked"):
        ripple(before, (0, 0), tail_frames=16)


def test_a_clip_without_a_length_is_a_sentence() -> None:
    before = film("V1 A:24 B:24")
    before.tracks[0].append(otio.schema.Clip("offline"))
    with pytest.raises(ProjectError, match="offline has no length"):
        trim(before, (0, 0), tail_frames=-1)


def test_a_timeline_of_sound_alone_can_be_cut() -> None:
    before = film("A1 a:24 b:24")
    before.global_start_time = None
    assert drawn(slice_at(before, (0,), 10).timeline) == ["A1 a[0-10) a+10[10-24) b[24-48)"]


def test_tracks_are_sync_locked_but_where_they_say_they_are_not() -> None:
    locked, unlocked = film("V1 A:1", "A1! a:1").tracks
    assert (is_sync_locked(locked), is_sync_locked(unlocked)) == (True, False)


def test_an_edit_of_a_film_can_be_worked_on(settings: Any, shots: Any) -> None:
    edit = Edit.from_shots(settings, shots)
    longer = Edit(ripple(edit._timeline, (0, 1), tail_frames=12).timeline)  # (0, 1) is the second shot
    assert longer.frames == edit.frames + 12
    assert [event.record.start for event in longer.events()] == [0, 24, 72, 120]
    assert longer.sounds()[0].record.start == edit.sounds()[0].record.start + 12
    assert overwrite(edit._timeline, (0,), 30, item("C:6")).timeline.find_clips()
