"""The first frames after known ones: they go on as the last known frame moved, and hand over to what was made.

 known ... B  A | 1     2     3     4 ...
carried         | all   part  some  -        A, moved on as it came from B: its limbs swing on, its drops fall on
made            | -     part  some  all      and what A could not show, from the first
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from ..motion import Flow, follow, missed, seen_from

Share = npt.NDArray[np.float32]

LASTS = 1 / 8  # seconds: what swings and steps soon moves otherwise
_SURE = 1.0  # pixels: how far there and back may miss its start for a motion to be trusted
_ALIKE = 3.0  # code values: how far what it came from may differ for it to be trusted all the same
_NEAR = 2.0  # pixels: how far around it a trusted motion tells one that is not
_MEDIAN = 5  # pixels: motions of single ones are none
_FINER = 2  # places sent on for each pixel, along each side, so that none between them stays empty
_APART = 12.0, 32.0  # code values: what differs by more is not dissolved, which would show both, but changed at once


class Momentum:
    """The last known frame, (height, width, 3), and the motion that it came with from the one `before`."""

    def __init__(self, before: Frame, last: Frame) -> None:
        import cv2

        self._last = last
        greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (last, before)]
        back, forth = follow(greys[0], greys[1]), follow(greys[1], greys[0])
        unlike = _soft(np.abs(seen_from(before, back, cv2.INTER_LINEAR).astype(np.float32) - last).max(2), _NEAR)
        # Of what is flat the way is unsure, and matters little.
        sure = np.exp(-(np.minimum(missed(back, forth) / _SURE, unlike / _ALIKE) ** 2)).astype(np.float32)
        around = _soft(-back * sure[..., None], _NEAR) / (_soft(sure, _NEAR) + 1e-3)[..., None]
        motion = np.where(sure[..., None] > 0.5, -back, around).astype(np.float32)
        self._motion: Flow = np.dstack([cv2.medianBlur(np.ascontiguousarray(m), _MEDIAN) for m in cv2.split(motion)])
        self._sure = _soft(sure, 1.0)

    def onto(self, made: Frame, steps: float, of: float) -> Frame:
        """A made frame so many frames beyond the last known one; the whole handing over takes `of` frames."""
        import cv2

        carried, shown = self._at(steps)
        left = max(0.0, 1 - (steps - 1) / of)
        apart = _soft(np.abs(carried.astype(np.float32) - made).max(2), 1.5)
        hard = np.clip((apart - _APART[0]) / (_APART[1] - _APART[0]), 0, 1)
        share = shown * (left + (float(left > 0.5) - left) * hard)
        return np.asarray(cv2.blendLinear(carried, np.ascontiguousarray(made), share, 1 - share), np.uint8)

    def _at(self, steps: float) -> tuple[Frame, Share]:
        """The last known frame, moved on by so many frames, and how much of each place it shows."""
        import cv2

        came, covered = _sent(self._motion * np.float32(steps))
        inner = cv2.erode(covered, np.ones((3, 3), np.uint8)).astype(np.float32)
        shown = _soft(inner * np.clip(seen_from(self._sure, came, cv2.INTER_LINEAR), 0, 1), 0.8)
        return np.asarray(seen_from(self._last, came, cv2.INTER_CUBIC), np.uint8), shown


def _sent(motion: Flow) -> tuple[Flow, npt.NDArray[np.uint8]]:
    """From each place back to where what is seen there was before it moved so, and whether anything is, 0 or 1.

    Where two come to one place, the one that moves most against the others lies before them.
    """
    import cv2

    height, width = motion.shape[:2]
    size = width * _FINER, height * _FINER
    sent = cv2.resize(motion, size, interpolation=cv2.INTER_LINEAR)
    columns, rows = (
        np.rint((at + 0.5) / _FINER - 0.5 + sent[..., axis]).astype(np.int32)
        for axis, at in enumerate(np.meshgrid(np.arange(size[0]), np.arange(size[1])))
    )
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    against = np.hypot(*(sent[inside] - np.median(motion.reshape(-1, 2), axis=0)).T)
    front = np.argsort(against, kind="stable")
    came = np.zeros((height, width, 2), np.float32)
    covered = np.zeros((height, width), np.uint8)
    came[rows[inside][front], columns[inside][front]] = -sent[inside][front]
    covered[rows[inside], columns[inside]] = 1
    told = covered.astype(np.float32)
    around = _soft(came, 1.0) / np.maximum(_soft(told, 1.0), 1e-3)[..., None]
    filled = np.where(covered[..., None] > 0, came, around)
    smooth = [cv2.medianBlur(np.ascontiguousarray(each), 3) for each in cv2.split(filled)]
    return np.dstack(smooth), np.asarray(cv2.morphologyEx(covered, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))


def _soft(values: Any, sigma: float) -> Any:
    import cv2

    return cv2.GaussianBlur(np.ascontiguousarray(values, np.float32), (0, 0), sigma)
