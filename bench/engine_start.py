"""How long an engine takes from launch to healthy, as a command that needs it sees it; torch must not be in it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from ._engine import engine

_TIMES = 7


def measure() -> Iterator[tuple[str, str, str]]:
    """Some starts, one after another, and what the last process has in it."""
    seconds, torch_files = [], 0
    for _ in range(_TIMES):
        with engine() as (client, process, took):
            seconds.append(took)
            client.get("/v1/models")
            torch_files = sum("torch" in mapped.path for mapped in process.memory_maps())
            memory = process.memory_info().rss / 1e6
    spread = f"{statistics.median(seconds):.2f} s (slowest of {_TIMES}: {max(seconds):.2f} s)"
    yield "engine from launch to healthy", spread, "under 1.0 s"
    yield "torch libraries in the engine", str(torch_files), "0"
    yield "the engine's memory once started", f"{memory:.0f} MB", ""
