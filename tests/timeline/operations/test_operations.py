"""Each operation on drawn films: what it is given, what comes out, line by line."""

from collections.abc import Callable
from typing import Any

import pytest
from shotwright.core.errors import RefusedError, ShotwrightError, UsageError
from shotwright.core.timeline.operations import (
    Edited,
    fill,
    insert,
    open_up,
    overwrite,
    remove,
    ripple,
    roll,
    slice_at,
    slide,
    slip,
    trim,
)

from .drawing import check_valid, drawn, film, item

Act = Callable[[Any], Edited]

INSERTS: dict[str, tuple[list[str], Act, list[str]]] = {
    "at a cut": (
        ["V1 A:24 B:24"],
        lambda edit: insert(edit, (0,), 24, item("C:12")),
        ["V1 A[0-24) C[24-36) B[36-60)"],
    ),
    "in the middle of a clip, which is split": (
        ["V1 A:24 B:24"],
        lambda edit: insert(edit, (0,), 10, item("C:12")),
        ["V1 A[0-10) C[10-22) A+10[22-36) B[36-60)"],
    ),
    "at the start": (
        ["V1 A:24"],
        lambda edit: insert(edit, (0,), 0, item("C:12")),
        ["V1 C[0-12) A[12-36)"],
    ),
    "behind the end, after a gap": (
        ["V1 A:24"],
        lambda edit: insert(edit, (0,), 30, item("C:12")),
        ["V1 A[0-24) .[24-30) C[30-42)"],
    ),
    "into an empty track": (
        ["V1", "A1 a:24"],
        lambda edit: insert(edit, (0,), 0, item("C:12")),
        ["V1 C[0-12)", "A1 .[0-12) a[12-36)"],
    ),
    "into a gap": (
        ["V1 A:24 .:24 B:24"],
        lambda edit: insert(edit, (0,), 30, item("C:12")),
        ["V1 A[0-24) .[24-30) C[30-42) .[42-60) B[60-84)"],
    ),
    "sync-locked tracks move, others stay": (
        ["V1 A:24 B:24", "V2 .:20 T:8", "A1 .:30 a:10", "A2! m:48"],
        lambda edit: insert(edit, (0,), 24, item("C:12")),
        [
            "V1 A[0-24) C[24-36) B[36-60)",
            "V2 .[0-20) T[20-24) .[24-36) T+4[36-40)",
            "A1 .[0-42) a[42-52)",
            "A2 m[0-48)",
        ],
    ),
    "on a track that is not sync-locked": (
        ["V1! A:24 B:24", "A1 a:48"],
        lambda edit: insert(edit, (0,), 24, item("C:12")),
        ["V1 A[0-24) C[24-36) B[36-60)", "A1 a[0-24) .[24-36) a+24[36-60)"],
    ),
}

OVERWRITES: dict[str, tuple[list[str], Act, list[str]]] = {
    "over a cut": (
        ["V1 A:24 B:24", "A1 a:48"],
        lambda edit: overwrite(edit, (0,), 12, item("C:24")),
        ["V1 A[0-12) C[12-36) B+12[36-48)", "A1 a[0-48)"],
    ),
    "inside of one clip": (
        ["V1 A:24 B:24"],
        lambda edit: overwrite(edit, (0,), 6, item("C:6")),
        ["V1 A[0-6) C[6-12) A+12[12-24) B[24-48)"],
    ),
    "exactly one clip": (
        ["V1 A:24 B:24 D:24"],
        lambda edit: overwrite(edit, (0,), 24, item("C:24")),
        ["V1 A[0-24) C[24-48) D[48-72)"],
    ),
    "over the end": (
        ["V1 A:24 B:24"],
        lambda edit: overwrite(edit, (0,), 40, item("C:24")),
        ["V1 A[0-24) B[24-40) C[40-64)"],
    ),
    "behind the end, after a gap": (
        ["V1 A:24 .:6"],
        lambda edit: overwrite(edit, (0,), 48, item("C:24")),
        ["V1 A[0-24) .[24-48) C[48-72)"],
    ),
}

