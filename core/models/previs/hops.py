"""Hops told by where an element is seen in known frames: how high, how often, and how far the one in the air is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .layers import HOPPING, Box, arc

_OFTEN = np.geomspace(0.5, 2.0, 41)  # times as often as planned
_OVER = np.linspace(0, 1, 40, endpoint=False)
_MISSED, _UNSURE = 0.12, 0.012  # of the variance of where it was, that no hop need explain; and frame heights
_SEEN = 0.5  # of a hop, of which at least so much was seen
_FEWEST = 6  # frames in which it is seen
_AS_LARGE = 0.6, 1.6  # times as large as it mostly is: otherwise it is something else that is seen


class Hop(NamedTuple):
    """`height` in frame heights, how many a second, how much of the one at second 0 is over; and the box there."""

    height: float
    often: float
    over: float
    box: Box


def hop_of(seconds: Sequence[float], boxes: Sequence[Box | None], often: float) -> Hop | None:
    """The hops, of about so many a second, that an element makes which is seen in these boxes at these seconds; None
    where they tell of none, or of too little of one."""
    seen = _alike(seconds, boxes)
    if len(seen) < _FEWEST:
        return None
    at, places = np.array([second for second, _ in seen]), np.array([box for _, box in seen])
    bottom = places[:, 3]
    every, over = np.meshgrid(often * _OFTEN, _OVER, indexing="ij")
    shape = arc(over[..., None] + every[..., None] * at)
    away, higher = shape - shape.mean(-1, keepdims=True), bottom.mean() - bottom
    height = np.clip((away * higher).sum(-1) / np.maximum((away**2).sum(-1), 1e-9), 0, None)
    missed = ((away * height[..., None] - higher) ** 2).mean(-1)
    missed[every * np.ptp(at) < _SEEN] = np.inf
    best = np.unravel_index(int(missed.argmin()), missed.shape)
    if missed[best] > max(_MISSED * float(np.mean(higher**2)), _UNSURE**2) or height[best] < max(HOPPING, 2 * _UNSURE):
        return None
    ground = float(bottom.mean() + height[best] * shape[best].mean())
    wide, high = (float(np.median(places[:, last] - places[:, first])) for first, last in ((0, 2), (1, 3)))
    middle = float(np.polyval(np.polyfit(at, (places[:, 0] + places[:, 2]) / 2, 1), 0.0))
    now = ground - float(height[best] * arc(over[best]))
    box = middle - wide / 2, now - high, middle + wide / 2, now
    return Hop(float(height[best]), float(every[best]), float(over[best]), box)


def _alike(seconds: Sequence[float], boxes: Sequence[Box | None]) -> list[tuple[float, Box]]:
    """The boxes about as large as most are."""
    seen = [(second, box) for second, box in zip(seconds, boxes, strict=True) if box is not None]
    sizes = [np.sqrt((box[2] - box[0]) * (box[3] - box[1])) for _, box in seen]
    least, most = (share * float(np.median(sizes)) if sizes else 0.0 for share in _AS_LARGE)
    return [each for each, size in zip(seen, sizes, strict=True) if least <= size <= most]
