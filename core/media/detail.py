"""A drawing's detail on a small model's frames: the model gives colour and light, the drawing lines and areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .frame import Frame

_DARKEST, _LIGHTEST = 0.45, 1.5  # how far a drawing may darken or lighten what lies under it

_STEP = 7  # code values between neighbours: a line, or the end of a tone
_CELLS_WIDE = 320
_LEAST_CELL = 24  # pixels at that width; smaller ones are of the lines
_EVENED = 0.24  # of the width

Shading = npt.NDArray[np.float32]


def shading_of(drawing: Frame, reach: float) -> Shading:
    """How much lighter or darker each pixel of a drawing is than its surroundings, (height, width), 1 for the same.

    `reach` is the surroundings' size in pixels: about what one pixel of the model's frame covers, or more, where the
    model's own forms are coarser than its pixels.
    """
    import cv2

    grey: Any = cv2.cvtColor(drawing, cv2.COLOR_RGB2GRAY).astype(np.float32) + 8
    around = cv2.GaussianBlur(grey, (0, 0), max(0.5, reach))
    return np.asarray(np.clip(grey / around, _DARKEST, _LIGHTEST), dtype=np.float32)


def shaded(frame: Frame, shading: Shading, share: float = 1.0) -> Frame:
    """A frame (height, width, 3) under a drawing's shading of its size, `share` 0 to 1 of it."""
    light = frame.astype(np.float32) * (1 + share * (shading - 1))[..., None]
    return np.asarray(np.clip(light + 0.5, 0, 255), dtype=np.uint8)


@dataclass(frozen=True)
class Cells:
    """The areas that a drawing's lines enclose: `labels` (rows, columns) from 1 on, 0 for lines, at a small size."""

    labels: npt.NDArray[np.int32]
    boxes: dict[int, tuple[int, int, int, int]]  # of each area: left, top, width, height


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
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < _LEAST_CELL):
        labels[labels == label] = 0
    kept = [(label, row) for label, row in enumerate(stats[1:], 1) if row[cv2.CC_STAT_AREA] >= _LEAST_CELL]
    return Cells(labels, {label: (int(x), int(y), int(w), int(h)) for label, (x, y, w, h, _) in kept})


def within_lines(frame: Frame, cells: Cells, share: float) -> Frame:
    """A frame (height, width, 3) whose colours, `share` 0 to 1 of them, stay within the areas of a drawing.

    A small model's colours run over the lines that it was given. Within an area they are evened over a quarter of the
    picture, as a colourist would lay them; light that changes across it stays.
    """
    import cv2

    height, width = frame.shape[:2]
    rows, columns = cells.labels.shape
    small = cv2.resize(frame, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    even = cv2.blur(small, (5, 5))  # what lies under the lines themselves
    reach = round(columns * _EVENED / 2) | 1
    for label, (x, y, w, h) in cells.boxes.items():
        place = slice(y, y + h), slice(x, x + w)
        inside = (cells.labels[place] == label).astype(np.float32)
        # Towards its rim an area shows its neighbours' colours: its middle counts for more.
        weight = inside * (0.05 + cv2.blur(inside, (9, 9), borderType=cv2.BORDER_CONSTANT) ** 4)
        total, found = _spread(weight, reach), _spread(small[place] * weight[..., None], reach)
        area = even[place]
        np.copyto(area, found / np.maximum(total, 1e-9)[..., None], where=inside[..., None] > 0)
    laid = cv2.resize(np.clip(even + 0.5, 0, 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.addWeighted(laid, share, frame, 1 - share, 0), dtype=np.uint8)


def _spread(picture: Any, reach: int) -> Any:
    """Evened twice by boxes, whose edges can't be seen then."""
    import cv2

    once = cv2.blur(picture, (reach, reach), borderType=cv2.BORDER_CONSTANT)
    return cv2.blur(once, (reach, reach), borderType=cv2.BORDER_CONSTANT)
