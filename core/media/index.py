"""Which presentation time each frame of a movie has, found without decoding it."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .blocks import block_times
from .container import open_movie

if TYPE_CHECKING:
    from av.video.stream import VideoStream

_HIDES_FRAMES = frozenset({"vp8"})  # its packets of reference frames are never shown
_DEEPEST_REORDER = 16  # frames that a decoder may hold back: the picture buffer of H.264 and H.265


@dataclass(frozen=True)
class FrameIndex:
    """The times of a movie's frames, in ticks of its stream, in the order they are shown.

    `times` is None where the packets do not tell: then frames were counted by decoding, and are found by counting.
    `seeks` are the times of key frames, to decode from; frames shown from the same place in `whole_from` on are then
    whole. Both grow. A `tick` is in seconds.
    """

    count: int
    times: Sequence[int] | None
    seeks: Sequence[int]
    whole_from: Sequence[int]
    tick: Fraction = Fraction(1)

    def seeks_for(self, frame: int) -> Iterator[int | None]:
        """Where to seek for a frame, the nearest first; None, for the movie's start, comes last."""
        if self.times is not None:
            usable = bisect.bisect_right(self.whole_from, self.times[frame])
            yield from reversed(self.seeks[max(0, usable - 2) : usable])
        yield None


def _by_header(stream: VideoStream) -> FrameIndex | None:
    """By QuickTime's sample table, where it is complete and evenly spaced: only the header is read."""
    entries = stream.index_entries
    start = stream.start_time
    if start is None or len(entries) < 2 or stream.frames != len(entries):
        return None
    stamps: list[int] = []
    keys: list[int] = []
    for entry in entries:  # read once: a long movie has many
        if entry.is_discard:
            return None
        stamps.append(entry.timestamp)
        if entry.is_keyframe:
            keys.append(entry.timestamp)
    step = stamps[1] - stamps[0]
    if step <= 0 or stamps != [*range(stamps[0], stamps[0] + step * len(stamps), step)]:
        return None
    # The table holds times of decoding; a key frame may be shown later still, after frames decoded behind it.
    margin = 0 if stream.codec_context.codec.intra_only else _DEEPEST_REORDER * step
    times = range(start, start + step * len(stamps), step)
    shown = times if len(keys) == len(times) else [key - stamps[0] + start for key in keys]
    return FrameIndex(len(stamps), times, shown, [time + margin for time in shown] if margin else shown, _tick(stream))


def _tick(stream: VideoStream) -> Fraction:
    return stream.time_base or Fraction(1)


def _by_blocks(path: Path, stream: VideoStream) -> FrameIndex | None:
    """By the heads of a Matroska file's blocks, where it is whole and plainly written: what `_by_packets` finds."""
    found = None if stream.codec_context.name in _HIDES_FRAMES else block_times(path)
    if found is None:
        return None
    times, keys = found
    return FrameIndex(len(times), times, keys, keys, _tick(stream))


def _by_packets(path: Path) -> FrameIndex | None:
    """By reading every packet, decoding none; None where packets do not tell when they are shown."""
    times: list[int] = []
    keys: list[int] = []
    with open_movie(path) as (container, stream):
        if stream.codec_context.name in _HIDES_FRAMES:
            return None
        tick = _tick(stream)
        for packet in container.demux(stream):
            if not packet.size or packet.is_discard:
                continue
            if packet.pts is None:
                return None
            times.append(packet.pts)
            if packet.is_keyframe:
                keys.append(packet.pts)
    if not times or len(set(times)) != len(times):
        return None
    keys.sort()
    return FrameIndex(len(times), sorted(times), keys, keys, tick)


def _by_decoding(path: Path) -> FrameIndex:
    with open_movie(path) as (container, stream):
        return FrameIndex(sum(1 for _ in container.decode(stream)), None, (), ())


@lru_cache(maxsize=64)
def _cached(path: Path, _size: int, _modified: int) -> FrameIndex:
    with open_movie(path) as (container, stream):
        formats = container.format.name.split(",")
        index = _by_header(stream) if "mov" in formats else None
        if "matroska" in formats:
            index = _by_blocks(path, stream)
    return index or _by_packets(path) or _by_decoding(path)


def frame_index(path: Path) -> FrameIndex:
    """The index of a movie, kept for as long as the file does not change. Raises MediaError."""
    status = path.stat()
    return _cached(path, status.st_size, status.st_mtime_ns)
