"""The worker's loop: lines of JSON in, lines of JSON out, one take at a time, a warm model in between."""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Any

from ...errors import ModelError, ShotwrightError, StoppedError, storage_error
from ...models.base import VideoModel
from ...models.running.memory_plans import ran_out
from .making import Order, make_take
from .reporting import Reporter

Load = Callable[[str], VideoModel]
_log = logging.getLogger(__name__)


class Worker:
    """Holds the pipe and the model."""

    def __init__(self, source: IO[str], sink: IO[str], load: Load) -> None:
        self._source, self._sink, self._load = source, sink, load
        self._orders: queue.Queue[dict[str, Any]] = queue.Queue()
        self._stops: set[str] = set()
        self._sending = threading.Lock()
        self._model: VideoModel | None = None

    def send(self, event: dict[str, Any]) -> None:
        """One line to the engine."""
        with self._sending:
            self._sink.write(json.dumps(event) + "\n")
            self._sink.flush()

    def _listen(self) -> None:
        """Hears stops while a take is made; ends the process with the pipe, so that no orphan ever writes."""
        try:
            for line in self._source:
                message = json.loads(line)
                if message["do"] == "stop":
                    self._stops.add(message["job"])
                else:
                    self._stops.discard(message["job"])  # a stop that came too late for an earlier attempt
                    self._orders.put(message)
        finally:
            os._exit(0)  # also when an engine that was killed left half a line

    def run(self) -> None:
        """Works until the pipe closes."""
        threading.Thread(target=self._listen, daemon=True).start()
        self.send({"event": "ready"})
        while True:
            self._make(self._orders.get())

    def _loaded(self, name: str) -> VideoModel:
        if self._model is None or self._model.name != name:
            self._model = None  # two models at once may not fit
            self._model = self._load(name)
        return self._model

    def _make(self, message: dict[str, Any]) -> None:
        job, begun = message["job"], time.monotonic()
        try:
            reporter = Reporter(job, self.send, lambda: job in self._stops)
            reporter.check()
            order = Order.from_json(message)
            mezzanine = make_take(order, self._loaded(order.request.model), reporter)
            seconds = round(time.monotonic() - begun, 3)
            self.send({"event": "done", "job": job, "mezzanine": mezzanine, "seconds": seconds})
        except StoppedError:
            self.send({"event": "stopped", "job": job})
        except ShotwrightError as error:
            self._failed(job, error)
        except OSError as error:
            self._failed(job, storage_error(error, "making the take"))
        except Exception as error:  # noqa: BLE001 - the worker's loop: a broken model must not end the worker in silence
            _log.exception("The take %s failed", job)
            self._failed(job, _told(error))

    def _failed(self, job: str, error: ShotwrightError) -> None:
        self.send({"event": "failed", "job": job, "error": error.to_json()})


def _told(error: Exception) -> ModelError:
    """A model's own exception as a sentence."""
    words = str(error)
    if ran_out(error):
        return ModelError("The model ran out of memory.", "Ask for a smaller picture, or close other programs.")
    return ModelError(
        f"The model broke while working: {type(error).__name__}: {words[:200]}.",
        "Try again; if it stays, worker.log in the state folder has the details.",
    )


def _load_named(name: str) -> VideoModel:
    from ...client.state_folder import state_folder
    from ...models.loading import load_model

    return load_model(name, state_folder())


def main(load: Load = _load_named) -> None:
    """Takes the pipe for itself: whatever libraries print goes to stderr, and no child reads the engine's orders."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    source = os.fdopen(os.dup(0), "r", encoding="utf-8")
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    Worker(source, sink, load).run()
