"""A finished attempt becomes a take: one rename, which may be found half way after a crash and is then gone on with."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from ..errors import StateError, StorageError, storage_error
from ..jobs import Job
from ..protocol.jobs import DONE
from ..storage import sync_folder
from .media_store import MediaStore

RECIPE = "recipe.json"
_KEPT_SECONDS = 7 * 24 * 3600  # chunks and pictures of cancelled and failed jobs, for a retry


def published_output(job: Job) -> Path | None:
    """The mezzanine, when the job's target was published already; raises StateError where another's take lies there."""
    if not job.target.exists():
        return None
    try:
        recipe = json.loads((job.target / RECIPE).read_text(encoding="utf-8"))
        owner, mezzanine = recipe["job"], recipe["files"]["mezzanine"]
    except (OSError, ValueError, KeyError, TypeError):
        owner, mezzanine = None, ""
    if owner != job.record.id:
        raise StateError(
            f"The folder of {job.target.name} is taken by other files.", "Move them away, then retry the job."
        )
    return job.target / str(mezzanine)


def publish_attempt(job: Job, attempt: Path, mezzanine: str) -> Path:
    """Gives an attempt's folder its final name and returns the mezzanine's path; raises StateError or StorageError."""
    found = published_output(job)
    if found is not None:
        return found
    if not (attempt / mezzanine).exists() or not (attempt / RECIPE).is_file():
        raise StorageError("The take's files were gone when they were done.", "Retry the job.")
    try:
        job.target.parent.mkdir(parents=True, exist_ok=True)
        attempt.rename(job.target)
        sync_folder(job.target.parent)
    except OSError as error:
        raise storage_error(error, "putting the take into its place") from error
    return job.target / mezzanine


def clear_work(job: Job) -> None:
    """Removes a job's work folder; what can't be removed is left for later."""
    shutil.rmtree(job.work, ignore_errors=True)


def clear_old_work(jobs: Iterable[Job], media: MediaStore) -> None:
    """Removes work and pictures that nobody will go on with, left by engines before this one."""
    needed: set[str] = set()
    for job in jobs:
        ended = job.record.ended
        if job.record.state == DONE or (ended and time.time() - ended > _KEPT_SECONDS):
            clear_work(job)
        else:
            needed.update(known["media"]["sha256"] for known in job.record.request["known"])
    media.forget_old(needed, _KEPT_SECONDS)
