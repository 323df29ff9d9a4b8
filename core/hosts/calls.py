"""Calls to an engine that may go at any moment: the next one is asked the same.

So all that is asked here may be asked twice, and is done once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ..client import EngineClient
from ..errors import EngineError, ShotwrightError

Json = dict[str, Any]
_TRIES, _AGAIN_SECONDS = 5, 0.5
_POLL_SECONDS = 0.3


class Calls:
    """`connect` finds the engine or starts it. All of these wait: they are for threads of their own."""

    def __init__(self, connect: Callable[[], EngineClient]) -> None:
        self._connect = connect

    def post(self, path: str, body: Json) -> Json:
        """What the engine answers; raises EngineError where none answers, however often one is started."""
        for left in reversed(range(_TRIES)):
            try:
                answer: Json = self._connect().post(path, body)
                return answer
            except EngineError:
                if not left:
                    raise
                time.sleep(_AGAIN_SECONDS)
        raise AssertionError

    def cancel(self, action_id: str) -> None:
        """Asks an action to end; one that went with its engine has."""
        try:
            self._connect().post(f"/v1/actions/{action_id}/cancel")
        except ShotwrightError:
            time.sleep(_POLL_SECONDS)

    def looked_after(self, action_id: str, body: Json) -> Json:
        """An action a moment later, with its film's `progress` by shots; another engine is asked for it, as `body`."""
        time.sleep(_POLL_SECONDS)
        try:
            found: Json = self._connect().get(f"/v1/actions/{action_id}")
            running = self._connect().jobs("running")
        except ShotwrightError:  # the engine went, or is another one that does not know it
            found, running = self.post("/v1/actions", body), []
        mine = [job for job in running if job.get("film") in ("", body["film"])]
        return {**found, "progress": {job.get("shot") or "": job["progress"] for job in mine}}
