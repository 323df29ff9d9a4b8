"""Folders that lack something, or hold something damaged: each is a sentence, and none needs torch to be found."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from shotwright.core.errors import InputError
from shotwright.core.models.store.soundness import check_folder, check_weights_file


@pytest.fixture
def folder(pipelines: dict[str, Path], tmp_path: Path) -> Path:
    """A real pipeline's folder, to be broken."""
    return Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "mine"))


def _weights(folder: Path, part: str = "transformer") -> Path:
    (found,) = (folder / part).glob("*.safetensors")
    return found


def _sharded(folder: Path) -> Path:
    """The transformer's weights as two files, which an index names; the second."""
    part = folder / "transformer"
    _weights(folder).unlink()
    names = [f"diffusion_pytorch_model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    for number, name in enumerate(names):
        save_file({f"layer{number}": np.zeros(8, np.float32)}, part / name)
    told = {"metadata": {"total_size": 64}, "weight_map": {f"layer{number}": name for number, name in enumerate(names)}}
    (part / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(told))
    return part / names[1]


def test_whole_ones_pass(folder: Path, pipelines: dict[str, Path]) -> None:
    for name in ("LTXPipeline", "WanImageToVideoPipeline"):
        check_folder(pipelines[name])
    _sharded(folder)
    check_folder(folder)


@pytest.mark.parametrize("part", ["vae", "text_encoder", "tokenizer", "scheduler"])
def test_a_component_that_is_gone_is_named(folder: Path, part: str) -> None:
    shutil.rmtree(folder / part)
    with pytest.raises(InputError, match=f"its {part} is missing"):
        check_folder(folder)
    (folder / part).mkdir()
    with pytest.raises(InputError, match=part):
        check_folder(folder)


def test_weights_that_are_gone_are_named_unless_they_lie_elsewhere(folder: Path) -> None:
    _weights(folder).unlink()
    with pytest.raises(InputError, match="transformer” has no weights"):
        check_folder(folder)
    check_folder(folder, without="transformer")


def test_settings_that_are_gone_or_broken_are_named(folder: Path) -> None:
    settings = folder / "vae" / "config.json"
    settings.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(InputError, match=r"config.json of “mine/vae” is broken"):
        check_folder(folder)
    settings.unlink()
    with pytest.raises(InputError, match=r"config.json is missing"):
        check_folder(folder)


def test_a_shard_that_is_gone_is_named(folder: Path) -> None:
    shard = _sharded(folder)
    shard.unlink()
    with pytest.raises(InputError, match="00002-of-00002"):
        check_folder(folder)


@pytest.mark.parametrize("told", ["{", "[]", '{"weight_map": 3}', '{"weight_map": {"layer": "../../passwd"}}'])
def test_a_broken_list_of_shards_is_refused(folder: Path, told: str) -> None:
    _sharded(folder)
    (folder / "transformer" / "diffusion_pytorch_model.safetensors.index.json").write_text(told)
    with pytest.raises(InputError):
        check_folder(folder)


@pytest.mark.parametrize("kept", [0, 4, 60, -1])
def test_a_file_that_is_cut_off_is_found(folder: Path, kept: int) -> None:
    path = _weights(folder)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match="cut off or damaged"):
        check_folder(folder)


def test_a_header_that_lies_is_found(folder: Path) -> None:
    path = _weights(folder)
    data = path.read_bytes()
    for wrong in (b"\xff" * 8 + data[8:], data[:8] + b"x" + data[9:], data + b"more", b"<html>no such page</html>"):
        path.write_bytes(wrong)
        with pytest.raises(InputError, match="cut off or damaged"):
            check_weights_file(path)


def test_a_pointer_of_git_lfs_is_told_as_such(folder: Path) -> None:
    path = _weights(folder)
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n")
    with pytest.raises(InputError, match="only a pointer") as raised:
        check_folder(folder)
    assert "git lfs pull" in raised.value.hint


def test_a_component_never_leads_out_of_the_folder(folder: Path) -> None:
    index = folder / "model_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "../vae": ["diffusers", "AutoencoderKL"]}))
    with pytest.raises(InputError, match="no component's name"):
        check_folder(folder)
