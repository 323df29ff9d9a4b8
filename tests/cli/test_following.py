"""`follow`: pictures of a blocking become a shot's next take, through the real engine and worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shotwright.core.media.pictures import write_picture
from shotwright.core.media.reading import read_frames

from .conftest import Command

SHOT = "SC010_SH0010"


@pytest.fixture
def engine(start_engine: Callable[..., Any]) -> None:
    start_engine()


def _drawn(folder: Path, count: int, size: tuple[int, int] = (128, 72)) -> Path:
    for number in range(count):
        write_picture(folder / f"{number:04}.png", np.full((size[1], size[0], 3), 40 + number, np.uint8))
    return folder


def test_it_is_the_shots_next_take_and_plays(engine: None, shotwright: Command, film: Path, tmp_path: Path) -> None:
    assert shotwright("generate", film, "--shot", SHOT, "--json").code == 0
    pictures, depth = _drawn(tmp_path / "frames", 30), _drawn(tmp_path / "depth", 30)
    words = ("follow", film, "--shot", SHOT, "--frames", pictures, "--depth", depth, "--keep", "0.4", "--json")
    done = shotwright(*words)
    assert done.code == 0, done.err
    assert done.answer["shots"] == [{"name": SHOT, "takes": ["TK02"]}]
    takes = shotwright("takes", film, SHOT, "--json").answer["takes"]
    assert [(take["key"], take["active"], take["frames"], take["handle_frames"]) for take in takes] == [
        ("TK01", False, takes[0]["frames"], 12),
        ("TK02", True, 6, 12),
    ]
    levels = [frame.mean() for frame in read_frames(film / takes[1]["media"])]
    assert len(levels) == 30
    assert np.allclose(levels, np.arange(40, 70), atol=3)  # the fake model gives known frames back
    assert shotwright(*words).answer["shots"] == done.answer["shots"]  # the same once more is the same take
    assert shotwright(*words, "--seed", "5").answer["shots"] == [{"name": SHOT, "takes": ["TK03"]}]
    assert shotwright(*words, "--handles", "2").answer["shots"] == [{"name": SHOT, "takes": ["TK04"]}]


@pytest.mark.parametrize(
    ("count", "depths", "words", "said"),
    [
        (24, 24, (), "24 pictures and 24 of depth can't be followed."),
        (30, 29, (), "30 pictures and 29 of depth can't be followed."),
        (30, 30, ("--shot", "SC999"), "There is no shot “SC999”."),
        (0, 0, (), "There are no pictures in “frames”."),
    ],
)
def test_what_can_not_be_followed_is_told(
    count: int,
    depths: int,
    words: tuple[str, ...],
    said: str,
    engine: None,
    shotwright: Command,
    film: Path,
    tmp_path: Path,
) -> None:
    before = (film / "edit.otio").read_bytes()
    pictures, depth = _drawn(tmp_path / "frames", count), _drawn(tmp_path / "depth", depths)
    told = shotwright("follow", film, "--shot", SHOT, "--frames", pictures, "--depth", depth, *words, "--json")
    assert told.code in (1, 2)
    assert told.answer["error"]["message"] == said
    assert (film / "edit.otio").read_bytes() == before


def test_pictures_of_two_sizes_are_told(engine: None, shotwright: Command, film: Path, tmp_path: Path) -> None:
    pictures = _drawn(tmp_path / "frames", 30)
    write_picture(pictures / "0029.png", np.zeros((90, 160, 3), np.uint8))
    told = shotwright("follow", film, "--shot", SHOT, "--frames", pictures, "--json")
    assert told.answer["error"]["message"] == "0029.png is of another size than 0000.png."
