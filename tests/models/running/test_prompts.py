"""Words are read once, and kept whole or not at all."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import diffusers
import numpy as np
import pytest
import torch
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.diffusers_folder import FamilyModel, load_pipeline
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.running.prompts import PromptStore, can_be_kept
from shotwright.core.models.running.runner import PROMPTS, Runner

QUIET = lambda *_: None  # noqa: E731


@pytest.mark.parametrize(
    "kind", ["ltx-0.9.5", "ltx-2", "ltx-2.3", "ltx-2.5", "wan-2.1-t2v", "cogvideox", "hunyuan", "hunyuan-1.5-480p"]
)
def test_words_that_were_read_need_no_text_encoder_and_make_the_same(
    kind: str, pipelines: dict[str, Path], runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    request = request_of(frames=9, size=(80, 48) if "hunyuan-1.5" in kind else (64, 64))
    folder = pipelines[kind]
    bare = FamilyModel(kind, profile_of(folder), load_pipeline(kind, folder)).make_chunk(request, QUIET)
    first, second = runner(kind), runner(kind)
    assert np.array_equal(first.make_chunk(request, QUIET), bare)
    assert np.array_equal(second.make_chunk(request, QUIET), bare)
    assert first._reader is not None
    assert second._reader is not None
    assert first._reader._text  # read by the first
    assert not second._reader._text  # never loaded by the second
    other = second.make_chunk(replace(request, prompt="a"), QUIET)
    assert second._reader._text
    assert not np.array_equal(other, bare)


def test_a_pipeline_that_reads_words_with_a_picture_keeps_nothing() -> None:
    assert not can_be_kept(diffusers.HunyuanVideoImageToVideoPipeline)
    assert not can_be_kept(diffusers.LatteePipeline if hasattr(diffusers, "LatteePipeline") else diffusers.DiTPipeline)


def test_damaged_readings_are_read_anew(
    state_folder: Path, runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    request = request_of(frames=9)
    made = runner("ltx-0.9.5").make_chunk(request, QUIET)
    files = sorted((state_folder / PROMPTS).iterdir())
    assert len(files) == 2
    whole = [path.read_bytes() for path in files]
    for damage in (b"", b"\xff" * 200, whole[0][: len(whole[0]) // 2]):
        for path in files:
            path.write_bytes(damage)
        assert np.array_equal(runner("ltx-0.9.5").make_chunk(request, QUIET), made)
        assert [path.read_bytes() for path in files] == whole


def test_the_least_used_reading_leaves_first_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    store = PromptStore(folder, most_bytes=3 * 4300)
    for at, key in enumerate("abc"):
        store.put(key, {"prompt_embeds": torch.full((1, 1024), float(at))})
        for path in folder.iterdir():
            os.utime(path, (at + path.stat().st_mtime - 100,) * 2)
    (folder / "mine.txt").write_text("mine")
    assert store.get("a") is not None  # used just now
    store.put("d", {"prompt_embeds": torch.zeros(1, 1024)})
    assert [key for key in "abcd" if store.get(key) is not None] == ["a", "c", "d"]
    assert (folder / "mine.txt").read_text() == "mine"
    assert not list(folder.glob("*.part*"))


def test_a_store_that_can_not_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = PromptStore(tmp_path / "file")
    store.put("a", {"prompt_embeds": torch.zeros(1)})
    assert store.get("a") is None
