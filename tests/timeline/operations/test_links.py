"""Sound that belongs to a picture goes with it; where it does not, it moves with its track or stays with it."""

from collections.abc import Callable
from typing import Any

import pytest
from shotwright.core.timeline.operations import Edited, overwrite, remove, ripple, roll, slice_at, slide, slip, trim

from .drawing import drawn, film

SAME_MEDIA = ["V1 A:24 B:24 C:24", "A1 A:24 B:24 C:24"]

CASES: dict[str, tuple[list[str], Callable[[Any], Edited], list[str]]] = {
    "cut": (
        SAME_MEDIA,
        lambda edit: slice_at(edit, (0,), 30),
        ["V1 A[0-24) B[24-30) B+6[30-48) C[48-72)", "A1 A[0-24) B[24-30) B+6[30-48) C[48-72)"],
    ),
    "cut, alone": (
        SAME_MEDIA,
        lambda edit: slice_at(edit, (0,), 30, linked=False),
        ["V1 A[0-24) B[24-30) B+6[30-48) C[48-72)", "A1 A[0-24) B[24-48) C[48-72)"],
    ),
    "cut from the sound's side": (
        SAME_MEDIA,
        lambda edit: slice_at(edit, (1,), 30),
        ["V1 A[0-24) B[24-30) B+6[30-48) C[48-72)", "A1 A[0-24) B[24-30) B+6[30-48) C[48-72)"],
    ),
    "trimmed": (
        SAME_MEDIA,
        lambda edit: trim(edit, (0, 1), head_frames=-2, tail_frames=-4),
        [
            "V1 A[0-24) .[24-26) B+2[26-44) .[44-48) C[48-72)",
            "A1 A[0-24) .[24-26) B+2[26-44) .[44-48) C[48-72)",
        ],
    ),
    "rippled": (
        SAME_MEDIA,
        lambda edit: ripple(edit, (0, 1), tail_frames=6),
        ["V1 A[0-24) B[24-54) C[54-78)", "A1 A[0-24) B[24-54) C[54-78)"],
    ),
    "rippled, alone": (
        SAME_MEDIA,
        lambda edit: ripple(edit, (0, 1), tail_frames=6, linked=False),
        ["V1 A[0-24) B[24-54) C[54-78)", "A1 A[0-24) B[24-48) .[48-54) C[54-78)"],
    ),
    "rippled on a track that is not sync-locked": (
        ["V1 A:24 B:24", "A1! A:24 .:10 B:24"],
        lambda edit: ripple(edit, (0, 0), tail_frames=6),
        ["V1 A[0-30) B[30-54)", "A1 A[0-30) .[30-34) B[34-58)"],
    ),
    "rolled": (
        SAME_MEDIA,
        lambda edit: roll(edit, (0, 1), -4),
        ["V1 A[0-20) B-4[20-48) C[48-72)", "A1 A[0-20) B-4[20-48) C[48-72)"],
    ),
    "rolled where only one side sounds": (
        ["V1 A:24 B:24", "A1 A:24", "A2 .:24 B:24"],
        lambda edit: roll(edit, (0, 1), 4),
        ["V1 A[0-28) B+4[28-48)", "A1 A[0-28)", "A2 .[0-28) B+4[28-48)"],
    ),
    "slid": (
        SAME_MEDIA,
        lambda edit: slide(edit, (0, 1), 4),
        ["V1 A[0-28) B[28-52) C+4[52-72)", "A1 A[0-28) B[28-52) C+4[52-72)"],
    ),
    "slipped": (
        SAME_MEDIA,
        lambda edit: slip(edit, (0, 1), 4),
        ["V1 A[0-24) B+4[24-48) C[48-72)", "A1 A[0-24) B+4[24-48) C[48-72)"],
    ),
    "removed": (
        SAME_MEDIA,
        lambda edit: remove(edit, (0, 1)),
        ["V1 A[0-24) .[24-48) C[48-72)", "A1 A[0-24) .[24-48) C[48-72)"],
    ),
    "removed and closed up": (
        SAME_MEDIA,
        lambda edit: remove(edit, (0, 1), close_up=True),
        ["V1 A[0-24) C[24-48)", "A1 A[0-24) C[24-48)"],
    ),
    "sound that begins before its picture, removed": (
        ["V1 A:24 B:24#7 C:24", "A1 a:20 b:28#7 c:24"],
        lambda edit: remove(edit, (0, 1), close_up=True),
        ["V1 A[0-24) C[24-48)", "A1 a[0-20) .[20-24) c[24-48)"],
    ),
    "sound that ends behind its picture, rippled": (
        ["V1 A:24#7 B:24", "A1 a:30#7 b:18"],
        lambda edit: ripple(edit, (0, 0), tail_frames=-4),
        ["V1 A[0-20) B[20-44)", "A1 a[0-26) b[26-44)"],
    ),
    "sound of the same media elsewhere": (
        ["V1 A:24 B:24", "A1 .:4 A:20"],
        lambda edit: slip(edit, (0, 0), 4),
        ["V1 A+4[0-24) B[24-48)", "A1 .[0-4) A[4-24)"],
    ),
    "sound of the same media that ends earlier": (
        ["V1 A:24 B:24", "A1 A:20"],
        lambda edit: slip(edit, (0, 0), 4),
        ["V1 A+4[0-24) B[24-48)", "A1 A[0-20)"],
    ),
    "sound that does not play where its picture is cut": (
        ["V1 A:24#7", "A1 a:10#7 b:14"],
        lambda edit: slice_at(edit, (0,), 12),
        ["V1 A[0-12) A+12[12-24)", "A1 a[0-10) b[10-24)"],
    ),
    "sound in two parts, of which the longer belongs to it": (
        ["V1 A:24#7", "A1 a:10#7 a:14#7"],
        lambda edit: slip(edit, (0, 0), 4),
        ["V1 A+4[0-24)", "A1 a[0-10) a+4[10-24)"],
    ),
    "a picture of the same media above": (
        ["V1 A:24", "V2 A:24"],
        lambda edit: slip(edit, (0, 0), 4),
        ["V1 A+4[0-24)", "V2 A[0-24)"],
    ),
    "what was pasted with its link later in the film": (
        ["V1 A:24#7 A:24#7", "A1 a:24#7 a:24#7"],
        lambda edit: slip(edit, (0, 0), 4),
        ["V1 A+4[0-24) A[24-48)", "A1 a+4[0-24) a[24-48)"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_linked_sound_is(case: str) -> None:
    lines, act, expected = CASES[case]
    assert drawn(act(film(*lines)).timeline) == expected


def _links(timeline: Any) -> list[list[str]]:
    return [[clip.metadata["shotwright"]["link_id"] for clip in track.find_clips()] for track in timeline.tracks]


def test_halves_of_picture_and_sound_are_pairs() -> None:
    sliced = slice_at(film("V1 A:24#7", "A1 a:24#7", "A2 a:24#7"), (0,), 10).timeline
    links = _links(sliced)
    assert links[0] == links[1] == links[2]
    assert links[0][0] == "7" != links[0][1]
    assert drawn(slip(sliced, (0, 1), 3).timeline) == [
        "V1 A[0-10) A+13[10-24)",
        "A1 a[0-10) a+13[10-24)",
        "A2 a[0-10) a+13[10-24)",
    ]


def test_the_sound_of_a_shot_belongs_to_it() -> None:
    before = film("V1 A:24 B:24", "A1 .:24 kettle:24")
    before.tracks[0][1].metadata["shotwright"]["shot_id"] = "shot2"
    before.tracks[1][1].metadata["shotwright"]["sound_of"] = "shot2"
    assert drawn(slice_at(before, (0,), 30).timeline)[1] == "A1 .[0-24) kettle[24-30) kettle+6[30-48)"


def test_a_copy_that_is_put_in_is_linked_to_nothing_that_was_there() -> None:
    before = film("V1 A:24#7", "A1 a:24#7")
    copied = overwrite(before, (0,), 24, before.tracks[0][0]).timeline
    one, other = (dict(clip.metadata["shotwright"]) for clip in copied.tracks[0])
    assert one == {"occurrence_id": "id of A", "link_id": "7"}
    assert other.pop("occurrence_id") != "id of A"
    assert other == {"parent_occurrence_id": "id of A"}
