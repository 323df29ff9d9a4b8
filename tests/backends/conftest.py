"""Orders for a worker, and a worker that is always ended."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from shotwright.core.backends.local import LocalWorker
from shotwright.core.protocol import Delivery, Prompt, TakeRequest
from shotwright.core.timing import Rate

Order = dict[str, Any]


@pytest.fixture
def order(tmp_path: Path) -> Callable[..., Order]:
    """Makes an order for a small take; `attempt` counts its folders."""

    def make(prompt: str = "", frames: int = 24, job: str = "job", attempt: int = 1) -> Order:
        folder = tmp_path / job / f"attempt-{attempt}"
        folder.mkdir(parents=True)
        request = TakeRequest((Prompt(prompt),), frames, Rate.parse(12), (128, 72), seed=7)
        return {
            "job": job,
            "request": request.to_json(),
            "delivery": Delivery(codec="h264").to_json(),
            "work": str(tmp_path / job),
            "attempt": str(folder),
            "media": {},
        }

    return make


@pytest.fixture
def worker(tmp_path: Path, fake_worker: list[str]) -> Iterator[LocalWorker]:
    """A worker with the fake model."""
    made = LocalWorker(tmp_path / "worker.log", fake_worker)
    yield made
    made.end()
