"""The rows of the job table: their schema, reading one, moving one to another state inside a transaction."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import NotFoundError
from ..protocol import JobRecord
from ..protocol.jobs import DONE, ENDED, PAUSED, QUEUED, RUNNING
from .states import check_move

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, position REAL NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL, delivery TEXT NOT NULL,
    work TEXT NOT NULL, target TEXT NOT NULL, key TEXT UNIQUE, film TEXT NOT NULL, shot TEXT NOT NULL,
    take TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, output TEXT, error TEXT, created REAL NOT NULL,
    started REAL, ended REAL);
CREATE INDEX IF NOT EXISTS by_state ON jobs (state, position);
CREATE INDEX IF NOT EXISTS by_position ON jobs (position);
CREATE INDEX IF NOT EXISTS by_shot ON jobs (film, shot);
CREATE TABLE IF NOT EXISTS queue (paused INTEGER NOT NULL);
INSERT INTO queue VALUES (0);
"""
VERSION = 1
NEXT = "SELECT * FROM jobs WHERE state = ? ORDER BY position LIMIT 1"


@dataclass(frozen=True)
class Job:
    """A row of the table: what everyone may see, and the folders it is made in (`work`) and published to (`target`)."""

    record: JobRecord
    work: Path
    target: Path


def new_job_id() -> str:
    """A job's name: short, unguessable, fit for a folder."""
    return uuid.uuid4().hex[:16]


def read_row(base: sqlite3.Connection, job_id: str) -> sqlite3.Row:
    """A job's row; raises NotFoundError."""
    row: sqlite3.Row | None = base.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no job “{job_id[:60]}”.", "See them with: shotwright jobs")
    return row


def moved(
    base: sqlite3.Connection,
    row: sqlite3.Row,
    state: str,
    output: str | None = None,
    error: dict[str, str] | None = None,
) -> Job:
    """The job after a move that `states` allows, inside the caller's transaction."""
    check_move(row["id"], row["state"], state)
    if state == QUEUED and base.execute("SELECT paused FROM queue").fetchone()[0]:
        state = PAUSED
    now = time.time()
    base.execute(
        "UPDATE jobs SET state = ?, output = ?, error = ?, started = ?, ended = ?, attempts = ? WHERE id = ?",
        (
            state,
            output,
            json.dumps(error) if error else None,
            now if state == RUNNING else row["started"],
            now if state in ENDED else None,
            row["attempts"] + (state == RUNNING),
            row["id"],
        ),
    )
    return job_of(read_row(base, row["id"]))


def job_of(row: sqlite3.Row) -> Job:
    """The job that a row holds."""
    record = JobRecord(
        id=row["id"],
        state=row["state"],
        progress=1.0 if row["state"] == DONE else 0.0,
        request=json.loads(row["request"]),
        delivery=json.loads(row["delivery"]),
        output=row["output"],
        error=json.loads(row["error"]) if row["error"] else None,
        key=row["key"],
        film=row["film"],
        shot=row["shot"],
        take=row["take"],
        attempts=row["attempts"],
        created=row["created"],
        started=row["started"],
        ended=row["ended"],
    )
    return Job(record, Path(row["work"]), Path(row["target"]))


def with_progress(job: Job, progress: float, seconds_left: float | None, notice: str) -> Job:
    """The job as it stands while it runs."""
    return replace(job, record=replace(job.record, progress=progress, seconds_left=seconds_left, notice=notice))
