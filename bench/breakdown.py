"""What the breakdown of a feature takes, and what comes out of it."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from shotwright.core.film import ProjectSettings
from shotwright.core.script import break_down, read_script

sys.path.append(str(Path(__file__).parent.parent / "tests" / "script"))
from feature_script import feature_script

_PAGES = 120
_RUNS = 5


def measure() -> list[tuple[str, str, str]]:
    """Rows of (what, measured, bar) for a feature of 120 pages in Fountain, from its file to its shots."""
    settings = ProjectSettings()
    script = feature_script(_PAGES)
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feature.fountain"
        path.write_text(script.text, encoding="utf-8")
        for _ in range(_RUNS):
            started = time.perf_counter()
            found = break_down(read_script(path), settings)
            spent.append(time.perf_counter() - started)
    lengths = [float(settings.rate.seconds(shot.frames)) for shot in found.shots]
    minutes = sum(lengths) / 60
    lost = len(script.headings) - len(found.scenes)
    return [
        (f"breakdown of {_PAGES} pages", f"{statistics.median(spent):.2f} s", "under 1 s"),
        ("length against pages", f"{minutes:.0f} min of {script.pages:.0f} pages", "within 25 %"),
        (f"median of {len(lengths):,} shots", f"{statistics.median(lengths):.1f} s", "3 to 8 s"),
        (f"scenes lost of {len(script.headings)}", str(lost), "0"),
    ]
