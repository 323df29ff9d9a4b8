"""Pipelines that are declared in files: those that come with the program, a user's own, and hostile ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import tomlkit
from shotwright.core.errors import InputError, ModelError
from shotwright.core.models.catalogue import add_model
from shotwright.core.models.diffusers_folder import FamilyModel, load_pipeline
from shotwright.core.models.families import checkpoints, variants
from shotwright.core.models.families.profile_file import read_variants
from shotwright.core.models.folder_profile import PROFILE, profile_of

from .asking import words

ROOT = Path(__file__).parents[3]
MOCHI = """
name = "mine"
family = "mine"
ways = { text = "MochiPipeline" }
rates = [30, 24]
size = [64, 64]
size_multiple = 16
frames = [7, 85, 6]
steps = [2, 3, 4]
guidance = 4.5
"""


def _profile(tmp_path: Path, **changes: object) -> Path:
    told = tomlkit.parse(MOCHI)
    for key, value in changes.items():
        if value is None:
            del told[key]
        else:
            told[key] = value
    path = tmp_path / PROFILE
    path.write_text(tomlkit.dumps(told))
    return path


def test_what_is_declared_is_what_the_planner_is_told(tmp_path: Path) -> None:
    (kind,) = read_variants(_profile(tmp_path, licence={"name": "MIT"}, sound=True))
    limits = kind.limits
    assert (limits.shortest_chunk, limits.longest_chunk, limits.frame_step, limits.frame_offset) == (7, 85, 6, 1)
    assert [limits.chunk_frames(count) for count in (1, 8, 13, 400)] == [7, 13, 13, 85]
    assert (limits.sizes, limits.size_multiple) == (((64, 64),), 16)
    assert [str(rate) for rate in limits.rates] == ["30", "24"]
    assert (limits.default_steps, limits.default_guidance, limits.jobs) == (3, 4.5, {"text": "native"})
    assert (kind.licence.name, kind.sound, kind.folders) == ("its own: see its folder", True, ("MochiPipeline",))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "../x"}, "wrong “name”"),
        ({"family": 3}, "wrong “family”"),
        ({"ways": {"text": "os.system"}}, "wrong “text”"),
        ({"ways": {"text": "FluxTransformer"}}, "wrong “text”"),
        ({"ways": {"fly": "MochiPipeline"}}, "wrong “ways”"),
        ({"ways": {}}, "wrong “ways”"),
        ({"ways": None}, "lacks “ways”"),
        ({"rates": []}, "wrong “rates”"),
        ({"rates": [0]}, "wrong “rates”"),
        ({"rates": ["24"]}, "wrong “rates”"),
        ({"frames": [7, 85]}, "wrong “frames”"),
        ({"frames": [7, 86, 6]}, "wrong “frames”"),
        ({"frames": [85, 7, 6]}, "wrong “frames”"),
        ({"frames": [7.5, 85, 6]}, "wrong “frames”"),
        ({"frames": [7, 10**9, 6]}, "wrong “frames”"),
        ({"size": [63, 64]}, "multiples"),
        ({"size": [64, -64]}, "wrong “size”"),
        ({"size": None}, "lacks “size”"),
        ({"sizes": []}, "sizes"),
        ({"size_multiple": -16}, "multiples"),
        ({"steps": [1, 2]}, "wrong “steps”"),
        ({"steps": [0, 2, 3]}, "wrong “steps”"),
        ({"guidance": True}, "wrong “guidance”"),
        ({"guidance": None}, "wrong “guidance”"),
        ({"options": {"prompt": "x"}}, "can't be one"),
        ({"options": {"__class__": 1}}, "can't be one"),
        ({"options": {"callback": [1]}}, "can't be one"),
        ({"folders": ["__import__"]}, "wrong “folders”"),
        ({"licence": {"name": 3}}, "wrong “name”"),
        ({"sound": 1}, "wrong “sound”"),
        ({"heeds_negative": "no"}, "wrong “heeds_negative”"),
        ({"checkpoints": [1]}, "wrong “checkpoints”"),
        ({"checkpoints": [{"name": "a", "repository": "a b"}]}, "wrong “repository”"),
        ({"shell": "rm"}, "“shell”, which says nothing"),
        ({"variants": [1]}, "wrong “variants”"),
        ({"variants": []}, "wrong “variants”"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_with_what_is_wrong(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words) as refused:
        read_variants(_profile(tmp_path, **changes))
    assert PROFILE in refused.value.message
    assert "docs/models.md" in refused.value.hint


@pytest.mark.parametrize(
    "text", [b"= 3", b"\xff\xfe", b"[" * 5000, b"a = 1\na = 2", b"x = " + b"[" * 30000, b"#" * 70000]
)
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / PROFILE
    path.write_bytes(text)
    with pytest.raises(InputError, match=PROFILE):
        read_variants(path)
    with pytest.raises(InputError):
        read_variants(tmp_path / "none.toml")


@pytest.mark.filterwarnings("ignore:In CPU autocast")
def test_a_user_declares_a_pipeline_beside_its_weights(pipelines: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "mochi"
    folder.mkdir()
    for path in pipelines["mochi-1"].iterdir():
        (folder / path.name).symlink_to(path)
    _profile(folder, options={"max_sequence_length": 16})
    kind = profile_of(folder)
    assert (kind.name, kind.limits.sizes) == ("mine", ((64, 64),))
    model = FamilyModel("mine", kind, load_pipeline("mine", folder))
    assert model.arguments(words(kind))[1]["max_sequence_length"] == 16
    assert model.make_chunk(words(kind), lambda *_: None).shape == (7, 64, 64, 3)
    _profile(folder, ways={"text": "EvilPipeline"})
    with pytest.raises(ModelError, match="EvilPipeline, which diffusers has not"):
        FamilyModel("mine", profile_of(folder), model.loaded).make_chunk(words(kind), lambda *_: None)
    _profile(folder, ways={"text": "StableDiffusionUpscalePipeline"})
    with pytest.raises(ModelError, match="lacks a part"):
        FamilyModel("mine", profile_of(folder), model.loaded).make_chunk(words(kind), lambda *_: None)


def test_a_folder_says_which_published_weights_it_holds(pipelines: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "ltx"
    folder.mkdir()
    for path in pipelines["ltx-0.9.5"].iterdir():
        (folder / path.name).symlink_to(path)
    (folder / PROFILE).write_text('checkpoint = "ltx-0.9.8-13b-distilled"\n')
    assert profile_of(folder).limits.default_steps == 8
    for told in ('checkpoint = "wan2.2-ti2v-5b"', 'checkpoint = "none"', "checkpoint = 3", 'checkpoint = "x"\na = 1'):
        (folder / PROFILE).write_text(told)
        with pytest.raises(InputError) as refused:
            profile_of(folder)
        assert PROFILE in refused.value.message + refused.value.hint


def test_names_are_each_of_one_kind_and_tell_their_licence() -> None:
    names = [checkpoint.name for checkpoint, _ in checkpoints()]
    assert len(names) == len(set(names))
    kinds = [kind.name for kind in variants()]
    assert len(kinds) == len(set(kinds))
    for checkpoint, kind in checkpoints():
        assert checkpoint.licence.name
        assert checkpoint.licence.url.startswith("https://")
        assert checkpoint.licence.limits or checkpoint.licence.name in ("Apache-2.0", "MIT")
        assert checkpoint.memory("4bit") < checkpoint.memory("fp8") < checkpoint.memory("bf16")
        assert kind.checkpoints == (checkpoint,)
        assert set(kind.speeds) == {"draft", "normal", "final"}


def test_the_table_of_the_docs_is_the_data() -> None:
    said = (ROOT / "docs/models.md").read_text(encoding="utf-8")
    for kind in variants():
        native = ", ".join(job for job, how in kind.limits.jobs.items() if how == "native")
        lifted = ", ".join(job for job, how in kind.limits.jobs.items() if how == "lifted")
        rates = ", ".join(str(rate) for rate in kind.limits.rates)
        width, height = kind.limits.sizes[0]
        frames = f"{kind.limits.shortest_chunk} to {kind.limits.longest_chunk} by {kind.limits.frame_step}"
        row = f"| `{kind.name}` | {native} | {lifted} | {kind.conditioning} | {width}x{height} | {frames} | {rates} |"
        assert row in said, row
    for checkpoint, _ in checkpoints():
        gigabytes = " / ".join(f"{checkpoint.memory(kept) / 1e9:.0f}" for kept in ("bf16", "fp8", "4bit"))
        row = f"| `{checkpoint.name}` | {checkpoint.repository} | {checkpoint.licence.name} | {gigabytes} |"
        assert row in said, row


def test_hunyuan_video_1_5_leaves_its_sizes_as_they_are() -> None:
    """From a picture it chooses the size itself: others would come out unlike what was asked for."""
    from diffusers.pipelines.hunyuan_video1_5.image_processor import HunyuanVideo15ImageProcessor

    choose = HunyuanVideo15ImageProcessor(vae_scale_factor=16).calculate_default_height_width
    for kind in variants():
        if kind.family == "hunyuan-1.5" and not kind.limits.size_multiple:
            target = 960 if "720p" in kind.name else 640
            assert [choose(height, width, target)[::-1] for width, height in kind.limits.sizes] == list(
                kind.limits.sizes
            )


def test_the_list_needs_no_torch() -> None:
    code = (
        "import sys; from shotwright.core.models import families, folder_profile; families.variants();"
        "sys.exit(bool({'torch', 'diffusers', 'transformers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_part_that_comes_from_elsewhere_is_refused(
    pipelines: dict[str, Path], tmp_path: Path, state_folder: Path
) -> None:
    index = json.loads((pipelines["ltx-0.9.0"] / "model_index.json").read_text())
    (tmp_path / "model_index.json").write_text(json.dumps({**index, "vae": ["antigravity", "AutoencoderKL"]}))
    with pytest.raises(InputError, match="antigravity"):
        add_model(state_folder, tmp_path, "bad")
