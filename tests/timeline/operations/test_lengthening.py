"""Clips made longer: into free space, with all behind moving, over their neighbours; sound goes along where it can."""

from collections.abc import Callable
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from shotwright.core.errors import RefusedError
from shotwright.core.timeline.operations import Edited, lengthen

from .drawing import check_valid, drawn, film, span
from .test_properties import Spot, all_played, drawn_spot, films, markers, moved, moving, with_sound

Act = Callable[[Any], Edited]

CASES: dict[str, tuple[list[str], Act, list[str], tuple[str, ...]]] = {
    "gap, at the tail": (
        ["V1 A:24{0,9} .:10 B:24", "A1 a:58"],
        lambda edit: lengthen(edit, (0, 0), "tail", 6),
        ["V1 A[0-30) .[30-34) B[34-58)", "A1 a[0-58)"],
        (),
    ),
    "gap, at the head": (
        ["V1 A:24 .:10 B:24{10,0}"],
        lambda edit: lengthen(edit, (0, 2), "head", 10),
        ["V1 A[0-24) B-10[24-58)"],
        (),
    ),
    "gap, behind the last": (["V1 A:24{0,9}"], lambda edit: lengthen(edit, (0, 0), "tail", 9), ["V1 A[0-33)"], ()),
    "gap, with its sound": (
        ["V1 A:24{0,9} .:10 B:24", "A1 A:24{0,9} .:10 B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9),
        ["V1 A[0-33) .[33-34) B[34-58)", "A1 A[0-33) .[33-34) B[34-58)"],
        (),
    ),
    "gap, where its sound has no room": (
        ["V1 A:24{0,9} .:10 B:24", "A1 A:24{0,9} m:34"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9),
        ["V1 A[0-33) .[33-34) B[34-58)", "A1 A[0-24) m[24-58)"],
        ("A on A1 did not grow with its picture: there is free space of 0 frames beside it.",),
    ),
    "ripple, at the tail: locked tracks stay in step, what straddles is split, unlocked tracks stay": (
        ["V1 A:24{0,12} B:24", "V2 .:20 T:8", "A1 m:48", "A2! m:48", "A3 .:24 b:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 12, "ripple"),
        [
            "V1 A[0-36) B[36-60)",
            "V2 .[0-20) T[20-24) .[24-36) T+4[36-40)",
            "A1 m[0-24) .[24-36) m+24[36-60)",
            "A2 m[0-48)",
            "A3 .[0-36) b[36-60)",
        ],
        (),
    ),
    "ripple, at the head: the record in-point stays": (
        ["V1 A:24 B:24{12,0} C:24", "A1 a:24 b:48"],
        lambda edit: lengthen(edit, (0, 1), "head", 12, "ripple"),
        ["V1 A[0-24) B-12[24-60) C[60-84)", "A1 a[0-24) .[24-36) b[36-84)"],
        (),
    ),
    "ripple, of the first clip's head": (
        ["V1 A:24{12,0} B:24"],
        lambda edit: lengthen(edit, (0, 0), "head", 12, "ripple"),
        ["V1 A-12[0-36) B[36-60)"],
        (),
    ),
    "ripple, with its sound": (
        ["V1 A:24{0,9} B:24", "A1 A:24{0,9} B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9, "ripple"),
        ["V1 A[0-33) B[33-57)", "A1 A[0-33) B[33-57)"],
        (),
    ),
    "ripple, where its sound has too little": (
        ["V1 A:24{0,9}#7 B:24", "A1 a:24{0,8}#7 b:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9, "ripple"),
        ["V1 A[0-33) B[33-57)", "A1 a[0-24) .[24-33) b[33-57)"],
        ("a on A1 did not grow with its picture: its media have 8 frames more.",),
    ),
    "ripple, with sound that ends later": (
        ["V1 A:24{0,9}#7 B:24", "A1 a:30{0,9}#7 b:18"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9, "ripple"),
        ["V1 A[0-33) B[33-57)", "A1 a[0-39) b[39-57)"],
        (),
    ),
    "ripple, of a clip on an unlocked track": (
        ["V1! A:24{0,9} B:24", "A1 a:48"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9, "ripple"),
        ["V1 A[0-33) B[33-57)", "A1 a[0-24) .[24-33) a+24[33-57)"],
        (),
    ),
    "ripple, at half speed": (
        ["V1 A:24{0,6}x1/2 B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 12, "ripple"),
        ["V1 A[0-36) B[36-60)"],
        (),
    ),
    "ripple, backwards": (
        ["V1 A:24{12,0}x-1 B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 12, "ripple"),
        ["V1 A-12[0-36) B[36-60)"],
        (),
    ),
    "ripple, of a freeze frame, which holds": (
        ["V1 A:24{0,0}x0 B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 12, "ripple"),
        ["V1 A[0-36) B[36-60)"],
        (),
    ),
    "overwrite, at the tail": (
        ["V1 A:24{0,12} B:24 C:24", "A1 a:72"],
        lambda edit: lengthen(edit, (0, 0), "tail", 12, "overwrite", over_neighbour=True),
        ["V1 A[0-36) B+12[36-48) C[48-72)", "A1 a[0-72)"],
        ("B on V1 loses 12 frames, at its head.",),
    ),
    "overwrite, over more than one": (
        ["V1 A:24{0,40} B:24 .:6 C:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 34, "overwrite", over_neighbour=True),
        ["V1 A[0-58) C+4[58-78)"],
        ("B on V1 loses 24 frames, all of it.", "C on V1 loses 4 frames, at its head."),
    ),
    "overwrite, at the head": (
        ["V1 A:24 B:24{9,0}"],
        lambda edit: lengthen(edit, (0, 1), "head", 9, "overwrite", over_neighbour=True),
        ["V1 A[0-15) B-9[15-48)"],
        ("A on V1 loses 9 frames, at its tail.",),
    ),
    "overwrite, with its sound": (
        ["V1 A:24{0,9} B:24", "A1 A:24{0,9} B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 9, "overwrite", over_neighbour=True),
        ["V1 A[0-33) B+9[33-48)", "A1 A[0-33) B+9[33-48)"],
        ("B on V1 loses 9 frames, at its head.", "B on A1 loses 9 frames, at its head."),
    ),
    "overwrite, over a gap and the end, which nobody has to allow": (
        ["V1 A:24{0,40} .:6"],
        lambda edit: lengthen(edit, (0, 0), "tail", 34, "overwrite"),
        ["V1 A[0-58)"],
        (),
    ),
    "ripple, with a dissolve whose frames are there": (
        ["V1 A:24{0,18} /6+6/ B:24{9,0}"],
        lambda edit: lengthen(edit, (0, 0), "tail", 12, "ripple"),
        ["V1 A[0-36) /6+6/ B[36-60)"],
        (),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_clip_grows(case: str) -> None:
    lines, act, expected, notices = CASES[case]
    before = film(*lines)
    written = before.to_json_string()
    edited = act(before)
    assert (drawn(edited.timeline), edited.notices) == (expected, notices)
    assert before.to_json_string() == written
    check_valid(before, edited.timeline)


REFUSED: dict[str, tuple[list[str], Act, str]] = {
    "too small a gap": (
        ["V1 A:24{0,40} .:10 B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 24),
        "There is free space of 10 frames behind A on V1; 24 were asked.",
    ),
    "no gap": (
        ["V1 A:24{0,40} B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 4),
        "There is free space of 0 frames behind A on V1; 4 were asked.",
    ),
    "before the film": (
        ["V1 A:24{40,0} B:24"],
        lambda edit: lengthen(edit, (0, 0), "head", 4),
        "There is free space of 0 frames before A on V1; 4 were asked.",
    ),
    "over more than there is before": (
        ["V1 A:24 B:24{40,0}"],
        lambda edit: lengthen(edit, (0, 1), "head", 25, "overwrite", over_neighbour=True),
        "There is free space of 24 frames before B on V1; 25 were asked.",
    ),
    "over a neighbour unasked": (
        ["V1 A:24{0,40} B:24 C:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 30, "overwrite"),
        "B on V1 loses 24 frames, all of it. C on V1 loses 6 frames, at its head.",
    ),
    "no media": (
        ["V1 A:24{0,3} B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 4, "ripple"),
        "The handle at the tail of A is 3 frames long; 4 were asked.",
    ),
    "a speed that changes": (
        ["V1 A:24x? B:24"],
        lambda edit: lengthen(edit, (0, 0), "tail", 4, "ripple"),
        "The speed of A changes over time, so that its frames can't be counted here.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_with_the_numbers(case: str) -> None:
    lines, act, words = REFUSED[case]
    with pytest.raises(RefusedError) as refused:
        act(film(*lines))
    assert refused.value.message == words


def test_markers_move_with_what_follows() -> None:
    before = film("V1 A:24{0,12} B:24", "A1! m:48")
    for thing in (before.tracks, *before.tracks):
        thing.markers.extend([otio.schema.Marker(f"m{at}", span(at, 3)) for at in (10, 30)])
    assert markers(lengthen(before, (0, 0), "tail", 12, "ripple").timeline) == [[10, 42], [10, 42], [10, 30]]
    assert markers(lengthen(before, (0, 0), "tail", 12, "overwrite", True).timeline) == markers(before)


@examples(max_examples=40)
@given(films(), st.data(), st.sampled_from(["head", "tail"]), st.integers(1, 12))
def test_ripple_moves_all_that_follows_on_locked_tracks_and_nothing_else(
    before: Any, data: st.DataObject, side: Any, frames: int
) -> None:
    spot = drawn_spot(data, before, otio.schema.Clip)
    _give_media(before, [part.thing for part in with_sound(before, spot)])
    grown = with_sound(before, spot)
    moves = moving(before, spot.track)
    assume(all(moves[part.track] for part in grown))
    edited = lengthen(before, spot.place, side, frames, "ripple")
    expected, at = all_played(before), spot.start if side == "head" else spot.end
    for index, row in enumerate(expected):
        new = [_shown(part, side, frames) for part in grown if part.track == index]
        if moves[index] and (new or at < len(row)):
            expected[index] = [*row[:at], *(new[0] if new else [None] * frames), *row[at:]]
    assert all_played(edited.timeline) == expected
    marks = markers(before)
    assert markers(edited.timeline) == [
        moved(starts, at, frames) if index == 0 or moves[index - 1] else starts for index, starts in enumerate(marks)
    ]
    assert not edited.notices or "transition" in "".join(edited.notices)
    check_valid(before, edited.timeline)


def _give_media(timeline: Any, clips: list[Any]) -> None:
    """Media that end nowhere near."""
    for clip in clips:
        reference = clip.media_reference.clone()
        reference.available_range = span(0, 1000)
        clip.media_reference = reference


def _shown(part: Spot, side: str, frames: int) -> list[Any]:
    return part.frames(-frames, 0) if side == "head" else part.frames(part.length, part.length + frames)
