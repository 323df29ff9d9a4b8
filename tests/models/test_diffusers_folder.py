"""The same door that a user's pipeline takes, with real classes: exact frames, the first frame, cancelling."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import InputError, NotFoundError, RefusedError, StoppedError
from shotwright.core.models.base import ChunkRequest, VideoModel
from shotwright.core.models.catalogue import add_model, limits_of, list_models, remove_model
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.loading import load_model
from shotwright.core.planner import plan
from shotwright.core.protocol import Known, MediaRange, Prompt, TakeRequest
from shotwright.core.timing import FrameRange, Rate


def _request(picture: bool = False, seed: int = 4) -> ChunkRequest:
    known = np.zeros((9, 64, 64, 3), np.uint8)
    known[0] = 200
    given = np.zeros(9, np.bool_)
    given[0] = picture
    return ChunkRequest(
        "a red car",
        "",
        (64, 64),
        Rate.parse(24),
        9,
        seed,
        known,
        given,
        np.zeros(9, np.bool_),
        np.ones(9, np.float32),
        steps=2,
    )


@pytest.fixture(params=["LTXPipeline", "LTXImageToVideoPipeline", "WanImageToVideoPipeline"])
def model(request: pytest.FixtureRequest, pipelines: dict[str, Path], state_folder: Path) -> VideoModel:
    add_model(state_folder, pipelines[request.param], "mine")
    return load_model("mine", state_folder)


def test_it_makes_the_frames_asked_for_the_same_every_time(model: VideoModel) -> None:
    request = _request(picture=bool(model.limits.stills))
    steps: list[tuple[int, int]] = []
    frames = model.make_chunk(request, lambda done, of, _picture: steps.append((done, of)))
    assert frames.shape == (9, 64, 64, 3)
    assert frames.dtype == np.uint8
    assert steps[:2] == [(1, 3), (2, 3)]
    assert set(steps[2:]) == {(3, 3)}  # the decode counts as one more
    assert np.array_equal(frames, model.make_chunk(request, lambda *_: None))
    other = model.make_chunk(replace(request, seed=5), lambda *_: None)
    assert not np.array_equal(frames, other)


def test_the_picture_it_goes_on_from_is_heard(pipelines: dict[str, Path], state_folder: Path) -> None:
    add_model(state_folder, pipelines["LTXImageToVideoPipeline"], "mine")
    model = load_model("mine", state_folder)
    request = _request(picture=True)
    dark = replace(request, known=np.zeros_like(request.known))
    assert not np.array_equal(model.make_chunk(request, lambda *_: None), model.make_chunk(dark, lambda *_: None))


def test_the_picture_it_arrives_at_is_heard(pipelines: dict[str, Path], state_folder: Path) -> None:
    row = add_model(state_folder, pipelines["WanImageToVideoPipeline"], "mine")
    assert row["jobs"] == ["image", "extend", "head", "bridge", "loop", "reroll", "panels"]
    model = load_model("mine", state_folder)
    forward = _request(picture=True)
    arriving = replace(forward, frame_known=np.arange(9) % 8 == 0)
    dark, bright = (replace(arriving, known=np.where(np.arange(9)[:, None, None, None] == 8, level, forward.known))
                    for level in (np.uint8(0), np.uint8(250)))  # fmt: skip
    made = [model.make_chunk(request, lambda *_: None) for request in (forward, dark, bright)]
    assert not any(np.array_equal(one, other) for one, other in ((made[0], made[1]), (made[1], made[2])))


@pytest.mark.parametrize(
    ("transformer", "index", "stills"),
    [
        ({"image_dim": None, "pos_embed_seq_len": None}, {}, {"first", "both"}),  # Wan 2.2
        ({"image_dim": 1280, "pos_embed_seq_len": None}, {}, {"first"}),  # Wan 2.1
        ({"image_dim": 1280, "pos_embed_seq_len": 514}, {}, {"both"}),  # Wan 2.1, first and last
        ({"image_dim": None}, {"expand_timesteps": True}, {"first", "none"}),  # TI2V-5B
    ],
)
def test_which_pictures_a_wan_folder_heeds_is_read_off_its_files(
    transformer: dict[str, object], index: dict[str, object], stills: set[str], tmp_path: Path
) -> None:
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "WanImageToVideoPipeline", **index}))
    (tmp_path / "transformer").mkdir()
    (tmp_path / "transformer" / "config.json").write_text(json.dumps(transformer))
    limits = profile_of(tmp_path).limits
    assert limits.stills == stills
    assert limits.size_multiple == (32 if "expand_timesteps" in index else 16)


@pytest.mark.parametrize("transformer", ["[]", "", "{", "3", None])
def test_a_folder_whose_parts_tell_nothing_is_refused(tmp_path: Path, transformer: str | None) -> None:
    (tmp_path / "model_index.json").write_text('{"_class_name": "WanImageToVideoPipeline"}')
    (tmp_path / "transformer").mkdir()
    if transformer is not None:
        (tmp_path / "transformer" / "config.json").write_text(transformer)
    with pytest.raises(InputError, match=r"broken|lacks its transformer"):
        profile_of(tmp_path)


def test_a_stop_ends_it_within_the_step(model: VideoModel) -> None:
    def stop(done: int, _of: int, _picture: object) -> None:
        assert done == 1
        raise StoppedError("Stopped.")

    with pytest.raises(StoppedError):
        model.make_chunk(_request(picture=bool(model.limits.stills)), stop)


def _asked(*known: Known) -> TakeRequest:
    return TakeRequest((Prompt("a red car"),), 24, Rate.parse(25), (128, 64), known=known)


def test_a_model_that_begins_with_a_picture_is_refused_anything_else(
    pipelines: dict[str, Path], state_folder: Path
) -> None:
    add_model(state_folder, pipelines["LTXImageToVideoPipeline"], "mine")
    limits = limits_of("mine", state_folder)
    still = MediaRange("0" * 64)
    for known in ((), (Known(FrameRange(0, 1), still),), (Known(FrameRange(0, 1), still, "panel"),)):
        plan(_asked(*known), limits)
    for known in ((Known(FrameRange(5, 6), still),), (Known(FrameRange(0, 1), still, "depth"),)):
        with pytest.raises(RefusedError):
            plan(_asked(*known), limits)


def test_a_model_of_words_alone_is_refused_pictures(pipelines: dict[str, Path], state_folder: Path) -> None:
    add_model(state_folder, pipelines["wan-2.2-t2v"], "mine")
    with pytest.raises(RefusedError):
        plan(_asked(Known(FrameRange(0, 1), MediaRange("0" * 64))), limits_of("mine", state_folder))


def test_models_are_listed_added_and_forgotten(pipelines: dict[str, Path], state_folder: Path) -> None:
    assert [row["name"] for row in list_models(state_folder)] == ["previs"]
    add_model(state_folder, pipelines["LTXPipeline"])
    rows = {row["name"]: row for row in list_models(state_folder)}
    assert rows["LTXPipeline"]["jobs"] == ["text", "image", "extend", "head", "panels"]
    assert {"name", "family", "jobs", "limits", "licence", "fits"} <= set(rows["LTXPipeline"])
    with pytest.raises(RefusedError):
        add_model(state_folder, pipelines["LTXPipeline"])
    remove_model(state_folder, "LTXPipeline")
    with pytest.raises(NotFoundError):
        load_model("LTXPipeline", state_folder)
    assert pipelines["LTXPipeline"].is_dir()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "unet.ckpt", "run_me.py"])
def test_a_folder_that_could_run_code_is_refused(tmp_path: Path, state_folder: Path, name: str) -> None:
    (tmp_path / "model_index.json").write_text('{"_class_name": "LTXPipeline"}')
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError, match="could run code"):
        add_model(state_folder, tmp_path, "bad")


@pytest.mark.parametrize("index", ["", "{", "[]", "null", '{"_class_name": 3}', '{"_class_name": "EvilPipeline"}'])
def test_a_broken_or_unknown_folder_is_refused(tmp_path: Path, state_folder: Path, index: str) -> None:
    (tmp_path / "model_index.json").write_text(index)
    with pytest.raises(InputError):
        add_model(state_folder, tmp_path, "bad")


def test_a_folder_that_lost_its_weights_says_so(pipelines: dict[str, Path], tmp_path: Path, state_folder: Path) -> None:
    folder = Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "mine"))
    add_model(state_folder, folder)
    (folder / "transformer" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(InputError, match="transformer” has no weights"):
        load_model("mine", state_folder)
    with pytest.raises(InputError, match="transformer” has no weights"):
        add_model(state_folder, folder, "again")
