"""Hops told by known frames: how high, how often, and how far the one in the air is; they go on so."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .layers import HOPPING, Array, arc

_OFTEN = np.geomspace(0.5, 2.0, 41)  # times as often as planned
_OVER = np.linspace(0, 1, 40, endpoint=False)
_MISSED, _UNSURE = 0.03, 0.006  # of how far it was away, squared, that no hop need explain; and frame heights
_SEEN = 0.5  # of a hop, of which at least so much was seen
_FEWEST = 6  # known frames


class Hop(NamedTuple):
    """`height` in the lengths that it was told in, how many a second, and how much of the one at second 0 is over."""

    height: float
    often: float
    over: float


def hop_of(seconds: Array, higher: Array, often: float) -> Hop | None:
    """The hops that an element makes that was so much higher at these seconds than at second 0, of about so many a
    second; None where it was no hop, or too little of one is seen."""
    if len(seconds) < _FEWEST or float(np.ptp(higher)) < HOPPING:
        return None
    every, over = np.meshgrid(often * _OFTEN, _OVER, indexing="ij")
    shape = arc(over[..., None] + every[..., None] * seconds) - arc(over)[..., None]
    height = np.clip((shape * higher).sum(-1) / np.maximum((shape**2).sum(-1), 1e-9), 0, None)
    missed = ((shape * height[..., None] - higher) ** 2).mean(-1)
    missed[every * np.ptp(seconds) < _SEEN] = np.inf
    best = np.unravel_index(int(missed.argmin()), missed.shape)
    if missed[best] > max(_MISSED * float(np.mean(higher**2)), _UNSURE**2) or height[best] < HOPPING:
        return None
    return Hop(float(height[best]), float(every[best]), float(over[best]))
