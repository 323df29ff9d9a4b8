"""What earlier runs took, kept for the estimate of later ones. No torch.

`timings.json` in the state folder holds, by model, plan, size and frames, the latest run of each.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...storage import replace_file

FILE = "timings.json"
_KEPT = 200  # runs; the oldest go first
_USUAL_POWER = 1.2  # time grows so with pixels, between attention's 2 and all else's 1
_LEARNED_POWERS = (1.0, 2.0)


@dataclass(frozen=True)
class Run:
    """One chunk that was made: seconds a step, and of all that is no step; the peak of memory in bytes.

    `size` is the model's own, `frames` the chunk's; `card` says whose memory the peak is of.
    """

    model: str
    plan: str
    size: tuple[int, int]
    frames: int
    step_seconds: float
    other_seconds: float
    peak_bytes: int
    card: bool = False

    @property
    def pixels(self) -> int:
        """Pixels of the chunk, in all frames."""
        return self.size[0] * self.size[1] * self.frames

    @property
    def _key(self) -> tuple[Any, ...]:
        return self.model, self.plan, self.size, self.frames


def _read(value: Any) -> Run:
    run = Run(**{**value, "size": (int(value["size"][0]), int(value["size"][1]))})
    if not (run.pixels > 0 and run.step_seconds > 0 and run.other_seconds >= 0 and run.peak_bytes >= 0):
        raise ValueError
    return run


class Timings:
    """The runs of one state folder; a broken file is as good as none."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def runs(self) -> list[Run]:
        """All that is kept, the latest last."""
        try:
            return [_read(value) for value in json.loads(self._path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            return []

    def learn(self, run: Run) -> None:
        """Keeps a run in place of an earlier one like it; raises StorageError."""
        kept = [other for other in self.runs() if other._key != run._key][1 - _KEPT :]
        replace_file(self._path, json.dumps([asdict(each) for each in [*kept, run]]) + "\n", "keeping what a run took")

    def expected(self, model: str, size: tuple[int, int], frames: int) -> Run | None:
        """What a chunk is expected to take under the plan that the model ran by last; None where it never ran."""
        runs = [run for run in self.runs() if run.model == model]
        if not runs:
            return None
        alike = [run for run in runs if run.plan == runs[-1].plan]
        pixels = size[0] * size[1] * frames
        nearest = min(reversed(alike), key=lambda run: abs(math.log(run.pixels / pixels)))
        share = pixels / nearest.pixels
        return Run(
            model,
            nearest.plan,
            size,
            frames,
            nearest.step_seconds * share ** _power(alike),
            nearest.other_seconds * share,
            nearest.peak_bytes,
            nearest.card,
        )


def _power(runs: list[Run]) -> float:
    """How a step's time grows with pixels, from the smallest and the largest chunk that were made."""
    small, large = min(runs, key=lambda run: run.pixels), max(runs, key=lambda run: run.pixels)
    if large.pixels < 1.5 * small.pixels:
        return _USUAL_POWER
    power = math.log(large.step_seconds / small.step_seconds) / math.log(large.pixels / small.pixels)
    return min(max(power, _LEARNED_POWERS[0]), _LEARNED_POWERS[1])