FILLS: dict[str, tuple[list[str], Act, list[str]]] = {
    "longer than the gap": (
        ["V1 A:24 .:12 B:24"],
        lambda edit: fill(edit, (0,), 30, item("C:20")),
        ["V1 A[0-24) C[24-36) B[36-60)"],
    ),
    "shorter than the gap, with a handle": (
        ["V1 A:24 .:12 B:24"],
        lambda edit: fill(edit, (0,), 24, item("C:6{0,6}")),
        ["V1 A[0-24) C[24-36) B[36-60)"],
    ),
}

REMOVES: dict[str, tuple[list[str], Act, list[str]]] = {
    "leaves a gap": (
        ["V1 A:24 B:24 C:24"],
        lambda edit: remove(edit, (0, 1)),
        ["V1 A[0-24) .[24-48) C[48-72)"],
    ),
    "leaves one gap with those beside it": (
        ["V1 A:24 .:6 B:24 .:6 C:24"],
        lambda edit: remove(edit, (0, 2)),
        ["V1 A[0-24) .[24-60) C[60-84)"],
    ),
    "closes up": (
        ["V1 A:24 B:24 C:24", "A1 a:24 .:24 c:24", "A2! m:72"],
        lambda edit: remove(edit, (0, 1), close_up=True),
        ["V1 A[0-24) C[24-48)", "A1 a[0-24) c[24-48)", "A2 m[0-72)"],
    ),
    "closes up over music, which is cut": (
        ["V1 A:24 B:24 C:24", "A1 m:60"],
        lambda edit: remove(edit, (0, 1), close_up=True),
        ["V1 A[0-24) C[24-48)", "A1 m[0-24) m+48[24-36)"],
    ),
    "a gap closes up": (
        ["V1 A:24 .:12 B:24"],
        lambda edit: remove(edit, (0, 1), close_up=True),
        ["V1 A[0-24) B[24-48)"],
    ),
}

OPENINGS: dict[str, tuple[list[str], Act, list[str]]] = {
    "at a cut, through a clip, in a gap, behind the end": (
        ["V1 A:24 B:24", "A1 a:48", "A2 .:48 b:12", "V2 T:10", "A3! m:48"],
        lambda edit: open_up(edit, 24, 10),
        [
            "V1 A[0-24) .[24-34) B[34-58)",
            "A1 a[0-24) .[24-34) a+24[34-58)",
            "A2 .[0-58) b[58-70)",
            "V2 T[0-10)",
            "A3 m[0-48)",
        ],
    ),
    "on the tracks that are named": (
        ["V1 A:24 B:24", "A1 a:48", "A2! m:48"],
        lambda edit: open_up(edit, 24, 10, tracks=[0, 2]),
        ["V1 A[0-24) .[24-34) B[34-58)", "A1 a[0-48)", "A2 m[0-24) .[24-34) m+24[34-58)"],
    ),
    "beside a gap, which grows": (
        ["V1 A:24 .:6 B:24", "V2 .:24 T:6"],
        lambda edit: open_up(edit, 24, 10),
        ["V1 A[0-24) .[24-40) B[40-64)", "V2 .[0-34) T[34-40)"],
    ),
}

