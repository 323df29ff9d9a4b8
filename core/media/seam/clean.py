"""A frame without its grain: what the frames before, laid over it, agree on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..frame import Frame
from . import camera
from .grain import Grain
from .objects import Piece

_BACK = 6  # frames averaged
_AGREE = 1.35  # times what grain alone makes two frames differ by, squared: up to there they show the same
_PATCH = 7  # pixels across, over which they are held against each other


def cleaned(
    frames: Sequence[Frame], ways: Sequence[camera.Affine], pieces: Sequence[Piece], grain: Grain
) -> tuple[Frame, float]:
    """The last frame, averaged with those before it where they differ by no more than their grain, else as it is; and
    what share of the grain's power is left, over the picture.

    They are laid over it along the camera (`ways` lead back), and along each piece's own motion where it is.
    """
    import cv2

    anchor = frames[-1]
    if not grain.seen:
        return anchor, 0.0
    height, width = anchor.shape[:2]
    tone = cv2.cvtColor(cv2.blur(anchor, (_PATCH, _PATCH)), cv2.COLOR_RGB2GRAY)
    # Two frames' grain: twice its power. Laying a frame between pixels takes a part of its own off.
    expected = 2 * cv2.LUT(tone, grain.power_by_tone()) + 0.1
    now = anchor.astype(np.float32)
    whole: camera.Box = (slice(0, height), slice(0, width))
    total, weight = now.copy(), np.ones((height, width), np.float32)
    for back, frame in enumerate(reversed(frames[-1 - _BACK : -1]), 1):
        layers = [(whole, ways[back])]
        for piece in pieces:
            layers.append((camera.box_of(piece.cover), ways[back] @ camera.power(piece.motion, -back)))
        best: camera.Picture | None = None
        for box, way in layers:
            laid = camera.patch(frame, way, box, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE).astype(np.float32)
            apart = cv2.blur(((laid - now[box]) ** 2).mean(2), (_PATCH, _PATCH)) / expected[box]
            agree = np.clip((2 * _AGREE - apart) / _AGREE, 0, 1)
            if best is None:
                best, alike = laid, agree
                continue
            better = agree > alike[box]
            best[box][better], alike[box][better] = laid[better], agree[better]
        assert best is not None
        total += best * alike[..., None]
        weight += alike
    return np.asarray(total / weight[..., None] + 0.5, np.uint8), float((1 / weight).mean())
