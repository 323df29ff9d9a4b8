"""A file of a transformer's weights, in diffusers' own names and in its makers', becomes a pipeline like any other."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from shotwright.core.errors import InputError, RefusedError
from shotwright.core.models.catalogue import folder_of, registered
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.loading import load_model
from shotwright.core.models.store.single_file import assemble
from shotwright.core.models.store.soundness import check_folder
from shotwright.core.models.store.vault import Vault


@pytest.fixture
def rest(pipelines: dict[str, Path], tmp_path: Path) -> Path:
    """A pipeline's folder without its transformer's weights."""
    folder = Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "rest"))
    (folder / "transformer" / "diffusion_pytorch_model.safetensors").unlink()
    return folder


def _weights(folder: Path) -> Path:
    return folder / "transformer" / "diffusion_pytorch_model.safetensors"


@pytest.fixture
def file(pipelines: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copyfile(_weights(pipelines["LTXPipeline"]), tmp_path / "fine.safetensors"))


def test_it_becomes_a_pipeline_of_the_same_weights(
    file: Path, rest: Path, pipelines: dict[str, Path], state_folder: Path
) -> None:
    row = assemble(state_folder, file, rest)
    assert row["name"] == "fine"
    made = folder_of("fine", state_folder)
    check_folder(made)
    wanted, found = load_file(file), load_file(_weights(made))
    assert wanted.keys() == found.keys()
    assert all(np.array_equal(wanted[name], found[name]) for name in wanted)
    vae = "vae/diffusion_pytorch_model.safetensors"
    assert (made / vae).samefile(rest / vae)  # no room is taken twice
    load_model("fine", state_folder)
    assert Vault(state_folder).bytes_of("fine") > 0
    assert file.is_file()
    assert not _weights(rest).exists()


@pytest.mark.parametrize("kind", ["wan-2.1-t2v", "wan-2.2-ti2v-5b", "wan-vace", "ltx-0.9.5", "ltx-2", "hunyuan"])
def test_families_whose_weights_come_in_single_files(
    kind: str, pipelines: dict[str, Path], tmp_path: Path, state_folder: Path
) -> None:
    file = Path(shutil.copyfile(_weights(pipelines[kind]), tmp_path / "mine.safetensors"))
    assemble(state_folder, file, pipelines[kind])
    made = folder_of("mine", state_folder)
    wanted, found = load_file(file), load_file(_weights(made))
    assert wanted.keys() == found.keys()
    assert all(np.array_equal(wanted[name].float(), found[name].float()) for name in wanted)
    assert profile_of(made).name == profile_of(pipelines[kind]).name


@pytest.mark.parametrize("kind", ["cogvideox", "hunyuan-1.5-480p"])
def test_families_whose_weights_do_not(kind: str, pipelines: dict[str, Path], state_folder: Path) -> None:
    with pytest.raises(InputError, match="can't be read from a single file"):
        assemble(state_folder, _weights(pipelines[kind]), pipelines[kind], "mine")


def test_its_makers_names_are_understood(file: Path, rest: Path, tmp_path: Path, state_folder: Path) -> None:
    """LTX-Video's own files call the layers so (diffusers 0.42.1, convert_ltx_transformer_checkpoint_to_diffusers)."""
    named = {
        "model.diffusion_model."
        + name.replace("proj_in", "patchify_proj").replace("time_embed", "adaln_single").replace("norm_q", "q_norm")
        .replace("norm_k", "k_norm"): tensor
        for name, tensor in load_file(file).items()
    }  # fmt: skip
    save_file(named, tmp_path / "theirs.safetensors")
    assemble(state_folder, tmp_path / "theirs.safetensors", rest, "theirs")
    wanted, found = load_file(file), load_file(_weights(folder_of("theirs", state_folder)))
    assert wanted.keys() == found.keys()
    assert all(np.array_equal(wanted[name], found[name]) for name in wanted)


def test_weights_of_another_kind_leave_nothing_behind(
    rest: Path, pipelines: dict[str, Path], state_folder: Path
) -> None:
    other = _weights(pipelines["WanImageToVideoPipeline"])
    with pytest.raises(InputError, match="does not hold the weights"):
        assemble(state_folder, other, rest, "mine")
    assert registered(state_folder) == {}
    assert [path for path in Vault(state_folder).home.rglob("*") if path.suffix not in ("", ".lock")] == []


def test_files_that_are_damaged_or_no_safetensors_are_refused(file: Path, rest: Path, state_folder: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(InputError, match="cut off"):
        assemble(state_folder, file, rest)
    pickle = file.with_suffix(".ckpt")
    pickle.write_bytes(b"\x80\x04.")
    with pytest.raises(InputError, match="no safetensors or GGUF"):
        assemble(state_folder, pickle, rest)


def test_the_rest_must_be_a_whole_pipeline(file: Path, rest: Path, state_folder: Path) -> None:
    shutil.rmtree(rest / "vae")
    with pytest.raises(InputError, match="vae"):
        assemble(state_folder, file, rest)
    with pytest.raises(InputError):
        assemble(state_folder, file, rest / "transformer")


def test_a_folder_of_the_users_own_is_never_taken_for_ours(
    file: Path, rest: Path, state_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTWRIGHT_MODELS", str(tmp_path))
    with pytest.raises(RefusedError, match="lies a folder “rest” already"):
        assemble(state_folder, file, rest, "rest")
    assert Vault(state_folder).bytes_of("rest") == 0
    assert (rest / "model_index.json").is_file()