TRIMS: dict[str, tuple[list[str], Act, list[str]]] = {
    "shorter: gaps appear": (
        ["V1 A:24 B:24 C:24"],
        lambda edit: trim(edit, (0, 1), head_frames=-4, tail_frames=-6),
        ["V1 A[0-24) .[24-28) B+4[28-42) .[42-48) C[48-72)"],
    ),
    "longer: gaps are taken up": (
        ["V1 A:24 .:10 B:24 .:10 C:24"],
        lambda edit: trim(edit, (0, 2), head_frames=4, tail_frames=10),
        ["V1 A[0-24) .[24-30) B-4[30-68) C[68-92)"],
    ),
    "shorter beside a gap, which grows": (
        ["V1 A:24 .:10 B:24"],
        lambda edit: trim(edit, (0, 0), tail_frames=-4),
        ["V1 A[0-20) .[20-34) B[34-58)"],
    ),
    "at the start and the end of the track": (
        ["V1 A:24"],
        lambda edit: trim(edit, (0, 0), head_frames=-4, tail_frames=10),
        ["V1 .[0-4) A+4[4-34)"],
    ),
}

RIPPLES: dict[str, tuple[list[str], Act, list[str]]] = {
    "longer at the tail": (
        ["V1 A:24{0,10} B:24", "A1 a:24 b:24", "A2! m:48"],
        lambda edit: ripple(edit, (0, 0), tail_frames=10),
        ["V1 A[0-34) B[34-58)", "A1 a[0-24) .[24-34) b[34-58)", "A2 m[0-48)"],
    ),
    "longer at the head": (
        ["V1 A:24 B:24{10,0} C:24", "A1 a:24 b:48"],
        lambda edit: ripple(edit, (0, 1), head_frames=10),
        ["V1 A[0-24) B-10[24-58) C[58-82)", "A1 a[0-24) .[24-34) b[34-82)"],
    ),
    "shorter at the tail": (
        ["V1 A:24 B:24", "A1 .:20 .:4 b:24"],
        lambda edit: ripple(edit, (0, 0), tail_frames=-4),
        ["V1 A[0-20) B[20-44)", "A1 .[0-20) b[20-44)"],
    ),
    "shorter at the head": (
        ["V1 A:24 B:24", "A1 a:24 .:4 b:20"],
        lambda edit: ripple(edit, (0, 1), head_frames=-4),
        ["V1 A[0-24) B+4[24-44)", "A1 a[0-24) b[24-44)"],
    ),
    "a gap": (
        ["V1 A:24 .:12 B:24"],
        lambda edit: ripple(edit, (0, 1), tail_frames=-8),
        ["V1 A[0-24) .[24-28) B[28-52)"],
    ),
}

ROLLS: dict[str, tuple[list[str], Act, list[str]]] = {
    "later": (
        ["V1 A:24{0,6} B:24", "A1 a:48"],
        lambda edit: roll(edit, (0, 1), 6),
        ["V1 A[0-30) B+6[30-48)", "A1 a[0-48)"],
    ),
    "earlier": (
        ["V1 A:24 B:24{6,0}"],
        lambda edit: roll(edit, (0, 1), -6),
        ["V1 A[0-18) B-6[18-48)"],
    ),
    "over a whole gap": (
        ["V1 A:24 .:6 B:24"],
        lambda edit: roll(edit, (0, 2), -6),
        ["V1 A[0-24) B-6[24-54)"],
    ),
}

SLIDES: dict[str, tuple[list[str], Act, list[str]]] = {
    "later": (
        ["V1 A:24{0,6} B:12{0,0} C:24"],
        lambda edit: slide(edit, (0, 1), 6),
        ["V1 A[0-30) B[30-42) C+6[42-60)"],
    ),
    "earlier": (
        ["V1 A:24 B:12{0,0} C:24{6,0}"],
        lambda edit: slide(edit, (0, 1), -6),
        ["V1 A[0-18) B[18-30) C-6[30-60)"],
    ),
    "between gaps": (
        ["V1 A:24 .:6 B:12 .:6 C:24"],
        lambda edit: slide(edit, (0, 2), -6),
        ["V1 A[0-24) B[24-36) .[36-48) C[48-72)"],
    ),
    "away from the start": (["V1 A:24 B:24"], lambda edit: slide(edit, (0, 0), 6), ["V1 .[0-6) A[6-30) B+6[30-48)"]),
    "at the end": (["V1 A:24 B:24"], lambda edit: slide(edit, (0, 1), -6), ["V1 A[0-18) B[18-42)"]),
}

