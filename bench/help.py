"""How long `shotwright --help` takes, as a process from start to end."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

_TIMES = 9


def measure() -> Iterator[tuple[str, str, str]]:
    """Some calls, one after another."""
    seconds = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        command = [sys.executable, "-m", "shotwright.core.cli.main", "--help"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - begun)
    spread = f"{statistics.median(seconds):.2f} s (slowest of {_TIMES}: {max(seconds):.2f} s)"
    yield "shotwright --help", spread, "under 0.3 s"
