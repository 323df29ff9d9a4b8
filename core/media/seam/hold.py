"""The camera held still: each earlier frame laid over the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from ..motion import follow
from . import camera

Picture = npt.NDArray[np.float32]
Spots = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Kind = tuple[str, ...]  # of _FIELDS

_WIDEST = 480  # motion is followed at this width; it is smooth
_TOLD_BY = 6  # frames back, at which it is told what kind of motion it is
_LEAST_SLOPE = 1.5  # code values a pixel: flatter places tell no motion
_CAP = 3.0  # times the noise: what differs by more moves on its own, and says nothing of the camera
_LEAST_NOISE = 1.2  # code values
# The fields that motions are made of: how far a place (x, y, 1) goes across and down. The picture is 2 wide around its
# middle.
_FIELDS = {
    "across": ((0, 0, 1), (0, 0, 0)),
    "down": ((0, 0, 0), (0, 0, 1)),
    "zoom": ((1, 0, 0), (0, 1, 0)),
    "turn": ((0, -1, 0), (1, 0, 0)),
    "stretch": ((0, 0, 0), (0, 1, 0)),
    "lean": ((0, 1, 0), (0, 0, 0)),
    "widen": ((1, 0, 0), (0, 0, 0)),
    "tip": ((0, 0, 0), (1, 0, 0)),
}
_SHIFT = ("across", "down")
# Kinds of motion, the plainest first: none, a shift, one over ground that lies nearer the lower it is seen (a crane, a
# track), one with a turn and a zoom, any affine one.
_KINDS: tuple[Kind, ...] = (
    (),
    _SHIFT,
    (*_SHIFT, "stretch"),
    (*_SHIFT, "lean"),
    (*_SHIFT, "zoom", "turn"),
    (*_SHIFT, "stretch", "lean", "widen", "tip"),
)
_DEARER = 0.025  # by which share a motion of more numbers must lay the pictures nearer to be believed
_PARTS = (6, 10)  # of a picture, down and across, that say as much each: a subject rich in edges is in few of them
_FEW = 20  # places in such a part, below which it says less
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
    kind, told = pairs[near].told(ways[near]) if near else ((), np.eye(3))
    closer = [np.eye(3)]
    for back in range(1, len(greys)):
        # Of a frame or two, what moves on its own may look like the camera; over more it does not.
        begun = [camera.power(told, back / near), _further(closer, back), *ways[back : back + 1]]
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

    def followed(self, begun: camera.Affine, where: Spots | bool = True) -> camera.Affine:
        """The way, from a first one, by what most of a dense motion says, there: a shift alone, but from far."""
        laid = camera.laid(self.earlier, begun, 1, 1)
        flow = follow(self.now, laid)
        steep = (self._slope > 2 * _LEAST_SLOPE) & where
        return begun if steep.sum() < 16 else begun @ _shift(np.median(flow[steep], axis=0))

    def told(self, begun: camera.Affine) -> tuple[Kind, camera.Affine]:
        """What the motion needs to be made of, and the way so found: begun from this one, and from what the picture's
        rim says, where subjects are seldom."""
        starts = begun, self.followed(np.eye(3), _rim(self.now.shape))
        found = []
        for kind in _KINDS:
            ways = [self.closer(start, kind) for start in starts]
            missed = [self.missed(way) for way in ways]
            found.append((min(missed), kind, ways[int(np.argmin(missed))]))
        enough = min(miss for miss, _, _ in found) * (1 + _DEARER) + 0.01
        return next((kind, way) for miss, kind, way in found if miss <= enough)

    def closer(self, begun: camera.Affine, kind: Kind) -> camera.Affine:
        """The way of a kind that lays the earlier picture nearest to this one (B. Lucas and T. Kanade, 1981), weighed
        anew in each round so that what moves on its own drops out (Tukey's biweight).
        """
        import cv2

        if not kind:
            return np.eye(3)
        height, width = self.now.shape
        middle = width / 2, height / 2
        fields = np.array([_FIELDS[name] for name in kind])
        way = _shift(begun[:2] @ np.array((*middle, 1)) - middle) if kind == _SHIFT else begun
        for _ in range(_ROUNDS):
            laid, rows, columns, votes = self._laid(way)
            away = self.now[rows, columns] - laid[rows, columns]
            slopes = [cv2.Sobel(laid, cv2.CV_32F, *axes, scale=1 / 8)[rows, columns] for axes in ((1, 0), (0, 1))]
            places = np.stack([2 * columns / width - 1, (2 * rows - height) / width, np.ones(len(rows))])
            terms = np.einsum("sn,fsp,pn->nf", np.stack(slopes), fields, places, optimize=True)
            share = away / (_CAP * _noise(away))
            counted = (votes * np.where(np.abs(share) < 1, (1 - share**2) ** 2, 0))[:, None] * terms
            numbers: Any = np.linalg.lstsq(counted.T @ terms + np.eye(len(fields)), counted.T @ away, rcond=None)[0]
            way = way @ _affine(np.tensordot(numbers, fields, 1), width, height)
            if np.abs(numbers).max() < _EXACT:
                break
        return way

    def missed(self, way: camera.Affine) -> float:
        """By how many code values the earlier picture, laid over this one, misses it where that can be told."""
        laid, rows, columns, votes = self._laid(way)
        away = np.abs(self.now[rows, columns] - laid[rows, columns])
        return float((votes * np.minimum(away, 12.0)).mean()) if len(away) else 0.0

    @cached_property
    def _slope(self) -> Picture:
        """How steep the picture of now is, in code values a pixel."""
        import cv2

        smooth = cv2.GaussianBlur(self.now, (5, 5), 0)
        across, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
        return np.asarray(cv2.magnitude(across, down), np.float32)

    def _laid(self, way: camera.Affine) -> tuple[Picture, Places, Places, npt.NDArray[np.float64]]:
        """The earlier picture after a way, and rows and columns of places that tell something, and how much each."""
        import cv2

        laid = camera.laid(self.earlier.astype(np.float32), way, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)
        inside = camera.laid(np.ones_like(laid), way, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT) > 0.99
        steep = ((self._slope > _LEAST_SLOPE) & inside)[::2]
        rows, columns = np.nonzero(steep)
        height, width = steep.shape
        part = rows * _PARTS[0] // height * _PARTS[1] + columns * _PARTS[1] // width
        votes = 1 / (np.bincount(part, minlength=1)[part] + _FEW)
        return laid, rows * 2, columns, votes / votes.mean() if len(votes) else votes


def _further(ways: Sequence[camera.Affine], back: int) -> camera.Affine:
    """Where the ways up to a frame lead to in the one before it."""
    return camera.power(ways[back - 1], back / (back - 1)) if back > 1 else ways[0]


def _noise(away: Picture) -> float:
    return max(_LEAST_NOISE, 1.48 * float(np.median(np.abs(away)))) if len(away) else _LEAST_NOISE


def _shift(by: npt.NDArray[np.float64]) -> camera.Affine:
    way = np.eye(3)
    way[:2, 2] = by
    return way


def _affine(field: npt.NDArray[np.float64], width: int, height: int) -> camera.Affine:
    """The motion (3, 3) in pixels of a field (2, 3) of a picture 2 wide."""
    way = np.eye(3)
    way[:2, :2] += field[:, :2] * 2 / width
    way[:2, 2] = field[:, 2] - field[:, :2] @ np.array((1, height / width))
    return way


def _rim(shape: tuple[int, ...]) -> Spots:
    """The outermost of a picture's _PARTS."""
    rim = np.ones(shape, np.bool_)
    over, beside = (side // parts for side, parts in zip(shape, _PARTS, strict=True))
    rim[over:-over, beside:-beside] = False
    return rim
