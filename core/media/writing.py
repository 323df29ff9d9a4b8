"""Frames into a movie or image sequence, whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import MediaError, storage_error
from ..film.take import CUT_IN_FRAME
from ..storage import publish, sync_file, sync_folder, temporary_beside
from ..timing import Rate, format_timecode
from . import colour
from .codecs import Codec, codec_named
from .ffmpeg import Encoder, executable
from .frame import Frame
from .index import frame_index
from .sequence import ffmpeg_pattern

if TYPE_CHECKING:
    from .probe import MediaInfo

_EXACT = "bicubic+accurate_rnd+full_chroma_int"
_QUICK = "fast_bilinear"
_SOUND = {".mov": {"c:a": "pcm_s16le"}, ".mp4": {"c:a": "aac", "b:a": "256k"}}
_EVERY_SOUND = {"c:a": "pcm_s16le"}


@dataclass(frozen=True)
class Tags:
    """How the values of a picture are meant, by ffmpeg's names, and the shape of its pixels (width over height)."""

    primaries: str = "bt709"
    transfer: str = "bt709"
    matrix: str = "bt709"
    range: str = "tv"
    pixel_aspect: Fraction = Fraction(1)

    @classmethod
    def of(cls, info: MediaInfo) -> Tags:
        """Those of a movie, as they are: what it does not say is not said."""
        return cls(info.primaries, info.transfer, info.matrix, info.range, info.pixel_aspect)


_BT709 = Tags()


