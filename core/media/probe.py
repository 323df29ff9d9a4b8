"""What a movie or image sequence is: size, rate, exact length, timecode, colour."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import MediaError, UsageError
from ..timing import Rate, parse_timecode
from . import colour
from .container import open_file, open_movie, reading
from .index import FrameIndex, frame_index
from .sequence import sequence_files

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_DEFAULT_RATE = Rate(Fraction(24))
_UNEVEN = 0.2  # of a frame's length
_SNAP_AVERAGE = Fraction(1, 5000)  # of rounded times; 24 and 24000/1001 are 1/1000 apart
_UNEVEN_SNAP = Fraction(1, 100)  # of a usual length that is told in coarse ticks
_SAYS_ITS_LENGTH = {"matroska", "webm"}
_SHORT_SECONDS = Fraction(1, 4)
_SNAP_EXACT = Fraction(1, 100_000)  # 29.97 and 23.976 as some programs write them


@dataclass(frozen=True)
class MediaInfo:
    """One movie's facts.

    `size` is (width, height) in pixels as it is shown, after `rotation` (degrees counterclockwise: 0, 90, 180, 270);
    `read_frames` gives that size. `frames` is exact. `start_frames` is its timecode counted from 00:00:00:00, None
    without one. Colour tags are ffmpeg's names (`bt709`, range `tv` or `pc`), `unspecified` where there is none.
    `pixel_aspect` is a pixel's width over its height; `intra` whether every frame stands for itself; `varies` whether
    frames last unequally; `profile` the codec's own word for how it was written.
    """

    size: tuple[int, int]
    rate: Rate
    frames: int
    start_frames: int | None
    drop_frame: bool
    codec: str
    pixel_format: str
    alpha: bool
    has_sound: bool
    interlaced: bool
    rotation: int
    primaries: str
    transfer: str
    matrix: str
    range: str
    pixel_aspect: Fraction = Fraction(1)
    intra: bool = False
    varies: bool = False
    profile: str = ""

    @property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return self.rate.seconds(self.frames)


def probe(path: Path, sequence_rate: Rate = _DEFAULT_RATE) -> MediaInfo:
    """Reads a movie's header and first frame, or a folder that holds an image sequence.

    A sequence does not say its rate: `sequence_rate` does. Raises MediaError, or StorageError where the disk refuses.
    """
    if path.is_dir():
        files = sequence_files(path)
        return _probed(files[0][1], path.name, len(files), sequence_rate)
    return _probed(path, path.name, None, None)


def _probed(path: Path, name: str, frames: int | None, rate: Rate | None) -> MediaInfo:
    with open_movie(path) as (container, stream):
        frame = next(iter(container.decode(stream)), None)
        if frame is None:
            raise MediaError(f"{name} has no frames.", "Copy or export it again.")
        index = frame_index(path) if frames is None else None
        rate = rate or _rate(stream, index, name)
        label = None if frames is not None else _timecode(container)
        start, drop = _parsed(label, rate)
        width, height = frame.width, frame.height
        rotation = frame.rotation % 360
        if rotation in (90, 270):
            width, height = height, width
        return MediaInfo(
            size=(width, height),
            rate=rate,
            frames=index.count if index else frames or 0,
            start_frames=start,
            drop_frame=drop,
            codec=stream.codec_context.codec.canonical_name,
            pixel_format=frame.format.name,
            alpha=has_alpha(frame),
            has_sound=bool(container.streams.audio),
            interlaced=frame.interlaced_frame,
            rotation=rotation,
            primaries=colour.PRIMARIES.get(int(frame.color_primaries), colour.UNTAGGED),
            transfer=colour.TRANSFERS.get(int(frame.color_trc), colour.UNTAGGED),
            matrix=colour.MATRICES.get(int(frame.colorspace), colour.UNTAGGED),
            range=colour.RANGES.get(int(frame.color_range), colour.UNTAGGED),
            pixel_aspect=stream.sample_aspect_ratio or Fraction(1),
            intra=stream.codec_context.codec.intra_only or (index is not None and len(index.seeks) == index.count),
            varies=index is not None and _varies(index),
            profile=str(stream.codec_context.profile or ""),
        )


def even_times(path: Path) -> tuple[Rate, list[int]]:
    """A rate for a movie whose frames last unequally, and which of them is shown at each even moment.

    The rate is that of most of its frames; what is shown longer is repeated. Raises MediaError.
    """
    index = frame_index(path)
    if index.times is None or len(index.times) < 2:
        raise MediaError(f"{path.name} does not say when its frames are shown.", "Save it again at a fixed rate.")
    lengths = sorted(later - earlier for earlier, later in itertools.pairwise(index.times))
    usual = lengths[len(lengths) // 2]
    try:
        rate = Rate(snapped(1 / (usual * index.tick), _UNEVEN_SNAP))
    except UsageError:
        raise MediaError(f"{path.name} does not say how fast it runs.", "Save it again at a fixed rate.") from None
    step = 1 / (rate.fraction * index.tick)
    count = round((index.times[-1] + usual - index.times[0]) / step)
    # A frame that is due within half of a frame's length is shown, so that rounded times drop none.
    moments = (index.times[0] + step * number + step / 2 for number in range(count))
    return rate, [max(0, bisect.bisect_right(index.times, moment) - 1) for moment in moments]


def ends_early(path: Path) -> bool:
    """Whether a file is shorter than it says itself, as one that was not copied whole; raises MediaError.

    Only of containers whose header tells the length and that are read up to any end (Matroska): others fail when
    the frames that are missing are read.
    """
    with reading(path), open_file(path) as container:
        if not container.duration or not _SAYS_ITS_LENGTH.intersection(container.format.name.split(",")):
            return False
        end = Fraction(0)
        for packet in container.demux():
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base)
        return Fraction(container.duration, 1_000_000) - end > _SHORT_SECONDS


def _varies(index: FrameIndex) -> bool:
    """Whether frames last unequally, by more than the rounding of a container's ticks."""
    if index.times is None or isinstance(index.times, range) or len(index.times) < 3:
        return False
    lengths = np.sort(np.diff(np.array(index.times)))  # a long movie has many
    usual = lengths[len(lengths) // 2]
    return bool(lengths[-1] - lengths[0] > max(2, usual * _UNEVEN))


def has_alpha(frame: VideoFrame) -> bool:
    """Whether a decoded frame comes with alpha."""
    name = frame.format.name
    return name.startswith(("yuva", "gbrap", "rgba", "bgra", "argb", "abgr", "ya")) or name == "pal8"


def _rate(stream: VideoStream, index: FrameIndex | None, name: str) -> Rate:
    if index and isinstance(index.times, range) and stream.time_base:
        found = snapped(1 / (index.times.step * stream.time_base), _SNAP_EXACT)
    elif average := stream.average_rate or stream.guessed_rate:
        found = snapped(Fraction(average).limit_denominator(1001), _SNAP_AVERAGE)
    else:
        raise MediaError(f"{name} does not say how fast it runs.", "Save it again at a fixed rate.")
    try:
        return Rate(found)
    except UsageError:
        raise MediaError(f"{name} runs at {float(found):.3g} frames a second.", "Use 1 to 240.") from None


def snapped(rate: Fraction, tolerance: Fraction = _SNAP_AVERAGE) -> Fraction:
    """The whole or NTSC rate that a measured one means, within a relative `tolerance`, else the rate itself."""
    for meant in (Fraction(round(rate)), Fraction(round(rate * Fraction(1001, 1000)) * 1000, 1001)):
        if abs(meant - rate) <= rate * tolerance:
            return meant
    return rate


def _timecode(container: InputContainer) -> str | None:
    places = [container.metadata, *(stream.metadata for stream in container.streams)]
    labels = (label for place in places for key, label in place.items() if key.lower() == "timecode")
    return next(labels, None)


def _parsed(label: str | None, rate: Rate) -> tuple[int | None, bool]:
    if label is None:
        return None, False
    seconds, mark, frame = label[:8], label[8:9], label[9:]
    try:  # below 10 frames a second ffmpeg writes one digit
        return parse_timecode(f"{seconds}{mark}{frame:0>2}", rate), mark == ";"
    except UsageError:
        return None, False  # counts at another rate than the picture's, or is broken: no timecode that could be used
