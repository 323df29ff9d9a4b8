"""Takes added from elsewhere and takes that others were made from, as commands through a real engine."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
from shotwright.core.film import ProjectSettings
from shotwright.core.media.probe import probe
from shotwright.core.media.writing import MovieWriter
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.project.shot_changes import replace_shots
from shotwright.core.timing import Rate

from .conftest import Command

SCRIPT = "INT. KITCHEN - DAY\n\nA kettle stands on the stove.\n\nEXT. ROAD - NIGHT\n\nA car drives away.\n"
SIZE = (128, 72)


@pytest.fixture
def project(tmp_path: Path, start_engine: Callable[..., Any]) -> Film:
    """A film of two shots without takes, handles of 4 frames; an engine runs."""
    start_engine()
    (tmp_path / "s.fountain").write_text(SCRIPT)
    settings = ProjectSettings(rate=Rate.parse(24), size=SIZE, handle_frames=4)
    return create_film(tmp_path / "Two", tmp_path / "s.fountain", settings).film


def _movie(path: Path, frames: int, first: int = 0, size: tuple[int, int] = SIZE, codec: str = "prores") -> Path:
    with MovieWriter(path, size, Rate.parse(24), codec, 864000) as movie:
        for number in range(first, first + frames):
            movie.write(np.full((size[1], size[0], 3), 16 + number % 200, np.uint8))
    return path


def _takes(shotwright: Command, film: Film, *shot: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shotwright("takes", film.path, *shot, "--json").answer["takes"]
    return found


def _clip(film: Film, name: str) -> Any:
    timeline = otio.adapters.read_from_file(str(film.edit_path))
    return next(clip for clip in timeline.tracks[0].find_clips() if clip.name == name)


def test_a_movie_becomes_a_take_and_plays_where_the_shot_had_none(
    shotwright: Command, project: Film, tmp_path: Path
) -> None:
    shot = project.shot_list().shots[0]
    before = _clip(project, shot.name).source_range
    done = shotwright(
        "takes", "add", project.path, shot.name.lower(), _movie(tmp_path / "A.mov", shot.frames), "--json"
    )
    assert done.code == 0, done.err
    name = f"{shot.name}_TK01"
    answer = done.answer
    assert answer["output"] == str(project.take_folder(shot.name, "TK01") / f"{name}.mov")
    assert {key: answer[key] for key in ("shot", "take", "added", "active", "copied", "notices", "handle_frames")} == {
        "shot": shot.name,
        "take": "TK01",
        "added": True,
        "active": True,
        "copied": True,
        "notices": [],
        "handle_frames": 0,
    }
    (take,) = _takes(shotwright, project)
    assert (take["key"], take["active"], take["stale"], take["stale_because"]) == ("TK01", True, False, [])
    assert (take["model"], take["frames"], take["media"]) == ("", shot.frames, f"media/{shot.name}/TK01/{name}.mov")
    clip = _clip(project, shot.name)
    assert clip.source_range == before
    reference = clip.media_reference
    assert reference.available_range.start_time.value == clip.metadata["shotwright"]["cut_in"] == 4
    assert reference.available_range.duration.value == shot.frames
    assert reference.metadata["shotwright"]["generated"] is False
    assert probe(Path(answer["output"])).start_frames == reference.metadata["shotwright"]["start_frames"]
    assert len(name) <= 32
    assert "added" in shotwright("takes", project.path).out
    rendered = shotwright("render", project.path, "-o", tmp_path / "r.mp4")
    assert (rendered.code, shot.name in rendered.err) == (0, False)
    told = shotwright("takes", "replay", project.path, shot.name, "TK01", "--json").answer["error"]
    assert (told["kind"], "was added" in told["message"]) == ("refused", True)
    assert shotwright("takes", "compare", project.path, shot.name, "-o", tmp_path / "c.png").code == 0


def test_further_takes_wait_until_they_are_asked_for_and_share_the_axis(
    shotwright: Command, project: Film, tmp_path: Path
) -> None:
    shot = project.shot_list().shots[0]

    def add(name: str, frames: int, *more: str, **how: Any) -> dict[str, Any]:
        path = _movie(tmp_path / name, frames, **how)
        done = shotwright("takes", "add", project.path, shot.name, path, *more, "--json")
        assert done.code == 0, done.err
        return done.answer

    assert shotwright("generate", project.path, "--shot", shot.name).code == 0
    cut = _clip(project, shot.name).source_range
    with_handles = add("B.mov", shot.frames + 8, first=1)
    assert (with_handles["take"], with_handles["active"], with_handles["handle_frames"]) == ("TK02", False, 4)
    long = add("C.mov", shot.frames + 100, "--from", "30", "--activate", first=2)
    assert (long["take"], long["active"], long["handle_frames"], long["notices"]) == ("TK03", True, 30, [])
    short = add("D.mp4", shot.frames - 9, "--activate", first=3, size=(160, 120), codec="h264")
    assert (short["take"], short["copied"], short["size"]) == ("TK04", False, list(SIZE))
    assert short["notices"][-1].startswith(f"{shot.name} TK04 ends 9 frames before the cut does")
    clip = _clip(project, shot.name)
    ranges = {key: reference.available_range for key, reference in clip.media_references().items()}
    assert {key: (span.start_time.value, span.duration.value) for key, span in ranges.items()} == {
        "TK01": (26, shot.frames + 8),
        "TK02": (26, shot.frames + 8),
        "TK03": (0, shot.frames + 100),
        "TK04": (30, shot.frames - 9),
    }
    assert clip.source_range.start_time.value == 30  # the axis moved for the longest handle, and the cut with it
    assert clip.source_range.duration == cut.duration
    starts = [probe(project.path / take["media"]).start_frames for take in _takes(shotwright, project, shot.name)]
    cut_ins = [start + head for start, head in zip(starts, (4, 4, 30, 0), strict=True) if start is not None]
    assert [later - earlier for earlier, later in pairwise(cut_ins)] == [24 * 3600] * 3
    rendered = shotwright("render", project.path, "-o", tmp_path / "r.mp4")
    assert "shorter than its place" in rendered.err
    shots = project.shot_list()
    replace_shots(project, shots.scenes, (replace(shot, prompt="Something else."), *shots.shots[1:]))
    told = {take["key"]: (take["stale"], take["stale_because"]) for take in _takes(shotwright, project, shot.name)}
    assert told == {"TK01": (True, ["text"]), "TK02": (False, []), "TK03": (False, []), "TK04": (False, [])}


def test_the_same_movie_is_added_once(shotwright: Command, project: Film, tmp_path: Path) -> None:
    shot = project.shot_list().shots[0]
    path = _movie(tmp_path / "A.mov", 20)
    add = "takes", "add", project.path, shot.name, path
    shotwright(*add)
    _movie(tmp_path / "B.mov", 20, first=1)
    shotwright("takes", "add", project.path, shot.name, tmp_path / "B.mov", "--activate")
    again = shotwright(*add, "--activate", "--json").answer
    assert (again["take"], again["added"], again["active"]) == ("TK01", False, True)
    assert [take["key"] for take in _takes(shotwright, project)] == ["TK01", "TK02"]
    moved = shotwright(*add, "--from", "5", "--json").answer
    assert (moved["take"], moved["added"]) == ("TK03", True)
    pruned = shotwright("takes", "prune", project.path, "--yes", "--json").answer
    assert [take["key"] for take in pruned["takes"]] == ["TK02", "TK03"]
    assert not project.take_folder(shot.name, "TK02").exists()


def test_what_can_not_be_added_is_refused_and_leaves_nothing(
    shotwright: Command, project: Film, tmp_path: Path
) -> None:
    shot, before = project.shot_list().shots[0].name, project.edit_path.read_bytes()
    (tmp_path / "list.mov").write_text("#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n")
    (tmp_path / "empty.mov").write_bytes(b"")
    whole = _movie(tmp_path / "whole.mp4", 40, codec="h264").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    for words, kind in (
        ((shot, tmp_path / "list.mov"), "media"),
        ((shot, tmp_path / "empty.mov"), "media"),
        ((shot, tmp_path / "cut.mp4"), "media"),
        ((shot, tmp_path / "nothing.mov"), "media"),
        (("SC990_SH0010", tmp_path / "whole.mp4"), "not_found"),
        ((shot, tmp_path / "whole.mp4", "--from", "40"), "usage"),
    ):
        said = shotwright("takes", "add", project.path, *words, "--json")
        assert (said.code in (1, 2), said.answer["error"]["kind"]) == (True, kind)
    assert project.edit_path.read_bytes() == before
    assert [path for path in (project.path / "media").rglob("*") if path.is_file()] == []
    assert [path for path in (project.private / "work").rglob("*") if path.is_file()] == []


def test_a_take_in_its_place_that_the_edit_lacks_is_gone_on_with(
    shotwright: Command, project: Film, tmp_path: Path
) -> None:
    """As after a kill between the rename and the edit: the edit is the one before, the folder is there whole."""
    shot, before = project.shot_list().shots[0].name, project.edit_path.read_bytes()
    add = "takes", "add", project.path, shot, _movie(tmp_path / "A.mov", 20)
    shotwright(*add)
    project.edit_path.write_bytes(before)
    movie = project.take_folder(shot, "TK01") / f"{shot}_TK01.mov"
    written = movie.stat().st_mtime_ns
    answer = shotwright(*add, "--json").answer
    assert (answer["take"], answer["added"], answer["active"]) == ("TK01", True, True)
    assert movie.stat().st_mtime_ns == written
    assert [folder.name for folder in movie.parent.parent.iterdir()] == ["TK01"]


def _killed_while_adding(project: Film, shot: str, media: Path, kills: int, seed: int) -> dict[str, int]:
    """Kills the command at random moments, each of them gone on with by the same one; how often what was found."""
    chance, found = random.Random(seed), {"killed": 0, "before": 0, "there": 0, "after": 0}
    command = [sys.executable, "-m", "shotwright.core.cli.main", "takes", "add", str(project.path), shot]
    for first in (100, 150):  # the first one starts the engine; the second tells how long the others take
        _movie(media, 30, first=first)
        begun = time.monotonic()
        assert subprocess.run([*command, media], capture_output=True, check=False).returncode == 0
        seconds = time.monotonic() - begun
    for number in range(kills):
        path = _movie(media.with_name(f"{number}.mov"), 30, first=number + 1)
        was, keys = project.edit_path.read_bytes(), {take.key for take in project.edit().takes()}
        process = subprocess.Popen([*command, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 0.9) * seconds)
        os.kill(process.pid, signal.SIGKILL)
        found["killed"] += process.wait() != 0
        time.sleep(0.3)  # the engine ends what it was asked
        folders = {folder.name for folder in project.take_folder(shot, "TK").parent.iterdir()}
        new = {take.key for take in project.edit().takes()} - keys
        assert new <= folders - keys
        assert len(folders - keys) <= 1
        for key in folders - keys:
            recipe = json.loads((project.take_folder(shot, key) / "recipe.json").read_text())
            assert probe(project.take_folder(shot, key) / recipe["files"]["mezzanine"]).frames == 30
        found["after" if new else "there" if folders - keys else "before"] += 1
        assert new or project.edit_path.read_bytes() == was
        assert subprocess.run([*command, path], capture_output=True, check=False).returncode == 0
        added = {take.key for take in project.edit().takes()} - keys
        assert len(added) == 1
        assert added == {folder.name for folder in project.take_folder(shot, "TK").parent.iterdir()} - keys
    return found


def test_killed_while_it_adds_nothing_is_half_there(project: Film, tmp_path: Path) -> None:
    shot = project.shot_list().shots[0].name
    assert _killed_while_adding(project, shot, tmp_path / "A.mov", 4, 1)["killed"] >= 2


@pytest.mark.long
def test_forty_kills_leave_nothing_half_there(
    project: Film, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _killed_while_adding(project, project.shot_list().shots[0].name, tmp_path / "A.mov", 40, 2)
    with capsys.disabled():
        sys.stdout.write(f"\n{found}\n")
    assert found["killed"] >= 20
    assert found["before"] + found["there"] + found["after"] == 40


def test_what_killed_commands_left_goes_after_a_day(shotwright: Command, project: Film, tmp_path: Path) -> None:
    work = project.private / "work"
    for name, age in (("add-old", 2 * 24 * 3600), ("add-new", 60), ("a job's", 2 * 24 * 3600)):
        (work / name).mkdir(parents=True)
        os.utime(work / name, (time.time() - age,) * 2)
    shotwright("takes", "add", project.path, project.shot_list().shots[0].name, _movie(tmp_path / "A.mov", 20))
    assert {path.name for path in work.iterdir()} == {"add-new", "a job's"}


def test_a_bridge_is_stale_once_another_take_plays(shotwright: Command, project: Film, tmp_path: Path) -> None:
    assert shotwright("generate", project.path).code == 0
    first, second = (shot.name for shot in project.shot_list().shots)
    bridged = shotwright("bridge", project.path, "--after", first, "--frames", "12", "--json")
    assert bridged.code == 0, bridged.err

    def bridges(*shot: str) -> list[tuple[bool, list[str]]]:
        found = shotwright("takes", project.path, *shot, "--json").answer["bridges"]
        return [(bridge["stale"], bridge["stale_because"]) for bridge in found]

    assert bridges() == bridges(first) == bridges(second) == [(False, [])]
    add = "takes", "add", project.path, second, _movie(tmp_path / "A.mov", 20)
    shotwright(*add)
    assert bridges() == [(False, [])]
    shotwright("takes", "activate", project.path, second, "TK02")
    assert bridges(first) == [(True, ["parent no longer plays"])]
    assert f"The bridge {first} to {second} is stale" in shotwright("takes", project.path).err
    shotwright("takes", "prune", project.path, "--yes")
    assert bridges() == [(True, ["parent gone"])]
