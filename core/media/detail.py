"""A drawing's detail on a small model's frames: the model gives colour and light, the drawing lines and areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .frame import Frame

_DARKEST, _LIGHTEST = 0.45, 1.5  # how far a drawing may darken or lighten what lies under it
_AROUND = 1 / 12  # of the height: what is finer is the drawing's, what is broader the model's light
_ONE = 128  # a shading that changes nothing
_STEP = 7  # code values between neighbours: a line, or the end of a tone
_CELLS_WIDE = 480  # at half of it, lines between a coat and a floor as dark as it are lost
_LEAST_CELL = 56  # pixels at that width; smaller ones are of the lines
_RIM = 15  # pixels at that width
_EVENED = 0.24  # of the width

Shading = npt.NDArray[np.uint8]
Values = npt.NDArray[np.floating[Any]]


def shading_of(drawing: Frame, share: float = 1.0) -> Shading:
    """How much lighter or darker each pixel of a drawing is than what lies around it; (height, width, 3), 128 for none.

    `share`, 0 to 1, is how much of it counts.
    """
    import cv2

    grey: Any = cv2.cvtColor(drawing, cv2.COLOR_RGB2GRAY).astype(np.float32) + 8
    around = cv2.GaussianBlur(grey, (0, 0), max(0.5, _AROUND * drawing.shape[0]))
    light = 1 + share * (np.clip(grey / around, _DARKEST, _LIGHTEST) - 1)
    return np.repeat(np.rint(light * _ONE).astype(np.uint8)[..., None], 3, 2)


def shaded(frame: Frame, shading: Shading) -> Frame:
    """A frame (height, width, 3) under a drawing's shading of its size."""
    import cv2

    return np.asarray(cv2.multiply(frame, shading, scale=1 / _ONE), dtype=np.uint8)


@dataclass(frozen=True)
class _Cell:
    """An area that lines enclose: its box, where in it it is, and how much each of its places tells of its colour."""

    place: tuple[slice, slice]
    inside: npt.NDArray[np.bool_]
    weight: npt.NDArray[np.float32]
    total: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Cells:
    """The areas of a drawing, at a small `size` (width, height)."""

    size: tuple[int, int]
    areas: tuple[_Cell, ...]

    def numbered(self) -> npt.NDArray[np.int32]:
        """Which of the areas, from 0, each place (height, width) is of; what lines cover is of the nearest one."""
        import cv2

        own = np.zeros(self.size[::-1], np.int32)
        for number, cell in enumerate(self.areas):
            own[cell.place][cell.inside] = number + 1
        if not self.areas:
            return own
        nearest = cv2.distanceTransformWithLabels(
            (own == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
        )[1]
        number_of = np.zeros(int(nearest.max()) + 1, np.int32)
        number_of[nearest[own > 0]] = own[own > 0] - 1
        return np.asarray(number_of[nearest])


def cells_of(drawing: Frame) -> Cells:
    """A drawing's areas, parted by lines and by steps of tone. Gaps up to a hundredth of the width are closed."""
    import cv2

    height, width = drawing.shape[:2]
    size = _CELLS_WIDE, max(8, round(_CELLS_WIDE * height / width))
    small = cv2.resize(cv2.cvtColor(drawing, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    smooth = cv2.bilateralFilter(small, 5, 20, 2)  # paper has a grain
    lines = (cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > _STEP).astype(np.uint8)
    closed = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((_CELLS_WIDE // 100 | 1,) * 2, np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - closed, connectivity=4)
    found = []
    for label, (x, y, w, h, count) in enumerate(stats[1:], 1):
        if count >= _LEAST_CELL:
            place = slice(y, y + h), slice(x, x + w)
            inside = labels[place] == label
            share = inside.astype(np.float32)
            # Towards its rim an area shows its neighbours' colours: its middle counts for more.
            weight = share * (0.05 + cv2.blur(share, (_RIM, _RIM), borderType=cv2.BORDER_CONSTANT) ** 4)
            found.append(_Cell(place, inside, weight[..., None], np.maximum(_spread(weight), 1e-9)[..., None]))
    return Cells(size, tuple(found))


def within_lines(frame: Frame, cells: Cells, share: float, size: tuple[int, int]) -> Frame:
    """A frame of any size at `size` (width, height), its colours, `share` 0 to 1 of them, within a drawing's areas.

    A small model's colours run over the lines that it was given. Within an area they are evened over a quarter of the
    picture, as a colourist would lay them; light that changes across it stays.
    """
    import cv2

    shrinks = frame.shape[1] >= cells.size[0]
    small = cv2.resize(frame, cells.size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    small = small.astype(np.float32)
    even = cv2.blur(small, (9, 9))  # what lies under the lines themselves
    for cell in cells.areas:
        np.copyto(even[cell.place], _spread(small[cell.place] * cell.weight) / cell.total, where=cell.inside[..., None])
    laid = np.clip(even + 0.5, 0, 255).astype(np.uint8)
    laid, plain = (cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR) for picture in (laid, frame))
    return np.asarray(cv2.addWeighted(laid, share, plain, 1 - share, 0), dtype=np.uint8)


def _spread(picture: Any) -> Any:
    """Evened twice by boxes, whose edges can't be seen then."""
    import cv2

    reach = (round(_CELLS_WIDE * _EVENED / 2) | 1,) * 2
    once = cv2.blur(picture, reach, borderType=cv2.BORDER_CONSTANT)
    return cv2.blur(once, reach, borderType=cv2.BORDER_CONSTANT)


def guided(values: Values, guide: Values, reach: int, fine: float) -> Values:
    """Values (height, width, n) evened over `reach` pixels, but not over the edges of a guide (height, width), 0 to 1.

    Differences in the guide well below `fine` are none. The guided filter (K. He, J. Sun, X. Tang, ECCV 2010).
    """
    import cv2

    def mean(picture: Values) -> Values:
        return np.asarray(cv2.blur(picture, (2 * reach + 1,) * 2), np.float32)

    middle, even = mean(guide), mean(values)
    together = mean(values * guide[..., None]) - even * middle[..., None]
    lean = together / (mean(guide * guide) - middle * middle + fine**2)[..., None]
    return np.asarray(mean(lean) * guide[..., None] + mean(even - lean * middle[..., None]), np.float32)
