"""Jobs in SQLite: one connection under one lock, rollback journal, every commit on the disk.

DELETE journal and synchronous FULL: the table survives `kill -9` and power loss at any moment. (A write-ahead log with
several connections is unsafe before SQLite 3.51.3.)
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import StorageError
from ..protocol.jobs import CANCELLED, FAILED, PAUSED, QUEUED, RUNNING
from .rows import NEXT, SCHEMA, VERSION, Job, job_of, moved, new_job_id, read_row
from .states import refuse_move


class JobTable:
    """All jobs of one engine. Every method is whole: it happened on the disk, or it raised and nothing did."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._base.row_factory = sqlite3.Row
            self._base.execute("PRAGMA journal_mode = DELETE")
            self._base.execute("PRAGMA synchronous = FULL")
            found = self._base.execute("PRAGMA user_version").fetchone()[0]
            if found > VERSION:
                raise StorageError(
                    "The job table was written by a newer Shotwright.", "Update this one, or use another state folder."
                )
            if found < VERSION:
                self._base.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version = {VERSION};COMMIT;")
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"The job table can't be opened: {error}.", "Check the state folder's disk.") from error

    def close(self) -> None:
        """Closes the table; no method may be called after."""
        with self._lock:
            self._base.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._base.in_transaction:  # inside `together`, which commits or takes back
                yield self._base
                return
            try:
                with self._base:  # commits, or takes all back
                    self._base.execute("BEGIN IMMEDIATE")
                    yield self._base
            except sqlite3.Error as error:
                raise StorageError(f"The job table can't be written: {error}.", "Free some disk space.") from error

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Makes all changes of a block one: all of them happen, or, where it raises, none."""
        with self._writing():
            yield

    def add(
        self,
        request: dict[str, Any],
        delivery: dict[str, Any],
        folders: tuple[Path, Path],
        key: str | None = None,
        film: tuple[str, str, str] = ("", "", ""),
        job_id: str | None = None,
    ) -> Job:
        """A new job in line, or the one that has this key already.

        `folders` are those of work and target, `film` is film, shot and take key.
        """
        job_id = job_id or new_job_id()
        with self._writing() as base:
            if key is not None:
                row = base.execute("SELECT * FROM jobs WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    return job_of(row)
            last = base.execute("SELECT coalesce(max(position), 0) FROM jobs").fetchone()[0]
            paused = base.execute("SELECT paused FROM queue").fetchone()[0]
            base.execute(
                "INSERT INTO jobs (id, position, state, request, delivery, work, target, key, film, shot, take,"
                " created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    job_id,
                    last + 1,
                    PAUSED if paused else QUEUED,
                    json.dumps(request),
                    json.dumps(delivery),
                    *map(str, folders),
                    key,
                    *film,
                    time.time(),
                ),
            )
            return job_of(read_row(base, job_id))

    def get(self, job_id: str) -> Job:
        """One job; raises NotFoundError."""
        with self._lock:
            return job_of(read_row(self._base, job_id))

    def with_key(self, key: str) -> Job | None:
        """The job that was asked for under a key, None where none was."""
        with self._lock:
            row = self._base.execute("SELECT * FROM jobs WHERE key = ?", (key,)).fetchone()
        return job_of(row) if row is not None else None

    def all(self, state: str | None = None) -> list[Job]:
        """All jobs, or those in one state, in the order they stand in line."""
        where, values = ("WHERE state = ?", (state,)) if state else ("", ())
        with self._lock:
            rows = self._base.execute(f"SELECT * FROM jobs {where} ORDER BY position", values).fetchall()
        return [job_of(row) for row in rows]

    def of_shot(self, film: str, shot: str) -> list[Job]:
        """The jobs that make takes of one shot."""
        with self._lock:
            rows = self._base.execute("SELECT * FROM jobs WHERE film = ? AND shot = ?", (film, shot)).fetchall()
        return [job_of(row) for row in rows]

    def move(self, job_id: str, state: str, *, output: str | None = None, error: dict[str, str] | None = None) -> Job:
        """Takes a job to another state; raises StateError where it may not go there.

        A job that ends keeps its output or error; one queued again loses them, and is paused while the queue is.
        """
        with self._writing() as base:
            return moved(base, read_row(base, job_id), state, output, error)

    def claim_next(self) -> Job | None:
        """Starts the job whose turn it is and counts an attempt; None when none waits, or the queue is paused."""
        with self._lock:
            if self.next_queued() is None:  # looking first: an empty queue must not write to the disk all the time
                return None
            with self._writing() as base:
                row = base.execute(NEXT, (QUEUED,)).fetchone()
                return moved(base, row, RUNNING) if row is not None else None

    def retry(self, job_id: str) -> Job:
        """Queues a failed or cancelled job again; raises StateError for one in any other state."""
        with self._writing() as base:
            row = read_row(base, job_id)
            if row["state"] not in (FAILED, CANCELLED):
                refuse_move(job_id, row["state"], QUEUED)
            return moved(base, row, QUEUED)

    def first(self, job_id: str) -> Job:
        """Puts a job before all others in line; raises StateError for one that does not wait."""
        with self._writing() as base:
            row = read_row(base, job_id)
            if row["state"] not in (QUEUED, PAUSED):
                refuse_move(job_id, row["state"], "the first in line")
            base.execute("UPDATE jobs SET position = (SELECT min(position) - 1 FROM jobs) WHERE id = ?", (job_id,))
            return job_of(read_row(base, job_id))

    def next_queued(self) -> Job | None:
        """The job whose turn it is."""
        with self._lock:
            row = self._base.execute(NEXT, (QUEUED,)).fetchone()
        return job_of(row) if row is not None else None

    def set_paused(self, paused: bool) -> list[Job]:
        """Pauses or resumes the queue: what waits is `paused` until then. Returns the jobs that changed."""
        old, new = (QUEUED, PAUSED) if paused else (PAUSED, QUEUED)
        with self._writing() as base:
            changed = [row["id"] for row in base.execute("SELECT id FROM jobs WHERE state = ?", (old,))]
            base.execute("UPDATE queue SET paused = ?", (int(paused),))
            base.execute("UPDATE jobs SET state = ? WHERE state = ?", (new, old))
            return [job_of(read_row(base, job_id)) for job_id in changed]

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state that any is in."""
        with self._lock:
            return {row[0]: row[1] for row in self._base.execute("SELECT state, count(*) FROM jobs GROUP BY state")}

    def is_paused(self) -> bool:
        """Whether the queue is paused."""
        with self._lock:
            return bool(self._base.execute("SELECT paused FROM queue").fetchone()[0])