SLIPS: dict[str, tuple[list[str], Act, list[str]]] = {
    "later": (
        ["V1 A:24 B:24{0,6}"],
        lambda edit: slip(edit, (0, 1), 6),
        ["V1 A[0-24) B+6[24-48)"],
    ),
    "earlier": (
        ["V1 A:24{6,0} B:24"],
        lambda edit: slip(edit, (0, 0), -6),
        ["V1 A-6[0-24) B[24-48)"],
    ),
}

SLICES: dict[str, tuple[list[str], Act, list[str]]] = {
    "a clip": (
        ["V1 A:24 B:24", "A1 a:48"],
        lambda edit: slice_at(edit, (0,), 30),
        ["V1 A[0-24) B[24-30) B+6[30-48)", "A1 a[0-48)"],
    ),
}

ALL = {
    f"{name} {case}": given
    for name, table in {
        "insert": INSERTS,
        "overwrite": OVERWRITES,
        "fill": FILLS,
        "remove": REMOVES,
        "open up": OPENINGS,
        "trim": TRIMS,
        "ripple": RIPPLES,
        "roll": ROLLS,
        "slide": SLIDES,
        "slip": SLIPS,
        "slice": SLICES,
    }.items()
    for case, given in table.items()
}


@pytest.mark.parametrize("case", ALL)
def test_an_operation_gives(case: str) -> None:
    lines, act, expected = ALL[case]
    before = film(*lines)
    written = before.to_json_string()
    edited = act(before)
    assert drawn(edited.timeline) == expected
    assert before.to_json_string() == written
    check_valid(before, edited.timeline)


