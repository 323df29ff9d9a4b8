"""Elements traced along a drawing: each of its areas is an element's as a whole, or the plate's.

What the model paints has a form of its own, near to what is drawn. Where they differ a drawn head would be half as
bright as its wall, and a raised arm that nobody drew would hang there.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from ...media.detail import Cells
from .clearing import spread
from .layers import Box

Floats = npt.NDArray[np.float32]
_MOST, _LEAST = 0.5, 0.12  # of an area, that an element covers: it is the element's; it is not
_INSIDE, _PART = 0.95, 0.1  # of an area, in an element's box; and of the element: it is a part of it, as a sleeve is
_LARGER = (
    8  # times: an area in which an element lies is it, drawn larger; not what reaches the picture's edge, as walls do
)
_KEPT = 0.6  # of an element, that its areas hold: else lines do not part it from what is around


def traced(cells: Cells, covers: Mapping[int, Floats], boxes: Mapping[int, Box]) -> dict[int, Floats]:
    """How much of each place (height, width) is whose: `covers`, as elements' bodies are painted in their `boxes`, by
    slot, led along a drawing's areas; without elements that the areas do not tell."""
    if not covers:
        return {}
    height, width = next(iter(covers.values())).shape
    areas, count = cells.numbered(), max(1, len(cells.areas))

    def summed(values: Floats) -> Floats:
        return np.bincount(areas.ravel(), values.ravel(), count).astype(np.float32)

    pixels = np.maximum(summed(np.ones(areas.shape, np.float32)), 1)
    at_edge = np.isin(np.arange(count), np.concatenate([areas[[0, -1]].ravel(), areas[:, [0, -1]].ravel()]))
    small = {slot: cv2.resize(cover, cells.size, interpolation=cv2.INTER_AREA) for slot, cover in covers.items()}
    held = {slot: summed(cover) for slot, cover in small.items()}
    most = np.max(list(held.values()), 0)
    found = {}
    for slot, here in held.items():
        whole = max(float(here.sum()), 1e-6)
        covered, foremost = here / pixels, (here == most) & (here > 0)
        around = (here > _KEPT * whole) & (pixels < _LARGER * whole) & ~at_edge
        part = (summed(_within(boxes[slot], areas.shape)) > _INSIDE * pixels) & (pixels > _PART * whole)
        own = foremost & ((covered >= _MOST) | around | part)
        if here[own].sum() < _KEPT * whole:
            continue
        none = ~own & ((covered < _LEAST) | (most >= _MOST * pixels))
        led = np.where(own, 1.0, np.where(none, 0.0, np.nan)).astype(np.float32)[areas]
        told = np.where(np.isnan(led), small[slot], led)
        found[slot] = np.clip(cv2.resize(told, (width, height), interpolation=cv2.INTER_LINEAR), 0, 1)
    return found


def _within(box: Box, shape: tuple[int, ...]) -> Floats:
    """Which places of a picture (height, width) lie in a box, 0 or 1."""
    height, width = shape
    y, x = (np.arange(height) + 0.5) / height - 0.5, (np.arange(width) + 0.5 - width / 2) / height
    return np.outer((y > box[1]) & (y < box[3]), (x > box[0]) & (x < box[2])).astype(np.float32)


def recut(picture: Floats, element: Floats, body: Floats, cover: Floats) -> Floats:
    """A picture (height, width, 3) under an element (height, width, 4), colours multiplied with its matte, whose `body`
    (height, width, 1) is cut to another `cover` (height, width); where it did not reach, its colours are carried on."""
    told = body * element[..., 3:]
    colours = spread(body * element[..., :3], told)
    return np.asarray(picture + (colours - picture) * cover[..., None], np.float32)


def reaching(box: Box, cover: Floats | None) -> Box:
    """An element's box, in frame heights, made so large that it holds what it covers (height, width), if told."""
    if cover is None or not (cover > _MOST).any():
        return box
    height, width = cover.shape
    rows, columns = (np.flatnonzero((cover > _MOST).any(axis)) for axis in (1, 0))
    left, right = ((at - width / 2) / height for at in (columns[0], columns[-1] + 1))
    top, bottom = (at / height - 0.5 for at in (rows[0], rows[-1] + 1))
    return min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom)
