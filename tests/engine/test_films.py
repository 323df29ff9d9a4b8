"""Films through the engine: takes asked for, made, put into the edit; asked again, chosen, circled, pruned."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from shotwright.core.client import EngineClient, find_engine
from shotwright.core.errors import InputError, NotFoundError, ProjectError, UsageError
from shotwright.core.film import ProjectSettings
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.timing import Rate

SCRIPT = """Title: Two

INT. KITCHEN - DAY

A kettle stands on the stove.

EXT. ROAD - NIGHT

A car drives away.
"""


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A film of few, small shots, one of them with a panel."""
    script, panels = tmp_path / "s.fountain", tmp_path / "drawings"
    script.write_text(SCRIPT)
    panels.mkdir()
    settings = ProjectSettings(rate=Rate.parse(12), size=(128, 72), codec="h264", handle_frames=2)
    first = create_film(tmp_path / "trial", script, settings).shots[0]
    Image.new("RGB", (128, 72), "red").save(panels / f"{first.name}.png")
    return create_film(tmp_path / "film", script, settings, panels).film


def _generate(engine: EngineClient, film: Film, **wish: Any) -> list[dict[str, Any]]:
    answer = engine.post("/v1/films/generate", {"film": str(film.path), **wish})
    assert set(answer["estimate"]) == {"seconds", "disk_bytes", "memory_bytes"}
    jobs: list[dict[str, Any]] = answer["jobs"]
    return jobs


def _wait(engine: EngineClient, jobs: list[dict[str, Any]], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    for job in jobs:
        while (found := engine.job(job["id"]))["state"] != "done":
            assert found["state"] in ("queued", "running"), found
            assert time.monotonic() < deadline, found
            time.sleep(0.05)


def test_takes_are_made_and_put_into_the_edit(engine: EngineClient, film: Film) -> None:
    jobs = _generate(engine, film, missing=True)
    shots = film.shot_list().shots
    assert [(job["shot"], job["take"]) for job in jobs] == [(shot.name, "TK01") for shot in shots]
    assert any(job["request"]["known"] for job in jobs)
    _wait(engine, jobs)
    takes = film.edit().takes()
    assert [(take.shot, take.key, take.active) for take in takes] == [(shot.name, "TK01", True) for shot in shots]
    assert all((film.path / take.media).is_file() for take in takes)
    assert [take.frames for take in takes] == [shot.frames for shot in shots]
    assert _generate(engine, film, missing=True) == []
    assert {job["take"] for job in _generate(engine, film, shots=[shots[0].name])} == {"TK02"}


def test_the_same_wish_while_it_is_under_way_is_the_same_jobs(engine: EngineClient, film: Film) -> None:
    engine.pause()
    first = _generate(engine, film, missing=True)
    assert [job["id"] for job in _generate(engine, film, missing=True)] == [job["id"] for job in first]
    assert [job["id"] for job in _generate(engine, film)] == [job["id"] for job in first]
    engine.cancel(first[0]["id"])
    assert [job["id"] for job in _generate(engine, film, missing=True)] == [job["id"] for job in first]
    other = _generate(engine, film, seed=5)
    assert {job["take"] for job in other} == {"TK02"}
    more = _generate(engine, film, shots=[first[0]["shot"]], takes=3)
    assert [job["take"] for job in more] == ["TK03", "TK04", "TK05"]


def test_an_engine_killed_in_the_middle_is_followed_by_one_that_finishes(
    start_engine: Callable[..., subprocess.Popen[str]], film: Film
) -> None:
    process = start_engine()
    engine = find_engine()
    assert engine is not None
    jobs = _generate(engine, film)
    while not any(job["state"] == "running" for job in engine.jobs()):
        time.sleep(0.01)
    time.sleep(0.5)
    process.kill()
    process.wait()
    start_engine()
    engine = find_engine()
    assert engine is not None
    _wait(engine, jobs)
    assert len(film.edit().takes()) == len(jobs)


def test_takes_are_activated_circled_and_pruned(engine: EngineClient, film: Film) -> None:
    name = film.shot_list().shots[0].name
    _wait(engine, _generate(engine, film, shots=[name], takes=3))

    def change(what: str, take: str) -> dict[str, dict[str, Any]]:
        body = {"film": str(film.path), "change": what, "shot": name, "take": take}
        return {row["key"]: row for row in engine.post("/v1/films/takes", body)["takes"]}

    assert change("activate", "TK02")["TK02"]["active"]
    assert change("circle", "TK03")["TK03"]["circled"]
    assert not change("uncircle", "TK03")["TK03"]["circled"]
    change("circle", "TK03")
    with pytest.raises(NotFoundError):
        change("activate", "TK09")
    listed = engine.post("/v1/films/prune", {"film": str(film.path)})
    assert [take["key"] for take in listed["takes"]] == ["TK01"]
    assert listed["bytes"] > 0
    assert film.take_folder(name, "TK01").is_dir()
    engine.post("/v1/films/prune", {"film": str(film.path), "delete": True})
    assert not film.take_folder(name, "TK01").exists()
    assert [take.key for take in film.edit().takes()] == ["TK02", "TK03"]
    assert [job["take"] for job in _generate(engine, film, shots=[name])] == ["TK04"]


def test_a_new_shot_list_is_brought_in(engine: EngineClient, film: Film) -> None:
    found = film.shot_list()
    body = {
        "film": str(film.path),
        "scenes": [asdict(scene) for scene in found.scenes],
        "shots": [asdict(shot) for shot in found.shots[:1]],
    }
    assert engine.post("/v1/films/shots", json.loads(json.dumps(body)))["shots"] == 1
    assert film.shot_list().shots == found.shots[:1]
    with pytest.raises(InputError):
        engine.post("/v1/films/shots", {**body, "shots": []})


def test_what_is_no_film_is_refused(engine: EngineClient, film: Film, tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        engine.post("/v1/films/generate", {"film": str(tmp_path)})
    with pytest.raises(NotFoundError):
        _generate(engine, film, shots=["SC999_SH0010"])
    with pytest.raises(UsageError):
        _generate(engine, film, takes=0)
    next((film.path / "panels").iterdir()).unlink()
    with pytest.raises(ProjectError, match="panel"):
        _generate(engine, film)
    assert engine.jobs() == []
