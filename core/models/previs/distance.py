"""How far away all is that a depth picture shows: its greys as distances, in the unit of the layers' own.

Hosts draw depth evenly in the distance, from a nearest to a farthest one that are not told; other programs evenly in
the nearness. Which it is, and what black would be, is told from the plate that was painted for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_NOTHING = 0.012  # of white: darker, and there is nothing
_FEWEST = 60  # pixels that tell a scale
_FAR = 0.02  # nearness below which a plate tells none
_BEYOND = np.geomspace(0.003, 3.0, 25)  # how far the nearest lies, in shares of the way from it to the farthest
_USUAL, _UNUSUAL = 0.06, 0.01  # where all else is equal; and what it costs to be e times more or less


@dataclass(frozen=True)
class Scale:
    """Greys as nearness: `unit` over what lies before the nearest, `before`, and the way from there; `even` in the
    distance, or else in the nearness."""

    before: float
    unit: float
    even: bool = True

    def nearness(self, grey: Floats) -> Floats:
        """1 over the distance of greys, 0 to 1; 0 where nothing is."""
        shape = 1 / (self.before + 1 - grey) if self.even else grey
        return np.where(grey > _NOTHING, self.unit * shape, 0).astype(np.float32)


def scale_of(
    grey: Floats,
    plate: Floats,
    where: npt.NDArray[np.bool_],
    subject: tuple[float, float] | None,
    sizes: Sequence[tuple[float, float]] = (),
) -> Scale:
    """The scale of a depth picture (rows, columns), 0 to 1, whose plate was painted: its nearness, where it is seen.

    `subject` is the grey and the nearness of the main element, if it is seen: it is exact there. `sizes` are the
    greys of an element and how large it is then in the picture: twice as near, twice as large.
    """
    told = where & (grey > _NOTHING) & (grey < 1) & (plate > _FAR)
    seen, large = np.array(sizes, np.float32).reshape(-1, 2).T
    shapes = (*(Scale(float(before), 1.0) for before in _BEYOND), Scale(0, 1.0, even=False))
    found, missed = Scale(_USUAL, 1.0), np.inf
    for shape in shapes:
        fitted, off = shape, abs(float(np.log((shape.before or _USUAL) / _USUAL))) * _UNUSUAL
        if subject is not None:
            fitted = _through(shape, subject)
        elif told.sum() >= _FEWEST:
            fitted = _times(shape, np.median(plate[told] / shape.nearness(grey[told])))
        if told.sum() >= _FEWEST:
            off += float(np.median(np.abs(np.log(fitted.nearness(grey[told]) / plate[told]))))
        if len(seen):
            unlike = np.log(np.maximum(fitted.nearness(seen), 1e-4) / large)
            off += float(np.abs(unlike - np.median(unlike)).mean())
        if off < missed:
            found, missed = fitted, off
    return found


def _times(scale: Scale, by: float) -> Scale:
    return Scale(scale.before, float(scale.unit * by), scale.even)


def _through(scale: Scale, subject: tuple[float, float]) -> Scale:
    grey, near = subject
    there = float(scale.nearness(np.array([grey], np.float32))[0])
    return _times(scale, near / there) if there > 0 else scale
