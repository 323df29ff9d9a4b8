"""What a cut keeps on both halves and what it shares out; which markers move."""

from typing import Any

import opentimelineio as otio
import pytest
from shotwright.core.timeline.operations import insert, open_up, remove, ripple, slice_at, trim

from .drawing import drawn, film, item, span


def _marked(thing: Any, *starts: float) -> None:
    thing.markers.extend([otio.schema.Marker(f"at {start:g}", span(start, 2)) for start in starts])


def _starts(thing: Any) -> list[float]:
    return [marker.marked_range.start_time.value for marker in thing.markers]


def test_both_halves_keep_all_takes_effects_and_metadata() -> None:
    before = film("V1 A:24")
    clip = before.tracks[0][0]
    takes = {f"TK0{number}": otio.schema.ExternalReference(f"TK0{number}.mov") for number in (1, 2)}
    clip.set_media_references(takes, "TK02")
    clip.effects.append(otio.schema.Effect("grade", "Grade"))
    clip.metadata["other_program"] = {"colour": "teal"}
    for half in slice_at(before, (0,), 10).timeline.tracks[0]:
        assert set(half.media_references()) == {"TK01", "TK02"}
        assert half.active_media_reference_key == "TK02"
        assert [effect.name for effect in half.effects] == ["grade"]
        assert half.metadata["other_program"]["colour"] == "teal"
        assert half.name == "A"


def test_the_later_half_is_an_occurrence_of_its_own() -> None:
    halves = slice_at(film("V1 A:24"), (0,), 10).timeline.tracks[0]
    first, later = (dict(half.metadata["shotwright"]) for half in halves)
    assert first == {"occurrence_id": "id of A"}
    assert later["parent_occurrence_id"] == "id of A"
    assert len(later["occurrence_id"]) == 12
    theirs = film("V1 A:24")
    del theirs.tracks[0][0].metadata["shotwright"]
    assert all("shotwright" not in half.metadata for half in slice_at(theirs, (0,), 10).timeline.tracks[0])


def test_fades_stay_at_their_own_ends() -> None:
    before = film("V1 A:24")
    for fade in ("fade in", "fade out"):
        effect = otio.schema.Effect(fade)
        effect.metadata["shotwright"] = {"fade": fade, "frames": 6}
        before.tracks[0][0].effects.append(effect)
    first, later = slice_at(before, (0,), 10).timeline.tracks[0]
    assert [effect.name for effect in first.effects] == ["fade in"]
    assert [effect.name for effect in later.effects] == ["fade out"]


@pytest.mark.parametrize(
    ("line", "first", "later"),
    [
        ("V1 A:24", [90, 100, 109], [110, 123, 130]),
        ("V1 A:24x2", [90, 100, 109, 110], [123, 130]),
        ("V1 A:24x-1", [123, 130], [90, 100, 109, 110]),
        ("V1 A:24x0", [90, 100, 109, 110, 123, 130], []),
    ],
)
def test_each_half_keeps_the_markers_of_its_media(line: str, first: list[float], later: list[float]) -> None:
    before = film(line)
    _marked(before.tracks[0][0], 90, 100, 109, 110, 123, 130)
    halves = slice_at(before, (0,), 10).timeline.tracks[0]
    assert [_starts(half) for half in halves] == [first, later]


def test_markers_on_clips_stay_in_their_media() -> None:
    before = film("V1 A:24 B:24")
    _marked(before.tracks[0][1], 105)
    for edited in (insert(before, (0,), 0, item("C:6")), trim(before, (0, 1), head_frames=-10)):
        assert [_starts(clip) for clip in edited.timeline.find_clips() if clip.name == "B"] == [[105]]


def test_markers_in_the_record_move_with_it() -> None:
    before = film("V1 A:24 B:24", "V2! C:48", "A1 a:48")
    for thing in (before.tracks, *before.tracks):
        _marked(thing, 0, 23, 24, 40)
    opened = open_up(before, 24, 6).timeline
    assert [_starts(thing) for thing in (opened.tracks, *opened.tracks)] == [
        [0, 23, 30, 46],
        [0, 23, 30, 46],
        [0, 23, 24, 40],
        [0, 23, 30, 46],
    ]
    shorter = ripple(before, (0, 0), tail_frames=-4).timeline  # 20 to 24 are closed up
    assert [_starts(thing) for thing in (shorter.tracks, *shorter.tracks)] == [
        [0, 20, 20, 36],
        [0, 20, 20, 36],
        [0, 23, 24, 40],
        [0, 20, 20, 36],
    ]
    longer_head = ripple(before, (0, 1), head_frames=4).timeline
    assert _starts(longer_head.tracks) == [0, 23, 28, 44]
    closed = remove(before, (0, 0), close_up=True).timeline
    assert _starts(closed.tracks) == [0, 0, 0, 16]
    lifted = remove(before, (0, 0)).timeline
    assert _starts(lifted.tracks) == [0, 23, 24, 40]


def test_a_gap_with_something_written_on_it_is_not_lost() -> None:
    before = film("V1 A:24 .:10 B:24")
    before.tracks[0][1].name = "missing scene"
    edited = trim(before, (0, 0), tail_frames=-4).timeline
    assert drawn(edited) == ["V1 A[0-20) .[20-34) B[34-58)"]
    assert edited.tracks[0][1].name == "missing scene"
    two = remove(edited, (0, 2)).timeline
    assert [thing.name for thing in two.tracks[0]] == ["A", "missing scene"]
