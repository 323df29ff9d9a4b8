"""`extend` and its kin on movies, end to end: the real engine and worker, with the fake model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.writing import MovieWriter
from shotwright.core.timing import Rate

from .conftest import Command

SIZE = (192, 108)


@pytest.fixture(autouse=True)
def engine(start_engine: Callable[..., Any]) -> None:
    start_engine()


def _disc(number: int) -> np.ndarray:
    """A textured disc that moves three pixels a frame, cut out of nothing: R'G'B' and alpha."""
    texture = np.random.default_rng(0).integers(60, 200, (12, 12, 3)).astype(np.uint8)
    x = 40 + 3 * number
    matte = cv2.circle(np.zeros(SIZE[::-1], np.uint8), (x, 54), 24, 255, -1, cv2.LINE_AA)
    picture = np.zeros((*SIZE[::-1], 3), np.uint8)
    picture[30:78, x - 24 : x + 24] = cv2.resize(texture, (48, 48), interpolation=cv2.INTER_CUBIC)
    return np.dstack([(picture * (matte[..., None] / 255)).astype(np.uint8), matte])


@pytest.mark.parametrize("side", ["tail", "head"])
def test_a_matte_goes_on_with_what_it_cuts_out(shotwright: Command, tmp_path: Path, side: str) -> None:
    clip = tmp_path / "disc.mov"
    with MovieWriter(clip, SIZE, Rate.parse(24), "prores4444", 3600) as movie:
        for number in range(5, 25):
            movie.write(_disc(number))
    said = shotwright("extend", clip, f"--{side}", "4", "--json")
    assert said.code == 0, said.err
    output = Path(said.answer["output"])
    assert probe(output).alpha
    frames = list(read_frames(output, alpha=True))
    assert len(frames) == 24
    for at, number in zip(
        range(20, 24) if side == "tail" else range(4), range(25, 29) if side == "tail" else range(1, 5), strict=True
    ):
        found, true = frames[at][..., 3] > 128, _disc(number)[..., 3] > 128
        assert (found & true).sum() / (found | true).sum() > 0.95
        assert frames[at][:, :20, 3].max() < 8 or number < 4


def test_a_variable_rate_is_told(shotwright: Command, tmp_path: Path, run_ffmpeg: Callable[..., None]) -> None:
    even, varied = tmp_path / "even.mkv", tmp_path / "phone.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=192x108:rate=30", "-frames:v", 30, "-c:v", "ffv1", even)
    run_ffmpeg("-i", even, "-vf", "select='not(between(n,10,14))'", "-fps_mode", "vfr", "-c:v", "libx264", varied)
    said = shotwright("extend", varied, "--tail", "3", "--json")
    assert said.code == 0, said.err
    assert said.answer["rate"] == "30"
    assert "variable rate" in said.answer["notices"][0]
    assert "variable rate" in said.err


def _levels(path: Path) -> list[int]:
    return [round(float(frame.mean())) for frame in read_frames(path, own_colour=True)]


def test_a_link_of_a_chain_is_made_anew_between_its_neighbours(shotwright: Command, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mov"
    with MovieWriter(clip, SIZE, Rate.parse(24), "prores", 3600) as movie:
        for number in range(12):
            movie.write(np.full((*SIZE[::-1], 3), 40 + number, np.uint8))
    longest = clip
    for number, (side, frames) in enumerate((("tail", 4), ("tail", 5), ("head", 3), ("tail", 6), ("head", 2)), 1):
        said = shotwright(
            "extend", longest, f"--{side}", frames, "--prompt", f"link {number}", "--seed", number, "--json"
        )
        assert said.code == 0, said.err
        longest = Path(said.answer["output"])
    told = said.answer["links"]
    assert [(link["from"], link["to"], link["prompt"]) for link in told] == [
        (0, 2, "link 5"),
        (2, 5, "link 3"),
        (17, 21, "link 1"),
        (21, 26, "link 2"),
        (26, 32, "link 4"),
    ]
    said = shotwright("reroll", longest, "--link", "3", "--seed", "9", "--json")
    assert said.code == 0, said.err
    before, after = _levels(longest), _levels(Path(said.answer["output"]))
    assert len(after) == len(before) == 32
    kept = [n for n in range(32) if n not in range(17, 21)]
    assert [before[n] for n in kept] == [after[n] for n in kept]
    assert said.answer["links"][2] == {"from": 17, "to": 21, "prompt": "link 1", "model": "previs", "seed": 9}
    assert [link["prompt"] for link in said.answer["links"]] == [link["prompt"] for link in told]
    none = shotwright("reroll", longest, "--link", "7", "--json")
    assert none.code == 1 or none.code == 2
    assert "no link 7" in none.out + none.err


def test_a_recipe_of_another_movie_is_not_believed(shotwright: Command, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mov"
    with MovieWriter(clip, SIZE, Rate.parse(24), "prores") as movie:
        for number in range(12):
            movie.write(np.full((*SIZE[::-1], 3), 40 + number, np.uint8))
    for text in ("{", "[" * 100_000, '{"movie": {"name": "clip.mov", "frames": 13}, "links": [{"from": 0, "to": 2}]}'):
        (tmp_path / "clip.mov.recipe.json").write_text(text)
        said = shotwright("extend", clip, "--tail", "2", "--json")
        assert said.code == 0, said.err
        assert [link["from"] for link in said.answer["links"]] == [12]


def test_what_is_larger_than_hd_keeps_its_size(shotwright: Command, tmp_path: Path) -> None:
    clip = tmp_path / "large.mov"
    texture = np.random.default_rng(0).integers(60, 200, (200, 300, 3)).astype(np.uint8)
    large = cv2.resize(texture, (2700, 1800), interpolation=cv2.INTER_CUBIC)
    with MovieWriter(clip, (2560, 1440), Rate.parse(24), "prores", 3600) as movie:
        for number in range(8):
            movie.write(np.ascontiguousarray(large[:1440, 6 * number : 6 * number + 2560]))
    said = shotwright("extend", clip, "--tail", "3", "--json")
    assert said.code == 0, said.err
    assert (said.answer["size"], said.answer["seam"]["verdict"]) == ([2560, 1440], "invisible")
    frames = list(read_frames(Path(said.answer["output"])))
    assert len(frames) == 11
    for number in range(8, 11):
        true = large[:1440, 6 * number : 6 * number + 2560]
        away = np.abs(frames[number].astype(int) - true)[:, :2500]  # what came into view no known frame shows
        assert away.mean() < 4
