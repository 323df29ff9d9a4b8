"""The engine's side of a worker: starts it, hands it one take at a time, hears it, ends it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..errors import ModelError

WORKER = (sys.executable, "-m", "shotwright.core.backends.worker")
_LOOK_SECONDS = 0.05
_STOP_GRACE_SECONDS = 1.2  # cancelling takes 2 s at most, whatever the worker does
_END_GRACE_SECONDS = 1.0

Event = dict[str, Any]
_log = logging.getLogger(__name__)


# Frames and activations are large blocks that come and go. As a rule glibc gives each back to the system and has its
# pages cleared anew: kept instead, chunks are made in seven tenths of the time (measured). The largest are not kept:
# the free places between them would add up. Other systems pay no heed.
_ROOMY_HEAP = {"MALLOC_MMAP_THRESHOLD_": str(1 << 26), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
# Threads that wait for each other do so at work, and take the core from a program beside that the other one waits for:
# a chunk beside two busy programs took 9 s, where it now takes 5 (2 s alone, as before; two cores, measured).
_PATIENT_THREADS = {"GOMP_SPINCOUNT": "1000"}


def worker_environment() -> dict[str, str]:
    """The environment that a worker is started in; the user's own settings stand."""
    return {**_ROOMY_HEAP, **_PATIENT_THREADS, **os.environ}


class WorkerDiedError(ModelError):
    """The worker's process ended in the middle of a take."""

    kind = "worker"


class LocalWorker:
    """A worker on this machine; used from one thread, but `stop` is heard from any."""

    def __init__(self, log: Path, command: Sequence[str] = WORKER) -> None:
        self._log_path, self._command = log, list(command)
        self._process: subprocess.Popen[str] | None = None
        self._events: queue.Queue[Event | None] = queue.Queue()

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def _start(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        events: queue.Queue[Event | None] = queue.Queue()
        with self._log_path.open("ab") as log:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                bufsize=1,
                env=worker_environment(),
                # Ctrl-C in the engine's terminal is the engine's to handle: it ends the worker when the job is safe.
                start_new_session=os.name != "nt",
                creationflags=0x00000200 if os.name == "nt" else 0,  # CREATE_NEW_PROCESS_GROUP
            )
        threading.Thread(target=_hear, args=(process, events), daemon=True).start()
        self._process, self._events = process, events
        return process

    def _tell(self, message: Event) -> None:
        process = self._process
        with contextlib.suppress(OSError, ValueError):  # a dead worker is told by the end of its events
            if process is not None and process.stdin is not None:
                process.stdin.write(json.dumps(message) + "\n")
                process.stdin.flush()

    def make(self, order: Event, stop: threading.Event, on_progress: Callable[[Event], None]) -> Event:
        """Has a take made; the event that ended it: `done`, `failed` or `stopped`.

        `stop` ends it within 2 seconds, by killing the worker if need be. Raises WorkerDiedError.
        """
        self._start()
        self._tell({"do": "make", **order})
        asked_at: float | None = None
        while True:
            if stop.is_set() and asked_at is None:
                self._tell({"do": "stop", "job": order["job"]})
                asked_at = time.monotonic()
            if asked_at is not None and time.monotonic() - asked_at > _STOP_GRACE_SECONDS:
                self.kill()
                return {"event": "stopped", "job": order["job"]}
            try:
                event = self._events.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if event is None:
                self.kill()
                if stop.is_set():
                    return {"event": "stopped", "job": order["job"]}
                raise WorkerDiedError("The worker that made the take ended.", "See worker.log in the state folder.")
            if event.get("job") != order["job"]:
                continue  # the last word of a job that was stopped before
            if event["event"] == "progress":
                on_progress(event)
            else:
                return event

    def kill(self) -> None:
        """Ends the process at once; what it had not finished stays in its attempt folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.end()

    def end(self) -> None:
        """Gives the device back: closes the pipe, at which the worker ends by itself, and waits for that."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(_END_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _hear(process: subprocess.Popen[str], events: queue.Queue[Event | None]) -> None:
    """Puts the worker's lines in line; None when it has ended."""
    with contextlib.suppress(OSError, ValueError):
        for line in process.stdout or ():
            try:
                events.put(json.loads(line))
            except ValueError:
                _log.warning("The worker said what is no event: %.200s", line)
    events.put(None)
