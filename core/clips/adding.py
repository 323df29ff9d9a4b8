"""A movie that was made elsewhere, as a take: its own frames where they are the film's already, else brought to it.

its size and rate     its frames stand for themselves    what becomes of them
the film's            yes (ProRes, DNxHR …)              copied bit by bit
the film's            no (H.264 …)                       written as the film's mezzanine
other ones            either                             the same, fitted with black around, at the film's moments
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import MediaError, UsageError
from ..film import ProjectSettings
from ..film.take import CUT_IN_FRAME
from ..media.codecs import codec_named
from ..media.frame import Frame
from ..media.joining import Stretch, join
from ..media.probe import ends_early, probe
from ..media.reading import read_frame, read_frames
from ..media.scaling import scale_frame
from ..media.sequence import sequence_files
from ..media.sound_copy import copy_all_sound
from ..media.take_files import TakeFiles, TakeMedia
from ..protocol import Delivery
from ..storage import replace_file, sha256_of
from ..timing import FrameRange, Rate, format_timecode
from .links import RECIPE
from .source import Source, place_in, whole_frames

_LEAST_FRAMES = 2
_MOVIE, _MATTED = "prores", "prores4444"  # where the film's own codec holds no sound, or no matte
_HOLDS_FRAMES = (".mov", ".mkv", ".avi")  # what copied frames go into, the first that can
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Addition:
    """A movie that is to be a take: `source` is its own, `shown` the same at the film's rate.

    `head_frames` of the take lie before its cut-in. `sha256` is that of the file, or of a sequence's pictures one after
    another. `pull` is how many times as fast as its own the movie runs then.
    """

    source: Source
    shown: Source
    sha256: str
    head_frames: int
    size: tuple[int, int]
    pull: Fraction

    @property
    def frames(self) -> int:
        """How many frames the take has."""
        return self.shown.info.frames

    @property
    def fits(self) -> bool:
        """Whether its frames are the film's already, as they stand in the file."""
        info = self.source.info
        plain = info.pixel_aspect == 1 and not info.rotation and not self.shown.shown and self.source.path.is_file()
        return plain and info.intra and info.size == self.size

    @property
    def facts(self) -> dict[str, Any]:
        """What tells this addition from any other."""
        told = {"sha256": self.sha256, "rate": str(self.shown.info.rate), "size": list(self.size)}
        return {**told, "frames": self.frames, "handle_frames": self.head_frames}


def addition(path: Path, settings: ProjectSettings, shot_frames: int, begin: str = "") -> Addition:
    """A movie, or a folder with an image sequence, as a take of a shot of so many frames.

    `begin` says which frame of it is the cut-in, counted from 0, or by its timecode. Without, it is the first one, or
    that behind a handle where the movie is just as long as the shot with the film's handles. Raises MediaError,
    RefusedError, UsageError.
    """
    path = path.expanduser().absolute()
    if path.is_file() and path.stat().st_size and ends_early(path):
        raise MediaError(f"{path.name} ends before it should: it is damaged.", "Copy or export it again.")
    source = whole_frames(path, settings.rate)
    if source.info.frames < _LEAST_FRAMES:
        raise MediaError(f"{path.name} is one picture, no movie.", "Put it among the shot's panels, in the shot list.")
    shown, pull = _at_rate(source, settings.rate)
    handle = settings.handle_frames
    head = handle if shown.info.frames == shot_frames + 2 * handle else 0
    if begin:
        head = _at_or_before(place_in(source, begin), source, shown)
        if head >= shown.info.frames:
            raise UsageError(f"{path.name} has no frame {begin}.", f"It has {source.info.frames} frames.")
    return Addition(source, shown, _content(path), head, settings.size, pull)


def _at_rate(source: Source, rate: Rate) -> tuple[Source, Fraction]:
    """A source as it is shown at a rate, and how much faster it then runs.

    Within 0.2 % each frame is one of the film's; else the same seconds play, each moment the frame that is nearest.
    """
    own = source.info.rate
    if own.relabels(rate):
        return replace(source, info=replace(source.info, rate=rate)), rate.fraction / own.fraction
    count = max(1, rate.frames(own.seconds(source.info.frames)))
    each = own.fraction / rate.fraction
    moments = (min(source.info.frames - 1, int((number + Fraction(1, 2)) * each)) for number in range(count))
    shown = tuple(source.shown[moment] if source.shown else moment for moment in moments)
    return Source(source.path, replace(source.info, rate=rate, frames=count), shown), Fraction(1)


def _at_or_before(place: int, source: Source, shown: Source) -> int:
    own, rate = source.info.rate, shown.info.rate
    return place if own.relabels(rate) else rate.frames(own.seconds(place))


def _content(path: Path) -> str:
    if path.is_file():
        return sha256_of(path)
    digest = hashlib.sha256()
    for _, picture in sequence_files(path):
        digest.update(bytes.fromhex(sha256_of(picture)))
    return digest.hexdigest()


