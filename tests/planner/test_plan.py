import dataclasses
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import RefusedError
from shotwright.core.planner import ChunkCost, ModelLimits, Plan, estimate, plan
from shotwright.core.protocol import Known, MediaRange, Prompt, Sampling, TakeRequest
from shotwright.core.timing import FrameRange, Rate

PREVIS = ModelLimits(
    sizes=((128, 72),),
    rates=(Rate.parse("12"),),
    frame_step=4,
    frame_offset=0,
    shortest_chunk=24,
    longest_chunk=24,
    overlap=6,
    roles=frozenset({"frame", "panel"}),
)
WAN = ModelLimits(
    sizes=((832, 480),),
    rates=(Rate.parse("16"),),
    frame_step=4,
    frame_offset=1,
    shortest_chunk=5,
    longest_chunk=81,
    overlap=9,
    roles=frozenset({"frame"}),
    size_multiple=16,
)
LTX = dataclasses.replace(
    WAN, rates=(Rate.parse("24"), Rate.parse("25")), frame_step=8, shortest_chunk=9, longest_chunk=121, overlap=17
)
STILL = "ab" * 32
COST = ChunkCost(0.5, 1.0, 1000)

_sizes = st.tuples(st.integers(32, 2048), st.integers(32, 1080)).map(lambda half: (2 * half[0], 2 * half[1]))
_rates = st.sampled_from(["24", "23.976", "25", "29.97", "30", "12", "16", "50", "59.94", "1", "7/3", "120", "240"])


@st.composite
def requests(draw: st.DrawFn) -> TakeRequest:
    """Any take that may be asked for, with stills and stretches known anywhere."""
    rate = Rate.parse(draw(_rates))
    frames = draw(st.integers(1, min(1500, int(60 * rate.fraction))))
    known = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, frames - 1))
        end = draw(st.integers(start + 1, min(frames, start + 40)))
        still = draw(st.booleans())
        media = MediaRange(STILL) if still else MediaRange(STILL, FrameRange(7, 7 + end - start), rate)
        known.append(Known(FrameRange(start, end), media))
    return TakeRequest((Prompt("a"),), frames, rate, draw(_sizes), known=tuple(known))


def _made_before(made: Plan, position: int, native: int) -> bool:
    return any(c.start <= native < c.end for c in made.chunks[:position])


@given(requests(), st.sampled_from([PREVIS, WAN, LTX]))
def test_a_plan_makes_exactly_what_was_asked(request: TakeRequest, limits: ModelLimits) -> None:
    made = plan(request, limits)
    in_time = sorted(made.chunks, key=lambda chunk: chunk.start)
    assert in_time[0].start == 0
    assert in_time[-1].end >= made.axis.frames
    for before, after in pairwise(in_time):
        assert after.start < before.end
    for chunk in made.chunks:
        assert limits.shortest_chunk <= chunk.frames <= limits.longest_chunk
        assert (chunk.frames - limits.frame_offset) % limits.frame_step == 0
    for frame in range(request.frames):
        native, share = made.axis.source_of(frame)
        assert 0 <= native < made.axis.frames
        assert 0 <= share < 1
        assert share == 0 or native + 1 < made.axis.frames
    x, y, width, height = made.canvas.window
    assert x >= 0
    assert x + width <= made.canvas.size[0]
    assert y >= 0
    assert y + height <= made.canvas.size[1]
    asked = request.size[0] / request.size[1]
    assert abs(width - height * asked) <= max(1.0, asked)


@given(requests(), st.sampled_from([PREVIS, WAN, LTX]))
def test_what_a_chunk_takes_from_another_is_there_by_then(request: TakeRequest, limits: ModelLimits) -> None:
    made = plan(request, limits)
    for position, chunk in enumerate(made.chunks):
        taken = [*range(chunk.start, chunk.start + chunk.from_before), *range(chunk.end - chunk.from_after, chunk.end)]
        assert all(_made_before(made, position, native) for native in taken)
        assert position == 0 or taken


@given(requests(), st.sampled_from([PREVIS, WAN, LTX]))
def test_no_known_stretch_is_lost(request: TakeRequest, limits: ModelLimits) -> None:
    made = plan(request, limits)
    assert bool(made.known) == bool(request.known)
    for native, source in made.known.items():
        assert 0 <= native < made.axis.frames
        stretch = request.known[source.known]
        assert source.frame in stretch.media.frames


def test_close_rates_are_relabelled_and_others_keep_their_seconds() -> None:
    request = TakeRequest((Prompt("a"),), 49, Rate.parse("23.976"), (640, 360))
    assert plan(request, LTX).axis.frames == 49
    resampled = plan(dataclasses.replace(request, rate=Rate.parse("24")), PREVIS)
    assert (resampled.axis.frames, resampled.method) == (25, "motion")
    assert resampled.axis.source_of(3) == (1, 0.5)


