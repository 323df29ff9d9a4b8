"""Grain: how much a clip has, at which brightness and how coarse, and the same anew on pictures that have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from ..motion import Between

Row = npt.NDArray[np.float32]

_TONES = 8  # brightnesses at which grain is measured apart
_TILE = 12  # pixels
_SHIFTED = 256  # pixels, down and across, by which one frame's noise may lie apart from another's
_LEAST_TILES = (12, 0.02)  # of a tone, for it to be measured: so many, and such a share of all
_LIKE_OTHERS = 2.5  # times the usual tone's: what changes more is something that moves
_TOLD_BY = 720, 1280  # rows and columns: more tell no more, and take longer
_QUIET = 0.4  # the share of a tone's tiles that counts
_LEAST = 0.35  # code values: less is rounding, and left out
_STANDS = 6.0  # code values between the frames before and after: less is grain alone


@dataclass(frozen=True)
class Grain:
    """Spread in code values by tone, dark to light (8, 3), for red, green and blue; `coarse` is how alike neighbouring
    pixels are, 0 to 1; `common` how alike the three colours are, 0 to 1.
    """

    spread: Row
    coarse: float
    common: float

    @property
    def seen(self) -> bool:
        """Whether there is any to speak of."""
        return bool(self.spread.max() >= _LEAST)

    def on(self, picture: Frame, seed: int, left: float = 0.0) -> Frame:
        """A picture without grain, (height, width, 3), with it; the same seed gives the same grain.

        Where a share of its power is `left` in the picture, it gets the rest.
        """
        import cv2

        if not self.seen:
            return picture
        height, width = picture.shape[:2]
        field = _field(height + _SHIFTED, width + _SHIFTED, self.coarse, self.common)
        down, across = np.random.default_rng(seed).integers(0, _SHIFTED, 2)
        noise = field[down : down + height, across : across + width]
        tone = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        spread: Any = cv2.LUT(tone, self._spreads()[:, None])
        laid = cv2.multiply(noise, spread, scale=float(np.sqrt(1 - left)))
        return np.asarray(cv2.add(picture, laid, dtype=cv2.CV_8U), np.uint8)

    def power_by_tone(self) -> Row:
        """Its power in squared code values, the mean of the colours, for each of 256 tones."""
        return np.asarray((self._spreads() ** 2).mean(1), np.float32)

    def _spreads(self) -> Row:
        table = np.stack([np.interp(np.arange(256), _centres(), self.spread[:, c]) for c in range(3)], 1)
        return table.astype(np.float32)


@lru_cache(maxsize=2)
def _field(height: int, width: int, coarse: float, common: float) -> Row:
    """Noise (height, width, 3) of spread 1; parts of it, shifted by chance, are as good as new noise for each frame."""
    import cv2

    rng = np.random.default_rng(0)
    one, own = (rng.standard_normal((height, width, n), np.float32) for n in (1, 3))
    noise: Any = np.sqrt(common) * one + np.sqrt(1 - common) * own
    if coarse > 0.05:
        noise = cv2.GaussianBlur(noise, (0, 0), _sigma_of(coarse))
        noise /= noise.std()
    return np.asarray(noise, np.float32)


_NONE = Grain(np.zeros((_TONES, 3), np.float32), 0.0, 0.0)


def grain_of(frames: Sequence[Frame]) -> Grain:
    """The grain of frames that follow each other, (height, width, 3) each: what changes where nothing else does.

    Each frame is held against what its neighbours, moved to its time, say of it. Of all tiles of a tone the quieter
    ones count: in the others something moves that was not followed.
    """
    frames = [_middle(frame) for frame in frames]
    threes = [*zip(frames, frames[1:], frames[2:], strict=False)]
    tiles = [_tiles(here, before, after) for before, here, after in threes[:: 1 + (len(threes) > 3)]]
    if not tiles:
        return _NONE
    noise, tone = (np.concatenate(parts) for parts in zip(*tiles, strict=True))
    power = noise.var((1, 2)).mean(1)
    spread = np.full((_TONES, 3), np.nan, np.float32)
    quiet = np.zeros(len(noise), np.bool_)
    which = (tone * _TONES / 256).astype(int).clip(0, _TONES - 1)
    for index in range(_TONES):
        some = np.flatnonzero(which == index)
        if len(some) >= max(_LEAST_TILES[0], _LEAST_TILES[1] * len(noise)):
            chosen = some[power[some] <= np.quantile(power[some], _QUIET)]
            quiet[chosen] = True
            spread[index] = noise[chosen].std((0, 1, 2))
    known = np.isfinite(spread[:, 0])
    if not known.any():
        return _NONE
    usual = np.median(np.repeat(spread[known].mean(1), np.bincount(which, minlength=_TONES)[known]))
    spread = np.minimum(spread, _LIKE_OTHERS * usual)
    for channel in range(3):
        spread[:, channel] = np.interp(np.arange(_TONES), np.flatnonzero(known), spread[known, channel])
    spread[spread < _LEAST] = 0
    found = noise[quiet]
    return Grain(spread, _alike(found[:, :, 1:], found[:, :, :-1]), _alike(found[..., 0], found[..., 1]))


def _middle(frame: Frame) -> Frame:
    """As much of a frame as tells its grain."""
    rows, columns = (
        slice(max(0, (side - most) // 2), (side + most + 1) // 2)
        for side, most in zip(frame.shape, _TOLD_BY, strict=False)
    )
    return frame[rows, columns]


def _tiles(here: Frame, before: Frame, after: Frame) -> tuple[Row, Row]:
    """A frame's grain in tiles (tiles, 12, 12, 3), their means taken off, and each tile's tone (tiles,)."""
    import cv2

    if cv2.absdiff(before, after).mean() < _STANDS:
        expected, power = cv2.addWeighted(before, 0.5, after, 0.5, 0), 0.5
    else:
        expected, power = Between(before, after).at(0.5), 0.37  # laid between pixels, some of it is lost
    # A frame's own grain, and of half of each neighbour's a quarter of its power.
    away = (here.astype(np.float32) - expected) / np.sqrt(1 + power)
    rows, columns = (side // _TILE for side in here.shape[:2])
    tiled = [
        picture[: rows * _TILE, : columns * _TILE].reshape(rows, _TILE, columns, _TILE, 3).swapaxes(1, 2)
        for picture in (away, here)
    ]
    noise, shown = (part.reshape(-1, _TILE, _TILE, 3) for part in tiled)
    clipped = ((shown < 4) | (shown > 251)).mean((1, 2, 3)) > 0.02
    noise = noise - noise.mean((1, 2), keepdims=True)
    return noise[~clipped], shown[~clipped].mean((1, 2)) @ np.array((0.299, 0.587, 0.114), np.float32)


def _alike(one: Row, other: Row) -> float:
    """How far two noises agree, 0 to 1."""
    power = float(np.sqrt((one**2).mean() * (other**2).mean()))
    return float(np.clip((one * other).mean() / power, 0, 0.99)) if power > 0 else 0.0


def _sigma_of(coarse: float) -> float:
    """The width of the blur whose noise is so alike from pixel to pixel: exp(-1 / 4 sigma^2)."""
    return float(np.sqrt(-1 / (4 * np.log(min(max(coarse, 1e-3), 0.95)))))


def _centres() -> Row:
    return (np.arange(_TONES, dtype=np.float32) + 0.5) * (256 / _TONES)
