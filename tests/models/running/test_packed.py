"""Weights quantised in blocks, as GGUF files have them: a pipeline like any other, in less memory."""

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from shotwright.core.errors import InputError
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.catalogue import folder_of, registered
from shotwright.core.models.loading import load_model
from shotwright.core.models.running.machine import Machine
from shotwright.core.models.running.memory_plans import all_plans
from shotwright.core.models.running.needs import needs_of
from shotwright.core.models.running.runner import Runner
from shotwright.core.models.store.single_file import assemble
from shotwright.core.models.store.soundness import PACKED, check_folder

QUIET = lambda *_: None  # noqa: E731
EIGHT_BITS, HALF = gguf.GGMLQuantizationType.Q8_0, gguf.GGMLQuantizationType.F16
GIB = 1 << 30


def packed(folder: Path, file: Path, kind: gguf.GGMLQuantizationType = EIGHT_BITS) -> Path:
    """A folder's transformer as a GGUF file: the matrices of its layers quantised, all else as it is."""
    writer = gguf.GGUFWriter(str(file), "video")
    for name, tensor in load_file(folder / "transformer" / "diffusion_pytorch_model.safetensors").items():
        values = tensor.float().numpy()
        if values.ndim == 2 and values.shape[1] % 32 == 0:
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.mark.parametrize("kind", ["ltx-0.9.5", "wan-2.1-t2v", "wan-vace", "hunyuan"])
def test_a_packed_file_makes_nearly_the_same_takes(
    kind: str,
    pipelines: dict[str, Path],
    tmp_path: Path,
    state_folder: Path,
    request_of: Callable[..., ChunkRequest],
    runner: Callable[..., Runner],
) -> None:
    file = packed(pipelines[kind], tmp_path / "small.gguf")
    assert assemble(state_folder, file, pipelines[kind])["name"] == "small"
    made = folder_of("small", state_folder)
    check_folder(made)
    assert (made / "transformer" / PACKED).samefile(file)  # no room is taken twice
    model, request = load_model("small", state_folder), request_of(frames=9)
    frames = model.make_chunk(request, QUIET).astype(int)
    assert np.array_equal(frames, model.make_chunk(request, QUIET))
    whole = runner(kind).make_chunk(request, QUIET).astype(int)
    assert 0 < np.abs(frames - whole).mean() < 8


def test_the_weights_stay_packed_and_are_counted_so(
    pipelines: dict[str, Path], tmp_path: Path, state_folder: Path
) -> None:
    file = packed(pipelines["ltx-0.9.5"], tmp_path / "small.gguf")
    assemble(state_folder, file, pipelines["ltx-0.9.5"])
    needs = needs_of(folder_of("small", state_folder), (64, 64), 9)
    assert needs.packed
    assert needs.transformers == (file.stat().st_size,)
    plans = all_plans(needs, Machine(64 * GIB, 24 * GIB, (9, 0), frozenset({"torchao", "bitsandbytes"})))
    assert [plan.name for plan in plans] == ["whole", "aside", "parts", "cpu", "cpu-aside"]
    model = load_model("small", state_folder)
    assert isinstance(model, Runner)
    kinds = {parameter.dtype for parameter in model._family.loaded.transformer.parameters()}  # type: ignore[union-attr]
    assert torch.uint8 in kinds


def _claims(file: Path, *counts: int) -> None:
    file.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, *counts) + b"\0" * 64)


def test_files_that_are_damaged_or_lie_are_refused(
    pipelines: dict[str, Path], tmp_path: Path, state_folder: Path
) -> None:
    folder = pipelines["ltx-0.9.5"]
    file = packed(folder, tmp_path / "small.gguf")
    whole = file.read_bytes()
    for size in (0, 3, 20, 200, len(whole) // 2, len(whole) - 64):
        file.write_bytes(whole[:size])
        with pytest.raises(InputError, match="cut off or damaged"):
            assemble(state_folder, file, folder)
    for counts in ((1 << 60, 0), (0, 1 << 60), (0, 0), (1, 1)):
        _claims(file, *counts)
        with pytest.raises(InputError, match=r"cut off or damaged|does not hold"):
            assemble(state_folder, file, folder)
    packed(pipelines["hunyuan"], file)
    with pytest.raises(InputError, match="does not hold the weights"):
        assemble(state_folder, file, folder)
    assert registered(state_folder) == {}


def test_one_that_is_cut_off_later_is_told_before_it_is_loaded(
    pipelines: dict[str, Path], tmp_path: Path, state_folder: Path
) -> None:
    file = packed(pipelines["ltx-0.9.5"], tmp_path / "small.gguf", HALF)
    assemble(state_folder, Path(shutil.copyfile(file, tmp_path / "other.gguf")), pipelines["ltx-0.9.5"], "small")
    inside = folder_of("small", state_folder) / "transformer" / PACKED
    inside.write_bytes(file.read_bytes()[:-64])
    with pytest.raises(InputError, match="cut off or damaged"):
        load_model("small", state_folder)
