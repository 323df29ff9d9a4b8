"""A movie that somebody gives: what it is, and whether it can be gone on from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import RefusedError, UsageError
from ..media.frame import Frame
from ..media.probe import MediaInfo, even_times, probe
from ..media.reading import read_frames
from ..timing import FrameRange, Rate, parse_timecode

_SEQUENCE_RATE = Rate.parse(24)
_HDR = ("smpte2084", "hlg", "arib-std-b67")


@dataclass(frozen=True)
class Source:
    """A movie and its facts; of one whose frames last unequally, those of an even rate, and which of its own frames is
    `shown` at each of these."""

    path: Path
    info: MediaInfo
    shown: tuple[int, ...] = ()

    @property
    def all(self) -> FrameRange:
        """All of its frames."""
        return FrameRange(0, self.info.frames)

    @property
    def own_colour(self) -> bool:
        """Whether its frames are read and written in its own colour; linear light (EXR) becomes BT.709."""
        return self.info.transfer != "linear"

    @property
    def notices(self) -> tuple[str, ...]:
        """What is not kept as it is."""
        if not self.shown:
            return ()
        return (f"{self.path.name} has a variable rate: it is taken at {self.info.rate} frames a second throughout.",)

    def frames(self, frames: FrameRange, alpha: bool = False, own_colour: bool = True) -> Iterator[Frame]:
        """Frames of it as `read_frames` gives them, in its own colour where that is asked for and can be written."""
        own_colour = own_colour and self.own_colour
        if not self.shown:
            yield from read_frames(self.path, frames, alpha, own_colour)
            return
        wanted = self.shown[frames.start : frames.end]
        found = enumerate(read_frames(self.path, FrameRange(wanted[0], wanted[-1] + 1), alpha, own_colour), wanted[0])
        number, frame = next(found)
        for own in wanted:
            while number < own:
                number, frame = next(found)
            yield frame

    @property
    def even_size(self) -> tuple[int, int]:
        """Its size as a take can have it: odd sides grow by one pixel, which is cut off again."""
        width, height = self.info.size
        return width + width % 2, height + height % 2


def open_source(path: Path, sequence_rate: Rate = _SEQUENCE_RATE) -> Source:
    """A movie to go on from, or a folder with an image sequence, which runs at `sequence_rate`.

    Raises MediaError, or RefusedError where its kind can't be gone on from yet.
    """
    source = whole_frames(path, sequence_rate)
    if source.info.transfer in _HDR:
        raise RefusedError(
            f"{source.path.name} is HDR ({source.info.transfer}).",
            "Convert it to SDR first; HDR clips can't be extended yet.",
        )
    return source


def whole_frames(path: Path, sequence_rate: Rate) -> Source:
    """A movie, or an image sequence at that rate; raises MediaError, RefusedError where its frames are interlaced."""
    path = path.expanduser()
    info = probe(path, sequence_rate)
    if info.interlaced:
        raise RefusedError(
            f"{path.name} is interlaced: its frames are halves of two moments.", "Deinterlace it first, then try again."
        )
    if info.varies:
        rate, shown = even_times(path)
        return Source(path, replace(info, rate=rate, frames=len(shown)), tuple(shown))
    return Source(path, info)


def place_in(source: Source, text: str) -> int:
    """A frame of a clip, counted from 0, from `48` or from its timecode; raises UsageError."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    if ":" not in text:
        raise UsageError(f"“{text[:40]}” is no place in a clip.", "Write a frame, counted from 0, or a timecode.")
    place = parse_timecode(text, source.info.rate) - (source.info.start_frames or 0)
    if not 0 <= place <= source.info.frames:
        raise UsageError(f"{text} is not in {source.path.name}.", "Its timecode begins and ends elsewhere.")
    return place
