"""A transition stays while what it joins is side by side and has the frames; else it goes, and that is told."""

from collections.abc import Callable
from typing import Any

import opentimelineio as otio
import pytest
from shotwright.core.timeline.operations import (
    Edited,
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

from .drawing import check_valid, draw, film, item

APART = "The transition between A and B on V1 went: what it joined is no longer side by side."
SHORT = "The transition between A and B on V1 went: there are too few frames for it now."

CASES: dict[str, tuple[str, Callable[[Any], Edited], str, tuple[str, ...]]] = {
    "a cut beside it": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: slice_at(edit, (0,), 10),
        "V1 A[0-10) A+10[10-24) /6+6/ B[24-48)",
        (),
    ),
    "a cut inside of it": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: slice_at(edit, (0,), 20),
        "V1 A[0-20) A+20[20-24) B[24-48)",
        (SHORT,),
    ),
    "something between": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: insert(edit, (0,), 24, item("C:12")),
        "V1 A[0-24) C[24-36) B[36-60)",
        (APART,),
    ),
    "room between": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: open_up(edit, 24, 12),
        "V1 A[0-24) .[24-36) B[36-60)",
        (APART,),
    ),
    "room elsewhere": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: open_up(edit, 6, 12),
        "V1 A[0-6) .[6-18) A+6[18-36) /6+6/ B[36-60)",
        (),
    ),
    "something over one side": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: overwrite(edit, (0,), 24, item("C:24")),
        "V1 A[0-24) C[24-48)",
        (APART,),
    ),
    "one side removed": (
        "V1 A:24 /6+6/ B:24 C:24",
        lambda edit: remove(edit, (0, 2), close_up=True),
        "V1 A[0-24) C[24-48)",
        (APART,),
    ),
    "a trim at the other end": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: trim(edit, (0, 0), head_frames=-10),
        "V1 .[0-10) A+10[10-24) /6+6/ B[24-48)",
        (),
    ),
    "a trim at the cut": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: trim(edit, (0, 0), tail_frames=-2),
        "V1 A[0-22) .[22-24) B[24-48)",
        (APART,),
    ),
    "a ripple at the cut": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: ripple(edit, (0, 0), tail_frames=-8),
        "V1 A[0-16) /6+6/ B[16-40)",
        (),
    ),
    "a ripple that leaves too little": (
        "V1 A:24 /6+6/ B:24",
        lambda edit: ripple(edit, (0, 0), tail_frames=-19),
        "V1 A[0-5) B[5-29)",
        (SHORT,),
    ),
    "a ripple into the handle that it needs": (
        "V1 A:24{0,10} /6+6/ B:24{6,0}",
        lambda edit: ripple(edit, (0, 0), tail_frames=5),
        "V1 A[0-29) B[29-53)",
        (SHORT,),
    ),
    "a ripple that leaves the handle": (
        "V1 A:24{0,10} /6+6/ B:24{6,0}",
        lambda edit: ripple(edit, (0, 0), tail_frames=4),
        "V1 A[0-28) /6+6/ B[28-52)",
        (),
    ),
    "a roll": (
        "V1 A:24{0,10} /6+6/ B:24",
        lambda edit: roll(edit, (0, 2), 4),
        "V1 A[0-28) /6+6/ B+4[28-48)",
        (),
    ),
    "a slip out of its handle": (
        "V1 A:24 /6+6/ B:24{6,6}",
        lambda edit: slip(edit, (0, 2), -1),
        "V1 A[0-24) B-1[24-48)",
        (SHORT,),
    ),
    "a slide": (
        "V1 A:24 /6+6/ B:12 /2+2/ C:24",
        lambda edit: slide(edit, (0, 2), 4),
        "V1 A[0-28) /6+6/ B[28-40) /2+2/ C+4[40-60)",
        (),
    ),
    "two that would meet": (
        "V1 A:24 /6+6/ B:24 /6+6/ C:24",
        lambda edit: ripple(edit, (0, 2), tail_frames=-13),
        "V1 A[0-24) /6+6/ B[24-35) C[35-59)",
        ("The transition between B and C on V1 went: there are too few frames for it now.",),
    ),
    "one without the handles from the start": (
        "V1 A:24{0,2} /6+6/ B:24{0,9}",
        lambda edit: ripple(edit, (0, 2), tail_frames=9),
        "V1 A[0-24) /6+6/ B[24-57)",
        (),
    ),
    "fades at the edges": (
        "V1 /0+6/ A:24 B:24 /6+0/",
        lambda edit: ripple(edit, (0, 2), tail_frames=-4),
        "V1 /0+6/ A[0-24) B[24-44) /6+0/",
        (),
    ),
    "a fade at the start that no longer is there": (
        "V1 /0+6/ A:24",
        lambda edit: insert(edit, (0,), 0, item("C:12")),
        "V1 C[0-12) A[12-36)",
        ("The transition at the start on V1 went: what it joined is no longer side by side.",),
    ),
    "a fade at the end that no longer is there": (
        "V1 A:24 /6+0/",
        lambda edit: overwrite(edit, (0,), 30, item("C:12")),
        "V1 A[0-24) .[24-30) C[30-42)",
        ("The transition at the end on V1 went: what it joined is no longer side by side.",),
    ),
    "from and into black": (
        "V1 .:12 /0+6/ A:24 /6+0/ .:12 B:24",
        lambda edit: open_up(edit, 12, 6),
        "V1 .[0-18) /0+6/ A[18-42) /6+0/ .[42-54) B[54-78)",
        (),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_transition_with(case: str) -> None:
    line, act, expected, notices = CASES[case]
    before = film(line)
    edited = act(before)
    assert (draw(edited.timeline.tracks[0]), edited.notices) == (expected, notices)
    check_valid(before, edited.timeline)


def test_two_transitions_at_one_cut_become_one() -> None:
    before = film("V1 A:24 /6+6/ B:24")
    before.tracks[0].insert(1, otio.schema.Transition(name="extra"))
    edited = ripple(before, (0, 3), tail_frames=4)
    assert draw(edited.timeline.tracks[0]) == "V1 A[0-24) /0+0/ B[24-52)"
    assert edited.notices == (APART,)
