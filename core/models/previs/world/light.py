"""The colours of each time of day, and what weather does to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .brush import Array
from .scene import World


@dataclass(frozen=True)
class Light:
    """Sky from zenith to horizon, the tint that falls on things, and the haze of distance; R'G'B' 0 to 1."""

    zenith: Array
    horizon: Array
    tint: Array
    haze: Array
    haze_far: float  # metres at which haze has taken two thirds


_SKIES = {
    "dawn": ((0.42, 0.50, 0.72), (0.98, 0.76, 0.70), (0.88, 0.80, 0.86)),
    "day": ((0.28, 0.54, 0.88), (0.76, 0.88, 0.97), (1.0, 1.0, 1.0)),
    "sunset": ((0.30, 0.22, 0.46), (0.99, 0.55, 0.22), (1.0, 0.70, 0.52)),
    "night": ((0.03, 0.05, 0.16), (0.13, 0.18, 0.38), (0.40, 0.47, 0.70)),
}


def light_of(world: World) -> Light:
    """The light of a scene."""
    zenith, horizon, tint = (np.array(c, np.float32) for c in _SKIES[world.time])
    far = 90.0
    if world.weather != "clear":
        grey = np.array((0.62, 0.65, 0.69), np.float32) * (
            0.26 if world.time == "night" else 0.62 if world.time != "day" else 1.0
        )
        amount = {"rain": 0.75, "snow": 0.7, "fog": 0.8}[world.weather]
        zenith = zenith * (1 - amount) + grey * 0.8 * amount
        horizon = horizon * (1 - amount) + grey * amount
        tint = tint * (0.85 if world.weather != "snow" else 0.95)
        far = {"rain": 40.0, "snow": 45.0, "fog": 11.0}[world.weather]
    return Light(
        zenith.astype(np.float32), horizon.astype(np.float32), tint.astype(np.float32), horizon.astype(np.float32), far
    )


def lit(light: Light, colour: tuple[float, float, float] | Array, z: float = 0.0, share: float = 1.0) -> Array:
    """A colour under this light at a distance in metres."""
    base = np.asarray(colour, np.float32) * (1 - share + share * light.tint)
    away = 1 - np.exp(-max(0.0, z) / light.haze_far)
    return (base * (1 - away) + light.haze * away).astype(np.float32)
