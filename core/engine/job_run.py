"""One attempt at a job: what the worker is told, what it says, and the take put into its place."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..backends.local import LocalWorker
from ..errors import NotFoundError, from_json
from ..jobs import Job
from ..protocol import JobRecord
from .media_store import MediaStore
from .publishing import publish_attempt, published_output

OnPublished = Callable[[JobRecord], None]
OnProgress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class JobRunner:
    """Makes jobs with one worker; `on_published` is told of every take in its place, maybe more than once."""

    worker: LocalWorker
    media: MediaStore
    on_published: OnPublished

    def run(self, job: Job, stop: threading.Event, on_progress: OnProgress) -> Path | None:
        """The finished file, or None when `stop` was set first.

        A take that an earlier attempt published already is only told of again. Raises WorkerDiedError, the worker's
        own error, or StorageError.
        """
        output = published_output(job) or self._make(job, stop, on_progress)
        if output is not None:
            self.on_published(replace(job.record, progress=1.0, output=str(output)))
        return output

    def _make(self, job: Job, stop: threading.Event, on_progress: OnProgress) -> Path | None:
        order = self._order(job)
        attempt = job.work / f"attempt-{job.record.attempts}"
        attempt.mkdir(parents=True, exist_ok=True)
        try:
            event = self.worker.make({**order, "attempt": str(attempt)}, stop, on_progress)
            if event["event"] == "stopped":
                return None
            if event["event"] == "failed":
                raise from_json(event["error"])
            return publish_attempt(job, attempt, event["mezzanine"])
        finally:
            shutil.rmtree(attempt, ignore_errors=True)  # the chunks lie beside it, for the next attempt

    def _order(self, job: Job) -> dict[str, Any]:
        hashes = {known["media"]["sha256"] for known in job.record.request["known"]}
        if not all(self.media.has(sha256) for sha256 in hashes):
            raise NotFoundError("A picture that the take needs is gone from the engine.", "Ask for the take again.")
        return {
            "job": job.record.id,
            "request": job.record.request,
            "delivery": job.record.delivery,
            "work": str(job.work),
            "media": {sha256: str(self.media.find(sha256)) for sha256 in hashes},
        }
