"""The previs model as a pipeline of diffusers: saved and loaded as others are, the same frames as the model's own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from shotwright.core.errors import StoppedError
from shotwright.core.models.previs.model import PrevisModel
from shotwright.core.models.previs.shooting import Known, Shooting

_SIZE = {"width": 128, "height": 72, "num_frames": 8, "num_inference_steps": 2}
_WORDS = "a red car, pan left"


@pytest.fixture(scope="module")
def saved(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from shotwright.core.models.previs_pipeline import PrevisPipeline

    folder = tmp_path_factory.mktemp("pipeline")
    PrevisPipeline.of_package(tiny_weights).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def pipe(saved: Path) -> Any:
    from shotwright.core.models.previs_pipeline import PrevisPipeline

    loaded = PrevisPipeline.from_pretrained(saved, local_files_only=True, use_safetensors=True)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def _seed(number: int) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def test_it_is_saved_as_diffusers_saves_pipelines(saved: Path) -> None:
    index = json.loads((saved / "model_index.json").read_text())
    assert index["_class_name"] == "PrevisPipeline"
    for part in ("reader", "eye", "moves", "plate", "elements"):
        assert (saved / part / "config.json").is_file()
        assert (saved / part / "diffusion_pytorch_model.safetensors").is_file()
    assert json.loads((saved / "scheduler" / "scheduler_config.json").read_text())["first_logit"] == -5
    assert not [path for path in saved.rglob("*") if path.suffix in (".bin", ".pt", ".pkl")]


def test_loaded_again_it_makes_what_the_model_makes(pipe: Any, tiny: PrevisModel) -> None:
    frames = pipe(_WORDS, generator=_seed(3), **_SIZE).frames
    assert frames.shape == (1, 8, 72, 128, 3)
    none = np.zeros(8, np.bool_)
    shot = Shooting(tiny, _WORDS, 24.0, 3, 2, 1.5)
    own = shot.frames(Known((128, 72), {}, none, none, np.ones(8, np.float32)), lambda *_: None)
    assert np.abs(frames[0] * 255 - own).max() < 1
    assert not np.array_equal(frames, pipe(_WORDS, generator=_seed(4), **_SIZE).frames)


def test_known_frames_are_kept_and_drawings_heard(pipe: Any) -> None:
    picture = np.full((72, 128, 3), (200, 90, 20), np.uint8)
    known = pipe(_WORDS, known={0: picture}, generator=_seed(3), **_SIZE).frames
    assert np.abs(known[0, 0] * 255 - picture).max() < 1
    drawn = pipe(_WORDS, panels={4: picture}, generator=_seed(3), **_SIZE).frames
    assert not np.allclose(drawn, pipe(_WORDS, generator=_seed(3), **_SIZE).frames)


def test_each_step_is_told_and_may_end_it(pipe: Any) -> None:
    steps = []

    def tell(_pipe: Any, step: int, level: float, kept: dict[str, Any]) -> dict[str, Any]:
        assert kept["preview"].shape[-1] == 3
        steps.append((step, level))
        if step == 3:
            raise StoppedError("enough")
        return kept

    with pytest.raises(StoppedError):
        pipe(_WORDS, generator=_seed(3), callback_on_step_end=tell, **_SIZE)
    assert [step for step, _ in steps] == [0, 1, 2, 3]


def test_pictures_are_given_where_asked_for(pipe: Any) -> None:
    frames = pipe(_WORDS, generator=_seed(3), output_type="pil", return_dict=False, **_SIZE)[0]
    assert [picture.size for picture in frames[0]] == [(128, 72)] * 8
