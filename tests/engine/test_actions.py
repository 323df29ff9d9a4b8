"""Commands that hosts have the engine run: once under one key, stopped as Ctrl-C would, gone with their engine."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from shotwright.core.client import EngineClient, find_engine
from shotwright.core.film import ProjectSettings
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.timing import Rate


@pytest.fixture
def film(tmp_path: Path) -> Film:
    script = tmp_path / "s.fountain"
    script.write_text("INT. KITCHEN - DAY\n\nA slow kettle stands on the stove.\n")
    settings = ProjectSettings(rate=Rate.parse(12), size=(128, 72), handle_frames=2)
    return create_film(tmp_path / "film", script, settings).film


def _asked(engine: EngineClient, film: Film, key: str) -> dict[str, Any]:
    body = {"film": str(film.path), "command": "generate", "options": {"takes": 1}, "key": key}
    action: dict[str, Any] = engine.post("/v1/actions", body)
    return action


def _ended(engine: EngineClient, action: dict[str, Any]) -> dict[str, Any]:
    for _ in range(400):
        now: dict[str, Any] = engine.get(f"/v1/actions/{action['id']}")
        if now["state"] != "running":
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def test_the_same_key_is_the_same_action_also_when_it_is_done(engine: EngineClient, film: Film) -> None:
    first = _asked(engine, film, "k")
    assert _asked(engine, film, "k")["id"] == first["id"]
    done = _ended(engine, first)
    assert done["state"] == "done"
    assert _asked(engine, film, "k") == done
    assert _ended(engine, _asked(engine, film, "other"))["answer"]["shots"][0]["takes"] == ["TK02"]


def test_one_that_is_stopped_has_ended_when_it_says_so(engine: EngineClient, film: Film) -> None:
    action = _asked(engine, film, "k")
    while not engine.jobs("running"):
        time.sleep(0.05)
    for _ in range(3):
        engine.post(f"/v1/actions/{action['id']}/cancel")
    assert _ended(engine, action)["state"] == "cancelled"
    assert [job["state"] for job in engine.jobs()] == ["cancelled"]
    again = _ended(engine, _asked(engine, film, "k"))  # it goes on where it was
    assert (again["state"], again["answer"]["shots"][0]["takes"]) == ("done", ["TK01"])


def test_one_does_not_outlive_its_engine(start_engine: Callable[..., subprocess.Popen[str]], film: Film) -> None:
    process = start_engine()
    engine = find_engine()
    assert engine is not None
    _asked(engine, film, "k")
    while not engine.jobs("running"):
        time.sleep(0.05)
    children = [child for child in psutil.Process(process.pid).children() if "tethered" in " ".join(child.cmdline())]
    assert len(children) == 1
    os.kill(process.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert (len(gone), alive) == (1, [])
    process.wait()
    start_engine()
    second = find_engine()
    assert second is not None
    done = _ended(second, _asked(second, film, "k"))
    assert (done["state"], done["answer"]["shots"][0]["takes"]) == ("done", ["TK01"])
    assert len(second.jobs()) == 1
