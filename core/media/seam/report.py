"""How well a seam holds: what changes there, against what changes between the clip's other frames.

A seam that moves, brightens, sharpens or grains no more than the clip does anyway can't be found by an editor. So every
number is held against its like at the clip's other frames, and the verdict is about the one that stands out most.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from ..motion import follow
from . import camera

INVISIBLE, VISIBLE, BAD = "invisible", "visible", "bad"
_AT_ONCE = 2  # frames looked at: what looks at them holds no lock of Python's
AROUND = 12  # frames looked at on either side of a seam
_VISIBLE_AT, _BAD_AT = 1.0, 3.0  # times what passes unseen (calibrated: docs/extend.md)
_WIDEST = 384  # motion is followed at this width
_ODD = 4.5  # how many times the clip's own spread passes unseen
# What passes unseen in a clip that has no spread of its own: pixels, shares (logarithms), shares of light.
_UNSEEN = {"motion": 0.25, "change": 0.30, "light": 0.006, "sharpness": 0.10, "grain": 0.25}
_LEAST_CHANGE = 0.25  # code values: below, two frames are the same
_PLACE = 12  # pixels: a side of the places, of which those that change most are looked at by themselves
_PLACES = 0.015  # of all: what a subject fills that moves alone
_LEAST_GRAIN = 0.5

Row = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """One number at the seam, its usual value in the clip, and `odd`: 0 as usual, 1 where it begins to be seen."""

    at_seam: float
    usual: float
    odd: float


@dataclass(frozen=True)
class SeamReport:
    """A seam before frame `at` of the frames looked at.

    `measures` by name: `motion` (pixels from one frame to the next), `change` (code values), `light` (share of it),
    `sharpness` and `grain` (over the clip's own). `courses` has each of them for all frames looked at, for the plot.
    `kept_error` is how far, in code values, the clip's own frames moved when it was written.
    """

    at: int
    measures: dict[str, Measure]
    courses: dict[str, list[float]]
    kept_error: float = 0.0

    @property
    def verdict(self) -> str:
        """`invisible`, `visible` or `bad`."""
        odd = max(measure.odd for measure in self.measures.values())
        return INVISIBLE if odd < _VISIBLE_AT else VISIBLE if odd < _BAD_AT else BAD

    def to_json(self) -> dict[str, Any]:
        """As JSON: `verdict`, `kept_error`, and for each measure `at_seam`, `usual`, `odd`."""
        told = {
            name: {"at_seam": round(m.at_seam, 4), "usual": round(m.usual, 4), "odd": round(m.odd, 3)}
            for name, m in self.measures.items()
        }
        return {"verdict": self.verdict, "kept_error": round(self.kept_error, 3), **told}


def seam_report(frames: Sequence[Frame], at: int, kept_error: float = 0.0) -> SeamReport:
    """The seam before frame `at` of frames (height, width, 3) that follow each other; four on either side at least."""
    width = frames[0].shape[1]
    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        small = list(at_once.map(_small, frames))
        pairs = list(itertools.pairwise(small))
        steps = list(at_once.map(lambda pair: _from_to(*pair), pairs))
        changes = list(at_once.map(lambda pair: _changes(*pair), pairs))
        looks = np.array(list(at_once.map(_look, frames)))
    lights = [light for _, light in steps]
    motion = np.stack([moved * (width / small[0].shape[1]) for moved, _ in steps])
    change = np.log(np.array(changes))
    courses = {
        "motion": np.hypot(*motion.T),
        "change": np.exp(change[:, 0]),
        "light": np.cumsum([0, *lights]),
        "sharpness": np.exp(looks[:, 0]),
        "grain": np.exp(looks[:, 1]),
    }
    step = at - 1  # of numbers between frames: the one that leads over the seam
    measures = {
        "motion": _of_steps(motion, step, courses["motion"], "motion"),
        "change": _of_steps(change, step, courses["change"], "change"),
        "light": _of_steps(np.array(lights)[:, None], step, np.abs(np.array(lights)), "light"),
        "sharpness": _of_frames(looks[:, 0], at, courses["sharpness"], "sharpness"),
        "grain": _of_frames(looks[:, 1], at, courses["grain"], "grain"),
    }
    return SeamReport(at, measures, {name: [float(v) for v in course] for name, course in courses.items()}, kept_error)


def _small(frame: Frame) -> Frame:
    import cv2

    height, width = frame.shape[:2]
    shrunk = min(1.0, _WIDEST / max(height, width))
    size = max(16, round(width * shrunk)), max(16, round(height * shrunk))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def _from_to(before: Frame, after: Frame) -> tuple[Row, float]:
    """How far the picture moves as a whole (2,), in its pixels, and by what share (logarithm) it brightens."""
    import cv2

    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, after)]
    flow = follow(greys[0], greys[1])
    slope = cv2.blur(
        cv2.magnitude(*(cv2.Sobel(greys[0], cv2.CV_32F, *w, scale=1 / 8) for w in ((1, 0), (0, 1)))), (5, 5)
    )
    moved = camera.fitted(flow, (slope > 3).astype(np.float32))
    height, width = greys[0].shape
    middle = np.array((width / 2, height / 2, 1))
    laid = camera.laid(greys[1], moved, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE).astype(np.float32)
    even = (slope < 3) & (greys[0] > 12) & (greys[0] < 245)
    even = even if even.mean() > 0.02 else np.ones_like(even)
    return (moved @ middle - middle)[:2], float(np.log((laid[even].mean() + 1) / (greys[0][even].mean() + 1)))


def _changes(before: Frame, after: Frame) -> tuple[float, float]:
    """By how many code values two frames differ: all over, and where they differ most, beyond what they do all over.

    A subject that halts for a frame changes little of the whole, and all of its own place.
    """
    import cv2

    away = cv2.absdiff(before, after)
    height, width = away.shape[:2]
    size = max(1, width // _PLACE), max(1, height // _PLACE)
    places = cv2.resize(away.mean(2, dtype=np.float32), size, interpolation=cv2.INTER_AREA).ravel()
    count = max(4, round(len(places) * _PLACES))
    most = float(np.partition(places, -count)[-count:].mean())
    return max(_LEAST_CHANGE, float(places.mean())), most + _LEAST_CHANGE


def _look(frame: Frame) -> tuple[float, float]:
    """Logarithms of a frame's sharpness (the slope of its steepest parts) and of its grain (in its quietest parts)."""
    import cv2

    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
    slope = cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, *w, scale=1 / 8) for w in ((1, 0), (0, 1))))
    slope = np.ascontiguousarray(slope[::2, ::2]).ravel()  # a quarter of the places tells as much
    steepest = np.partition(slope, -len(slope) // 50)[-len(slope) // 50 :]
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 1.0)
    rows, columns = grey.shape[0] // 16 * 16, grey.shape[1] // 16 * 16
    tiles = (fine[:rows, :columns] ** 2).reshape(rows // 16, 16, columns // 16, 16).mean((1, 3)).ravel()
    quiet = float(np.sqrt(np.quantile(tiles, 0.2)))
    return math.log(float(steepest.mean()) + 0.5), math.log(quiet + _LEAST_GRAIN)


def _of_steps(values: Row, seam: int, shown: Row, name: str) -> Measure:
    """A number between frames, (steps, n), at step `seam`: against its neighbours, and before against behind."""
    # A jump of one step: how far each step lies from the mean of the two beside it.
    around = (values[:-2] + values[2:]) / 2
    jumps = np.hypot.reduce(values[1:-1] - around, axis=1)
    others = np.delete(jumps, [i for i in (seam - 2, seam - 1, seam) if 0 <= i < len(jumps)])
    odd = jumps[seam - 1] / _passes(others, name)
    # A change that stays: the three steps behind the seam against the three before.
    steady = np.array([_change(values, i) for i in range(3, len(values) - 2)])
    here = _change(values, seam)
    others = np.array([c for i, c in enumerate(steady, 3) if abs(i - seam) > 3])
    odd = max(odd, here / _passes(others, name, 1.5))
    usual = float(np.median(np.delete(shown, seam)))
    return Measure(float(shown[seam]), usual, float(odd))


def _change(values: Row, at: int) -> float:
    before, behind = (np.median(some, axis=0) for some in (values[max(0, at - 3) : at], values[at + 1 : at + 4]))
    return float(np.hypot.reduce(behind - before))


def _of_frames(values: Row, at: int, shown: Row, name: str) -> Measure:
    """A number of each frame: how far the frames behind the seam lie from those before it."""
    here = abs(float(np.median(values[at : at + 3]) - np.median(values[at - 3 : at])))
    others = np.array(
        [
            abs(float(np.median(values[i : i + 3]) - np.median(values[i - 3 : i])))
            for i in range(3, len(values) - 2)
            if abs(i - at) > 2
        ]
    )
    before = float(np.median(shown[:at]))
    return Measure(float(np.median(shown[at : at + 3])) / max(before, 1e-6), 1.0, here / _passes(others, name))


def _passes(others: Row, name: str, factor: float = 1.0) -> float:
    """What passes unseen: what the clip itself does elsewhere, or what nobody sees."""
    own = float(np.quantile(others, 0.75)) * _ODD / 2 if len(others) else 0.0
    return factor * max(_UNSEEN[name], own)
