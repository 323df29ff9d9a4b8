"""A model while it runs: what is told, where it stops, and what it does out of memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import ModelError, StoppedError, UsageError
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.catalogue import add_model
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.loading import load_model
from shotwright.core.models.running.memory_plans import SETTING
from shotwright.core.models.running.runner import Runner
from shotwright.core.models.running.timings import Timings

QUIET = lambda *_: None  # noqa: E731


@pytest.mark.parametrize("kind", ["ltx-0.9.5", "wan-2.1-t2v", "hunyuan-1.5-480p"])
def test_it_counts_every_step_and_the_decode(
    kind: str, runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    model, told = runner(kind), list[tuple[int, int]]()
    request = request_of(frames=9, size=(80, 48) if "hunyuan-1.5" in kind else (64, 64))
    model.make_chunk(request, lambda done, of, _preview: told.append((done, of)))
    assert [done for done, _ in told][:3] == [1, 2, 3]
    assert told[-1][0] == told[-1][1] == 4  # what was never measured counts as one step
    assert all(one[0] <= other[0] for one, other in pairwise(told))


def test_a_long_decode_counts_as_the_steps_that_it_takes(
    state_folder: Path, runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    model, request = runner("wan-2.1-t2v"), request_of(frames=17)
    model.make_chunk(request, QUIET)
    (run,) = Timings(state_folder).runs()
    assert (run.model, run.plan, run.size, run.frames) == ("mine", "cpu", (64, 64), 17)
    assert run.step_seconds > 0
    assert run.peak_bytes > 10_000_000
    Timings(state_folder).learn(replace(run, step_seconds=1.0, other_seconds=5.0))
    told = list[tuple[int, int]]()
    model.make_chunk(request, lambda done, of, _preview: told.append((done, of)))
    assert {of for _, of in told} == {8}
    assert [done for done, _ in told] == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("kind", ["ltx-0.9.5", "wan-2.1-t2v", "wan-2.2-t2v", "ltx-2", "hunyuan-1.5-480p"])
def test_a_stop_ends_it_within_a_step_and_the_next_chunk_is_the_same(
    kind: str, runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    model = runner(kind)
    request = request_of(frames=9, size=(80, 48) if "hunyuan-1.5" in kind else (64, 64))
    whole = model.make_chunk(request, QUIET)
    for at in (1, 2, 4):  # the last while it is decoded
        heard: list[int] = []

        def stop(done: int, _of: int, _preview: object, at: int = at, heard: list[int] = heard) -> None:
            heard.append(done)
            if done >= at:
                raise StoppedError("Stopped.")

        with pytest.raises(StoppedError):
            model.make_chunk(request, stop)
        assert heard[-1] >= at
        assert all(done < at for done in heard[:-1])
        assert np.array_equal(model.make_chunk(request, QUIET), whole)


def test_a_plan_that_is_wanted_is_taken(
    pipelines: dict[str, Path], state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(state_folder, pipelines["ltx-0.9.5"], "mine")
    monkeypatch.setenv(SETTING, "cpu-disk")
    model = load_model("mine", state_folder)
    assert isinstance(model, Runner)
    assert model.plan.name == "cpu-disk"
    monkeypatch.setenv(SETTING, "gpu")
    with pytest.raises(UsageError):
        load_model("mine", state_folder)


def test_a_folder_that_can_not_be_loaded_is_a_sentence(
    pipelines: dict[str, Path], state_folder: Path, tmp_path: Path, request_of: Callable[..., ChunkRequest]
) -> None:
    import shutil

    for part in ("transformer", "vae"):
        folder = shutil.copytree(pipelines["ltx-0.9.5"], tmp_path / part)
        shard = next((folder / part).glob("*.safetensors"))
        shard.write_bytes(shard.read_bytes()[:-1000])
        with pytest.raises(ModelError, match=part):
            Runner(part, folder, profile_of(folder), state_folder)
    folder = shutil.copytree(pipelines["ltx-0.9.5"], tmp_path / "text")
    next((folder / "text_encoder").glob("*.safetensors")).write_bytes(b"short")
    with pytest.raises(ModelError, match="text encoder"):
        Runner("text", folder, profile_of(folder), state_folder).make_chunk(request_of(frames=9), QUIET)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited as Linux does")
def test_out_of_memory_it_goes_on_by_the_next_plan_and_says_so(pipelines: dict[str, Path]) -> None:
    """With a real limit on the process's memory: the decode at once does not fit, in pieces it does."""
    script = Path(__file__).with_name("short_of_memory.py")
    done = subprocess.run(
        [sys.executable, str(script), str(pipelines["ltx-0.9.5"])], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["plan"] == "pieces"
    assert len(told["notices"]) == 1
    assert "ran out of memory by the plan “whole”, and goes on by “pieces”" in told["notices"][0]
    assert told["made"] == told["alone"]


def test_one_folder_serves_the_pipelines_that_its_parts_make_up_one_after_another(
    runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    words = request_of(frames=9)
    known = np.full_like(words.known, 200)
    pictured = replace(words, known=known, frame_known=np.arange(9) == 0)
    model = runner("wan-2.2-ti2v-5b")
    made = [model.make_chunk(request, QUIET) for request in (words, pictured, words, pictured)]
    assert np.array_equal(made[0], made[2])
    assert np.array_equal(made[1], made[3])
    assert not np.array_equal(made[0], made[1])
    assert np.array_equal(runner("wan-2.2-ti2v-5b").make_chunk(pictured, QUIET), made[1])
