"""Frames that tell which one they are, and ways to write them, shared by this room's tests."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.index import _by_packets
from shotwright.core.media.writing import MovieWriter
from shotwright.core.timing import Rate

_BITS = 10


def _numbered(number: int, size: tuple[int, int] = (160, 96)) -> Frame:
    """A frame whose lower half shows its number as ten black or white blocks; the upper half drifts in colour."""
    width, height = size
    frame = np.zeros((height, width, 3), np.uint8)
    frame[: height // 2] = (number * 3 % 200 + 20, 90, 220 - number * 2 % 200)
    block = width // _BITS
    for bit in range(_BITS):
        if number >> bit & 1:
            frame[height // 2 :, bit * block : (bit + 1) * block] = 255
    return frame


def _number_of(frame: Frame) -> int:
    height, width = frame.shape[:2]
    block = width // _BITS
    row = frame[height * 3 // 4]
    return sum(1 << bit for bit in range(_BITS) if row[bit * block + block // 2].mean() > 128)


@pytest.fixture
def numbered() -> Callable[..., Frame]:
    return _numbered


@pytest.fixture
def number_of() -> Callable[[Frame], int]:
    return _number_of


@pytest.fixture
def write_numbered(tmp_path: Path) -> Callable[..., Path]:
    """Writes so many numbered frames and returns the movie."""

    def write(
        name: str, codec: str, frames: int, rate: str = "24", size: tuple[int, int] = (160, 96), **options: object
    ) -> Path:
        path = tmp_path / name
        with MovieWriter(path, size, Rate.parse(rate), codec, **options) as movie:  # type: ignore[arg-type]
            for number in range(frames):
                movie.write(_numbered(number, size))
        return path

    return write


@pytest.fixture
def read_through() -> Callable[[Path], tuple[list[int], list[int]] | None]:
    """The times of a movie's frames and key frames that reading every packet finds."""

    def read(path: Path) -> tuple[list[int], list[int]] | None:
        found = _by_packets(path)
        return None if found is None or found.times is None else (list(found.times), list(found.seeks))

    return read
