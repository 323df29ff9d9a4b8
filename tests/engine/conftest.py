"""A desk over the fake worker, and an engine in a process of its own."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shotwright.core.backends.local import LocalWorker
from shotwright.core.client import EngineClient, find_engine
from shotwright.core.engine.desk import Desk
from shotwright.core.engine.job_run import OnPublished

OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(tmp_path: Path, fake_worker: list[str]) -> Iterator[OpenDesk]:
    """Opens desks on one state folder, one after another."""
    desks: list[Desk] = []

    def open_one(on_published: OnPublished = lambda _: None, warm_seconds: float = 600) -> Desk:
        worker = LocalWorker(tmp_path / "worker.log", fake_worker)
        desks.append(Desk(tmp_path, worker, on_published, warm_seconds))
        return desks[-1]

    yield open_one
    for desk in desks:
        desk.close()


@pytest.fixture
def engine(start_engine: Callable[..., subprocess.Popen[str]]) -> EngineClient:
    """A running engine's client."""
    start_engine()
    found = find_engine()
    assert found is not None
    return found
