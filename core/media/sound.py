"""Sound: many pieces, each from any readable file, mixed into one track of exactly the film's length."""

from __future__ import annotations

import itertools
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import MediaError, storage_error
from ..storage import replacing
from ..timing import Rate
from .container import open_file, reading

SAMPLES_A_SECOND = 48_000
_CHANNELS = 2
_BYTES_A_SAMPLE = 2
_BLOCK = SAMPLES_A_SECOND  # samples mixed at a time: memory stays flat in the film's length
_EARLY_SECONDS = 1  # how far before the wanted place to start decoding: codecs need a run-up

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SoundPiece:
    """A stretch of a sound file on the film: it starts at film frame `at_frames` with what the file has at
    `skip_frames`, and lasts `frames`; all at the film's rate. `gain` multiplies it (1 leaves it as it is).
    """

    path: Path
    at_frames: int
    skip_frames: int
    frames: int
    gain: float = 1.0


def has_sound(path: Path) -> bool:
    """Whether a file holds sound; raises MediaError where it can't be read at all."""
    with reading(path), open_file(path) as container:
        return bool(container.streams.audio)


def mix(path_out: Path, pieces: Sequence[SoundPiece], frames: int, rate: Rate) -> None:
    """Writes a 48 kHz stereo 16-bit WAV as long as `frames` at `rate`, to the sample; silence where no piece plays.

    Pieces that overlap are added, and clipped. A piece that runs out early is silent for the rest. Raises MediaError
    (a piece that can't be read), StorageError.
    """
    total = _samples(frames, rate)
    voices = [_Voice(piece, rate) for piece in sorted(pieces, key=lambda piece: piece.at_frames)]
    with replacing(path_out, f"writing {path_out.name}") as temporary:
        try:
            with wave.open(str(temporary), "wb") as file:
                file.setnchannels(_CHANNELS)
                file.setsampwidth(_BYTES_A_SAMPLE)
                file.setframerate(SAMPLES_A_SECOND)
                for start in range(0, total, _BLOCK):
                    block = np.zeros((min(_BLOCK, total - start), _CHANNELS), np.float32)
                    for voice in voices:
                        voice.add_to(block, start)
                    file.writeframesraw(np.clip(np.rint(block * 32768), -32768, 32767).astype("<i2").tobytes())
        except (wave.Error, OSError) as error:
            refused = error if isinstance(error, OSError) else OSError(str(error))
            raise storage_error(refused, f"writing {path_out.name}") from error
        finally:
            for voice in voices:
                voice.close()


def _samples(frames: int, rate: Rate) -> int:
    return int(rate.seconds(frames) * SAMPLES_A_SECOND + Fraction(1, 2))


class _Voice:
    """One piece while it plays: opened when the mix reaches it, closed when it is over."""

    def __init__(self, piece: SoundPiece, rate: Rate) -> None:
        self._piece = piece
        self._start = _samples(piece.at_frames, rate)
        self._end = _samples(piece.at_frames + piece.frames, rate)
        self._skip = _samples(piece.skip_frames, rate)
        self._source: Iterator[Samples] | None = None
        self._left = np.zeros((0, _CHANNELS), np.float32)

    def add_to(self, block: Samples, block_start: int) -> None:
        """Adds what sounds in the block that begins at film sample `block_start`."""
        start, end = max(self._start, block_start), min(self._end, block_start + len(block))
        if start >= end:
            return
        if self._source is None:
            self._source = _stereo(self._piece.path, self._skip + start - self._start)
        heard = self._take(end - start)
        block[start - block_start : start - block_start + len(heard)] += heard * self._piece.gain
        if end == self._end:
            self.close()

    def close(self) -> None:
        """Lets go of the file."""
        if self._source is not None and hasattr(self._source, "close"):
            self._source.close()
        self._source = iter(())
        self._left = self._left[:0]

    def _take(self, wanted: int) -> Samples:
        parts, have = [self._left], len(self._left)
        while have < wanted and self._source is not None:
            part = next(self._source, None)
            if part is None:
                break
            parts.append(part)
            have += len(part)
        joined = np.concatenate(parts)
        self._left = joined[wanted:]
        return joined[:wanted]


def sound_of(path: Path) -> tuple[int, int, str, str]:
    """A file's first sound: samples a second, channels, their layout and the codec; raises MediaError without any."""
    return sounds_of(path)[0]


def sounds_of(path: Path) -> list[tuple[int, int, str, str]]:
    """All sounds of a file, each as `sound_of` tells it; raises MediaError without any."""
    with reading(path), open_file(path) as container:
        if not container.streams.audio:
            raise MediaError(f"{path.name} has no sound.", "Choose a sound file.")
        return [
            (stream.rate, stream.channels, stream.layout.name, stream.codec_context.name)
            for stream in container.streams.audio
        ]


def decoded(path: Path, skip: int, samples_a_second: int, layout: str, number: int = 0) -> Iterator[Samples]:
    """A file's sound (samples, channels) from sample `skip` on, in parts as they are decoded; silence before it begins.

    `skip` counts at `samples_a_second`; `number`, from 0, says which of its sounds. Raises MediaError.
    """
    import av

    with reading(path), open_file(path) as container:
        stream = container.streams.audio[number]
        origin = Fraction(stream.start_time or 0) * (stream.time_base or Fraction(1))
        seconds = Fraction(skip, samples_a_second)
        if seconds > _EARLY_SECONDS and stream.time_base:
            container.seek(int((origin + seconds - _EARLY_SECONDS) / stream.time_base), stream=stream)
        resampler = av.AudioResampler(format="flt", layout=layout, rate=samples_a_second)
        position: int | None = None
        for frame in itertools.chain(container.decode(stream), (None,)):
            if frame is not None and position is None:
                at = Fraction(frame.pts or 0) * (frame.time_base or Fraction(1)) - origin
                position = round(at * samples_a_second)
                if position > skip:
                    yield np.zeros((position - skip, len(stream.layout.channels)), np.float32)
            for part in resampler.resample(frame):
                samples = part.to_ndarray().reshape(-1, part.layout.nb_channels)
                position = position or 0
                if position + len(samples) > skip:
                    yield np.asarray(samples[max(0, skip - position) :], np.float32)
                position += len(samples)


def _stereo(path: Path, skip: int) -> Iterator[Samples]:
    """As `decoded`, in stereo at 48 kHz.

    One channel is heard from both sides as it is; ffmpeg's own way to stereo would make it 3 dB quieter.
    """
    channels = sound_of(path)[1]
    for part in decoded(path, skip, SAMPLES_A_SECOND, "mono" if channels == 1 else "stereo"):
        yield np.broadcast_to(part, (len(part), _CHANNELS))
