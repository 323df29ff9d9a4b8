"""Elements traced along a drawing: each of its areas is an element's as a whole, or the plate's.

What the model paints has a form of its own, near to what is drawn. Where they differ a drawn head would be half as
bright as its wall, and a raised arm that nobody drew would hang there.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from ...media.detail import Cells
from .clearing import spread
from .layers import Box

Floats = npt.NDArray[np.float32]
# Of an area, that an element covers: it is the element's, where it lies in the element's box, where it does not, and
# where it reaches the picture's edge, as what is behind does; and less than which it is not.
_MOST, _MOST_BEYOND, _MOST_AT_EDGE, _LEAST = 0.25, 0.5, 0.75, 0.12
_INSIDE = 0.95  # of an area, in an element's box: it lies there; at the picture's foot it is a sleeve: ground is wider
_KEPT = 0.6  # of an element, that its areas hold: else lines do not part it from what is around
_LARGER = 8  # times: an area within the picture, in which an element lies, is it, drawn larger


class Tracer:
    """A drawing's areas, to trace elements along; covers (height, width), 0 to 1, and boxes are by slot."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._areas, self._count = cells.numbered(), max(1, len(cells.areas))
        self._pixels = np.maximum(self._summed(np.ones(self._areas.shape, np.float32)), 1)
        rim = np.concatenate([self._areas[[0, -1]].ravel(), self._areas[:, [0, -1]].ravel()])
        self._at_edge, self._at_foot = (np.isin(np.arange(self._count), line) for line in (rim, self._areas[-1]))

    def sized(self, covers: Mapping[int, Floats], boxes: Mapping[int, Box]) -> dict[int, Box]:
        """The boxes of elements whose bodies cover so much; one that is painted too small as large as it is drawn."""
        found = dict(boxes)
        for slot, cover in covers.items():
            here = self._held(cover)
            whole = float(here.sum())
            around = (here > _KEPT * whole) & (self._pixels < _LARGER * whole) & ~self._at_edge
            for cell in itertools.compress(self._cells.areas, around):
                found[slot] = _joined(found[slot], self._bounds(cell.place))
        return found

    def traced(self, covers: Mapping[int, Floats], boxes: Mapping[int, Box]) -> dict[int, Floats]:
        """What bodies cover, led along the drawing; without elements that its lines do not part from what is around."""
        held = {slot: self._held(cover) for slot, cover in covers.items()}
        most = np.max(np.stack([np.zeros(self._count, np.float32), *held.values()]), 0)
        beyond = np.where(self._at_edge, _MOST_AT_EDGE, _MOST_BEYOND)
        found = {}
        for slot, here in held.items():
            inside = self._held(self._within(boxes[slot])) > _INSIDE * self._pixels
            enough = np.where(inside, _MOST, beyond) * self._pixels
            own = (here == most) & ((here >= enough) | (inside & self._at_foot))
            if here[own].sum() <= _KEPT * here.sum():
                continue
            others = ~own & ((here < _LEAST * self._pixels) | (most >= enough))
            led = np.where(own, 1.0, np.where(others, 0.0, np.nan)).astype(np.float32)[self._areas]
            told = np.where(np.isnan(led), self._small(covers[slot]), led)
            size = covers[slot].shape[::-1]
            found[slot] = np.clip(cv2.resize(told, size, interpolation=cv2.INTER_LINEAR), 0, 1)
        return found

    def _small(self, cover: Floats) -> Floats:
        return np.asarray(cv2.resize(cover, self._cells.size, interpolation=cv2.INTER_AREA), np.float32)

    def _held(self, cover: Floats) -> Floats:
        """How many pixels of each area something covers."""
        return self._summed(self._small(cover))

    def _summed(self, small: Floats) -> Floats:
        return np.bincount(self._areas.ravel(), small.ravel(), self._count).astype(np.float32)

    def _within(self, box: Box) -> Floats:
        """Which places lie in a box, 0 or 1."""
        width, height = self._cells.size
        y, x = (np.arange(height) + 0.5) / height - 0.5, (np.arange(width) + 0.5 - width / 2) / height
        return np.outer((y > box[1]) & (y < box[3]), (x > box[0]) & (x < box[2])).astype(np.float32)

    def _bounds(self, place: tuple[slice, slice]) -> Box:
        """The box of an area that lies there."""
        width, height = self._cells.size
        rows, columns = place
        left, right = ((at - width / 2) / height for at in (columns.start, columns.stop))
        return left, rows.start / height - 0.5, right, rows.stop / height - 0.5


def _joined(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def recut(picture: Floats, element: Floats, body: Floats, cover: Floats) -> Floats:
    """A picture (height, width, 3) under an element (height, width, 4), colours multiplied with its matte, whose `body`
    (height, width, 1) is cut to another `cover` (height, width); where it did not reach, its colours are carried on."""
    told = body * element[..., 3:]
    colours = spread(body * element[..., :3], told)
    return np.asarray(picture + (colours - picture) * cover[..., None], np.float32)
