"""What is put upon a pipeline: attention, caches, numbers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import diffusers
import numpy as np
import pytest
import torch
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.running.fitting import NATIVE, attention_backends, can_reuse, compile_blocks
from shotwright.core.models.running.machine import Machine
from shotwright.core.models.running.memory_plans import MemoryPlan
from shotwright.core.models.running.runner import Runner

from .conftest import WHOLE

QUIET = lambda *_: None  # noqa: E731
EVERY = frozenset({"flash_attn", "flash_attn_interface", "sageattention", "xformers"})


@pytest.mark.parametrize(
    ("capability", "installed", "first"),
    [
        (None, EVERY, NATIVE),
        ((7, 5), EVERY, NATIVE),
        ((8, 9), EVERY, "flash"),
        ((8, 9), frozenset(), NATIVE),
        ((9, 0), EVERY, "_flash_3"),
        ((9, 0), frozenset(), "_native_cudnn"),
        ((12, 0), frozenset({"sageattention"}), "_native_cudnn"),
    ],
)
def test_attention_is_by_what_is_installed_and_never_fetched(
    capability: tuple[int, int] | None, installed: frozenset[str], first: str
) -> None:
    from diffusers.models.attention_dispatch import AttentionBackendName

    found = attention_backends(Machine(0, 0, capability, installed))
    assert found[0] == first
    assert found[-1] == NATIVE
    assert not any(name.endswith("_hub") or "sage" in name for name in found)
    assert set(found) <= {each.value for each in AttentionBackendName}


@pytest.mark.parametrize("kind", ["ltx-2", "hunyuan-1.5-480p", "cogvideox"])
def test_what_no_cache_can_skip_is_computed_in_drafts_too(
    kind: str, pipelines: dict[str, Path], runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    pipe = diffusers.DiffusionPipeline.from_pretrained(pipelines[kind], local_files_only=True)
    assert not can_reuse(pipe)
    request = request_of(frames=9, size=(80, 48) if "hunyuan-1.5" in kind else (64, 64))
    model = runner(kind)
    normal = model.make_chunk(request, QUIET)
    assert np.array_equal(model.make_chunk(replace(request, draft=True), QUIET), normal)


@pytest.mark.parametrize("kind", ["ltx-0.9.5", "wan-2.1-t2v"])
def test_a_draft_skips_blocks_and_leaves_nothing_behind(
    kind: str, pipelines: dict[str, Path], tmp_path: Path, state_folder: Path, request_of: Callable[..., ChunkRequest]
) -> None:
    pipe = diffusers.DiffusionPipeline.from_pretrained(pipelines[kind], local_files_only=True)
    torch.manual_seed(0)
    pipe.transformer = type(pipe.transformer).from_config(dict(pipe.transformer.config), num_layers=4)
    assert can_reuse(pipe)
    pipe.save_pretrained(tmp_path / "deep")
    model = Runner("deep", tmp_path / "deep", profile_of(pipelines[kind]), state_folder, (WHOLE,))
    request = request_of(frames=9, steps=12)
    normal = model.make_chunk(request, QUIET)
    asked = [0, 0]
    part = model._loaded().loaded.transformer
    blocks = getattr(part, "blocks", None) or part.transformer_blocks
    for at, block in ((0, blocks[0]), (1, blocks[2].attn1)):

        def count(*_given: object, at: int = at) -> None:
            asked[at] += 1

        block.register_forward_hook(count)
    draft = model.make_chunk(replace(request, draft=True), QUIET)
    assert asked[1] < asked[0]
    assert not np.array_equal(draft, normal)
    assert np.array_equal(model.make_chunk(request, QUIET), normal)


def test_video_to_video_of_wan_has_no_cache_context() -> None:
    class Pipe(diffusers.WanVideoToVideoPipeline):  # type: ignore[misc]
        components = {}  # noqa: RUF012

        def __init__(self) -> None: ...

    assert not can_reuse(Pipe())


@pytest.mark.parametrize(
    "plan",
    [
        WHOLE,
        MemoryPlan("bf16", "cpu", "bfloat16", "whole", ""),
        MemoryPlan("aside", "cpu", "float32", "aside", "", pieces=True),
        MemoryPlan("groups", "cpu", "float32", "groups", ""),
        MemoryPlan("disk", "cpu", "float32", "disk", ""),
        MemoryPlan("float8", "cpu", "float32", "aside", "", storage="float8"),
        MemoryPlan("float8-groups", "cpu", "bfloat16", "groups", "", storage="float8"),
        MemoryPlan("tiles", "cpu", "float32", "whole", "", pieces=True, tiles=True),
    ],
    ids=lambda plan: plan.name,
)
@pytest.mark.parametrize("kind", ["ltx-0.9.5", "wan-2.2-t2v"])
def test_a_plan_makes_the_same_every_time_and_what_waits_changes_nothing(
    kind: str, plan: MemoryPlan, runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    request = request_of(frames=17)
    model = runner(kind, plan)
    made = model.make_chunk(request, QUIET)
    assert np.array_equal(model.make_chunk(request, QUIET), made)
    assert np.array_equal(runner(kind, plan).make_chunk(request, QUIET), made)
    plain = runner(kind).make_chunk(request, QUIET)
    if plan.numbers == WHOLE.numbers:
        assert np.array_equal(made, plain)
        assert model.fingerprint == runner(kind).fingerprint
    elif plan.dtype == "float32" and not plan.storage:
        assert np.abs(made.astype(int) - plain).mean() < 0.01
        assert model.fingerprint != runner(kind).fingerprint
    else:
        assert not np.array_equal(made, plain)
        assert model.fingerprint != runner(kind).fingerprint


def test_what_is_quantised_as_it_is_loaded(
    runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    pytest.importorskip("torchao")  # not installed for all tests: diffusers imports it with every pipeline
    request = request_of(frames=9)
    halves = MemoryPlan("halves", "cpu", "bfloat16", "aside", "")
    model = runner("ltx-0.9.5", replace(halves, name="int8", storage="int8"))
    made = model.make_chunk(request, QUIET)
    kinds = {type(weight).__name__ for weight in model._loaded().loaded.transformer.parameters()}
    assert any("Int8" in kind or "Quantized" in kind for kind in kinds)
    assert np.array_equal(model.make_chunk(request, QUIET), made)
    apart = np.abs(made.astype(int) - runner("ltx-0.9.5", halves).make_chunk(request, QUIET)).mean()
    assert 0 < apart < 20


def test_nothing_is_compiled_without_a_card_or_for_little(pipelines: dict[str, Path]) -> None:
    pipe = diffusers.DiffusionPipeline.from_pretrained(pipelines["ltx-0.9.5"], local_files_only=True)
    card = replace(WHOLE, device="cuda", dtype="bfloat16")
    machine = Machine(0, 0, (9, 0), frozenset({"triton"}))
    assert not compile_blocks(pipe, WHOLE, Machine(0), 1e18)
    assert not compile_blocks(pipe, card, machine, 1e12)
    assert not compile_blocks(pipe, replace(card, placement="groups"), machine, 1e18)
    assert not compile_blocks(pipe, card, replace(machine, installed=frozenset()), 1e18)
    assert compile_blocks(pipe, card, machine, 1e18)
