"""Models that know pictures at their own ends alone: what of a take's known frames they are given, and what is refused.

Drawn: = a known frame, . one to be made.
"""

import dataclasses
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import RefusedError
from shotwright.core.planner import ModelLimits, plan
from shotwright.core.planner.axis import NativeKnown
from shotwright.core.planner.limits import BOTH, FIRST
from shotwright.core.protocol import Known, MediaRange, Prompt, TakeRequest
from shotwright.core.timing import FrameRange, Rate

FORWARD = ModelLimits(
    sizes=((832, 480),),
    rates=(Rate.parse(16),),
    frame_step=4,
    frame_offset=1,
    shortest_chunk=5,
    longest_chunk=81,
    overlap=1,
    roles=frozenset({"frame"}),
    stills=frozenset({FIRST}),
)
EITHER = dataclasses.replace(FORWARD, stills=frozenset({FIRST, BOTH}))
DRAWN = dataclasses.replace(FORWARD, roles=frozenset({"frame", "panel"}))
ARRIVING = dataclasses.replace(FORWARD, stills=frozenset({BOTH}), overlap=0)


def asked(drawn: str, rate: str = "16", allow_reversed: bool = False) -> TakeRequest:
    """A take whose known stretches are as drawn, each from its medium's frame 100 on."""
    known, at = [], 0
    for part in drawn.replace("=.", "= .").replace(".=", ". =").split():
        if part[0] == "=":
            stretch = FrameRange(at, at + len(part))
            media = MediaRange("ab" * 32, FrameRange(100, 100 + len(part)), Rate.parse(rate))
            known.append(Known(stretch, media))
        at += len(part)
    return TakeRequest(
        (Prompt("a"),), at, Rate.parse(rate), (640, 360), known=tuple(known), model="m", allow_reversed=allow_reversed
    )


def test_a_tail_goes_on_from_the_last_known_frame_and_says_so() -> None:
    made = plan(asked("=====" + 9 * "."), FORWARD)
    assert made.known == {0: NativeKnown(0, 104)}
    assert [made.axis.source_of(frame) for frame in (5, 13)] == [(1, 0.0), (9, 0.0)]
    assert [(chunk.start, chunk.frames) for chunk in made.chunks] == [(0, 13)]
    (notice,) = made.notices
    assert "goes on from a still" in notice
    assert not plan(asked("=" + 9 * "."), FORWARD).notices  # all that was known it was given


def test_a_head_is_made_on_reversed_frames_where_that_is_allowed_and_refused_elsewhere() -> None:
    with pytest.raises(RefusedError, match="only goes forward") as refused:
        plan(asked(9 * "." + "====="), FORWARD)
    assert "--allow-reversed" in refused.value.hint
    made = plan(asked(9 * "." + "=====", allow_reversed=True), FORWARD)
    assert made.known == {0: NativeKnown(0, 100)}
    assert [made.axis.source_of(frame) for frame in (8, 0)] == [(1, 0.0), (9, 0.0)]
    assert "run backwards" in made.notices[0]
    assert made.axis.asked_frame(3, 14) == 6


def test_a_bridge_leads_from_still_to_still_over_the_very_length() -> None:
    made = plan(asked("===" + 24 * "." + "==", rate="24"), EITHER)
    assert made.known == {0: NativeKnown(0, 102), 20: NativeKnown(1, 100)}
    assert [(chunk.start, chunk.frames) for chunk in made.chunks] == [(0, 21)]
    assert made.axis.pace == Fraction(20, 25)  # 17 or 21 frames can be made, 18 would be due
    assert made.axis.source_of(3) == (0, pytest.approx(0.8))
    assert made.axis.source_of(26) == (19, pytest.approx(0.2))
    assert "from one still to another" in made.notices[0]
    assert plan(asked("===" + 24 * "."), EITHER).known == {0: NativeKnown(0, 102)}


@given(st.integers(1, 300), st.integers(0, 300), st.sampled_from(["24", "16", "25", "60"]))
def test_a_panel_inside_a_take_is_gone_on_from_both_ways(before: int, behind: int, rate: str) -> None:
    panel = Known(FrameRange(before, before + 1), MediaRange("ab" * 32), "panel")
    request = dataclasses.replace(asked((before + 1 + behind) * ".", rate), known=(panel,))
    made = plan(request, DRAWN)
    (native,) = made.known
    assert abs(native / made.axis.pace - before) <= Fraction(1, 2) / made.axis.pace
    in_time = sorted(made.chunks, key=lambda chunk: chunk.start)
    assert [chunk.index for chunk in in_time] == list(range(len(in_time)))
    assert in_time[0].start <= 0
    assert in_time[-1].end >= made.axis.frames
    assert made.chunks[0].start == native
    assert not made.chunks[0].backwards
    for chunk, following in pairwise(in_time):
        assert following.start == chunk.end - 1  # one picture is handed on
    for chunk in made.chunks[1:]:
        assert chunk.backwards == (chunk.start < native)
        assert (chunk.from_before, chunk.from_after) == ((0, 1) if chunk.backwards else (1, 0))
    assert "runs backwards" in made.notices[-1]


@pytest.mark.parametrize(
    ("limits", "drawn", "reason"),
    [
        (FORWARD, 8 * ".", "none is given"),
        (FORWARD, "==....==", "can't arrive at another"),
        (FORWARD, "..==..", "in 2 places"),
        (EITHER, "=..=..=", "in 2 places"),
        (ARRIVING, "==....", "only one side is known"),
        (ARRIVING, "....==", "only one side is known"),
        (EITHER, "=" + 90 * "." + "=", "too long to lead from one picture to another"),
    ],
)
def test_what_can_not_be_done_honestly_is_refused_with_the_reason(limits: ModelLimits, drawn: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as refused:
        plan(asked(drawn, allow_reversed=True), limits)
    assert refused.value.hint


def test_the_longest_bridge_told_can_be_made() -> None:
    with pytest.raises(RefusedError) as refused:
        plan(asked("=" + 300 * "." + "=", rate="24"), EITHER)
    (most,) = (int(word) for word in refused.value.hint.split() if word.isdigit())
    assert plan(asked("=" + most * "." + "=", rate="24"), EITHER).chunks[0].frames == 81
    with pytest.raises(RefusedError):
        plan(asked("=" + (most + 1) * "." + "=", rate="24"), EITHER)


@given(
    st.integers(0, 30),
    st.integers(1, 400),
    st.integers(0, 30),
    st.sampled_from(["24", "23.976", "25", "16", "60", "8", "240"]),
)
def test_every_frame_made_lies_between_native_ones(before: int, new: int, behind: int, rate: str) -> None:
    request = asked(before * "=" + new * "." + behind * "=", rate, allow_reversed=True)
    try:
        made = plan(request, EITHER)
    except RefusedError:
        longest = Fraction(80, 16) * Fraction(Rate.parse(rate).fraction)
        assert not (before or behind) or (before and behind and new + 1 > longest)
        return
    for chunk, following in zip(made.chunks, made.chunks[1:], strict=False):
        assert following.start == chunk.end - 1  # one picture is handed on
    assert made.chunks[-1].end >= made.axis.frames
    places = [sum(made.axis.source_of(frame)) for frame in range(before, before + new)]
    assert all(0 < place <= made.axis.frames - 1 for place in places)
    assert places == sorted(places, reverse=made.axis.way < 0)
    for native, known in made.known.items():
        at = made.axis.asked_frame(native, request.frames)
        stretch = request.known[known.known]
        assert at in stretch.frames
        assert known.frame == 100 + at - stretch.frames.start
