"""LTX 0.9.x and LTX-2: where known frames are put, and the traps on the way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from shotwright.core.models.diffusers_folder import FamilyModel, load_pipeline
from shotwright.core.models.families import checkpoints
from shotwright.core.models.families.pieces import pieces

from .asking import KINDS, asked, distance, given, words

Load = Callable[[str], FamilyModel]


def _quiet(*_: object) -> None:
    return


@drawn(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40), st.sampled_from([1.0, 0.5])), max_size=4), st.data())
def test_pieces_are_whole_latent_frames_and_reach_what_is_to_be_made(
    stretches: list[tuple[int, int, float]], data: st.DataObject
) -> None:
    grid = data.draw(st.sampled_from([8, 1]))
    request = words(KINDS["ltx-0.9.5"], 97)
    for start, length, keep in stretches:
        request = given(request, range(start, min(97, start + length)), 0, keep)
    found = pieces(request, 8, grid)
    known = request.frame_known
    for piece in found:
        covered = range(piece.start, piece.start + len(piece.frames))
        assert len(piece.frames) % 8 == 1
        assert len(piece.frames) == 1 or piece.start % grid == 0
        assert known[covered.start : covered.stop].all()
        assert np.array_equal(piece.frames, request.known[covered.start : covered.stop])
        assert (request.keep[covered.start : covered.stop] >= piece.keep).all()
    given_frames = {at for piece in found for at in range(piece.start, piece.start + len(piece.frames))}
    edges = np.flatnonzero(np.diff(known.astype(int)))
    assert {int(at) for at in edges if known[at]} | {int(at) + 1 for at in edges if known[at + 1]} <= given_frames
    # What lies over a stretch kept less comes behind it, so that it is what counts.
    assert all(
        later.keep > before.keep
        for at, later in enumerate(found)
        for before in found[:at]
        if before.start <= later.start < before.start + len(before.frames)
    )


def test_a_tail_and_a_head_of_a_chunks_overlap_are_one_clip_each() -> None:
    request = words(KINDS["ltx-0.9.5"], 97)
    assert [(each.start, len(each.frames)) for each in pieces(given(request, range(17), 0), 8, 8)] == [(0, 17)]
    assert [(each.start, len(each.frames)) for each in pieces(given(request, range(80, 97), 0), 8, 8)] == [(80, 17)]
    assert [(each.start, len(each.frames)) for each in pieces(given(request, range(24), 0), 8, 8)] == [(0, 17), (23, 1)]
    bridge = given(given(request, range(20), 0), range(51, 97), 0)
    assert [(each.start, len(each.frames)) for each in pieces(bridge, 8, 8)] == [(0, 17), (19, 1), (56, 41), (51, 1)]


def test_leaving_out_steps_that_make_nothing_changes_nothing(model: Load) -> None:
    """`denoise_strength` alone would begin with bare noise: LTXConditionPipeline mixes in no film for it."""
    ltx = model("ltx-0.9.5")
    for steps in (4, 9):
        request = replace(given(words(KINDS["ltx-0.9.5"], 17), range(17), 30, 0.6), steps=steps)
        counted: list[int] = []
        frames = ltx.make_chunk(request, lambda done, of, _picture: counted.append(of))  # noqa: B023
        assert 0 < counted[-1] < steps
        pipe, told = ltx.arguments(request)
        assert told.pop("denoise_strength") < 1
        whole = (pipe(**told).frames[0] * 255 + 0.5).astype(np.uint8)
        assert distance(frames, whole) < 0.1


@pytest.mark.parametrize("name", ["ltx-0.9.5", "ltx-2"])
def test_a_frame_is_heeded_where_it_stands(name: str, model: Load) -> None:
    """Also at the last frame of a chunk, and at frames that begin no latent one."""
    made = []
    for at in (1, 7, 8, 9, 16):
        request = given(words(KINDS[name], 17), range(at, at + 1), 40 - at)  # always the same picture
        made.append(model(name).make_chunk(request, _quiet))
    assert all(not np.array_equal(one, other) for at, one in enumerate(made) for other in made[:at])


def test_ltx_2_is_told_frames_of_the_film(model: Load) -> None:
    """Its condition's index counts latent frames, of which the pipeline makes (index - 1) * 8 + 1."""
    pipe = model("ltx-2").pipeline("ExactConditionPipeline")
    from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

    places = [*range(1, 17), 0]
    still = asked(KINDS["ltx-2"], "image").known[:1]
    conditions = [LTX2VideoCondition(frames=still, index=at, crf=0) for at in places]
    frames, _, indices, counts = pipe.preprocess_conditions(conditions, 64, 64, 17, device=pipe.device)
    assert [(index - 1) * 8 + 1 for index in indices[:-1]] == places[:-1]
    assert indices[-1] == 0
    assert counts == [1] * len(places) == [each.shape[2] for each in frames]


def test_a_distilled_checkpoints_own_levels_go_with_its_own_number_of_steps() -> None:
    kind = next(variant for checkpoint, variant in checkpoints() if checkpoint.name == "ltx-0.9.8-13b-distilled")
    assert (kind.limits.default_steps, kind.limits.default_guidance) == (8, 1.0)
    request = replace(words(kind), steps=None)
    assert len(kind.call(request).arguments["timesteps"]) == 8
    assert "timesteps" not in kind.call(replace(request, steps=20)).arguments
    restyled = given(request, range(request.frames), 0, 0.2)
    assert kind.call(restyled).arguments["denoise_strength"] == pytest.approx(2.5 / 8)  # 725 and 0.03 are left


def test_old_weights_are_not_asked_for_what_they_never_learnt() -> None:
    early = KINDS["ltx-0.9.0"].limits
    assert "keyframes" not in early.jobs
    assert early.jobs["extend"] == "lifted"


@pytest.mark.parametrize(("name", "first"), [("ltx-2", True), ("ltx-2.3", False), ("ltx-2.5", False)])
def test_each_version_of_ltx_2_is_called_its_own_way(
    name: str, first: bool, pipelines: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """diffusers calls all of them as LTX-2.3 is, where it is not told otherwise."""
    pipe = FamilyModel(name, KINDS["ltx-2"], load_pipeline(name, pipelines[name])).pipeline("ExactConditionPipeline")
    told: list[bool] = []
    forward = type(pipe.transformer).forward

    def listening(self: Any, *given: Any, **named: Any) -> Any:
        told.append(named["use_cross_timestep"])
        return forward(self, *given, **named)

    monkeypatch.setattr(type(pipe.transformer), "forward", listening)
    pipe(prompt="a red car", height=64, width=64, num_frames=9, num_inference_steps=2, output_type="latent")
    assert set(told) == {not first}