class MovieWriter:
    """Writes frames to `path` under a temporary name that becomes `path` when the block ends well.

    `path` is a file, or for `png` and `exr` a folder that gets `FOLDER.1001.png` and on, counted from `first_number`.
    `size` is (width, height), both even. `start_frames` is the first frame's timecode counted from 00:00:00:00.
    `codec` is a name or a codec; frames come in R'G'B' of the primaries and curve that `tags` names. `sound` is a sound
    file of the movie's length. What is raised in the block removes all that was written. Raises
    MediaError (what a codec can't take, ffmpeg's failure), StorageError (disk full or refusing), UsageError.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Rate,
        codec: str | Codec,
        start_frames: int = 0,
        drop_frame: bool = False,
        sound: Path | None = None,
        first_number: int = CUT_IN_FRAME,
        tags: Tags = _BT709,
    ) -> None:
        self.path = path
        self.size = size
        self.rate = rate
        self.frames = 0
        self._codec = codec_named(codec) if isinstance(codec, str) else codec
        self._tags = tags
        self._timecode = format_timecode(start_frames, rate, drop_frame)
        self._sound = sound
        self._first_number = first_number
        self._encoder: Encoder | None = None
        self._channels = 3
        self._temporary = temporary_beside(path)
        _check(self._codec, path, size, sound)

    @property
    def pid(self) -> int | None:
        """The encoder's process, None before the first frame."""
        return self._encoder.pid if self._encoder else None

    def __enter__(self) -> MovieWriter:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._codec.sequence:
                self._temporary.mkdir()
        except OSError as error:
            raise storage_error(error, self._doing) from error
        return self

    def write(self, frame: Frame) -> None:
        """Adds a frame, (height, width, 3) uint8 R'G'B'; (…, 4) with straight alpha where the codec keeps it."""
        if self._encoder is None:
            self._channels = frame.shape[-1]
            self._encoder = Encoder(self._arguments(), self._doing)
        width, height = self.size
        if frame.shape != (height, width, self._channels) or frame.dtype != np.uint8:
            raise MediaError(
                f"A frame of {'x'.join(map(str, frame.shape))} came where {width}x{height} was due.",
                "All frames of a movie have one size.",
            )
        self._encoder.send(memoryview(self._raw(frame)).cast("B"))
        self.frames += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        except OSError as refused:
            raise storage_error(refused, self._doing) from refused
        finally:
            if self._encoder is not None:
                self._encoder.kill()
            _remove(self._temporary)

    @property
    def _doing(self) -> str:
        return f"writing {self.path.name}"

    def _finish(self) -> None:
        if self._encoder is None:
            raise MediaError(f"{self.path.name} got no frames.", "Write at least one.")
        self._encoder.finish()
        found = self._count_written()
        if found != self.frames:
            raise MediaError(f"{self.path.name} holds {found} frames where {self.frames} were written.", "Try again.")
        publish(self._temporary, self.path)

    def _count_written(self) -> int:
        if not self._codec.sequence:
            return frame_index(self._temporary).count
        written = [file for file in self._temporary.iterdir() if file.stat().st_size]
        for file in written:
            sync_file(file)
        sync_folder(self._temporary)
        return len(written)

    def _raw(self, frame: Frame) -> Any:
        if self._codec.linear:
            return np.ascontiguousarray(colour.to_linear(frame)[..., (1, 2, 0)].transpose(2, 0, 1))  # planes G, B, R
        return np.ascontiguousarray(frame)

    def _arguments(self) -> list[str]:
        import ffmpeg

        if self._channels == 4 and not self._codec.alpha_format:
            raise MediaError(f"{self.path.name} can't keep alpha in that codec.", "Use prores4444.")
        stored = self._codec.alpha_format if self._channels == 4 else self._codec.pixel_format
        piped = stored if self._codec.linear else {3: "rgb24", 4: "rgba"}[self._channels]
        picture = ffmpeg.input(
            "pipe:", format="rawvideo", pix_fmt=piped, s="{}x{}".format(*self.size), r=str(self.rate.fraction)
        )
        tags = self._tags
        matrix = "bt709" if tags.matrix in ("gbr", colour.UNTAGGED) else tags.matrix
        if self._codec.rgb:
            tags = replace(tags, matrix="gbr", range="pc")
        else:
            full = "pc" if tags.range == "pc" else "tv"
            picture = picture.filter(
                "scale", out_color_matrix=matrix, out_range=full, flags=_EXACT if self._codec.exact else _QUICK
            )
        if self._codec.linear:
            tags = replace(tags, transfer="linear")
        picture = picture.filter("format", stored)
        if tags.pixel_aspect != 1:
            picture = picture.filter("setsar", str(tags.pixel_aspect))
        known = {
            "color_primaries": tags.primaries,
            "color_trc": tags.transfer,
            "colorspace": tags.matrix,
            "range": tags.range,
        }
        known = {name: "unknown" if said == colour.UNTAGGED else said for name, said in known.items()}
        picture = picture.filter("setparams", **known)
        said = {
            name: said.replace("gbr", "rgb") if name == "colorspace" else said
            for name, said in (known | {"color_range": known["range"]}).items()
            if name != "range" and said != "unknown"
        }
        options = {"pix_fmt": stored, **said, **self._codec.options, **self._container_options()}
        inputs = [picture] if self._sound is None else [picture, ffmpeg.input(f"file:{self._sound}").audio]
        output = ffmpeg.output(*inputs, self._target(), **options)
        stream = output.global_args("-hide_banner", "-nostdin", "-loglevel", "error")
        return list(ffmpeg.compile(stream, cmd=executable(), overwrite_output=True))

    def _container_options(self) -> dict[str, str | int]:
        if self._codec.sequence:
            return {"f": "image2", "start_number": self._first_number}
        suffix = self.path.suffix.lower()
        # Without bitexact, a Matroska file has an identity of its own: the same frames were never the same file.
        options: dict[str, str | int] = {"timecode": self._timecode, "map_metadata": -1, "fflags": "+bitexact"}
        if suffix in (".mov", ".mp4"):
            options |= {"video_track_timescale": _timescale(self.rate.fraction), **self._codec.movie_options}
        if self._sound is not None:
            options |= _SOUND.get(suffix, _EVERY_SOUND)
        return options

    def _target(self) -> str:
        if self._codec.sequence:
            return ffmpeg_pattern(self._temporary, self.path.name, self._codec.suffix)
        return f"file:{self._temporary}"


def _timescale(rate: Fraction) -> int:
    """Ticks a second in which each frame lasts a whole number of ticks, at least 600 of them (QuickTime's custom)."""
    return rate.numerator * max(1, -(-600 // rate.numerator))


def _check(codec: Codec, path: Path, size: tuple[int, int], sound: Path | None) -> None:
    width, height = size
    name = str(codec.options["c:v"]).removesuffix("_ks")
    if "42" in codec.pixel_format and (width % 2 or height % 2):
        raise MediaError(f"A movie of {width}x{height} can't be written.", "Both sides must be even.")
    if width < codec.least[0] or height < codec.least[1]:
        least = "x".join(map(str, codec.least))
        raise MediaError(f"{name} can't hold {width}x{height}.", f"Use at least {least}, or another codec.")
    if codec.sequence:
        if sound is not None:
            raise MediaError("An image sequence holds no sound.", "Choose a movie codec, or leave the sound out.")
        if path.exists():
            raise MediaError(f"{path.name} is there already.", "Choose another name, or remove that folder.")
    elif path.suffix.lower() not in codec.suffixes:
        raise MediaError(f"{name} can't be written to {path.name}.", f"Let its name end in {codec.suffix}.")


def _remove(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        if temporary.is_dir():
            shutil.rmtree(temporary)
        else:
            temporary.unlink(missing_ok=True)
