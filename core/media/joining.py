"""Stretches of movies behind one another: frames of whole-frame codecs copied bit by bit, never written anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import MediaError
from ..storage import replacing
from ..timing import FrameRange, Rate
from .container import open_file, open_movie, reading
from .index import frame_index

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_TICKS = 600  # at least so many a second, as QuickTime has them
_IN_TICKS = (".mov", ".mp4", ".mkv")  # others count in frames: AVI says its rate by its ticks alone


@dataclass(frozen=True)
class Stretch:
    """Frames of a movie, counted from 0, end exclusive."""

    path: Path
    frames: FrameRange


def join(path: Path, stretches: Sequence[Stretch], rate: Rate, timecode: str, sound: Path | None = None) -> None:
    """Writes stretches of movies of one codec and size into one movie, packet by packet, with a timecode track.

    `sound` is a movie or sound file of the whole length, whose sounds are copied. Raises MediaError, StorageError.
    """
    import av

    with replacing(path, f"writing {path.name}") as temporary, reading(path):
        named = {".mov": "mov", ".mp4": "mp4", ".mkv": "matroska", ".avi": "avi", ".mxf": "mxf"}
        with av.open(str(temporary), "w", format=named.get(path.suffix.lower(), "mov")) as out:
            output = cast("OutputContainer", out)
            output.metadata["timecode"] = timecode
            _copy_all(output, path, stretches, rate, sound)


def _copy_all(
    output: OutputContainer, path: Path, stretches: Sequence[Stretch], rate: Rate, sound: Path | None
) -> None:
    least = _TICKS if path.suffix.lower() in _IN_TICKS else 1
    ticks = max(1, -(-least // rate.fraction.numerator)) * rate.fraction.numerator
    base, step = Fraction(1, ticks), ticks * rate.fraction.denominator // rate.fraction.numerator
    with open_movie(stretches[0].path) as (_, stream):
        picture = output.add_stream_from_template(stream)
        if stretches[0].path.suffix.lower() == path.suffix.lower():
            picture.codec_context.codec_tag = stream.codec_context.codec_tag  # ProRes says its profile there alone
        if stream.sample_aspect_ratio:
            picture.codec_context.sample_aspect_ratio = stream.sample_aspect_ratio
    picture.codec_context.framerate = rate.fraction  # without it no timecode is written
    picture.time_base = base
    heard = _sound_streams(output, sound) if sound is not None else []
    at = 0
    for stretch in stretches:
        for packet in _packets(stretch):
            packet.stream = picture
            packet.time_base = base
            packet.pts = packet.dts = at * step
            packet.duration = step
            output.mux(packet)
            at += 1
    if sound is not None:
        with open_file(sound) as container:
            kept = {stream.index: own for stream, own in zip(container.streams.audio, heard, strict=True)}
            for block in container.demux(container.streams.audio):
                if block.size:
                    block.stream = kept[block.stream.index]
                    output.mux(block)


def _sound_streams(output: OutputContainer, sound: Path) -> list[AudioStream]:
    with open_file(sound) as container:
        return [output.add_stream_from_template(stream) for stream in container.streams.audio]


def _packets(stretch: Stretch) -> Iterator[Packet[VideoStream]]:
    """The packets of a stretch's frames; each stands for itself."""
    index = frame_index(stretch.path)
    wanted = stretch.frames
    if not 0 <= wanted.start <= wanted.end <= index.count:
        raise MediaError(f"{stretch.path.name} has {index.count} frames; {wanted.end} were asked for.", "Try again.")
    if not len(wanted):
        return
    with open_movie(stretch.path) as (container, stream):
        seek = next(iter(index.seeks_for(wanted.start)), None)
        if seek is not None and wanted.start > 0:
            container.seek(seek, stream=stream)
        times = index.times
        found = 0
        for number, packet in enumerate(p for p in container.demux(stream) if p.size and not p.is_discard):
            if times is None:
                at = number
            elif packet.pts is None or packet.pts < times[wanted.start]:
                continue
            else:
                at = wanted.start + found
                if packet.pts != times[at]:
                    break
            if at >= wanted.end:
                break
            if at >= wanted.start:
                found += 1
                yield packet
        if found != len(wanted):
            raise MediaError(f"{stretch.path.name} is damaged at frame {wanted.start + found}.", "Export it again.")
