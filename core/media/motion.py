"""Frames between two frames: moved along the motion, cross-faded where the motion is unsure."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .frame import Frame

_SMALLEST_SIDE = 16  # below, there is nothing to follow
_LARGEST_SIDE = 512  # larger frames are followed at this size: motion is smooth, and time short
_SIZES_KEPT = 8
_SURE_PIXELS = 1.0  # how far there-and-back may miss its start for the motion to be trusted
_SURE_VALUES = 24.0  # how far, in code values, both frames moved to the middle may differ

Flow = npt.NDArray[np.float32]
_followers = threading.local()


class Between:
    """What lies between two frames of one size, (height, width, 3): followed once, shown at any position.

    Motion both ways by dense inverse search (T. Kroeger et al., ECCV 2016), combined at a position as in H. Jiang et
    al., “Super SloMo”, CVPR 2018. Where one frame does not see what the other does, the other is shown; where neither
    is sure the two are cross-faded.
    """

    def __init__(self, first: Frame, second: Frame) -> None:
        self._first, self._second = first, second
        self._followed: tuple[Flow, Flow, Any, Any] | None = None  # forth, back, and how far each misses

    def at(self, position: float) -> Frame:
        """The frame at `position`, 0 (first) to 1 (second)."""
        import cv2

        first, second, t = self._first, self._second, position
        if t <= 0:
            return first
        if t >= 1:
            return second
        faded = cv2.addWeighted(first, 1 - t, second, t, 0)
        if min(first.shape[:2]) < _SMALLEST_SIDE:
            return np.asarray(faded, dtype=np.uint8)
        if self._followed is None:
            forth, back = _flow(first, second), _flow(second, first)
            self._followed = forth, back, missed(forth, back), missed(back, forth)
        forth, back, missed_forth, missed_back = self._followed
        to_first = cv2.addWeighted(forth, -(1 - t) * t, back, t * t, 0)
        to_second = cv2.addWeighted(forth, (1 - t) ** 2, back, -t * (1 - t), 0)
        moved_first = seen_from(first, to_first, cv2.INTER_CUBIC)
        moved_second = seen_from(second, to_second, cv2.INTER_CUBIC)
        trust_first = _trust(seen_from(missed_forth, to_first, cv2.INTER_LINEAR))
        trust_second = _trust(seen_from(missed_back, to_second, cv2.INTER_LINEAR))
        moved = cv2.blendLinear(moved_first, moved_second, (1 - t) * trust_first, t * trust_second)
        # Where both are trusted and yet differ, the motion is wrong; where only one is, it alone sees what is there.
        apart = cv2.absdiff(moved_first, moved_second).max(axis=2).astype(np.float32)
        agree = np.exp(-((apart / _SURE_VALUES) ** 2))
        sure = cv2.max(agree, cv2.absdiff(trust_first, trust_second)) * cv2.max(trust_first, trust_second)
        sure = cv2.GaussianBlur(sure, (5, 5), 0)
        return np.asarray(cv2.blendLinear(moved, faded, sure, 1 - sure), dtype=np.uint8)


def follow(start: Frame, end: Frame, begun: Flow | None = None) -> Flow:
    """How far, in pixels across and down, each pixel of one grey picture (height, width) has moved in another.

    (height, width, 2). `begun` is a first guess.
    """
    return np.asarray(
        _follower(start.shape).calc(start, end, None if begun is None else begun.copy()), dtype=np.float32
    )


def _flow(start: Frame, end: Frame) -> Flow:
    """How far, in pixels across and down, each pixel of `start` has moved in `end`; (height, width, 2)."""
    import cv2

    height, width = start.shape[:2]
    shrink = min(1.0, _LARGEST_SIDE / max(height, width))
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (start, end)]
    if shrink == 1:
        return follow(greys[0], greys[1])
    size = (max(_SMALLEST_SIDE, round(width * shrink)), max(_SMALLEST_SIDE, round(height * shrink)))
    small = [cv2.resize(grey, size, interpolation=cv2.INTER_AREA) for grey in greys]
    flow = cv2.resize(follow(small[0], small[1]), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(flow * np.array([width / size[0], height / size[1]], np.float32), dtype=np.float32)


def _follower(shape: tuple[int, ...]) -> Any:
    """The flow estimator, one a thread and size: it keeps its work space, and falls over when the size changes."""
    import cv2

    kept: dict[tuple[int, ...], Any] = _followers.__dict__.setdefault("by_size", {})
    if shape not in kept:
        if len(kept) >= _SIZES_KEPT:
            kept.clear()
        kept[shape] = dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        # On frames of 128x72 as near to the truth as the slower settings (docs/media.md).
        dis.setFinestScale(0)
        dis.setPatchStride(5)
        dis.setVariationalRefinementIterations(0)
    return kept[shape]


def seen_from(picture: Any, flow: Any, interpolation: int) -> Any:
    """The picture as seen through `flow`: each place shows what stands so many pixels away from it."""
    import cv2

    rows, columns = _grid(flow.shape[0], flow.shape[1])
    across, down = cv2.split(flow)
    return cv2.remap(
        picture, cv2.add(across, columns), cv2.add(down, rows), interpolation, borderMode=cv2.BORDER_REPLICATE
    )


def missed(there: Flow, back: Flow) -> Any:
    """How far, in pixels, there and back again ends from its start; (height, width)."""
    import cv2

    return cv2.magnitude(*cv2.split(there + seen_from(back, there, cv2.INTER_LINEAR)))


def _trust(miss: Any) -> Flow:
    """1 where the motion is sure down to nearly 0 where it is not."""
    return np.asarray(np.exp(-((miss / _SURE_PIXELS) ** 2)) + np.float32(1e-4), dtype=np.float32)


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> tuple[Flow, Flow]:
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return rows, columns
