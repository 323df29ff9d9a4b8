"""Finding the engine that runs, or starting one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ..errors import EngineError, storage_error
from .engine_client import EngineClient
from .state_folder import DISCOVERY, state_folder

ENGINE = (sys.executable, "-m", "shotwright.core.engine")
_LOOK_SECONDS = 0.05
_HEALTH_TIMEOUT = 3.0


def find_engine() -> EngineClient | None:
    """The engine that runs, None where none does; a stale address is none."""
    try:
        told = json.loads((state_folder() / DISCOVERY).read_text(encoding="utf-8"))
        token = Path(told["token_file"]).read_text(encoding="utf-8").strip()
        client = EngineClient(told["url"], token)
        EngineClient(told["url"], token, _HEALTH_TIMEOUT).get("/v1/queue")
    except (OSError, ValueError, KeyError, TypeError, EngineError):
        return None
    return client


def ensure_engine(start_timeout: float = 20.0, command: Sequence[str] = ENGINE) -> EngineClient:
    """The engine that runs, started by `command` when none does; two callers at once get the same one.

    Raises EngineError when none is up after `start_timeout` seconds, StorageError where it can't keep its state.
    """
    started: subprocess.Popen[bytes] | None = None
    deadline = time.monotonic() + start_timeout
    while time.monotonic() < deadline:
        found = find_engine()
        if found is not None:
            return found
        # 0 says that another engine was there: it is coming up, or it is just ending and must be followed.
        if started is None or started.poll() == 0:
            started = _launch(command)
        elif started.poll() is not None:
            break
        time.sleep(_LOOK_SECONDS)
    raise EngineError("The engine did not start.", f"Its log is {state_folder() / 'engine.log'}; see also: doctor")


def _launch(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """An engine of its own session, with no pipe of ours, so that it outlives this process."""
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = (folder / "engine.log").open("ab")
    except OSError as error:
        raise storage_error(error, "starting the engine") from error
    with log:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=folder,
            start_new_session=os.name != "nt",
            creationflags=0x00000208 if os.name == "nt" else 0,  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP
        )