REFUSED: dict[str, tuple[list[str], Act, type[ShotwrightError], str]] = {
    "media end at the tail": (
        ["V1 SC010_SH0020:24{0,6}"],
        lambda edit: ripple(edit, (0, 0), tail_frames=12),
        RefusedError,
        "The handle at the tail of SC010_SH0020 is 6 frames long; 12 were asked.",
    ),
    "media end at the head": (
        ["V1 A:24{1,6}"],
        lambda edit: ripple(edit, (0, 0), head_frames=2),
        RefusedError,
        "The handle at the head of A is 1 frame long; 2 were asked.",
    ),
    "a clip is used up": (
        ["V1 A:24 B:24"],
        lambda edit: ripple(edit, (0, 0), tail_frames=-24),
        RefusedError,
        "24 frames can't be taken off A, which is 24 frames long.",
    ),
    "a trim over a neighbour": (
        ["V1 A:24 B:24"],
        lambda edit: trim(edit, (0, 0), tail_frames=4),
        RefusedError,
        "There is no gap behind A on V1 that could give 4 frames.",
    ),
    "a trim over more than the gap": (
        ["V1 A:24 .:3 B:24"],
        lambda edit: trim(edit, (0, 2), head_frames=4),
        RefusedError,
        "4 frames can't be taken off the gap, which is 3 frames long.",
    ),
    "a slip beyond the media": (
        ["V1 A:24{6,6}"],
        lambda edit: slip(edit, (0, 0), -7),
        RefusedError,
        "The handle at the head of A is 6 frames long; 7 were asked.",
    ),
    "a slip of a gap": (
        ["V1 .:24"],
        lambda edit: slip(edit, (0, 0), 1),
        RefusedError,
        "A gap has no media that could be slipped.",
    ),
    "a slide whose neighbour has no media": (
        ["V1 A:24{0,3} B:24 C:24"],
        lambda edit: slide(edit, (0, 1), 4),
        RefusedError,
        "The handle at the tail of A is 3 frames long; 4 were asked.",
    ),
    "a slide before the start": (
        ["V1 A:24 B:24"],
        lambda edit: slide(edit, (0, 0), -4),
        RefusedError,
        "There is no gap before A on V1 that could give 4 frames.",
    ),
    "a roll where no cut is": (
        ["V1 A:24 B:24"],
        lambda edit: roll(edit, (0, 0), 4),
        RefusedError,
        "There is no cut before A, which begins V1.",
    ),
    "a roll of more than a clip": (
        ["V1 A:24 B:24"],
        lambda edit: roll(edit, (0, 1), -24),
        RefusedError,
        "24 frames can't be taken off A, which is 24 frames long.",
    ),
    "a fill where no gap is": (
        ["V1 A:24"],
        lambda edit: fill(edit, (0,), 4, item("C:4")),
        RefusedError,
        "There is no gap on V1 at frame 4.",
    ),
    "a fill that is too short": (
        ["V1 A:24 .:24"],
        lambda edit: fill(edit, (0,), 30, item("C:12{0,6}")),
        RefusedError,
        "The handle at the tail of C is 6 frames long; 12 were asked.",
    ),
    "a speed that changes over time": (
        ["V1 A:24x? B:24"],
        lambda edit: slice_at(edit, (0,), 4),
        RefusedError,
        "The speed of A changes over time, so that its frames can't be counted here.",
    ),
    "no room at all": (["V1 A:24"], lambda edit: open_up(edit, 4, 0), UsageError, "Room of 0 frames can't be made."),
    "before the start": (
        ["V1 A:24"],
        lambda edit: insert(edit, (0,), -1, item("C:4")),
        UsageError,
        "Frame -1 lies before the edit begins.",
    ),
    "nothing to put in": (
        ["V1 A:24"],
        lambda edit: insert(edit, (0,), 0, item(".:0")),
        UsageError,
        "There are no frames in the gap.",
    ),
    "a transition to put in": (
        ["V1 A:24"],
        lambda edit: overwrite(edit, (0,), 0, item("/2+2/")),
        UsageError,
        "Only clips, gaps and nested edits can be put on a track.",
    ),
    "no such track": (["V1 A:24"], lambda edit: slice_at(edit, (1,), 2), UsageError, "There is no track 1 there."),
    "no such clip": (["V1 A:24"], lambda edit: slip(edit, (0, -1), 2), UsageError, "There is no clip -1 on V1."),
    "a transition is no clip": (
        ["V1 A:24 /2+2/ B:24"],
        lambda edit: slip(edit, (0, 1), 2),
        UsageError,
        "There is no clip 1 on V1.",
    ),
    "nothing there": (
        ["V1 A:24"],
        lambda edit: slip(edit, (0, 0, 3, 1), 2),
        UsageError,
        "There is no nested edit at 0.0.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_the_numbers(case: str) -> None:
    lines, act, kind, sentence = REFUSED[case]
    before = film(*lines)
    written = before.to_json_string()
    with pytest.raises(ShotwrightError) as raised:
        act(before)
    assert (type(raised.value), raised.value.message) == (kind, sentence)
    assert raised.value.hint.endswith(".")
    assert before.to_json_string() == written


def test_a_cut_a_gap_or_nothing_can_not_be_cut() -> None:
    before = film("V1 A:24 .:24 B:24")
    for at in (0, 24, 30, 48, 72, 100):
        edited = slice_at(before, (0,), at)
        assert edited.timeline.to_json_string() == before.to_json_string()
        assert edited.notices == (f"There is nothing to cut on V1 at frame {at}.",)


def test_what_went_with_a_closed_cut_is_told() -> None:
    edited = remove(film("V1 A:24 B:24 C:24", "A1 m:60"), (0, 1), close_up=True)
    assert edited.notices == ("24 frames of m on A1 lay where the edit was closed up, and went.",)


def test_the_item_given_stays_the_callers() -> None:
    given = item("C:12")
    written = given.to_json_string()
    insert(film("V1 A:24"), (0,), 12, given)
    assert given.to_json_string() == written
    assert given.parent() is None
