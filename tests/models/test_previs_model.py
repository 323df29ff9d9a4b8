"""The model that comes with the package: its limits are its weights', its takes need neither world nor captioner."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.previs.layers import Moves
from shotwright.core.models.previs.model import PrevisModel
from shotwright.core.models.previs.text import Vocabulary
from shotwright.core.models.previs.weight_files import FOLDER, read_part
from shotwright.core.models.previs_model import LIMITS, Previs

_ALONE = """
import sys
from shotwright.core.models.previs_model import Previs
Previs()
print([name for name in sys.modules if "previs.world" in name or "previs.training" in name])
"""


def _request(words: str = "WIDE. EXT. DESERT - SUNSET.", seed: int = 1) -> ChunkRequest:
    size, frames, rate = (256, 144), 12, LIMITS.rates[0]
    known = np.zeros((frames, size[1], size[0], 3), np.uint8)
    none = np.zeros(frames, np.bool_)
    keep = np.ones(frames, np.float32)
    return ChunkRequest(words, "", size, rate, frames, seed, known, none, none.copy(), keep, steps=6)


def test_the_weights_are_small_enough_to_ship_and_have_learnt() -> None:
    files = [path.stat().st_size for path in FOLDER.glob("*.safetensors")]
    assert sum(files) <= 32_000_000
    assert max(files) <= 15_000_000
    assert all(read_part(part)[1]["samples"] > 10_000 for part in ("moves", "plate", "elements"))


def test_loading_it_brings_neither_world_nor_captioner() -> None:
    done = subprocess.run([sys.executable, "-c", _ALONE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_light_follows_the_words() -> None:
    model = Previs()
    day, night, sunset = (
        model.make_chunk(_request(f"WIDE. EXT. DESERT - {time}."), lambda *_: None).mean((0, 1, 2))
        for time in ("DAY", "NIGHT", "SUNSET")
    )
    assert day.mean() > 1.5 * night.mean()
    assert sunset[0] - sunset[2] > day[0] - day[2]  # redder


def test_a_known_frame_is_gone_on_from() -> None:
    model, request = Previs(), _request("")
    request.known[:4] = (210, 60, 40)
    request.frame_known[:4] = True
    assert request.rate.fraction == 24
    frames = model.make_chunk(request, lambda *_: None).astype(int)
    assert np.abs(frames[5].mean((0, 1)) - (210, 60, 40)).max() < 40


def _blocked(places: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A plain with a box on it whose middle is so far across the picture, as a host draws depth: even in distance."""
    width, height = size
    below = np.maximum(np.linspace(-0.5, 0.5, height), 0.02)[:, None]
    away = np.where(below > 0.02, 0.25 / below, np.inf) * np.ones((1, width))
    frames = []
    for place in places:
        grey = np.clip((12 - away) / 11.5, 0, 1)
        middle = round(float(place) * width)
        grey[round(0.45 * height) : round(0.62 * height), max(0, middle - 28) : middle + 28] = (12 - 2.1) / 11.5
        frames.append(np.repeat((grey * 255).astype(np.uint8)[..., None], 3, 2))
    return np.stack(frames)


@pytest.mark.parametrize("way", [1, -1])
def test_a_thing_goes_where_depth_has_it(way: int) -> None:
    request, places = _request("EXT. DESERT - DAY. A red car."), np.linspace(0.25, 0.75, 12)[::way]
    frames = Previs().make_chunk(replace(request, depth=_blocked(places, request.size)), lambda *_: None).astype(int)
    red = np.clip(frames[..., 0] - np.maximum(frames[..., 1], frames[..., 2]) - 60, 0, None).sum(1)
    found = (red * np.arange(request.size[0])).sum(1) / red.sum(1) / request.size[0]
    assert np.abs(found - places).max() < 0.08


def test_any_words_at_all_make_a_picture() -> None:
    model = Previs()
    for words in ("", "x" * 10_000, "砂漠の夕暮れ", "\x00\ud800"):
        assert model.make_chunk(_request(words), lambda *_: None).shape == (12, 144, 256, 3)
    assert Vocabulary.split("Ünïcode") == ["n", "code"]


def test_the_same_request_gives_the_same_frames_at_any_rate() -> None:
    model = Previs()
    for rate in LIMITS.rates:
        request = replace(_request("WIDE, pan right. EXT. SEA - DAY. A red boat drifts."), rate=rate)
        first, again = (model.make_chunk(request, lambda *_: None) for _ in range(2))
        assert np.array_equal(first, again)


def _plans(words: str, seeds: int = 6) -> list[Moves]:
    """What is planned for words, of as many seeds."""
    model = PrevisModel.load()
    return [model.layers(words, 3.0, None, seed, 4, 1.5).moves for seed in range(seeds)]


@pytest.mark.parametrize("does", ["sits by the lamp", "reads a letter", "drinks her coffee", "listens"])
def test_who_does_what_can_not_be_drawn_stays(does: str) -> None:
    plans = _plans(f"Medium, static. INT. KITCHEN - NIGHT. EDDA (60s, green coat) {does}.")
    there = [plan.elements[0] for plan in plans]
    assert sum(who is not None and float(np.ptp(who.x)) < 0.2 for who in there) >= 5


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("A man in a red coat walks past the shops.", 1),
        ("As the camera pans left, a woman in blue hurries away.", 1),
        ("We see a yellow dog at the beach; a yellow dog runs.", 1),
        ("A man in red stands. A woman in green walks to the left.", 2),
    ],
)
def test_as_many_come_as_are_named(words: str, who: int) -> None:
    counts = [sum(element is not None for element in plan.elements) for plan in _plans(words)]
    assert counts.count(who) >= 5
