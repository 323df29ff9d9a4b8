"""Copies of the edit as it stood before each change, like a bin's attic."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from ..storage import replace_file

KEPT = 50


def keep_snapshot(path: Path, folder: Path) -> None:
    """Copies a file into `folder` under the present time; the oldest beyond KEPT go. Raises StorageError."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime()) + f"-{time.time_ns() % 10**9:09}"
    replace_file(folder / f"{path.stem}-{stamp}{path.suffix}", path.read_bytes(), "keeping a snapshot of the edit")
    for old in sorted(folder.glob(f"{path.stem}-*{path.suffix}"))[:-KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
