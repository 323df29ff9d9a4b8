"""Waiting for jobs: shows how they come along, and stops them cleanly when the user does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import ShotwrightError, from_json
from ..protocol.jobs import CANCELLED, ENDED, FAILED, RUNNING
from .progress import metering
from .reporting import Report

if TYPE_CHECKING:
    from ..client import EngineClient

_SECONDS_BETWEEN_LOOKS = 0.4
_WAITING_LOOKED_AT = 3  # of the jobs not yet running, so many are asked after each time; the rest stand in line


def submit_again(client: EngineClient, job: dict[str, Any]) -> dict[str, Any]:
    """The job itself, queued anew when an earlier call was stopped or failed: it goes on where it stopped."""
    return client.retry(job["id"]) if job["state"] in (CANCELLED, FAILED) else job


def wait_for_jobs(client: EngineClient, jobs: Sequence[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
    """The jobs as they ended, in the given order; raises the first failure once all have ended.

    Ctrl-C cancels what has not ended; the chunks made so far are kept for the next call.
    """
    latest = {job["id"]: job for job in jobs}
    try:
        with metering(report) as meter:
            while True:
                waiting = [job for job in latest.values() if job["state"] not in ENDED]
                if not waiting:
                    break
                waiting.sort(key=lambda job: job["state"] != RUNNING)
                for job in waiting[:_WAITING_LOOKED_AT]:
                    now = latest[job["id"]] = client.job(job["id"])
                    if now["state"] != "queued":
                        meter.show(_row(now), now["progress"], now.get("seconds_left"))
                time.sleep(_SECONDS_BETWEEN_LOOKS)
    except KeyboardInterrupt:
        for job_id, job in latest.items():
            if job["state"] not in ENDED:
                with contextlib.suppress(ShotwrightError):
                    client.cancel(job_id)
        raise
    ended = [latest[job["id"]] for job in jobs]
    for job in ended:
        if job["error"]:
            raise from_json(job["error"])
    return ended


def _row(job: dict[str, Any]) -> str:
    return f"{job['shot']} {job['take']}" if job.get("shot") else "Take"
