"""The desk: takes requests in, hands jobs to the worker in turn, tells what becomes of them."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..backends.local import LocalWorker, WorkerDiedError
from ..errors import ModelError, ShotwrightError, StorageError, storage_error
from ..jobs import Job, JobTable
from ..jobs.rows import new_job_id, with_progress
from ..protocol import Delivery, JobEvent, JobRecord, TakeRequest
from ..protocol.jobs import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from .events import EventHub
from .job_run import JobRunner, OnPublished
from .media_store import MediaStore
from .publishing import clear_old_work, clear_work

MOST_DEATHS = 3
_GETTING_ON = 0.02  # of the progress bar
_CANCEL_SECONDS = 1.9
_UNLOAD_SECONDS = 1.9
_LOOK_SECONDS = 0.25
_DISK_SECONDS = 1.0

_log = logging.getLogger(__name__)
_Ending = tuple[str, str | None, dict[str, str] | None]


class Desk:
    """Owns the job table, the media store and the worker; its own thread runs the jobs, one after another."""

    def __init__(
        self,
        state: Path,
        worker: LocalWorker,
        on_published: OnPublished = lambda _record: None,
        warm_seconds: float = 600,
    ) -> None:
        self.state, self._worker, self._warm = state, worker, warm_seconds
        self.table = JobTable(state / "jobs.sqlite")
        self.media = MediaStore(state / "media")
        self.hub = EventHub()
        self._runner = JobRunner(worker, self.media, on_published)
        self._changed = threading.Condition()
        self._running: str | None = None
        self._stop = threading.Event()
        self._progress: tuple[float, float | None, str] = (0.0, None, "")
        self._deaths: dict[str, tuple[int, float]] = {}
        self._unload = self._closing = False
        for job in self.table.all(RUNNING):  # a dead engine left them so
            self.table.move(job.record.id, QUEUED)
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    # -- what others ask ------------------------------------------------------------------------------------------

    def submit(
        self,
        request: TakeRequest,
        delivery: Delivery,
        key: str | None = None,
        film: tuple[str, str, str] = ("", "", ""),
        folders: Callable[[str], tuple[Path, Path]] | None = None,
    ) -> JobRecord:
        """A job in line, or the one of the same key; raises NotFoundError for media that the engine does not have.

        `film` is film, shot and take key; `folders` gives work and target folders by the job's ID, by default both in
        the state folder.
        """
        for known in request.known:
            self.media.find(known.media.sha256)
        job_id = new_job_id()
        places = folders(job_id) if folders else (self.state / "work" / job_id, self.state / "takes" / job_id)
        job = self.table.add(request.to_json(), delivery.to_json(), places, key, film, job_id)
        if job.record.id == job_id:
            self._tell(job)
        return self._live(job)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Makes all submits of a block one change of the table: all of them happen, or, where it raises, none."""
        with self._changed, self.table.together():  # in this order everywhere: the desk's thread takes them so
            yield

    def job(self, job_id: str) -> JobRecord:
        """A job as it stands, with its progress; raises NotFoundError."""
        return self._live(self.table.get(job_id))

    def jobs(self, state: str | None = None) -> list[JobRecord]:
        """All jobs, or those in one state, in line."""
        return [self._live(job) for job in self.table.all(state)]

    def cancel(self, job_id: str) -> JobRecord:
        """Stops a job and waits, 2 seconds at most, until it has stopped; raises StateError when it has ended."""
        with self._changed:
            if self._running == job_id:
                self._stop.set()
                self._changed.wait_for(lambda: self._running != job_id, _CANCEL_SECONDS)
                return self.job(job_id)
            job = self.table.move(job_id, CANCELLED)
        self._tell(job)
        return job.record

    def retry(self, job_id: str) -> JobRecord:
        """Queues a failed or cancelled job again; raises StateError for others."""
        job = self.table.retry(job_id)
        self._tell(job)
        return job.record

    def first(self, job_id: str) -> JobRecord:
        """Moves a waiting job to the front; raises StateError for others."""
        job = self.table.first(job_id)
        self._tell(job)
        return job.record

    def set_paused(self, paused: bool) -> None:
        """Pauses or resumes the queue; the job that runs goes on."""
        for job in self.table.set_paused(paused):
            self._tell(job)

    def unload(self) -> bool:
        """Has the worker put away as soon as no job runs; whether that is done already, waiting 2 seconds at most."""
        with self._changed:
            self._unload = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._unload, _UNLOAD_SECONDS if not self._running else 0)

    def is_idle(self) -> bool:
        """Whether nothing runs, nothing waits its turn and nobody listens."""
        return self._running is None and not self.hub.listeners and self.table.next_queued() is None

    def close(self) -> None:
        """Ends the worker; the job that runs goes back in line."""
        with self._changed:
            self._closing = True
            self._stop.set()
            self._changed.notify_all()
        self.hub.close()
        self._thread.join()
        self._worker.end()
        self.table.close()

    # -- the desk's own thread ------------------------------------------------------------------------------------

    def _live(self, job: Job) -> JobRecord:
        running = job.record.id == self._running and job.record.state == RUNNING
        return with_progress(job, *self._progress).record if running else job.record

    def _tell(self, job: Job, preview: str | None = None) -> None:
        record = self._live(job)
        self.hub.send(
            JobEvent(
                record.id,
                record.state,
                record.progress,
                record.film,
                record.shot,
                record.seconds_left,
                preview,
                record.notice,
            )
        )
        with self._changed:
            self._changed.notify_all()

    def _work(self) -> None:
        clear_old_work(self.table.all(), self.media)
        warm_since = time.monotonic()
        while not self._closing:
            try:
                job = self._claimed()
            except StorageError:
                _log.exception("No job can be started")
                time.sleep(_DISK_SECONDS)
                continue
            if job is not None:
                self._do(job)
                warm_since = time.monotonic()
                continue
            with self._changed:
                if self._unload or time.monotonic() - warm_since > self._warm:
                    self._worker.end()
                    self._unload = False
                    self._changed.notify_all()
                self._changed.wait(_LOOK_SECONDS)

    def _claimed(self) -> Job | None:
        with self._changed:
            job = None if self._closing else self.table.claim_next()
            if job is not None:
                self._running, self._progress = job.record.id, (0.0, None, "")
                self._stop.clear()
            return job

    def _do(self, job: Job) -> None:
        """One job from its turn to its end; whatever happens, it is in a state that says so."""
        self._tell(job)
        try:
            output = self._runner.run(job, self._stop, lambda event: self._heard(job, event))
            ending: _Ending = (
                (DONE, str(output), None) if output else (QUEUED if self._closing else CANCELLED, None, None)
            )
        except WorkerDiedError as died:
            ending = self._after_death(job, died)
        except ShotwrightError as failure:
            ending = FAILED, None, failure.to_json()
        except OSError as failure:
            ending = FAILED, None, storage_error(failure, "making the take").to_json()
        except Exception as failure:  # noqa: BLE001 - the desk's loop must outlive any one job
            _log.exception("Job %s failed", job.record.id)
            words = ModelError(f"Something unforeseen happened: {failure}.", "See engine.log in the state folder.")
            ending = FAILED, None, words.to_json()
        self._end(job, *ending)

    def _after_death(self, job: Job, died: WorkerDiedError) -> _Ending:
        """In line again, unless the job itself kills the worker: so many times, without getting further."""
        deaths, farthest = self._deaths.pop(job.record.id, (0, 0.0))
        reached = self._progress[0]
        deaths = 1 if reached > farthest + _GETTING_ON else deaths + 1
        _log.warning("The worker died on job %s, attempt %d", job.record.id, job.record.attempts)
        if deaths < MOST_DEATHS:
            self._deaths[job.record.id] = deaths, max(reached, farthest)
            return QUEUED, None, None
        words = ModelError(f"The worker ended {MOST_DEATHS} times while making this take.", died.hint)
        return FAILED, None, words.to_json()

    def _end(self, job: Job, state: str, output: str | None, error: dict[str, str] | None) -> None:
        """Records how a job ended, trying until the disk lets it: its take may be in its place already."""
        while True:
            try:
                with self._changed:
                    ended = self.table.move(job.record.id, state, output=output, error=error)
                    self._running = None
                break
            except StorageError:
                _log.exception("The end of job %s can't be recorded", job.record.id)
                if self._closing:  # the next engine finds it running, and what was published
                    self._running = None
                    return
                time.sleep(_DISK_SECONDS)
        self._tell(ended)
        if state == DONE:
            clear_work(job)

    def _heard(self, job: Job, event: dict[str, Any]) -> None:
        notice = event.get("notice") or self._progress[2]
        self._progress = (float(event["progress"]), event.get("seconds_left"), notice)
        self._tell(job, event.get("preview"))
