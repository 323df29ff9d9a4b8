"""Clips gone on from by models that lack an ability, through the door that a user's folder takes.

The engine, the worker and the diffusers pipelines are real; only their weights are random, and few.
"""

import json
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.writing import MovieWriter
from shotwright.core.timing import Rate

from ..timeline.operations.drawing import film
from .conftest import Command

pytestmark = pytest.mark.usefixtures("engine_ends")
SIZE, RATE = (96, 64), 24


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mov"
    with MovieWriter(path, SIZE, Rate.parse(RATE), "prores", 86400) as movie:
        for number in range(12):
            movie.write(np.full((*SIZE[::-1], 3), 40 + 3 * number, np.uint8))
    return path


def _levels(path: Path) -> list[int]:
    return [round(float(frame.mean())) for frame in read_frames(path, own_colour=True)]


def _notices(said: dict[str, object]) -> list[str]:
    """The notices of an answer, which its recipe has too."""
    found = said["notices"]
    recipe = json.loads(Path(str(said["recipe"])).read_text())
    assert recipe["take"]["plan"]["notices"] == found
    return [str(notice) for notice in found]  # type: ignore[attr-defined]


def test_a_model_that_only_goes_forward(shotwright: Command, clip: Path, pipelines: dict[str, Path]) -> None:
    assert shotwright("models", "add", pipelines["LTXImageToVideoPipeline"], "--name", "ltx", "--json").code == 0
    before = sorted(path.name for path in clip.parent.iterdir())

    tail = shotwright("extend", clip, "--tail", "5", "--model", "ltx", "--json")
    assert tail.code == 0, tail.out
    assert _levels(Path(tail.answer["output"]))[:12] == _levels(clip)
    assert probe(Path(tail.answer["output"])).frames == 17
    (notice,) = _notices(tail.answer)
    assert notice.startswith("The model “ltx” goes on from a still, the last known frame")
    assert notice in tail.err

    for words in (("extend", clip, "--head", "5"), ("reroll", clip, "--from", "0", "--to", "4")):
        refused = shotwright(*words, "--model", "ltx", "--json")
        assert (refused.code, refused.answer["error"]["kind"]) == (1, "refused")
        assert "only goes forward" in refused.answer["error"]["message"]
        assert "--allow-reversed" in refused.answer["error"]["hint"]
    refused = shotwright("bridge", clip, clip, "--frames", "5", "--model", "ltx", "--allow-reversed", "--json")
    assert "can't arrive at another" in refused.answer["error"]["message"]
    assert sorted(path.name for path in clip.parent.iterdir() if "tail5" not in path.name) == before

    head = shotwright("extend", clip, "--head", "5", "--model", "ltx", "--allow-reversed", "--json")
    assert head.code == 0, head.out
    assert _levels(Path(head.answer["output"]))[5:] == _levels(clip)
    assert head.answer["start_timecode"] == "00:59:59:19"
    assert "run backwards" in _notices(head.answer)[0]
    recipe = json.loads(Path(head.answer["recipe"]).read_text())
    assert recipe["take"]["plan"]["reversed"] is True
    assert recipe["take"]["request"]["allow_reversed"] is True
    again = shotwright("reroll", clip, "--from", "0", "--to", "4", "--model", "ltx", "--allow-reversed", "--json")
    assert _levels(Path(again.answer["output"]))[4:] == _levels(clip)[4:]


def test_a_head_is_a_tail_of_the_reversed_clip(
    shotwright: Command, clip: Path, pipelines: dict[str, Path], tmp_path: Path
) -> None:
    shotwright("models", "add", pipelines["LTXImageToVideoPipeline"], "--name", "ltx", "--json")
    turned = tmp_path / "turned.mkv"
    with MovieWriter(turned, SIZE, Rate.parse(RATE), "lossless", 86400) as movie:
        for frame in reversed(list(read_frames(clip))):
            movie.write(frame)
    straight = tmp_path / "straight.mkv"
    with MovieWriter(straight, SIZE, Rate.parse(RATE), "lossless", 86400) as movie:
        for frame in read_frames(clip):
            movie.write(frame)
    words = ("--model", "ltx", "--seed", "3", "--json", "--allow-reversed")
    head = shotwright("extend", straight, "--head", "6", *words)
    tail = shotwright("extend", turned, "--tail", "6", *words)
    assert head.code == tail.code == 0, head.out + tail.out
    made = list(read_frames(Path(head.answer["output"])))[:6]
    mirrored = list(read_frames(Path(tail.answer["output"])))[-6:]
    for one, other in zip(made, reversed(mirrored), strict=True):
        assert np.abs(one.astype(int) - other).mean() < 1
    assert np.abs(made[0].astype(int) - made[5]).mean() > 1  # it moves, so that the order is told


def test_a_model_that_knows_both_ends_bridges_with_stills(
    shotwright: Command, clip: Path, pipelines: dict[str, Path]
) -> None:
    assert shotwright("models", "add", pipelines["WanImageToVideoPipeline"], "--name", "wan", "--json").code == 0
    done = shotwright("bridge", clip, clip, "--frames", "10", "--model", "wan", "--json")
    assert done.code == 0, done.out
    own = _levels(clip)
    found = _levels(Path(done.answer["output"]))
    assert (found[:12], found[22:], len(found)) == (own, own, 34)
    assert "leads from one still to another" in _notices(done.answer)[0]
    looped = shotwright("loop", clip, "--frames", "6", "--model", "wan", "--json")
    assert (looped.code, looped.answer["frames_new"]) == (0, 6)
    refused = shotwright("restyle", clip, "--prompt", "Snow.", "--model", "wan", "--json")
    assert "holds known frames exactly or not at all" in refused.answer["error"]["message"]


def test_a_model_of_words_alone_can_not_go_on(shotwright: Command, clip: Path, pipelines: dict[str, Path]) -> None:
    shotwright("models", "add", pipelines["wan-2.2-t2v"], "--name", "words", "--json")
    refused = shotwright("extend", clip, "--tail", "5", "--model", "words", "--allow-reversed", "--json")
    assert (refused.code, refused.answer["error"]["kind"]) == (1, "refused")
    assert "can't follow known frames" in refused.answer["error"]["message"]


def test_an_edit_is_told_too(shotwright: Command, pipelines: dict[str, Path], tmp_path: Path) -> None:
    shotwright("models", "add", pipelines["WanImageToVideoPipeline"], "--name", "wan", "--json")
    for name in "AB":
        with MovieWriter(tmp_path / f"{name}.mov", SIZE, Rate.parse(RATE), "prores", 100) as movie:
            for number in range(12):
                movie.write(np.full((*SIZE[::-1], 3), 40 + 3 * number, np.uint8))
    cut = tmp_path / "cut.otio"
    otio.adapters.write_to_file(film("V1 A:12{0,0} .:6 B:12{0,0}"), str(cut))
    bridged = shotwright("bridge", cut, "--after", "A", "--model", "wan", "--json")
    assert bridged.code == 0, bridged.out
    assert "leads from one still to another" in bridged.answer["notices"][0]
    longer = shotwright("extend", cut, "--clip", "A", "--tail", "3", "--model", "wan", "--json")
    assert longer.code == 0, longer.out
    assert "goes on from a still" in longer.answer["notices"][0]
