"""A clip's own sound, sample by sample as it is, cut to frames, with room tone where new frames have none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from ..timing import FrameRange, Rate
from .container import reading
from .room_tone import FADE_SECONDS, grown, joined, quiet_part
from .sound import Samples, decoded, sound_of, sounds_of

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

_HEARD_SECONDS = 12  # of a clip, beside a seam, in which quiet is looked for
_BLOCK = 1 << 15
# How samples are kept: whole numbers of 16 bits stay so; compressed sound and all else gets 24.
_FORMATS = {"pcm_s16le": ("s16", 1 << 15), "pcm_s24le": ("s32", 1 << 31)}


@dataclass(frozen=True)
class Heard:
    """Frames of a movie whose sound is heard, or, with no path, so many frames of room tone."""

    path: Path | None
    frames: FrameRange


def copy_sound(output: Path, parts: Sequence[Heard], rate: Rate) -> None:
    """Writes the sound of movies and room tone behind one another into a .mov; all of the first movie's format.

    Each part begins at its frame to the sample. Tone is grown from the quiet of its neighbours. Raises MediaError,
    StorageError.
    """
    import av

    like = next(part.path for part in parts if part.path is not None)
    samples_a_second, _, layout, own = sound_of(like)
    with reading(output), av.open(str(output), "w", format="mov") as out:
        sink = _Sink(cast("OutputContainer", out), samples_a_second, layout, own)
        for block in _played(parts, _Clock(rate, samples_a_second), layout):
            sink.write(block)
        sink.finish()


def copy_all_sound(output: Path, movie: Path, frames: int, rate: Rate, pull: Fraction = Fraction(1)) -> None:
    """Writes all sounds of a movie into a .mov, as long as so many frames: cut, or silent where they run out.

    `pull` is how many times as fast as the movie's own its pictures are shown, and so its sound too. Raises MediaError,
    StorageError.
    """
    import av

    with reading(output), av.open(str(output), "w", format="mov") as out:
        sounds = sounds_of(movie)
        sinks = [_Sink(cast("OutputContainer", out), each, layout, own) for each, _, layout, own in sounds]
        for number, sink in enumerate(sinks):
            own = round(sink.samples_a_second / pull)
            count = _Clock(rate, sink.samples_a_second).at(frames)
            for block in _exactly(decoded(movie, 0, own, sink.layout, number), count):
                sink.write(block)
            sink.finish()


@dataclass(frozen=True)
class _Clock:
    rate: Rate
    samples_a_second: int

    def at(self, frame: int) -> int:
        """The first sample of a frame."""
        return int(self.rate.seconds(frame) * self.samples_a_second + Fraction(1, 2))


def _played(parts: Sequence[Heard], clock: _Clock, layout: str) -> Iterator[Samples]:
    """The blocks of all parts; a part's length is that of its frames on the whole, so that nothing drifts."""
    at = 0
    fade = round(FADE_SECONDS * clock.samples_a_second)
    for number, part in enumerate(parts):
        count = clock.at(at + len(part.frames)) - clock.at(at)
        at += len(part.frames)
        if part.path is not None:
            yield from _exactly(decoded(part.path, clock.at(part.frames.start), clock.samples_a_second, layout), count)
            continue
        before = _beside(parts, number - 1, clock, layout, last=True)
        after = _beside(parts, number + 1, clock, layout, last=False)
        near = [sound for sound in (before, after) if len(sound)]
        if not near:
            continue
        tone = grown(quiet_part(np.concatenate(near), clock.samples_a_second), count, clock.samples_a_second, number)
        if len(before):
            tone = joined(before[-fade:], tone, fade)[len(before[-fade:]) :]
        if len(after):
            tone = joined(after[:fade], tone, fade, tone_first=True)[:count]
        yield tone


def _beside(parts: Sequence[Heard], number: int, clock: _Clock, layout: str, last: bool) -> Samples:
    """What is heard of a neighbour next to a stretch of tone; nothing where there is no neighbour."""
    if not 0 <= number < len(parts) or parts[number].path is None:
        return np.zeros((0, 1), np.float32)
    path, frames = parts[number].path, parts[number].frames
    assert path is not None
    start, end = clock.at(frames.start), clock.at(frames.end)
    heard = min(end - start, _HEARD_SECONDS * clock.samples_a_second)
    return np.concatenate(
        list(_exactly(decoded(path, end - heard if last else start, clock.samples_a_second, layout), heard))
    )


def _exactly(blocks: Iterator[Samples], count: int) -> Iterator[Samples]:
    """So many samples of them, silence where they run out."""
    channels = 1
    while count > 0:
        block = next(blocks, None)
        if block is None:
            for start in range(0, count, _BLOCK):
                yield np.zeros((min(_BLOCK, count - start), channels), np.float32)
            return
        channels = block.shape[1]
        yield block[:count]
        count -= len(block)


class _Sink:
    """One sound of a movie that is written: whole numbers of 16 bits where it has them, else of 24."""

    def __init__(self, written: OutputContainer, samples_a_second: int, layout: str, own: str) -> None:
        self.samples_a_second, self.layout = samples_a_second, layout
        codec = own if own in _FORMATS else "pcm_s24le"
        self._kind, self._scale = _FORMATS[codec]
        self._written, self._at = written, 0
        self._stream = cast("AudioStream", written.add_stream(codec, rate=samples_a_second, layout=layout))

    def write(self, samples: Samples) -> None:
        """Adds samples (count, channels), -1 to 1."""
        import av

        for start in range(0, len(samples), _BLOCK):
            block = samples[start : start + _BLOCK].astype(np.float64)
            whole = np.clip(np.rint(block * self._scale), -self._scale, self._scale - 1)
            whole = whole.astype(np.int16 if self._kind == "s16" else np.int32)
            packed = np.ascontiguousarray(whole).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format=self._kind, layout=self.layout)
            frame.sample_rate, frame.pts = self.samples_a_second, self._at
            frame.time_base = Fraction(1, self.samples_a_second)
            self._mux(frame)
            self._at += len(block)

    def finish(self) -> None:
        """Writes what is still on its way."""
        self._mux(None)

    def _mux(self, frame: AudioFrame | None) -> None:
        for packet in self._stream.encode(frame):
            self._written.mux(packet)
