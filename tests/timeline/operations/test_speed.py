"""Retimed clips: N record frames are N times as many media frames, and no cut changes a played frame."""

import pytest
from shotwright.core.errors import RefusedError
from shotwright.core.timeline.operations import insert, open_up, ripple, roll, slice_at, slip, trim

from .drawing import drawn, film, item, played


def test_how_a_retime_plays() -> None:
    shown = {line: [frame for _, frame in played(film(line).tracks[0])] for line in (
        "V1 A:6", "V1 A:6x2", "V1 A:6x1/2", "V1 A:6x-1", "V1 A:6x0")}  # fmt: skip
    assert shown == {  # as core/timeline/operations/speed.py draws it
        "V1 A:6": [100, 101, 102, 103, 104, 105],
        "V1 A:6x2": [100, 102, 104, 106, 108, 110],
        "V1 A:6x1/2": [100, 100, 101, 101, 102, 102],
        "V1 A:6x-1": [105, 104, 103, 102, 101, 100],
        "V1 A:6x0": [100, 100, 100, 100, 100, 100],
    }


@pytest.mark.parametrize("speed", ["2", "1/2", "1/3", "1.1", "-1", "-2", "-1/2", "0"])
def test_a_cut_changes_no_played_frame(speed: str) -> None:
    before = film(f"V1 A:25x{speed}", "A1 B:9")
    for at in range(1, 25):
        assert played(slice_at(before, (0,), at).timeline.tracks[0]) == played(before.tracks[0])
    opened = played(open_up(before, 7, 3).timeline.tracks[0])
    assert opened == [*played(before.tracks[0])[:7], None, None, None, *played(before.tracks[0])[7:]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("V1 A:24x2", ["V1 A[0-10) A+20[10-24)"]),
        ("V1 A:24x1/2", ["V1 A[0-10) A+5[10-24)"]),
        ("V1 A:24x-1", ["V1 A+14[0-10) A[10-24)"]),
        ("V1 A:24x-2", ["V1 A+28[0-10) A[10-24)"]),
        ("V1 A:24x0", ["V1 A[0-10) A[10-24)"]),
        ("V1 A:24x1/3", ["V1 A[0-10) A+3.33333[10-24)"]),
    ],
)
def test_where_the_halves_begin_in_the_media(line: str, expected: list[str]) -> None:
    assert drawn(slice_at(film(line), (0,), 10).timeline) == expected


def test_handles_count_as_they_play() -> None:
    double = film("V1 A:24{10,20}x2")
    assert drawn(ripple(double, (0, 0), tail_frames=10).timeline) == ["V1 A[0-34)"]
    assert drawn(ripple(double, (0, 0), head_frames=5).timeline) == ["V1 A-10[0-29)"]
    with pytest.raises(RefusedError, match="is 10 frames long; 11 were asked"):
        ripple(double, (0, 0), tail_frames=11)
    backwards = film("V1 A:24{10,20}x-1")
    assert drawn(ripple(backwards, (0, 0), tail_frames=10).timeline) == ["V1 A-10[0-34)"]
    assert drawn(ripple(backwards, (0, 0), head_frames=20).timeline) == ["V1 A[0-44)"]
    with pytest.raises(RefusedError, match="tail of A is 10 frames long; 11 were asked"):
        ripple(backwards, (0, 0), tail_frames=11)


def test_a_whole_handle_is_whole_at_any_speed() -> None:
    assert drawn(ripple(film("V1 A:10{0,11}x1.1"), (0, 0), tail_frames=10).timeline) == ["V1 A[0-20)"]
    cut = slice_at(film("V1 A:24{0,0}x1/3"), (0,), 10).timeline
    assert drawn(cut) == ["V1 A[0-10) A+3.33333[10-24)"]
    back = ripple(cut, (0, 1), head_frames=10).timeline
    assert drawn(back) == ["V1 A[0-10) A[10-34)"]
    assert back.tracks[0][1].source_range.start_time.value == 100
    assert drawn(slip(cut, (0, 1), -10).timeline) == ["V1 A[0-10) A[10-24)"]


def test_a_freeze_frame_has_no_end_and_slips_by_media_frames() -> None:
    frozen = film("V1 A:24{3,2}x0 B:24")
    assert drawn(ripple(frozen, (0, 0), head_frames=100, tail_frames=100).timeline) == ["V1 A[0-224) B[224-248)"]
    assert drawn(slip(frozen, (0, 0), 2).timeline) == ["V1 A+2[0-24) B[24-48)"]
    with pytest.raises(RefusedError, match="3 frames long; 4 were asked"):
        slip(frozen, (0, 0), -4)


def test_a_slip_shows_what_plays_later() -> None:
    before = film("V1 A:24{10,10}x-1")
    later = played(slip(before, (0, 0), 5).timeline.tracks[0])
    assert later[:-5] == played(before.tracks[0])[5:]


def test_speeds_multiply_and_those_switched_off_do_not_count() -> None:
    before = film("V1 A:24x2 B:24x?")
    before.tracks[0][0].effects.append(item("C:1x-1").effects[0].clone())
    before.tracks[0][1].effects[0].enabled = False
    assert drawn(slice_at(before, (0,), 10).timeline) == ["V1 A+28[0-10) A[10-24) B[24-48)"]
    assert drawn(slice_at(before, (0,), 30).timeline) == ["V1 A[0-24) B[24-30) B+6[30-48)"]


def test_what_changes_speed_over_time_moves_but_is_not_cut() -> None:
    before = film("V1 A:24 B:24x? C:24")
    assert drawn(insert(before, (0,), 12, item("D:6")).timeline) == [
        "V1 A[0-12) D[12-18) A+12[18-30) B[30-54) C[54-78)"
    ]
    for act in (
        lambda: insert(before, (0,), 30, item("D:6")),
        lambda: trim(before, (0, 1), tail_frames=-2),
        lambda: roll(before, (0, 1), 2),
        lambda: slip(before, (0, 1), 2),
    ):
        with pytest.raises(RefusedError, match="The speed of B changes over time"):
            act()