def write_addition(
    wanted: Addition, folder: Path, delivery: Delivery, settings: ProjectSettings, poster_at: int, progress: Progress
) -> str:
    """Writes a take's files into an empty folder, the recipe last; the mezzanine's name there.

    `delivery` says name, first timecode and drop frame. Raises MediaError where the movie is damaged or was written to
    meanwhile, StorageError.
    """
    info = wanted.source.info
    before = _state(wanted.source.path)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".sound") as beside:
        sound = None
        if info.has_sound:
            sound = Path(beside) / "sound.mov"
            copy_all_sound(sound, wanted.source.path, wanted.frames, settings.rate, wanted.pull)
        copied = _copied(wanted, folder, delivery, sound)
        delivery = replace(delivery, codec=_codec(wanted, settings))
        frames = read_frames(wanted.source.path) if copied else _brought(wanted, delivery.codec)
        written = None if copied else sound
        files = TakeFiles(folder, delivery, settings.rate, settings.size, written, copied, poster_at)
        with files:
            for number, frame in enumerate(frames, 1):
                files.write(frame)
                progress(number, wanted.frames)
    if _state(wanted.source.path) != before:
        raise MediaError(f"{wanted.source.path.name} was written to meanwhile.", "Wait until it is done, then add it.")
    recipe = _recipe(wanted, delivery, files.media, bool(copied))
    replace_file(folder / RECIPE, json.dumps(recipe, indent=1) + "\n", "writing the take's recipe")
    return files.media.mezzanine


def _recipe(wanted: Addition, delivery: Delivery, media: TakeMedia, copied: bool) -> dict[str, Any]:
    info, facts = wanted.source.info, wanted.facts
    label = None if info.start_frames is None else format_timecode(info.start_frames, info.rate, info.drop_frame)
    own = {"name": wanted.source.path.name, "codec": info.codec, "size": list(info.size), "rate": str(info.rate)}
    told = {**own, "frames": info.frames, "start_timecode": label}
    return {
        "generated": False,
        "added": {**facts, "start_frames": delivery.start_frames, "copied": copied, "original": told},
        "delivery": delivery.to_json(),
        "files": asdict(media),
    }


def _codec(wanted: Addition, settings: ProjectSettings) -> str:
    codec = codec_named(settings.codec)
    if codec.sequence and (wanted.source.info.has_sound or wanted.head_frames >= CUT_IN_FRAME):
        return _MATTED if wanted.source.info.alpha else _MOVIE
    if wanted.source.info.alpha and settings.codec == _MOVIE:
        return _MATTED
    return settings.codec


def _copied(wanted: Addition, folder: Path, delivery: Delivery, sound: Path | None) -> str:
    """Copies the frames of what fits into a movie; its name, empty where they are to be written anew."""
    if not wanted.fits:
        return ""
    path, rate = wanted.source.path, wanted.shown.info.rate
    label = format_timecode(delivery.start_frames, rate, delivery.drop_frame)
    for suffix in _HOLDS_FRAMES:
        output = folder / f"{delivery.name}{suffix}"
        with contextlib.suppress(MediaError):  # a container that does not hold such frames
            join(output, [Stretch(path, FrameRange(0, wanted.frames))], rate, label, sound)
            if _holds(output, wanted):
                return output.name
        output.unlink(missing_ok=True)
    return ""


def _holds(output: Path, wanted: Addition) -> bool:
    """Whether a movie has the frames that were copied into it: their number, and the first and last bit by bit."""
    info = probe(output)
    if (info.frames, info.rate, info.size) != (wanted.frames, wanted.shown.info.rate, wanted.size):
        return False
    ends = {0, wanted.frames - 1}
    return all(np.array_equal(read_frame(output, end), read_frame(wanted.source.path, end)) for end in ends)


def _brought(wanted: Addition, codec: str) -> Iterator[Frame]:
    """All frames at the film's size and rate, in BT.709; with the matte where the codec keeps one."""
    info = wanted.source.info
    alpha = bool(info.alpha and codec_named(codec).alpha_format)
    for frame in wanted.shown.frames(wanted.shown.all, alpha, own_colour=False):
        yield letterboxed(frame, info.pixel_aspect, wanted.size)


def letterboxed(frame: Frame, pixel_aspect: Fraction, size: tuple[int, int]) -> Frame:
    """All of a frame at `size` (width, height), its shape kept, in the middle; black around it, clear with a matte."""
    height, width, channels = frame.shape
    across, down = size[0] / (width * pixel_aspect), Fraction(size[1], height)
    scale = min(across, down)
    inner = round(width * pixel_aspect * scale), round(height * scale)
    inner = min(size[0], max(1, inner[0])), min(size[1], max(1, inner[1]))
    scaled = scale_frame(frame, inner)
    if inner == size:
        return scaled
    whole = np.zeros((size[1], size[0], channels), np.uint8)
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    whole[top : top + inner[1], left : left + inner[0]] = scaled
    return whole


def _state(path: Path) -> tuple[tuple[str, int, int], ...]:
    files = [path] if path.is_file() else [picture for _, picture in sequence_files(path)]
    return tuple((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files)
