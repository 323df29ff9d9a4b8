"""Frames out of a movie or image sequence: exact, streaming, seeking rather than decoding all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import MediaError, UsageError
from ..timing import FrameRange
from . import colour
from .container import open_movie
from .frame import Frame
from .index import FrameIndex, frame_index
from .probe import has_alpha
from .sequence import sequence_files

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_Convert = Callable[["VideoFrame"], Frame]


def read_frames(
    path: Path, frames: FrameRange | None = None, alpha: bool = False, own_colour: bool = False
) -> Iterator[Frame]:
    """The frames of a movie, or of a folder with an image sequence, one by one.

    `frames` counts from 0 in the order of showing, end exclusive; None for all. Each is (height, width, 3) uint8 R'G'B'
    in BT.709, turned upright; with `alpha` (height, width, 4), opaque where the movie has none; with `own_colour` in
    the movie's own primaries and curve. Interlaced frames come woven. Raises MediaError (damaged, or a range that is
    not in it), StorageError.
    """
    in_colour = colour.to_own_rgb if own_colour else colour.to_rgb
    convert = partial(_with_alpha, in_colour) if alpha else in_colour
    if path.is_dir():
        files = [file for _, file in sequence_files(path)]
        for file in files[_slice(frames, len(files), path)]:
            yield from (_upright(frame, convert) for frame in islice(_decoded(file, None), 1))
        return
    index = frame_index(path)
    wanted = _slice(frames, index.count, path)
    if wanted.start < wanted.stop:
        yield from (_upright(frame, convert) for frame in _found(path, index, wanted.start, wanted.stop))


def read_frame(path: Path, frame: int, alpha: bool = False) -> Frame:
    """One frame of a movie or sequence, counted from 0; raises as `read_frames`."""
    return next(read_frames(path, FrameRange(frame, frame + 1), alpha))


def _slice(frames: FrameRange | None, count: int, path: Path) -> slice:
    if frames is None:
        return slice(0, count)
    if not 0 <= frames.start <= frames.end <= count:
        raise UsageError(
            f"Frames {frames.start} to {frames.end} are not in {path.name}, which has {count}.",
            "Frames count from 0, the end exclusive.",
        )
    return slice(frames.start, frames.end)


def _found(path: Path, index: FrameIndex, start: int, end: int) -> Iterator[VideoFrame]:
    """Frames start … end - 1, by the first way of seeking that lands before them; each frame's time is checked."""
    position = start
    for seek in index.seeks_for(start):
        for frame in _from(path, index, seek, position):
            yield frame
            position += 1
            if position == end:
                return
        if position > start:
            break
    raise MediaError(f"{path.name} is damaged at frame {position}.", "Copy or export it again.")


def _from(path: Path, index: FrameIndex, seek: int | None, start: int) -> Iterator[VideoFrame]:
    """Frames from `start` on as long as they are the right ones; none at all where the seek landed too late."""
    decoded = _decoded(path, seek)
    if index.times is None:
        yield from islice(decoded, start, None)
        return
    expected = iter(index.times[start:])
    for frame in decoded:
        if frame.pts is None or frame.pts < index.times[start]:
            continue
        if frame.pts != next(expected, None) or frame.is_corrupt:
            return
        yield frame


def _decoded(path: Path, seek: int | None) -> Iterator[VideoFrame]:
    with open_movie(path) as (container, stream):
        if seek is not None:
            container.seek(seek, stream=stream)
        yield from container.decode(stream)


def _upright(frame: VideoFrame, convert: _Convert) -> Frame:
    picture = convert(frame)
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(picture, quarters)) if quarters else picture


def _with_alpha(in_colour: _Convert, frame: VideoFrame) -> Frame:
    picture = in_colour(frame)
    return np.dstack(
        [picture, colour.alpha_of(frame) if has_alpha(frame) else np.full(picture.shape[:2], 255, np.uint8)]
    )
