"""Commands run in this process as a user types them: exit code, the answer on stdout, remarks on stderr."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from shotwright.core.cli.main import app
from shotwright.core.client import find_engine
from typer.testing import CliRunner

SCRIPT = """Title: Tea

INT. KITCHEN - DAY

MARA (30s, yellow coat) fills the kettle and waits.

MARA
It never boils.

EXT. HARBOUR - NIGHT

A boat drifts past the pier.
"""


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """Its one JSON object."""
        (line,) = self.out.strip().splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


Command = Callable[..., Said]


@pytest.fixture
def shotwright() -> Command:
    def run(*words: object) -> Said:
        done = CliRunner().invoke(app, [str(word) for word in words])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "tea.fountain"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.fixture
def film(shotwright: Command, script: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "Tea"
    assert shotwright("new", folder, "--script", script, "--size", "128x72").code == 0
    return folder


@pytest.fixture
def engine_ends() -> Iterator[None]:
    """Ends the engine that a command of this test started."""
    yield
    client = find_engine()
    if client is not None:
        import os
        import signal

        from shotwright.core.client.state_folder import state_folder

        pid = json.loads((state_folder() / "engine.json").read_text())["pid"]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
