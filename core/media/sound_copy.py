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
from .sound import Samples, decoded, sound_of

if TYPE_CHECKING:
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
    codec = own if own in _FORMATS else "pcm_s24le"
    clock = _Clock(rate, samples_a_second)
    with reading(output), av.open(str(output), "w", format="mov") as out:
        written = cast("OutputContainer", out)
        sink = cast("AudioStream", written.add_stream(codec, rate=samples_a_second, layout=layout))
        at = 0
        for block in _played(parts, clock, layout):
            at = _write(written, sink, codec, layout, samples_a_second, block, at)
        for packet in sink.encode(None):
            written.mux(packet)


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
            yield np.zeros((count, channels), np.float32)
            return
        channels = block.shape[1]
        yield block[:count]
        count -= len(block)


def _write(
    written: OutputContainer, sink: AudioStream, codec: str, layout: str, rate: int, samples: Samples, at: int
) -> int:
    import av

    kind, scale = _FORMATS[codec]
    limit = scale - 1
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK].astype(np.float64)
        whole = np.clip(np.rint(block * scale), -scale, limit).astype(np.int16 if kind == "s16" else np.int32)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole).reshape(1, -1), format=kind, layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
        for packet in sink.encode(frame):
            written.mux(packet)
        at += len(block)
    return at
