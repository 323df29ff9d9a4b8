"""Calling the engine over HTTP."""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import EngineError, NotFoundError, ShotwrightError, from_json
from ..storage import replacing, sha256_of

Json = dict[str, Any]
# A proxy of the system's must never see the token, nor stand between two programs on one machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# What a call meets when the engine is gone, or goes in the middle of an answer.
_LOST = (OSError, ValueError, http.client.HTTPException)
_BLOCK = 1 << 20
_EVENT_TIMEOUT = 60.0  # heartbeats come every few seconds; silence that long means the engine is gone


class EngineClient:
    """One engine, by its address and token; every call raises the engine's own errors, or EngineError without one."""

    def __init__(self, url: str, token: str, timeout: float = 30.0) -> None:
        self.url, self._token, self._timeout = url.rstrip("/"), token, timeout

    def _open(
        self,
        method: str,
        path: str,
        body: Any = None,
        timeout: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        headers = {**(headers or {}), "Authorization": f"Bearer {self._token}"}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        try:
            return _OPENER.open(request, timeout=timeout or self._timeout)
        except urllib.error.HTTPError as error:
            raise _told(error) from None
        except _LOST as error:
            raise _silent() from error

    def _json(self, method: str, path: str, body: Json | None = None) -> Any:
        with self._open(method, path, body) as answer:
            try:
                return json.loads(answer.read())
            except _LOST as error:  # it was killed in the middle of its answer
                raise _silent() from error

    def get(self, path: str) -> Any:
        """What the engine answers to GET."""
        return self._json("GET", path)

    def post(self, path: str, body: Json | None = None) -> Any:
        """What the engine answers to POST."""
        return self._json("POST", path, body or {})

    def health(self) -> Json:
        """`version`; needs no token."""
        answer: Json = self.get("/v1/health")
        return answer

    def submit(self, request: Json, key: str | None = None, delivery: Json | None = None) -> Json:
        """A job for a take request; the same key gives the same job."""
        extra = {name: value for name, value in (("key", key), ("delivery", delivery)) if value is not None}
        job: Json = self.post("/v1/takes", {**request, **extra})
        return job

    def jobs(self, state: str | None = None) -> list[Json]:
        """All jobs, or those in one state, the oldest first."""
        jobs: list[Json] = self.get("/v1/jobs" + (f"?state={quote(state)}" if state else ""))["jobs"]
        return jobs

    def job(self, job_id: str) -> Json:
        """One job as it stands."""
        job: Json = self.get(f"/v1/jobs/{quote(job_id, safe='')}")
        return job

    def _on_job(self, job_id: str, verb: str) -> Json:
        job: Json = self.post(f"/v1/jobs/{quote(job_id, safe='')}/{verb}")
        return job

    def cancel(self, job_id: str) -> Json:
        """Stops a job, within 2 seconds."""
        return self._on_job(job_id, "cancel")

    def retry(self, job_id: str) -> Json:
        """Queues a failed or cancelled job again."""
        return self._on_job(job_id, "retry")

    def first(self, job_id: str) -> Json:
        """Moves a job to the front."""
        return self._on_job(job_id, "first")

    def pause(self) -> Json:
        """Lets no further job start."""
        answer: Json = self.post("/v1/queue/pause")
        return answer

    def resume(self) -> Json:
        """Goes on with the queue."""
        answer: Json = self.post("/v1/queue/resume")
        return answer

    def unload(self) -> Json:
        """Puts the warm model away."""
        answer: Json = self.post("/v1/models/unload")
        return answer

    def has_media(self, sha256: str) -> bool:
        """Whether the engine has a medium."""
        try:
            with self._open("HEAD", f"/v1/media/{quote(sha256, safe='')}"):
                return True
        except NotFoundError:
            return False

    def put_media(self, path: Path) -> str:
        """Sends a file unless the engine has it; its SHA-256."""
        sha256 = sha256_of(path)
        if not self.has_media(sha256):
            with path.open("rb") as file:
                headers = {"Content-Length": str(path.stat().st_size), "Content-Type": "application/octet-stream"}
                self._open("PUT", f"/v1/media/{sha256}", file, headers=headers).close()
        return sha256

    def fetch_media(self, sha256: str, path: Path) -> None:
        """Writes a medium that the engine has to a file; raises NotFoundError, or EngineError for half an answer."""
        digest = hashlib.sha256()
        with (
            self._open("GET", f"/v1/media/{quote(sha256, safe='')}") as answer,
            replacing(path) as temporary,
            temporary.open("wb") as file,
        ):
            for block in _blocks(answer):
                digest.update(block)
                file.write(block)
            if digest.hexdigest() != sha256:  # an engine that dies simply stops sending
                raise _silent()

    def events(self, is_over: Callable[[], bool] = lambda: False) -> Iterator[Json]:
        """Job events as they happen; ends when the engine does, or, some seconds late, when it `is_over`."""
        with self._open("GET", "/v1/events", timeout=_EVENT_TIMEOUT) as stream:
            try:
                for line in stream:
                    if is_over():
                        return
                    if line.startswith(b"data:"):
                        yield json.loads(line[5:])
            except _LOST:
                return


def _blocks(answer: Any) -> Iterator[bytes]:
    """What an answer holds; a lost engine is no failure of the disk that it is written to."""
    while True:
        try:
            block = answer.read(_BLOCK)
        except _LOST as error:
            raise _silent() from error
        if not block:
            return
        yield block


def _silent() -> EngineError:
    return EngineError("The engine does not answer.", "Run the command again: it starts a new one when none runs.")


def _told(error: urllib.error.HTTPError) -> ShotwrightError:
    """The engine's own error, whatever form its answer has."""
    try:
        body = error.read()
        if error.code == 404 and not body:  # the answer to HEAD has none
            return NotFoundError("The engine has no such medium.", "Send it first.")
        return from_json(json.loads(body)["error"])
    except (*_LOST, KeyError, TypeError):
        return EngineError(f"The engine answered {error.code}.", "See the engine's log in the state folder.")
