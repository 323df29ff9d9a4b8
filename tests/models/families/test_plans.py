"""What the planner gives each kind of weights, and what it refuses with the reason: nothing is dropped in silence."""

import itertools

import pytest
from shotwright.core.errors import RefusedError
from shotwright.core.planner import Plan, plan
from shotwright.core.protocol import Known, MediaRange, Prompt, Sampling, TakeRequest
from shotwright.core.timing import FrameRange

from .asking import KINDS

# Of a take of 24 frames: which are known, as roles by stretch, and how much of them is kept.
_TAKES: dict[str, list[tuple[range, str, float]]] = {
    "text": [],
    "image": [(range(1), "frame", 1)],
    "panels": [(range(1), "panel", 1)],
    "keyframes": [(range(5, 6), "frame", 1), (range(15, 16), "frame", 1)],
    "extend": [(range(10), "frame", 1)],
    "head": [(range(14, 24), "frame", 1)],
    "bridge": [(range(8), "frame", 1), (range(16, 24), "frame", 1)],
    "loop": [(range(8), "frame", 1), (range(16, 24), "frame", 1)],
    "reroll": [(range(8), "frame", 1), (range(16, 24), "frame", 1)],
    "restyle": [(range(24), "frame", 0.4)],
    "follow": [(range(24), "depth", 1)],
}


def _planned(name: str, job: str, frames: int = 24) -> Plan:
    kind = KINDS[name]
    rate = kind.limits.rates[0]
    known = []
    for stretch, role, keep in _TAKES[job]:
        begin, end = (place * frames // 24 for place in (stretch.start, stretch.stop))
        media = MediaRange("ab" * 32, FrameRange(0, end - begin), rate)
        known.append(Known(FrameRange(begin, end), media, role, keep))
    take = TakeRequest((Prompt("a"),), frames, rate, (640, 352), known=tuple(known), allow_reversed=True)
    return plan(take, kind.limits)


@pytest.mark.parametrize(("name", "job"), itertools.product(KINDS, _TAKES))
def test_a_kind_plans_the_jobs_that_it_claims_and_refuses_the_others(name: str, job: str) -> None:
    if job in KINDS[name].limits.jobs:
        made = _planned(name, job)
        assert bool(made.known) == bool(job not in ("text", "follow"))
        assert bool(made.depth) == (job == "follow")
        return
    with pytest.raises(RefusedError) as refused:
        _planned(name, job)
    assert refused.value.hint


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.limits.partial_keep])
def test_a_long_restyle_is_chained(name: str) -> None:
    made = _planned(name, "restyle", 24 * 20)
    assert len(made.chunks) > 1
    assert all(chunk.from_before >= 9 for chunk in made.chunks[1:])
    assert len(made.known) == made.axis.frames


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.limits.partial_keep == "whole"])
def test_a_kind_that_restyles_whole_takes_is_not_asked_for_a_part(name: str) -> None:
    limits = KINDS[name].limits
    for stretches in ([(0, 12, 0.4)], [(0, 12, 0.4), (12, 24, 0.6)], [(0, 24, 0.4), (0, 2, 1.0)]):
        known = tuple(
            Known(FrameRange(begin, end), MediaRange("ab" * 32), "frame", keep) for begin, end, keep in stretches
        )
        with pytest.raises(RefusedError, match=r"restyles whole takes|words alone"):
            plan(TakeRequest((Prompt("a"),), 24, limits.rates[0], (640, 352), known=known), limits)


def test_a_panel_is_taken_for_the_frame_and_that_is_said() -> None:
    assert "a drawing makes a drawn shot" in _planned("ltx-0.9.5", "panels").notices[0]


@pytest.mark.parametrize(
    ("name", "guidance", "told"), [("hunyuan", None, True), ("ltx-2", None, False), ("ltx-2", 1.0, True)]
)
def test_words_that_are_not_heard_are_told(name: str, guidance: float | None, told: bool) -> None:
    limits = KINDS[name].limits
    sampling = Sampling(guidance=guidance)
    take = TakeRequest((Prompt("a"),), 24, limits.rates[0], (640, 352), negative="rain", sampling=sampling)
    assert any("does not hear" in notice for notice in plan(take, limits).notices) == told


def test_words_alone_go_on_from_a_still_where_a_take_is_long() -> None:
    made = _planned("wan-2.2-ti2v-5b", "text", 24 * 12)
    assert len(made.chunks) > 1
    assert all(chunk.from_before == 1 for chunk in made.chunks[1:])
    with pytest.raises(RefusedError, match="can't go on"):
        _planned("wan-2.2-t2v", "text", 16 * 12)


def test_the_overlap_of_chunks_is_whole_latent_frames() -> None:
    for kind in KINDS.values():
        assert kind.limits.overlap % kind.limits.frame_step in (0, 1)
