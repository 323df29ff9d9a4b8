"""A previs take on this machine: what is not the model, and memory over length, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_SIZE = (640, 360)
_RATE = 24
_SHORT, _LONG = 5, 60


@dataclass(frozen=True)
class Made:
    """Seconds in all and in the model, and the peak of memory in bytes, of one take."""

    seconds: float
    model_seconds: float
    peak_bytes: int


def make(seconds: int) -> Made:
    """Makes a take of so many seconds in this process; call it once a process, since a peak never falls."""
    from shotwright.core.backends.worker.making import Order, make_take
    from shotwright.core.backends.worker.reporting import Reporter
    from shotwright.core.models.base import ChunkRequest, Frames, OnStep
    from shotwright.core.models.previs_model import Previs
    from shotwright.core.protocol import Delivery, Prompt, TakeRequest
    from shotwright.core.timing import Rate

    model, spent = Previs(), [0.0]
    inner = model.make_chunk

    def timed(request: ChunkRequest, on_step: OnStep) -> Frames:
        begun = time.perf_counter()
        frames = inner(request, on_step)
        spent[0] += time.perf_counter() - begun
        return frames

    model.make_chunk = timed  # type: ignore[method-assign]
    words = Prompt("WIDE. EXT. DESERT - SUNSET. A red car drives left to right.")
    request = TakeRequest((words,), seconds * _RATE, Rate.parse(_RATE), _SIZE)
    with tempfile.TemporaryDirectory() as folder:
        order = Order("bench", request, Delivery(), Path(folder) / "work", Path(folder) / "attempt", {})
        begun = time.perf_counter()
        make_take(order, model, Reporter("bench", lambda _event: None, lambda: False))
        elapsed = time.perf_counter() - begun
    return Made(elapsed, spent[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def _apart(seconds: int) -> Made:
    from shotwright.core.backends.local import worker_environment

    command = [sys.executable, "-m", "bench.take", str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=worker_environment())
    return Made(**json.loads(done.stdout.splitlines()[-1]))


def measure() -> list[tuple[str, str, str]]:
    """Rows of (what, measured, bar)."""
    short, long = _apart(_SHORT), _apart(_LONG)
    size = f"{_SIZE[0]}x{_SIZE[1]}"
    share = 1 - long.model_seconds / long.seconds
    growth = long.peak_bytes / short.peak_bytes
    return [
        (f"previs take of {_SHORT} s at {size}", f"{short.seconds:.1f} s", ""),
        (f"previs take of {_LONG} s at {size}", f"{long.seconds:.1f} s", ""),
        ("what is not the model, share of a take", f"{share:.0%}", "under 10 %"),
        (f"peak memory, {_LONG} s over {_SHORT} s", f"{growth:.2f} x ({long.peak_bytes / 1e6:.0f} MB)", "under 1.15 x"),
    ]


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[1])).__dict__))
