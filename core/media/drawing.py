"""Drawings of lines as pictures: smooth at any size, each stroke laid over those below it by its cover."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt

from ..protocol.board import Colour, Stroke
from .frame import Frame

_FINER, _LARGE = 4, 2048  # as large in both directions while it is drawn; half as much for larger pictures
_SHIFT = 4  # places are told in sixteenths
_THINNEST = 1.2  # pixels: what is thinner is as good as not seen
_Mask = npt.NDArray[np.uint8]


def drawn(strokes: Iterable[Stroke], size: tuple[int, int], ground: Colour = (1.0, 1.0, 1.0, 1.0)) -> Frame:
    """Strokes on a ground, the lowest first: (height, width, 3) uint8 sRGB."""
    width, height = size
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = ground[:3]
    finer = _FINER if max(size) <= _LARGE else _FINER // 2
    for stroke in strokes:
        if len(stroke.points):
            _Drawn(stroke, size, finer).lay_on(picture)
    return np.rint(picture * 255).clip(0, 255).astype(np.uint8)


class _Drawn:
    """One stroke, finer than the picture, in the part of the picture where it is."""

    def __init__(self, stroke: Stroke, size: tuple[int, int], finer: int) -> None:
        self._stroke, self._finer = stroke, finer
        points = np.array(stroke.points, np.float64).reshape(-1, 3)
        places = np.clip(points[:, :2], -4, 5) * size  # farther outside nothing is to be seen
        self._wide = np.clip(points[:, 2] * size[1], _THINNEST, size[1])
        beside = float(self._wide.max()) / 2 + 1
        low = np.clip(np.floor(places.min(0) - beside), 0, size).astype(int)
        high = np.clip(np.ceil(places.max(0) + beside), 0, size).astype(int)
        (self._left, self._top), (self._right, self._bottom) = low.tolist(), high.tolist()
        self._places = np.rint((places - low) * finer * 2**_SHIFT).astype(np.int32)

    def lay_on(self, picture: npt.NDArray[np.float32]) -> None:
        """Lays its inside and then its line on the picture."""
        stroke = self._stroke
        if self._left >= self._right or self._top >= self._bottom:
            return
        if stroke.fill is not None and len(self._places) > 2:
            mask = self._mask()
            cv2.fillPoly(mask, [self._places], 255, cv2.LINE_8, _SHIFT)
            self._lay(picture, mask, stroke.fill)
        if stroke.line is not None:
            mask = self._mask()
            self._trace(mask)
            self._lay(picture, mask, stroke.line)

    def _mask(self) -> _Mask:
        shape = (self._bottom - self._top) * self._finer, (self._right - self._left) * self._finer
        return np.zeros(shape, np.uint8)

    def _trace(self, mask: _Mask) -> None:
        """The line itself: round at each point and as wide as it says there, straight between two."""
        half = self._wide * self._finer * 2**_SHIFT / 2
        for place, radius in zip(self._places.tolist(), half.tolist(), strict=True):
            cv2.circle(mask, place, round(radius), 255, -1, cv2.LINE_8, _SHIFT)
        order = [*range(len(half)), 0] if self._stroke.closed and len(half) > 2 else range(len(half))
        for one, other in itertools.pairwise(order):
            along = (self._places[other] - self._places[one]).astype(np.float64)
            length = float(np.hypot(*along))
            if length:
                aside = np.array([-along[1], along[0]]) / length
                ends = ((one, 1), (other, 1), (other, -1), (one, -1))
                corners = [self._places[at] + side * half[at] * aside for at, side in ends]
                cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 255, cv2.LINE_8, _SHIFT)

    def _lay(self, picture: npt.NDArray[np.float32], mask: _Mask, colour: Colour) -> None:
        height, width, finer = self._bottom - self._top, self._right - self._left, self._finer
        cover = mask.reshape(height, finer, width, finer).mean((1, 3), dtype=np.float32)[..., None] / 255 * colour[3]
        area = picture[self._top : self._bottom, self._left : self._right]
        area += (np.array(colour[:3], np.float32) - area) * cover
