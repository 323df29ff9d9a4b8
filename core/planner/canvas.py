"""The picture a model works on, and where the asked frame lies in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from .limits import ModelLimits


@dataclass(frozen=True)
class Canvas:
    """A model's own picture size, and the centred window of it that becomes the asked frame.

    `size` is (width, height), `window` (left, top, width, height), in the model's pixels. Nothing is ever squeezed: the
    window has the asked frame's shape to the nearest pixel.
    """

    size: tuple[int, int]
    window: tuple[int, int, int, int]


def _window(size: tuple[int, int], aspect: Fraction) -> tuple[int, int, int, int]:
    width, height = size
    if Fraction(width, height) > aspect:
        kept = max(1, round(height * aspect))
        return ((width - kept) // 2, 0, kept, height)
    kept = max(1, round(width / aspect))
    return (0, (height - kept) // 2, width, kept)


def _sized(limits: ModelLimits, asked: tuple[int, int]) -> tuple[int, int]:
    """The size nearest the asked shape that a free-size model may take: within its largest area, sides in its step."""
    step = limits.size_multiple
    area = max(width * height for width, height in limits.sizes)
    scale = min(1.0, math.sqrt(area / (asked[0] * asked[1])))
    width, height = (max(step, math.ceil(side * scale / step) * step) for side in asked)
    while width * height > area and max(width, height) > step:
        width, height = (width - step, height) if width >= height else (width, height - step)
    return width, height


def choose_canvas(limits: ModelLimits, asked: tuple[int, int]) -> Canvas:
    """The model's size that shows most of the asked shape."""
    aspect = Fraction(*asked)
    sizes = [_sized(limits, asked)] if limits.size_multiple else list(limits.sizes)

    def pixels_kept(size: tuple[int, int]) -> int:
        _, _, width, height = _window(size, aspect)
        return width * height

    size = max(sizes, key=pixels_kept)
    return Canvas(size, _window(size, aspect))
