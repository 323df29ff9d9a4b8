"""A thousand jobs: how long a submit takes, and asking how one stands, over HTTP with every commit on the disk."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from ._engine import engine

_JOBS = 1000
_TAKE = {"prompt": "a street at night", "frames": 48, "rate": "24", "size": [640, 360]}


def _spread(seconds: list[float]) -> str:
    p95, median = statistics.quantiles(seconds, n=20)[-1] * 1000, statistics.median(seconds) * 1000
    return f"p95 {p95:.1f} ms (median {median:.1f} ms)"


def measure() -> Iterator[tuple[str, str, str]]:
    """Submits while the table grows to 1,000 jobs, of status calls then, and of the whole list."""
    with engine() as (client, _process, _seconds):
        client.pause()
        submits, ids = [], []
        for seed in range(_JOBS):
            begun = time.perf_counter()
            ids.append(client.submit({**_TAKE, "seed": seed}, key=f"bench-{seed}")["id"])
            submits.append(time.perf_counter() - begun)
        states = []
        for job in ids:
            begun = time.perf_counter()
            client.job(job)
            states.append(time.perf_counter() - begun)
        lists = []
        for _ in range(20):
            begun = time.perf_counter()
            client.jobs()
            lists.append(time.perf_counter() - begun)
    yield f"{_JOBS:,} jobs: submit", _spread(submits), "p95 under 50 ms"
    yield f"{_JOBS:,} jobs: status of one", _spread(states), "p95 under 20 ms"
    yield f"{_JOBS:,} jobs: the whole list", _spread(lists), ""
