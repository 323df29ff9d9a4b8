"""Clips whose frames tell which one they are, and takes as the worker would make them."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.clips.jobs import ClipJob
from shotwright.core.media.writing import MovieWriter, Tags
from shotwright.core.timing import Rate

SIZE = (128, 72)


def number_frame(number: int, size: tuple[int, int] = SIZE, channels: int = 3) -> np.ndarray:
    """A frame whose level is its number: 16 + 2 * number."""
    return np.full((size[1], size[0], channels), 16 + 2 * number, np.uint8)


@pytest.fixture
def make_clip(tmp_path: Path) -> Callable[..., Path]:
    """Writes a clip of numbered frames, with a tone of sound where `sound`."""

    def make(
        name: str,
        frames: int = 30,
        codec: str = "prores",
        rate: str = "24",
        size: tuple[int, int] = SIZE,
        start: int = 86400,
        drop: bool = False,
        sound: bool = False,
        tags: Tags | None = None,
        first: int = 0,
    ) -> Path:
        path, exact = tmp_path / name, Rate.parse(rate)
        heard = tmp_path / f"{name}.wav" if sound else None
        if heard is not None:
            count = int(exact.seconds(frames) * 48000)
            tone = (3000 * np.sin(np.arange(count) / 12)).astype("<i2")
            tone[count // 2 :] //= 64  # its second half is quiet
            with wave.open(str(heard), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(48000)
                file.writeframes(tone.tobytes())
        with MovieWriter(path, size, exact, codec, start, drop, heard, tags=tags or Tags()) as movie:
            for number in range(first, first + frames):
                movie.write(number_frame(number, size))
        return path

    return make


@pytest.fixture
def make_take(tmp_path: Path) -> Callable[[ClipJob], Path]:
    """A take of a job: frame i at the level 100 + i."""

    def make(job: ClipJob) -> Path:
        path = tmp_path / "take.mkv"
        with MovieWriter(path, job.like.even_size, job.like.info.rate, "lossless") as movie:
            for number in range(job.frames):
                movie.write(np.full((job.like.even_size[1], job.like.even_size[0], 3), 100 + number, np.uint8))
        return path

    return make
