"""`python -m bench [NAME…]`: runs every measurement, or those named, and prints a table.

Each module beside this one that has `measure()` is a measurement, called by its file's name; it gives rows of (what,
measured, bar), the bar empty where nothing is promised.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Measure = Callable[[], Iterable[tuple[str, str, str]]]


def measurements() -> Iterator[tuple[str, Measure]]:
    """Every measurement by its name."""
    for module in sorted(pkgutil.iter_modules([str(Path(__file__).parent)]), key=lambda found: found.name):
        if not module.name.startswith("_"):
            measure = getattr(importlib.import_module(f"{__package__}.{module.name}"), "measure", None)
            if measure is not None:
                yield module.name, measure


def main(names: list[str]) -> int:
    """Runs them and prints row by row; 2 for a name that is none."""
    found = dict(measurements())
    unknown = sorted(set(names) - set(found))
    if unknown:
        print(f"There is no measurement {unknown[0]}. There are: {', '.join(found)}.")
        return 2
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores{load}, Python {sys.version.split()[0]}")
    for name in names or found:
        for what, measured, bar in found[name]():
            print(f"{what:<48} {measured:<36} {bar}".rstrip(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
