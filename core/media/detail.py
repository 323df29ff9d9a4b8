"""Fine detail from a drawing onto a small model's frames: the model gives colour and light, the drawing its lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .frame import Frame

_DARKEST, _LIGHTEST = 0.45, 1.5  # how far a drawing may darken or lighten what lies under it

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
