"""An engine on a state folder of its own, for the measurements that need one."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from shotwright.core.client import EngineClient, ensure_engine


@contextlib.contextmanager
def engine() -> Iterator[tuple[EngineClient, psutil.Process, float]]:
    """A fresh engine: its client, its process, and the seconds from launch to healthy."""
    with tempfile.TemporaryDirectory(prefix="shotwright-bench-") as state:
        before = os.environ.get("SHOTWRIGHT_STATE")
        os.environ["SHOTWRIGHT_STATE"] = state
        try:
            begun = time.perf_counter()
            client = ensure_engine()
            client.health()
            seconds = time.perf_counter() - begun
            process = psutil.Process(json.loads((Path(state) / "engine.json").read_text())["pid"])
            try:
                yield client, process, seconds
            finally:
                process.terminate()
                process.wait(10)
        finally:
            if before is None:
                del os.environ["SHOTWRIGHT_STATE"]
            else:
                os.environ["SHOTWRIGHT_STATE"] = before
