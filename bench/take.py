"""A previs take on this machine: what is not the model, memory and looks over length, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SIZE = (640, 360)
_RATE = 24
_SHORT, _LONG = 5, 60
_CROSSES = "WIDE, static. EXT. DESERT - SUNSET. A red car drives left to right."
_IN_PLACE = {  # subjects as much of which is seen in the last second as in the first, unlike one that crosses
    "a man who waves": "EXT. DESERT - DAY. Wide. A man in red waves. Static.",
    "a ball that bounces": "INT. ROOM - DAY. A blue ball bounces. Static camera.",
    "a woman who jumps": "EXT. STREET - SUNSET. A woman jumps. Static.",
}


@dataclass(frozen=True)
class Made:
    """Of one take: seconds in all and in the model, the peak of memory in bytes, and what its last second kept.

    `drift` is how far mean and spread of red, green and blue have moved since the first second, at most, as a share of
    those; `motion` the mean change from frame to frame over that of the first second.
    """

    seconds: float
    model_seconds: float
    peak_bytes: int
    drift: float
    motion: float


def make(seconds: int, words: str) -> Made:
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
    request = TakeRequest((Prompt(words),), seconds * _RATE, Rate.parse(_RATE), _SIZE)
    with tempfile.TemporaryDirectory() as folder:
        order = Order("bench", request, Delivery(), Path(folder) / "work", Path(folder) / "attempt", {})
        begun = time.perf_counter()
        file = make_take(order, model, Reporter("bench", lambda _event: None, lambda: False))
        elapsed = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return Made(elapsed, spent[0], peak, *_kept(order.attempt / file, request.frames))


def _kept(film: Path, frames: int) -> tuple[float, float]:
    """The drift of colour and the share of motion kept, last second against first."""
    import numpy as np
    from shotwright.core.media.reading import read_frames
    from shotwright.core.timing import FrameRange

    ends = FrameRange(0, _RATE), FrameRange(frames - _RATE, frames)
    first, last = (np.stack(list(read_frames(film, end))).astype(np.float32) for end in ends)
    looks = [np.concatenate([second.mean((0, 1, 2)), second.std((0, 1, 2))]) for second in (first, last)]
    moved = [float(np.abs(np.diff(second, axis=0)).mean()) for second in (first, last)]
    return float(np.abs(looks[1] / looks[0] - 1).max()), moved[1] / max(moved[0], 1e-6)


def _apart(seconds: int, words: str = _CROSSES) -> Made:
    from shotwright.core.backends.local import worker_environment

    command = [sys.executable, "-m", "bench.take", str(seconds), words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=worker_environment())
    return Made(**json.loads(done.stdout.splitlines()[-1]))


def measure() -> Iterator[tuple[str, str, str]]:
    """Rows of (what, measured, bar)."""
    short, long = _apart(_SHORT), _apart(_LONG)
    size = f"{_SIZE[0]}x{_SIZE[1]}"
    share = 1 - long.model_seconds / long.seconds
    growth = long.peak_bytes / short.peak_bytes
    yield from (
        (f"previs take of {_SHORT} s at {size}", f"{short.seconds:.1f} s", ""),
        (f"previs take of {_LONG} s at {size}", f"{long.seconds:.1f} s", ""),
        ("what is not the model, share of a take", f"{share:.1%}", "under 10 %"),
        (f"peak memory, {_LONG} s over {_SHORT} s", f"{growth:.2f} x ({long.peak_bytes / 1e6:.0f} MB)", "under 1.15 x"),
    )
    for who, words in _IN_PLACE.items():
        made = _apart(_LONG, words)
        yield f"{who}, last of {_LONG} s: colour", f"{made.drift:.1%}", "within 5 %"
        yield f"{who}, last of {_LONG} s: motion", f"{made.motion:.2f} x", "kept"


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[1]), sys.argv[2]).__dict__))
