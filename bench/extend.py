"""Extending a clip: how long until its known frames are at hand, what 48 frames of 1080p cost without the model, and
what 24 frames of 3840x2160 take with it.

Without the model, a stand-in takes its place that needs no time. Clips are made by ffmpeg in a temporary folder.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_SHORT, _LONG, _LONGEST = 10, 600, 14_400  # seconds
_NEW = 48
_ROUNDS = 5
_LARGE, _LARGE_NEW = (3840, 2160), 24


class _Flat:
    """A video model that gives back what it knows, at once."""

    name, fingerprint = "flat", "flat"

    def __init__(self) -> None:
        from shotwright.core.models.previs_model import LIMITS

        self.limits = LIMITS
        self.notices: list[str] = []

    def make_chunk(self, request: Any, on_step: Callable[..., None]) -> Any:
        """As VideoModel.make_chunk."""
        on_step(1, 1, request.known[0])
        return request.known.copy()


def _clip(path: Path, seconds: int, *written: str, size: str = "640x360", rate: int = 24) -> Path:
    from shotwright.core.media.ffmpeg import executable

    source = f"testsrc2=size={size}:rate={rate}"
    command = [executable(), "-loglevel", "error", "-f", "lavfi", "-i", source, *written, "-t", str(seconds), str(path)]
    subprocess.run(command, check=True)
    return path


def _until_known(path: Path) -> float:
    """Seconds from a clip nobody has looked at to its known frames cut out for the model."""
    from shotwright.core.clips.jobs import extend_tail
    from shotwright.core.clips.request import request_of
    from shotwright.core.clips.source import open_source
    from shotwright.core.media import index

    index._cached.cache_clear()
    begun = time.perf_counter()
    request_of(extend_tail(open_source(path), _NEW), lambda _kept: "0" * 64, "", "flat", 0)
    return time.perf_counter() - begun


def _least(*clips: Path) -> list[float]:
    """The least seconds that each clip took, one after the other in turn: what else the machine does meets all."""
    rounds = [[_until_known(clip) for clip in clips] for _ in range(_ROUNDS)]
    return [min(taken) for taken in zip(*rounds, strict=True)]


def _first_frames(folder: Path) -> Iterator[tuple[str, str, str]]:
    from shotwright.core.media.ffmpeg import executable

    kinds = {
        "H.264 .mp4": ("mp4", "-c:v", "libx264", "-preset", "ultrafast", "-g", "48"),
        "H.264 .mkv": ("mkv", "-c:v", "libx264", "-preset", "ultrafast", "-g", "48"),
        "H.264 with sound .mkv": (
            *("mkv", "-f", "lavfi", "-i", "sine=440:sample_rate=48000", "-c:a", "pcm_s16le"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", "48"),
        ),
        "ProRes .mov": ("mov", "-c:v", "prores_ks", "-profile:v", "0"),
    }
    for name, (suffix, *written) in kinds.items():
        size = "320x180" if suffix == "mov" else "640x360"
        clips = [_clip(folder / f"{name} {s}.{suffix}", s, *written, size=size) for s in (_SHORT, _LONG)]
        _until_known(clips[0])  # imports are not counted
        best = _least(*clips)
        told = f"{best[0] * 1000:.0f} and {best[1] * 1000:.0f} ms, {best[1] / best[0]:.2f} x"
        yield f"known frames of 10 s and 10 min, {name}", told, "1.2 x"
        small = _clip(folder / f"{name} small.{suffix}", _SHORT, *written, size="128x72")
        longest = folder / f"{name} longest.{suffix}"
        rounds = str(_LONGEST // _SHORT - 1)
        command = [executable(), "-loglevel", "error", "-stream_loop", rounds, "-i", str(small), "-c", "copy"]
        subprocess.run([*command, str(longest)], check=True)
        best = _least(small, longest)
        yield f"known frames of 10 s and 4 h, {name}", f"{best[0] * 1000:.0f} and {best[1] * 1000:.0f} ms", ""


def _moving(path: Path, size: tuple[int, int]) -> Path:
    from shotwright.core.media.writing import MovieWriter
    from shotwright.core.timing import Rate

    from ._seam_clips import SHOTS, drawn

    shot = next(shot for shot in SHOTS if shot.name == "rough disc before a pan, grain")
    with MovieWriter(path, size, Rate.parse(24), "prores") as movie:
        for frame in drawn(shot, size[0]).frames:
            movie.write(frame)
    return path


def _timed(spent: dict[str, float], stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            spent[stage] = spent.get(stage, 0) + time.perf_counter() - begun

    return run


def _stages(folder: Path) -> Iterator[tuple[str, str, str]]:
    from shotwright.core.backends.worker.making import Order, make_take
    from shotwright.core.backends.worker.reporting import Reporter
    from shotwright.core.clips.finishing import finish
    from shotwright.core.clips.jobs import extend_tail
    from shotwright.core.clips.request import request_of
    from shotwright.core.clips.source import open_source
    from shotwright.core.media.seam import onward
    from shotwright.core.media.seam.carry import Carrier
    from shotwright.core.media.seam.grain import Grain
    from shotwright.core.protocol import Delivery

    clip = _moving(folder / "hd.mov", (1920, 1080))
    spent: dict[str, float] = {}
    known: dict[str, Path] = {}

    def keep(path: Path) -> str:
        known["0" * 64] = path.rename(folder / "known.mkv")
        return "0" * 64

    kept: dict[tuple[Any, str], Any] = {}
    for owner, name, stage in (
        (Carrier, "__init__", "motion followed"),
        (Carrier, "at", "known frames carried on"),
        (Grain, "on", "grain"),
        (onward, "filled", "filled"),
        (onward, "grain_of", "grain measured"),
    ):
        kept[owner, name] = getattr(owner, name)
        setattr(owner, name, _timed(spent, stage, kept[owner, name]))
    try:
        begun = time.perf_counter()
        job = _timed(spent, "opened", lambda: extend_tail(open_source(clip), _NEW))()
        request = _timed(spent, "known frames cut out", request_of)(job, keep, "", "flat", 0)
        order = Order("bench", request, Delivery(codec="passing"), folder / "work", folder / "attempt", known)
        reporter = Reporter("bench", lambda _event: None, lambda: False)
        made = _timed(spent, "take", make_take)(order, _Flat(), reporter)
        _timed(spent, "joined and reported", finish)(job, folder / "attempt" / made, folder / "out.mov")
        total = time.perf_counter() - begun
    finally:
        for (owner, name), original in kept.items():
            setattr(owner, name, original)
    inside = ("motion followed", "known frames carried on", "grain", "filled", "grain measured")
    spent["frames read, enlarged, written"] = spent.pop("take") - sum(spent.get(stage, 0) for stage in inside)
    for stage, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        yield f"1080p by {_NEW} frames: {stage}", f"{seconds:.2f} s", ""
    yield f"1080p by {_NEW} frames, all but the model", f"{total:.1f} s", "10 s"


def _whole(clip: Path, folder: Path, told: Any) -> None:
    """Extends a clip by the built-in model, in one process; `told` gets the seconds and its most memory, in bytes."""
    from shotwright.core.backends.worker.making import Order, make_take
    from shotwright.core.backends.worker.reporting import Reporter
    from shotwright.core.clips.finishing import finish
    from shotwright.core.clips.jobs import extend_tail
    from shotwright.core.clips.request import request_of
    from shotwright.core.clips.source import open_source
    from shotwright.core.models.previs_model import Previs
    from shotwright.core.protocol import Delivery

    known = {"0" * 64: folder / "known.mkv"}

    def keep(path: Path) -> str:
        path.rename(folder / "known.mkv")
        return "0" * 64

    begun = time.perf_counter()
    job = extend_tail(open_source(clip), _LARGE_NEW)
    request = request_of(job, keep, "", "previs", 0)
    order = Order("bench", request, Delivery(codec="passing"), folder / "work", folder / "attempt", known)
    made = make_take(order, Previs(), Reporter("bench", lambda _event: None, lambda: False))
    finish(job, folder / "attempt" / made, folder / "out.mov")
    status = Path("/proc/self/status").read_text(encoding="utf-8")  # getrusage counts the parent's memory too
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    told.put((time.perf_counter() - begun, most * 1024))


def _large(folder: Path) -> Iterator[tuple[str, str, str]]:
    clip = _moving(folder / "uhd.mov", _LARGE)
    processes = multiprocessing.get_context("spawn")
    told = processes.Queue()
    process = processes.Process(target=_whole, args=(clip, folder, told))
    process.start()
    seconds, memory = told.get(timeout=1800)
    process.join()
    words = f"{_LARGE[0]}x{_LARGE[1]} by {_LARGE_NEW} frames"
    yield f"{words}, the model too", f"{seconds:.0f} s, {memory / 1e9:.1f} GB", ""


def measure() -> Iterator[tuple[str, str, str]]:
    """Rows for `python -m bench extend`."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _stages(Path(folder))
        yield from _first_frames(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from _large(Path(folder))
