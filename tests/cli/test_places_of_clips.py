"""Where finished clips go: names and folders of all kinds, the sentence where nothing can be written, no file lost."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shotwright.core.media.probe import probe
from shotwright.core.media.writing import MovieWriter
from shotwright.core.timing import Rate

from .conftest import Command


@pytest.fixture(autouse=True)
def engine(start_engine: Callable[..., Any]) -> None:
    start_engine()


def _clip(path: Path) -> Path:
    with MovieWriter(path, (128, 72), Rate.parse(24), "prores", 86400) as movie:
        for number in range(8):
            movie.write(np.full((72, 128, 3), 40 + 2 * number, np.uint8))
    return path


NAMES = ["Ünïcødé 🎬 שלום 日本", "it's “quoted” %04d #&;$*?[x]", " -lead", "two\nlines", "x" * 240, "🎬" * 60]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_names_are_only_names(name: str, shotwright: Command, tmp_path: Path) -> None:
    clip = _clip(tmp_path / f"{name}.mov")
    for words in (("extend", clip, "--tail", "3"), ("bridge", clip, clip, "--frames", "3")):
        said = shotwright(*words, "--json")
        assert said.code == 0, said.err
        output = Path(said.answer["output"])
        assert output.parent == tmp_path
        assert output.name.startswith(name[:40])
        assert probe(output).frames == said.answer["frames_kept"] + 3
        assert Path(said.answer["recipe"]).is_file()
        assert all(Path(plot).is_file() for plot in said.answer["plots"])
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_name_that_is_no_text(shotwright: Command, tmp_path: Path) -> None:
    broken = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mov")
    try:
        _clip(tmp_path / "clip.mov").rename(broken)
    except OSError:
        pytest.skip("this system has no such names")
    assert shotwright("extend", broken, "--tail", "3", "--json").code == 0
    assert len(list(tmp_path.glob("*_tail3.mov"))) == 1


def test_a_very_long_path(shotwright: Command, tmp_path: Path) -> None:
    deep = tmp_path
    while len(str(deep)) < 3000:
        deep /= "deep" * 40
    deep.mkdir(parents=True)
    said = shotwright("extend", _clip(deep / "a.mov"), "--tail", "3", "--json")
    assert said.code == 0, said.err
    assert probe(Path(said.answer["output"])).frames == 11


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nobody may write, not even who may write everywhere."""
    if os.geteuid() == 0:
        yield Path("/sys/kernel")
        return
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are locked otherwise there")
def test_a_read_only_folder_is_told_before_the_work(shotwright: Command, locked: Path, tmp_path: Path) -> None:
    clip = _clip(tmp_path / "a.mov")
    for output in (locked / "out.mov", locked / "new" / "out.mov"):
        said = shotwright("extend", clip, "--tail", "3", "-o", output, "--json")
        assert (said.code, said.answer["error"]["kind"]) == (1, "storage")
        assert said.answer["error"]["message"] == "You may not write there. This happened while writing out.mov."
    assert shotwright("jobs", "--json").answer["jobs"] == []


def test_a_source_in_a_read_only_folder_may_go_on_elsewhere(shotwright: Command, tmp_path: Path) -> None:
    home = tmp_path / "card"
    home.mkdir()
    clip = _clip(home / "a.mov")
    clip.chmod(0o444)
    home.chmod(0o555)
    try:
        said = shotwright("extend", clip, "--tail", "3", "-o", tmp_path / "new" / "out.mov", "--json")
        assert said.code == 0, said.err
        assert probe(tmp_path / "new" / "out.mov").frames == 11
    finally:
        home.chmod(0o755)


def test_no_file_is_written_over(shotwright: Command, tmp_path: Path) -> None:
    clip = _clip(tmp_path / "a.mov")
    before = clip.read_bytes()
    (tmp_path / "link.mov").symlink_to(clip)
    (tmp_path / "nowhere.mov").symlink_to(tmp_path / "gone.mov")
    (tmp_path / "b").mkdir()
    for output in (clip, tmp_path / "b" / ".." / "a.mov", tmp_path / "link.mov", tmp_path / "nowhere.mov", tmp_path):
        said = shotwright("extend", clip, "--tail", "3", "-o", output, "--json")
        assert (said.code, said.answer["error"]["kind"]) == (2, "usage")
        assert "is there already" in said.answer["error"]["message"]
    assert clip.read_bytes() == before
    assert not (tmp_path / "gone.mov").exists()


@pytest.mark.parametrize(
    ("name", "words"), [("out.avi", "no known ending"), ("out", "no known ending"), ("x" * 230 + ".mov", "too long")]
)
def test_what_can_not_be_a_movie_is_refused_before_the_work(
    name: str, words: str, shotwright: Command, tmp_path: Path
) -> None:
    said = shotwright("extend", _clip(tmp_path / "a.mov"), "--tail", "3", "-o", tmp_path / name, "--json")
    assert said.code == 2
    assert words in said.answer["error"]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.mov"]
    assert shotwright("jobs", "--json").answer["jobs"] == []


def test_prores_asked_for_as_mp4_comes_as_what_that_holds(shotwright: Command, tmp_path: Path) -> None:
    said = shotwright("extend", _clip(tmp_path / "a.mov"), "--tail", "3", "-o", tmp_path / "out.mp4", "--json")
    assert said.code == 0, said.err
    assert (said.answer["copied"], probe(tmp_path / "out.mp4").codec) == (False, "h264")