def test_a_head_extension_grows_backwards_from_the_shot() -> None:
    tail = Known(FrameRange(180, 192), MediaRange(STILL, FrameRange(0, 12), Rate.parse("24")))
    made = plan(TakeRequest((Prompt("a"),), 192, Rate.parse("24"), (640, 360), known=(tail,)), PREVIS)
    assert [chunk.index for chunk in made.chunks] == sorted((chunk.index for chunk in made.chunks), reverse=True)
    assert made.chunks[0].from_before == made.chunks[0].from_after == 0
    assert all(chunk.from_after for chunk in made.chunks[1:])


def test_a_panel_is_never_lost_between_native_frames() -> None:
    panel = Known(FrameRange(13, 14), MediaRange(STILL), "panel")
    made = plan(TakeRequest((Prompt("a"),), 100, Rate.parse("60"), (640, 360), known=(panel,)), PREVIS)
    assert list(made.known) == [3]


@pytest.mark.parametrize("role", ["depth", "reference"])
def test_what_a_model_can_not_follow_is_refused(role: str) -> None:
    known = Known(FrameRange(0, 1), MediaRange(STILL), role)
    with pytest.raises(RefusedError, match=role):
        plan(TakeRequest((Prompt("a"),), 24, Rate.parse("24"), (640, 360), known=(known,)), PREVIS)


def test_a_model_that_can_not_be_chained_refuses_long_takes() -> None:
    single = dataclasses.replace(PREVIS, overlap=0)
    assert len(plan(TakeRequest((Prompt("a"),), 40, Rate.parse("24"), (640, 360)), single).chunks) == 1
    with pytest.raises(RefusedError, match="chunks"):
        plan(TakeRequest((Prompt("a"),), 400, Rate.parse("24"), (640, 360)), single)


@given(requests())
def test_windows_of_a_take_lie_side_by_side_and_know_nothing_of_each_other(request: TakeRequest) -> None:
    single = dataclasses.replace(PREVIS, frame_step=1, shortest_chunk=2, overlap=0, windows=True)
    made = plan(request, single)
    assert made.windows
    shown = [native for chunk in made.chunks for native in range(chunk.start, chunk.end)]
    assert set(range(made.axis.frames)) <= set(shown)
    assert len(shown) <= len(set(shown)) + 1  # the last may reach back by one frame, to be long enough
    assert [chunk.index for chunk in made.chunks] == list(range(len(made.chunks)))
    assert not any(chunk.from_before or chunk.from_after for chunk in made.chunks)


@pytest.mark.parametrize(
    "told",
    [
        {"prompts": (Prompt("a"), Prompt("b", 24))},
        {"known": (Known(FrameRange(0, 96), MediaRange(STILL), "depth"),)},
        {"known": (Known(FrameRange(0, 96), MediaRange(STILL), keep=0.5),)},
    ],
)
def test_other_words_or_what_is_known_in_part_are_gone_on_with_from_chunk_to_chunk(told: dict[str, Any]) -> None:
    roles = frozenset({"frame", "panel", "depth"})
    limits = dataclasses.replace(PREVIS, roles=roles, partial_keep="each", windows=True)
    request = TakeRequest((Prompt("a"),), 96, Rate.parse("24"), (640, 360))
    assert plan(request, limits).windows
    made = plan(dataclasses.replace(request, **told), limits)
    assert not made.windows
    assert all(chunk.from_before for chunk in made.chunks[1:])


def test_estimates_grow_with_length() -> None:
    short, long = (
        estimate(plan(TakeRequest((Prompt("a"),), n, Rate.parse("24"), (640, 360)), PREVIS), PREVIS, COST, "prores")
        for n in (48, 480)
    )
    assert short.seconds < long.seconds
    assert short.disk_bytes < long.disk_bytes
    assert (short + long).seconds == short.seconds + long.seconds


def test_a_speed_is_a_number_of_steps_and_one_that_there_is_not_is_refused() -> None:
    quick = dataclasses.replace(PREVIS, default_steps=20, steps_by_speed={"draft": 8, "normal": 20, "final": 40})

    def asked(speed: str, steps: int | None = None) -> TakeRequest:
        return TakeRequest(
            (Prompt("a"),), 24, Rate.parse("24"), (640, 360), sampling=Sampling(steps=steps, speed=speed)
        )

    seconds = [estimate(plan(asked(speed), quick), quick, COST, "prores").seconds for speed in ("draft", "", "final")]
    assert seconds == sorted(seconds)
    assert seconds[1] - seconds[0] == pytest.approx(12 * COST.step_seconds * len(plan(asked(""), quick).chunks))
    assert quick.steps(3, "draft") == 3
    with pytest.raises(RefusedError, match="one speed"):
        plan(asked("draft"), PREVIS)
    assert plan(asked("", 3), PREVIS).chunks
