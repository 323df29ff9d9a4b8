"""Waiting for jobs: shows how they come along, and stops them cleanly when the user does."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ShotwrightError, from_json
from ..protocol.jobs import CANCELLED, DONE, ENDED, FAILED, RUNNING
from .progress import metering
from .reporting import Report

if TYPE_CHECKING:
    from ..client import EngineClient
    from ..protocol import TakeRequest

_SECONDS_BETWEEN_LOOKS = 0.4
_WAITING_LOOKED_AT = 3  # of the jobs not yet running, so many are asked after each time; the rest stand in line


def submit_again(client: EngineClient, job: dict[str, Any]) -> dict[str, Any]:
    """The job itself, queued anew when an earlier call was stopped or failed: it goes on where it stopped."""
    return client.retry(job["id"]) if job["state"] in (CANCELLED, FAILED) else job


def submitted(client: EngineClient, request: TakeRequest, delivery: dict[str, Any]) -> dict[str, Any]:
    """The job for this very request, outside of any film: an earlier one where its file is still there, or a new one.

    So a command that was stopped goes on where it stopped.
    """
    words = json.dumps([request.to_json(), delivery], sort_keys=True)
    key = "shot:" + hashlib.sha256(words.encode()).hexdigest()
    job: dict[str, Any] = client.submit(request.to_json(), key=key, delivery=delivery)
    if job["state"] == DONE and not Path(job["output"]).is_file():
        job = client.submit(request.to_json(), delivery=delivery)
    return submit_again(client, job)


def wait_for_jobs(client: EngineClient, jobs: Sequence[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
    """The jobs as they ended, in the given order; raises the first failure once all have ended.

    Ctrl-C cancels what has not ended; the chunks made so far are kept for the next call.
    """
    latest = {job["id"]: job for job in jobs}
    told: dict[str, str] = {}
    try:
        with metering(report) as meter:
            while True:
                waiting = [job for job in latest.values() if job["state"] not in ENDED]
                if not waiting:
                    break
                waiting.sort(key=lambda job: job["state"] != RUNNING)
                for job in waiting[:_WAITING_LOOKED_AT]:
                    now = latest[job["id"]] = client.job(job["id"])
                    if now.get("notice") and now["notice"] != told.get(job["id"]):
                        told[job["id"]] = now["notice"]
                        report.say(f"{_row(now)}: {now['notice']}")
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
