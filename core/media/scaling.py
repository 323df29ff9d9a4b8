"""Sizes: exact scaling for what is finished, and enlarging a small model's frames so that they stay clean and crisp."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .frame import Frame

# Chosen by eye and by distance to the scene itself: drawn scenes of 128x72 at 640x360 and 1280x720 (docs/media.md), and
# the previs model's places of 144x80 at 1152x640.
_SMALL_SIDE = 240  # frames at least as large hold real detail, which only plain scaling keeps
_LAST_STEP = 2.6  # the longest last step; before it, frames are doubled
_NOISE = (5, 8, 0.9)  # of a small model: bilateral diameter, code values, pixels
_ALONG = tuple(range(-6, 7))  # places along an edge, each half a small pixel from the next, whose mean it takes
_APART, _AROUND = 1.0, 3.0  # doubled pixels: between these places, and around one, from which an edge's way is told
_AS_ONE = (0.5, 0.85)  # how alike slopes around a place are, 0 to 1, of no edge and of one that goes one way
_PULL = (0.1, 0.2, 0.25, 0.2)  # how far edges are drawn together at each step; the last holds for all that follow
_STEEPEST = 18.0  # code values a pixel: steeper edges pull no more

Field = npt.NDArray[np.float32]


def scale_frame(frame: Frame, size: tuple[int, int]) -> Frame:
    """The frame at `size` (width, height): areas averaged where it shrinks, Lanczos over 8x8 where it grows."""
    import cv2

    height, width = frame.shape[:2]
    if (width, height) == size:
        return frame
    shrinks = size[0] <= width and size[1] <= height
    scaled = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4)
    return np.asarray(scaled, dtype=np.uint8)


def enlarge(frame: Frame, size: tuple[int, int]) -> Frame:
    """A small model's frame, (height, width, 3), at `size` (width, height), its edges crisp and without halos.

    Noise is smoothed; doubling by cubic interpolation, held within the neighbouring pixels' values, and the last step
    draw edges together by moving pixels towards them (after N. Arad and C. Gotsman, “Enhancement by image-dependent
    warping”, 1999). Between them the steps of slanting edges are smoothed along these (after J. Weickert,
    “Coherence-enhancing diffusion filtering”, 1999), so that lines stay straight and corners square. A frame
    whose sides are all 240 or more, and one that shrinks, is only scaled.
    """
    import cv2

    height, width = frame.shape[:2]
    if min(width, height) >= _SMALL_SIDE or max(size[0] / width, size[1] / height) <= 1:
        return scale_frame(frame, size)
    # Four channels: OpenCV moves them much faster than three.
    grown: Any = cv2.cvtColor(cv2.bilateralFilter(frame, *_NOISE), cv2.COLOR_RGB2RGBA)
    pulls, stepped = iter(_PULL), True
    while max(size[0] / width, size[1] / height) > _LAST_STEP:
        width, height = 2 * width, 2 * height
        grown = _grown(grown, (width, height))
        if stepped:
            grown, stepped = _straightened(grown), False
        grown = _pulled(grown, (width, height), next(pulls, _PULL[-1]))
    grown = _pulled(grown, size, next(pulls, _PULL[-1]))
    return np.asarray(cv2.cvtColor(grown, cv2.COLOR_RGBA2RGB), dtype=np.uint8)


def _grown(picture: Any, size: tuple[int, int]) -> Any:
    """Cubic interpolation that never leaves the range of the pixels around: no halos."""
    import cv2

    around = np.ones((3, 3), np.uint8)
    least = cv2.resize(cv2.erode(picture, around), size, interpolation=cv2.INTER_LINEAR)
    most = cv2.resize(cv2.dilate(picture, around), size, interpolation=cv2.INTER_LINEAR)
    return cv2.max(cv2.min(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), most), least)


def _straightened(picture: Any) -> Any:
    """The picture, each place the mean of those along the edge that it lies on, where it lies on one."""
    import cv2

    products: list[Any] = [0, 0, 0]
    for channel in cv2.split(picture)[:3]:
        across, down = _slopes(channel, 1)
        products = [a + b for a, b in zip(products, (across * across, down * down, across * down), strict=True)]
    xx, yy, xy = (cv2.GaussianBlur(product, (0, 0), _AROUND) for product in products)
    way = np.arctan2(2 * xy, xx - yy) / 2 + np.pi / 2
    alike = np.hypot(xx - yy, 2 * xy) / (xx + yy + 4)  # of slopes less than two code values nothing is told
    x, y = _places(picture.shape[1::-1], picture.shape[1::-1])
    along, over = _APART * np.cos(way), _APART * np.sin(way)
    total, weights = np.zeros(picture.shape, np.float32), 0.0
    for at in _ALONG:
        weight = float(np.exp(-2 * (at / _ALONG[-1]) ** 2))
        places = x + at * along, y + at * over
        cv2.accumulateWeighted(
            cv2.remap(picture, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            total,
            weight / (weights + weight),
        )
        weights += weight
    share: Any = np.clip((alike - _AS_ONE[0]) / (_AS_ONE[1] - _AS_ONE[0]), 0, 1)[..., None]
    return np.asarray(picture + (total - picture) * share + 0.5).astype(np.uint8)


def _pulled(picture: Any, size: tuple[int, int], amount: float) -> Any:
    """The picture at `size`, its pixels moved towards the nearest edge, seen in the steepest of red, green and blue."""
    import cv2

    smooth = cv2.GaussianBlur(picture, (3, 3), 0)
    steepness: Any = np.zeros(smooth.shape[:2], np.float32)
    for channel in cv2.split(smooth)[:3]:
        steepness = cv2.max(steepness, cv2.magnitude(*_slopes(channel, 1)))
    steepness = cv2.GaussianBlur(cv2.min(steepness, _STEEPEST), (5, 5), 0.8)
    places = _places(picture.shape[1::-1], size)
    across, down = (
        cv2.add(cv2.resize(pull, size, interpolation=cv2.INTER_LINEAR), place)
        for pull, place in zip(_slopes(steepness, -amount), places, strict=True)
    )
    return cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _slopes(values: Any, amount: float) -> tuple[Any, Any]:
    import cv2

    scale = amount / 32  # the Scharr kernel's own weight
    return cv2.Scharr(values, cv2.CV_32F, 1, 0, scale=scale), cv2.Scharr(values, cv2.CV_32F, 0, 1, scale=scale)


@lru_cache(maxsize=8)
def _places(of: tuple[int, int], size: tuple[int, int]) -> tuple[Field, Field]:
    """Where in a picture of one size (width, height) the pixels of another lie, across and down."""
    columns, rows = ((np.arange(b, dtype=np.float32) + 0.5) * (a / b) - 0.5 for a, b in zip(of, size, strict=True))
    across, down = np.meshgrid(columns, rows)
    return across, down
