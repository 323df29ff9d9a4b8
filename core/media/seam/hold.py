"""The camera held still: each earlier frame laid over the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from ..motion import follow
from . import camera

Picture = npt.NDArray[np.float32]
Spots = npt.NDArray[np.bool_]

_WIDEST = 480  # motion is followed at this width; it is smooth
_TOLD_BY = 6  # frames back, at which it is told what kind of motion it is
_LEAST_SLOPE = 1.5  # code values a pixel: flatter places tell no motion
_CAP = 3.0  # times the noise: what differs by more moves on its own, and says nothing of the camera
_LEAST_NOISE = 1.2  # code values
_KINDS = (0, 2, 4, 6)  # numbers that a motion has: none, a shift, one with a turn and a zoom, any affine one
_DEARER = 0.025  # by which share a motion of more numbers must lay the pictures nearer to be believed
_ROUNDS = 6
_EXACT = 0.002  # pixels


def ways_back(frames: Sequence[Frame]) -> list[camera.Affine]:
    """From each place of the last of frames that follow each other to where it was 0, 1, 2 … frames back.

    Each is found anew over the whole way, begun from the one before, so that no error adds up. Of the kinds of motion
    the plainest that tells the pictures is taken: what little a plain picture shows would be told by many a shear.
    """
    import cv2

    height, width = frames[-1].shape[:2]
    shrunk = min(1.0, _WIDEST / max(height, width))
    size = max(16, round(width * shrunk)), max(16, round(height * shrunk))
    greys = [cv2.resize(cv2.cvtColor(f, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA) for f in frames]
    greys.reverse()
    pairs = [_Pair(greys[0], earlier) for earlier in greys]
    ways = [np.eye(3)]
    near = min(_TOLD_BY, len(greys) - 1)
    for back in range(1, near + 1):
        ways.append(pairs[back].followed(_further(ways, back)))
    kind = pairs[near].kind(ways[near]) if near else 0
    closer = [np.eye(3)]
    for back in range(1, len(greys)):
        begun = [_further(closer, back), *ways[back : back + 1]]
        closer.append(pairs[back].closer(min(begun, key=pairs[back].missed), kind))
    return [camera.scaled(way, 1 / shrunk) for way in closer]


def held(frames: Sequence[Frame], ways: Sequence[camera.Affine], size: tuple[int, int]) -> list[Frame]:
    """Frames at `size` (width, height), the newest first, each as if the camera had stood where it stood last."""
    import cv2

    shrunk = size[0] / frames[-1].shape[1]
    return [
        camera.laid(
            cv2.resize(frame, size, interpolation=cv2.INTER_AREA),
            camera.scaled(way, shrunk),
            cv2.INTER_CUBIC,
            cv2.BORDER_REPLICATE,
        )
        for frame, way in zip(reversed(frames), ways, strict=False)
    ]


@dataclass(frozen=True)
class _Pair:
    """Two grey pictures (height, width), between which the way back is sought."""

    now: Frame
    earlier: Frame

    def followed(self, begun: camera.Affine) -> camera.Affine:
        """The way, from a first one, by what most of a dense motion says: a shift alone, but from far."""
        laid = camera.laid(self.earlier, begun, 1, 1)
        flow = follow(self.now, laid)
        steep = _slope(self.now) > 2 * _LEAST_SLOPE
        return begun if steep.sum() < 16 else begun @ _shift(np.median(flow[steep], axis=0))

    def kind(self, begun: camera.Affine) -> int:
        """How many numbers the motion needs."""
        missed = {kind: self.missed(self.closer(begun, kind)) for kind in _KINDS}
        best = min(missed.values())
        return next(kind for kind, miss in missed.items() if miss <= best * (1 + _DEARER) + 0.01)

    def closer(self, begun: camera.Affine, kind: int) -> camera.Affine:
        """The way of a kind that lays the earlier picture nearest to this one (B. Lucas and T. Kanade, 1981), weighed
        anew in each round so that what moves on its own drops out (Tukey's biweight).
        """
        import cv2

        if kind == 0:
            return np.eye(3)
        height, width = self.now.shape
        way = begun if kind > 2 else _shift(begun[:2] @ np.array((width / 2, height / 2, 1)) - (width / 2, height / 2))
        for _ in range(_ROUNDS):
            laid, rows, columns = self._laid(way)
            away = self.now[rows, columns] - laid[rows, columns]
            across, down = (cv2.Sobel(laid, cv2.CV_32F, *axes, scale=1 / 8)[rows, columns] for axes in ((1, 0), (0, 1)))
            x, y = 2 * columns / width - 1, (2 * rows - height) / width
            terms = [across, down]
            if kind == 4:
                terms += [across * x + down * y, down * x - across * y]
            elif kind == 6:
                terms += [across * x, across * y, down * x, down * y]
            slopes = np.stack(terms, 1).astype(np.float64)
            share = away / (_CAP * _noise(away))
            counted = np.where(np.abs(share) < 1, (1 - share**2) ** 2, 0)[:, None] * slopes
            numbers: Any = np.linalg.lstsq(counted.T @ slopes + np.eye(kind), counted.T @ away, rcond=None)[0]
            way = way @ _affine(numbers, width, height)
            if np.abs(numbers).max() < _EXACT:
                break
        return way

    def missed(self, way: camera.Affine) -> float:
        """By how many code values the earlier picture, laid over this one, misses it where that can be told."""
        laid, rows, columns = self._laid(way)
        away = np.abs(self.now[rows, columns] - laid[rows, columns])
        return float(np.minimum(away, 12.0).mean()) if len(away) else 0.0

    def _laid(self, way: camera.Affine) -> tuple[Picture, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The earlier picture after a way, and the places that tell something."""
        import cv2

        laid = camera.laid(self.earlier.astype(np.float32), way, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)
        inside = camera.laid(np.ones_like(laid), way, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT) > 0.99
        steep = ((_slope(self.now) > _LEAST_SLOPE) & inside)[::2]
        rows, columns = np.nonzero(steep)
        return laid, rows * 2, columns


def _further(ways: Sequence[camera.Affine], back: int) -> camera.Affine:
    """Where the ways up to a frame lead to in the one before it."""
    return camera.power(ways[back - 1], back / (back - 1)) if back > 1 else ways[0]


def _noise(away: Picture) -> float:
    return max(_LEAST_NOISE, 1.48 * float(np.median(np.abs(away)))) if len(away) else _LEAST_NOISE


def _shift(by: npt.NDArray[np.float64]) -> camera.Affine:
    way = np.eye(3)
    way[:2, 2] = by
    return way


def _affine(numbers: npt.NDArray[np.float64], width: int, height: int) -> camera.Affine:
    """The motion of a step's numbers: a shift, then what grows from the picture's middle."""
    grow = np.zeros((2, 2))
    if len(numbers) == 4:
        zoom, turn = numbers[2:]
        grow = np.array([[zoom, -turn], [turn, zoom]])
    elif len(numbers) == 6:
        grow = numbers[2:].reshape(2, 2)
    way = np.eye(3)
    way[:2, :2] += grow * 2 / width
    way[:2, 2] = numbers[:2] - grow @ np.array((1, height / width))
    return way


def _slope(grey: Frame) -> Picture:
    import cv2

    smooth = cv2.GaussianBlur(grey, (5, 5), 0)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down), np.float32)
