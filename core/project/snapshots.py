"""Copies of the edit as it stood before each change, kept like the backups of an editing program's attic.

The newest stand close together, older ones ever farther apart, and the oldest is kept longest.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from ..storage import replace_file

KEPT = 60
_NEWEST = 20  # never thinned


def keep_snapshot(path: Path, folder: Path) -> Path:
    """Copies a file into `folder` under the present time, thins what is there, and returns the copy.

    Raises StorageError.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime()) + f"-{time.time_ns() % 10**9:09}"
    copy = folder / f"{path.stem}-{stamp}{path.suffix}"
    replace_file(copy, path.read_bytes(), "keeping a snapshot of the edit")
    kept = sorted(folder.glob(f"{path.stem}-*{path.suffix}"))
    while len(kept) > KEPT:
        gone = kept.pop(_least_missed([_seconds(each) for each in kept]))
        with contextlib.suppress(OSError):
            gone.unlink()
    return copy


def _least_missed(times: Sequence[float]) -> int:
    """Of times in order, which one leaves the smallest hole for its age; neither the oldest nor one of the newest."""
    now = times[-1]
    holes = [later - earlier for earlier, later in zip(times, times[2:], strict=False)]
    candidates = range(1, max(2, len(times) - _NEWEST))
    return min(candidates, key=lambda place: holes[place - 1] / max(now - times[place], 1e-9))


def _seconds(copy: Path) -> float:
    """When a copy was made, as its name says: files that are copied whole have other times."""
    *_, day, clock, nanoseconds = copy.stem.split("-")
    try:
        return time.mktime(time.strptime(day + clock, "%Y%m%d%H%M%S")) + int(nanoseconds) / 1e9
    except ValueError:
        return 0.0
