"""How fast known pictures move, as amounts of given fields of motion.

Found by least squares on the followed motion, then on the pixels themselves (B. Lucas and T. Kanade, “An Iterative
Image Registration Technique”, 1981), both weighted so that what moves otherwise has no say.
"""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ...media.motion import follow
from .layers import Array

Floats = npt.NDArray[np.float32]
Frame = npt.NDArray[np.uint8]
_ROUNDS = 5
_DOUBT = 1e-4  # of the pixels' say, what was planned has: it decides between motions that look alike
_FLAT = 4.0  # squared slope, in code values a pixel: flatter places tell little
_ECC = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4)
_OFF = 4.0  # pixels: farther than that, something else is laid over
_MISSED = 0.2, 2.0  # pixels, and code values, that all may miss


def field_of(across: Any, down: Any) -> Floats:
    """A field of motion (rows, columns, 2), in frame heights a second."""
    return np.stack(np.broadcast_arrays(across, down), -1).astype(np.float32)


def places(rows: int, columns: int) -> tuple[Floats, Floats]:
    """x and y of each pixel in frame heights, from the middle."""
    ys, xs = np.mgrid[:rows, :columns].astype(np.float32)
    return (xs + 0.5 - columns / 2) / rows, (ys + 0.5 - rows / 2) / rows


class Pair:
    """Two frames (height, width, 3) as grey pictures of so many rows, the second `apart` seconds after the first."""

    def __init__(self, first: Frame, second: Frame, apart: float, size: tuple[int, int]) -> None:
        small = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in (first, second)]
        greys = [np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)) for frame in small]
        # Not all are asked for it.
        self._flow: Callable[[], Any] = functools.cache(lambda: follow(greys[1], greys[0]))
        self._first, self._second = (cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 0.8) for grey in greys)
        self.apart, self._scale = apart, apart * size[1]  # pixels of a frame height a second

    def part(self, rows: slice, columns: slice) -> Pair:
        """The same motion, of a part of the pictures."""
        part = copy.copy(self)
        part._first, part._second = self._first[rows, columns], self._second[rows, columns]
        part._flow = lambda: self._flow()[rows, columns]
        return part

    def reach(self, speed: Array) -> int:
        """How many pixels what has a speed (across, down) goes between the two frames."""
        return int(np.ceil(np.abs(speed * self._scale).max()))

    def speeds(self, fields: list[Floats], planned: Array, where: Floats, near: bool = False) -> Array:
        """How much of each field there is where `where` (rows, columns) is 1; as planned where pixels can't tell.

        What was planned may be far off, unless it is said to be `near`, within some pixels: then it is not asked where
        each pixel went.
        """
        slopes = _slopes(self._second)
        texture = slopes[0] ** 2 + slopes[1] ** 2
        sure = where * texture / (texture + _FLAT)
        basis = np.stack(fields, -1)  # (rows, columns, 2, fields)
        amounts = planned.copy()
        if not near:
            flow = self._flow()
            for _ in range(_ROUNDS):
                off = -flow / self._scale - basis @ amounts
                missed = np.hypot(off[..., 0], off[..., 1])
                weight = (sure * _trusted(missed, sure, _MISSED[0] / abs(self._scale)))[..., None]
                amounts = amounts + _step(basis, off, weight, float(weight.sum()), planned - amounts)
        for _ in range(_ROUNDS):
            amounts = amounts + self._refinement(basis, amounts, sure, planned)
        return amounts

    def missed(self, fields: list[Floats], amounts: Array) -> Floats:
        """By how many code values the second picture differs from the first so moved; (rows, columns)."""
        return np.nan_to_num(np.abs(self._second - self.laid(fields, amounts)))

    def laid(self, fields: list[Floats], amounts: Array) -> Floats:
        """The first picture, so moved; NaN where it shows nothing."""
        seen, inside = self._moved(np.stack(fields, -1), amounts)
        return np.where(inside, seen, np.float32(np.nan))

    @property
    def known(self) -> Floats:
        """The second picture."""
        return self._second

    def laid_over(self, fields: list[Floats], amounts: Array, where: npt.NDArray[np.bool_]) -> Array:
        """Amounts of which the first two, of motion across and down, are such that what is in `where` covers itself.

        G. Evangelidis and E. Psarakis, “Parametric Image Alignment Using Enhanced Correlation Coefficient”, 2008.
        """
        seen, inside = self._moved(np.stack(fields, -1), amounts)
        motion = np.eye(2, 3, dtype=np.float32)
        mask = (where & inside).astype(np.uint8)
        with contextlib.suppress(cv2.error):  # nothing to lay over anything
            motion = cv2.findTransformECC(seen, self._second, motion, cv2.MOTION_TRANSLATION, _ECC, mask, 5)[1]
        off = motion[:, 2] / self._scale
        return amounts if np.abs(motion[:, 2]).max() > _OFF else amounts + np.array([*off, *(0.0 for _ in amounts[2:])])

    def _moved(self, basis: Any, amounts: Array) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """The first picture, moved, and where it shows anything."""
        rows, columns = self._second.shape
        ys, xs = np.mgrid[:rows, :columns].astype(np.float32)
        by = (basis @ amounts) * self._scale
        at_x, at_y = (np.asarray(grid - by[..., i], np.float32) for i, grid in enumerate((xs, ys)))
        seen = cv2.remap(self._first, at_x, at_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        inside = (at_x >= 0) & (at_x <= columns - 1) & (at_y >= 0) & (at_y <= rows - 1)
        return np.asarray(seen, np.float32), inside

    def _refinement(self, basis: Any, amounts: Array, sure: Floats, planned: Array) -> Array:
        seen, inside = self._moved(basis, amounts)
        slope_x, slope_y = _slopes(seen)
        lean = -(slope_x[..., None] * basis[..., 0, :] + slope_y[..., None] * basis[..., 1, :]) * self._scale
        off = self._second - seen
        weight = np.where(inside, sure, 0) * _trusted(np.abs(off), sure, _MISSED[1])
        say = float((weight * (slope_x**2 + slope_y**2)).sum()) * self._scale**2
        return _step(lean[..., None, :], off[..., None], weight[..., None], say, planned - amounts)


def _slopes(picture: Floats) -> tuple[Any, Any]:
    return cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=1 / 8)


def _trusted(missed: Any, sure: Floats, least: float) -> Any:
    """Weights that leave out what misses by much more than most."""
    most = float(np.average(missed, weights=sure + 1e-9))
    return 1 / (1 + (missed / max(most, least)) ** 2)


def _step(basis: Any, off: Any, weight: Any, say: float, back: Array) -> Array:
    """The amounts of a basis (…, m, n) that take `off` (…, m) away, weighted (…, 1); held a little towards `back`."""
    flat = basis.reshape(-1, basis.shape[-1])
    weighed = flat * np.broadcast_to(weight, off.shape).reshape(-1, 1)
    doubt = _DOUBT * say + 1e-9
    square = weighed.T @ flat + doubt * np.eye(flat.shape[1])
    return np.asarray(np.linalg.solve(square, weighed.T @ off.reshape(-1) + doubt * back), np.float64)
