"""From a job on clips to a take request: the known frames cut out without loss, and nothing else of the clips read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..errors import UsageError
from ..film.settings import check_size
from ..media.frame import Frame
from ..media.writing import MovieWriter
from ..protocol import Known, MediaRange, Prompt, TakeRequest
from ..protocol.delivery import PASSING
from ..protocol.take_request import longest_take
from ..timing import FrameRange
from .jobs import ClipJob, Given

Keep = Callable[[Path], str]


def request_of(
    job: ClipJob, keep: Keep, prompt: str, model: str, seed: int, allow_reversed: bool = False
) -> TakeRequest:
    """The take that a job asks for; `keep` takes a file to where the engine finds it, and gives its SHA-256.

    Raises UsageError where the clip's size, or the length with what is known, is more than a take can be.
    """
    check_size(job.like.even_size)  # before anything is cut out
    longest = longest_take(job.like.info.rate)
    if job.frames > longest:
        beside = sum(len(given.frames) for given in job.given)
        raise UsageError(
            f"{job.frames - beside} frames beside {beside} known ones are longer than a take can be.",
            f"Ask for at most {longest - beside} frames at a time; an extension can be extended.",
        )
    with tempfile.TemporaryDirectory() as folder:
        known = tuple(
            _kept(given, job, Path(folder) / f"known{number}.mkv", keep) for number, given in enumerate(job.given)
        )
        return TakeRequest(
            (Prompt(prompt),),
            job.frames,
            job.like.info.rate,
            job.like.even_size,
            seed,
            known=known,
            model=model,
            allow_reversed=allow_reversed,
        )


def _kept(given: Given, job: ClipJob, path: Path, keep: Keep) -> Known:
    rate = job.like.info.rate
    with MovieWriter(path, given.source.even_size, rate, PASSING) as movie:
        for frame in given.source.frames(given.frames, given.source.info.alpha):
            movie.write(grown_even(frame))
    media = MediaRange(keep(path), FrameRange(0, len(given.frames)), rate)
    return Known(FrameRange(given.at, given.at + len(given.frames)), media, keep=given.keep)


def grown_even(frame: Frame) -> Frame:
    """A frame whose odd sides have grown by one pixel, as its edge is."""
    height, width = frame.shape[:2]
    if height % 2 or width % 2:
        return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return frame
