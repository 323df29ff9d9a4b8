"""Clips whose continuation is known, small and quick to draw."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from shotwright.core.media.frame import Frame

SIZE = (320, 180)  # width, height


@lru_cache(maxsize=2)
def _ground(seed: int = 0) -> npt.NDArray[np.float32]:
    """A picture larger than a frame: soft clouds and hard-edged shapes."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((270, 480, 3), np.float32)
    for sigma, strength in ((40, 30), (12, 16), (3, 8)):
        soft = cv2.GaussianBlur(rng.standard_normal(picture.shape, np.float32), (0, 0), sigma)
        picture += soft / soft.std() * strength
    picture = np.clip(picture + 120, 0, 255)
    for _ in range(18):
        corner, size = rng.uniform(0, 1, 2) * (480, 270), rng.uniform(10, 60, 2)
        box = np.round(cv2.boxPoints((tuple(corner), tuple(size), rng.uniform(0, 90)))).astype(np.int32)
        cv2.fillPoly(picture, [box], tuple(map(float, rng.uniform(30, 225, 3))), cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), 0.7)


@dataclass(frozen=True)
class Clip:
    """A clip of 25 known frames, 0 … 24, and 24 new ones."""

    pan: tuple[float, float] = (0.0, 0.0)
    zoom: float = 0.0
    disc: tuple[float, float] | None = None
    rough: bool = False
    grain: float = 0.0

    KNOWN: ClassVar = 25
    RADIUS: ClassVar = 22

    def frame(self, number: int, grain: bool = True) -> Frame:
        return _drawn(self, number, grain).copy()

    def draw(self, number: int, grain: bool) -> Frame:
        width, height = SIZE
        t = number - self.KNOWN + 1
        scale = (1 + self.zoom) ** -t
        way = np.array(
            [
                [scale, 0, 240 + self.pan[0] * t - width / 2 * scale],
                [0, scale, 135 + self.pan[1] * t - height / 2 * scale],
            ]
        )
        picture = cv2.warpAffine(_ground(), way, SIZE, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
        if self.disc:
            share = self.disc_share(number)[..., None]
            x, y = self.middle(number)
            rows, columns = np.mgrid[:height, :width]
            waves = 40 * np.sin((columns - x) * 0.9) * np.cos((rows - y) * 0.7) if self.rough else np.zeros(SIZE[::-1])
            picture = picture * (1 - share) + (np.array((215, 60, 50)) + waves[..., None]) * share
        if self.grain and grain:
            rng = np.random.default_rng(number)
            picture = picture + rng.standard_normal(picture.shape) * self.grain
        return np.clip(picture + 0.5, 0, 255).astype(np.uint8)

    def middle(self, number: int) -> tuple[float, float]:
        assert self.disc
        t = number - self.KNOWN + 1
        return 150 + self.disc[0] * t, 90 + self.disc[1] * t

    def disc_share(self, number: int) -> npt.NDArray[np.float64]:
        x, y = self.middle(number)
        rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
        return np.clip(self.RADIUS + 0.5 - np.hypot(columns - x, rows - y), 0, 1)

    def known(self) -> list[Frame]:
        return [self.frame(number) for number in range(self.KNOWN)]

    def frames(self, count: int) -> list[Frame]:
        return [self.frame(number) for number in range(count)]


@lru_cache(maxsize=600)
def _drawn(clip: Clip, number: int, grain: bool) -> Frame:
    return clip.draw(number, grain)


@pytest.fixture
def clip() -> Callable[..., Clip]:
    return Clip
