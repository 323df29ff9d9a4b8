"""Known frames as the pieces of a pipeline that knows frames anywhere: clips of whole latent frames, and stills.

known   [==================|. . . . . . . . .|===========]     step 8, clips begin at multiples of 8
pieces  [=============|   s                   s  [=======]     s: the frames nearest to what is to be made

A clip has a first frame and then whole latent frames: `step` * k + 1 frames. What is left over at a stretch's ends is
given as a still at its outermost frame; the frames between are not given: known frames come back as they are anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..base import ChunkRequest, Frames


@dataclass(frozen=True)
class Piece:
    """Known `frames` from frame `start` of the chunk on, held by `keep`, 0 to 1; one of them is a still."""

    start: int
    frames: Frames
    keep: float


def _stretches(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where stretches that are True begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _cut(start: int, end: int, step: int, grid: int) -> Iterator[tuple[int, int]]:
    """A stretch as one clip that begins at a multiple of `grid`, if it holds one, and stills at what is left over."""
    first = -(-start // grid) * grid
    clip = first, first + (end - first - 1) // step * step + 1
    if clip[1] - first > step or (first == start == 0):
        yield clip
    else:
        clip = start, start
    if start < clip[0] or clip == (start, start):
        yield start, start + 1
    if end > max(clip[1], start + 1):
        yield end - 1, end


def pieces(request: ChunkRequest, step: int, grid: int = 1) -> list[Piece]:
    """A request's known frames; where a stretch is kept unevenly, those kept more lie over the whole of it.

    `step` is how many frames a latent frame holds; a clip that does not begin the chunk begins at a multiple of `grid`.
    """
    known = request.frame_known | request.panel_known
    keep = np.where(known, request.keep, -1)
    found = []
    for start, end in _stretches(known):
        levels = np.unique(keep[start:end])
        for level in levels:
            for low, high in _stretches(keep[start:end] >= level):
                for begin, stop in _cut(start + low, start + high, step, grid):
                    found.append(Piece(begin, request.known[begin:stop], float(level)))
    return found
