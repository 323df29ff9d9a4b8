"""Measures the model: `python -m shotwright.core.models.previs.evaluate`; `--cases 500` makes the model card's table.

Every measure is also run on the drawn scenes themselves (its ceiling) and on takes of other words (its chance).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..model import PrevisModel
from ..weight_files import FOLDER
from . import looks
from .cases import Case, Frames, blocked, cases, trained_scenes
from .judges import Judges, share
from .seams import seam_of, verdicts
from .taker import Taker, shuffle_weights

_FITTED_TO = 2500


@dataclass(frozen=True)
class Row:
    """One measure: its bar as a share of the ceiling; of takes, of drawn scenes, of takes of other words."""

    name: str
    bar: str
    takes: float
    ceiling: float
    chance: float | None = None

    def __str__(self) -> str:
        of = f"{self.takes / self.ceiling:.0%}" if self.ceiling else ""
        chance = "" if self.chance is None else f"{self.chance:.2f}"
        return f"| {self.name} | {self.takes:.2f} | {self.ceiling:.2f} | {chance} | {of} | {self.bar} |"


def _row(
    name: str,
    bar: str,
    asked: Sequence[Case],
    takes: Sequence[Frames],
    verdict: Callable[[Case, Frames], bool | None],
    true: Sequence[Frames] = (),
) -> Row:
    drawn = true or [case.frames for case in asked]
    others = [*takes[1:], takes[0]]  # each case's take exchanged for another's
    shares = [share([verdict(c, f) for c, f in zip(asked, clips, strict=True)]) for clips in (takes, drawn, others)]
    return Row(name, bar, shares[0], shares[1], shares[2])


def _obedience(asked: Sequence[Case], takes: Sequence[Frames], judges: Judges) -> list[Row]:
    measures = (
        ("time of day", "95 %", judges.time),
        ("place", "95 %", judges.place),
        ("camera move with direction", "90 %", judges.move),
        ("subject kind", "85 %", judges.kind),
        ("subject colour", "90 %", judges.colour),
        ("direction of the subject's motion", "85 %", judges.way),
        ("shot size", "90 %", judges.size),
    )
    return [_row(name, bar, asked, takes, verdict) for name, bar, verdict in measures]


def _following(asked: Sequence[Case], judges: Judges, taker: Taker) -> list[Row]:
    told = [blocked(case) for case in asked]
    takes = taker.from_depth(told)
    measures = (
        ("depth followed: subject within 8 % of the width throughout", judges.followed),
        ("depth followed: camera move with direction", judges.move),
        ("depth followed: direction of the subject's motion", judges.way),
        ("depth followed: place from the words", judges.place),
        ("depth followed: kind from the words", judges.kind),
    )
    return [_row(name, "", told, takes, verdict) for name, verdict in measures]


def _knowing(asked: Sequence[Case], judges: Judges, taker: Taker) -> list[Row]:
    # Lines of a drawing hide its subject from the judge, in the truth as well: its ceiling is of the truth with them.
    panels, true = taker.from_panels(asked), taker.drawn_over(asked)
    rows = [_row("panel kept: subject within 8 % of the width", "90 %", asked, panels, judges.kept, true)]
    for name, head in (("tail", False), ("head", True)):
        seams = [seam_of(case, head) for case in asked]
        new = taker.beyond(seams)
        sets = (new, [seam.true for seam in seams], [*new[1:], new[0]])
        judged = [[verdicts(*pair) for pair in zip(seams, frames, strict=True)] for frames in sets]
        for which, (what, bar) in enumerate((("speed", "80 %"), ("direction", "95 %"), ("motion exact", ""))):
            shares = [share([verdict[which] for verdict in each]) for each in judged]
            rows.append(Row(f"{name} extension: {what} at the seam", bar, shares[0], shares[1], shares[2]))
    return rows


def _likeness(asked: Sequence[Case], takes: Sequence[Frames]) -> list[Row]:
    drawn = [case.frames for case in asked]

    def ratio(measure: Callable[[Frames], float]) -> float:
        return float(np.mean([measure(clip) for clip in takes]) / np.mean([measure(clip) for clip in drawn]))

    half = len(drawn) // 2
    real, made = (np.stack([looks.features(clip) for clip in clips]) for clips in (drawn, takes))
    mixed = np.random.default_rng(0).permutation(made.ravel()).reshape(made.shape)
    distances = [looks.frechet(*pair) for pair in ((real, made), (real[:half], real[half:]), (real, mixed))]
    return [
        Row("motion energy, of the drawn", "0.7 to 1.4", ratio(looks.motion_energy), 1.0),
        Row("sharpness, of the drawn", "0.8", ratio(looks.sharpness), 1.0),
        Row("Frechet distance (ceiling: half to half of the drawn)", "", *distances),
    ]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=FOLDER)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--fewer", type=int, default=100, help="cases of panels and extensions")
    parser.add_argument("--shuffled-weights", action="store_true", help="with weights that hold nothing")
    chosen = parser.parse_args()
    begun = time.monotonic()
    model = PrevisModel.load(chosen.weights)
    if chosen.shuffled_weights:
        shuffle_weights(model)
    asked = cases(chosen.cases)
    judges, taker = Judges(trained_scenes(_FITTED_TO)), Taker(model)
    takes = taker.from_words(asked)
    few = asked[: chosen.fewer]
    rows = _obedience(asked, takes, judges) + _knowing(few, judges, taker) + _following(few, judges, taker)
    rows += _likeness(asked, takes)
    print(f"| {len(asked)} cases | takes | ceiling | chance | of the ceiling | bar |\n|---|---|---|---|---|---|")  # noqa: T201
    print(*rows, sep="\n")  # noqa: T201
    print(f"\n{time.monotonic() - begun:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
