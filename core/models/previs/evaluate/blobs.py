"""Finding a scene's subject in frames by its colour: which pixels are likelier the subject's than the place's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ..world.scene import COLOURS, World
from .cases import Frames

Array = npt.NDArray[np.float64]
_STEPS = 12  # of each of red, green and blue
_FEWEST = 6  # pixels of a blob


@dataclass(frozen=True)
class Blob:
    """Where a subject was found: how surely, its centre and sides in pixels, and which pixels (rows, columns)."""

    score: float
    x: float
    y: float
    width: float
    height: float
    pixels: npt.NDArray[np.bool_]


def _bins(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    steps = picture.astype(np.int64) * _STEPS // 256
    return np.asarray((steps[..., 0] * _STEPS + steps[..., 1]) * _STEPS + steps[..., 2])


def _likelihood(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Log likelihoods of colours, smoothed towards their neighbours."""
    cube = counts.reshape(_STEPS, _STEPS, _STEPS)
    for axis in range(3):
        before, after = np.roll(cube, 1, axis), np.roll(cube, -1, axis)
        cube = 0.5 * cube + 0.25 * (before + after)
    cube = cube + 0.02
    return np.log(cube / cube.sum()).ravel().astype(np.float32)


class Finder:
    """Colour counts of subjects, by colour name and time of day, and of places, by place and time, as drawn."""

    def __init__(self, scenes: Sequence[tuple[World, Frames, npt.NDArray[np.float32]]]) -> None:
        size = _STEPS**3
        of: dict[tuple[str, str], Array] = {}
        around: dict[tuple[str, str], Array] = {}
        for world, frames, mask in scenes:
            bins = _bins(frames[::4])
            inside = mask[::4] > 0.6
            key, where = (world.subjects[0].colour, world.time), (world.place, world.time)
            of[key] = of.get(key, np.zeros(size)) + np.bincount(bins[inside], minlength=size)
            around[where] = around.get(where, np.zeros(size)) + np.bincount(bins[mask[::4] < 0.1], minlength=size)
        self._of = {key: _likelihood(counts) for key, counts in of.items()}
        self._around = {key: _likelihood(counts) for key, counts in around.items()}

    def find(self, frame: npt.NDArray[np.uint8], world: World, colour: str) -> Blob | None:
        """The likeliest subject of a colour in a frame of a scene's place and time; None where there is none."""
        of, around = self._of.get((colour, world.time)), self._around.get((world.place, world.time))
        if of is None or around is None:
            return None
        bins = _bins(frame)
        surer = cv2.blur(of[bins] - around[bins], (3, 3))
        count, labels, stats, centres = cv2.connectedComponentsWithStats((surer > 0).astype(np.uint8), connectivity=8)
        best: Blob | None = None
        for label in range(1, count):
            if stats[label, cv2.CC_STAT_AREA] < _FEWEST:
                continue
            pixels = labels == label
            score = float(surer[pixels].sum())
            if best is None or score > best.score:
                wide, high = stats[label, cv2.CC_STAT_WIDTH], stats[label, cv2.CC_STAT_HEIGHT]
                best = Blob(score, float(centres[label][0]), float(centres[label][1]), float(wide), float(high), pixels)
        return best

    def colour(self, frame: npt.NDArray[np.uint8], world: World) -> str:
        """The colour whose subject is found most surely."""
        scores = {}
        for colour in COLOURS:
            blob = self.find(frame, world, colour)
            scores[colour] = blob.score if blob else 0.0
        return max(scores, key=lambda colour: scores[colour])


def shape(blob: Blob | None) -> Array:
    """A blob's form as numbers: sides, fill, and itself drawn in 8 by 8 fields of its own box."""
    if blob is None:
        return np.zeros(4 + 64)
    rows, columns = blob.pixels.shape
    ys, xs = np.nonzero(blob.pixels)
    box = blob.pixels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.float32)
    drawn = cv2.resize(box, (8, 8), interpolation=cv2.INTER_AREA)
    sides = (np.log(blob.width / blob.height), blob.height / rows, blob.width / columns, box.mean())
    return np.concatenate([np.array(sides, np.float64), drawn.ravel().astype(np.float64)])
