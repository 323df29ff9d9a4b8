"""From the take to the finished clip: its frames between the sources' own, its sound, and how well the seams hold."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UsageError, storage_error
from ..media.codecs import Codec, codec_like, codec_named
from ..media.frame import Frame
from ..media.joining import Stretch, join
from ..media.reading import read_frames
from ..media.seam.report import AROUND, SeamReport, seam_report
from ..media.sound_copy import Heard, copy_sound
from ..media.writing import MovieWriter, Tags
from ..protocol.delivery import LOSSLESS
from ..timing import FrameRange, format_timecode
from .jobs import ClipJob, Part
from .request import grown_even

HANDLE_FRAMES = 12  # known frames beside new ones that come alone
_MEZZANINE = {".mov": "prores", ".mp4": "h264", ".mkv": "h264"}
_MATTED = _MEZZANINE | {".mov": "prores4444", ".mkv": LOSSLESS}
_TAKES_ALL = (".mov", ".mkv")  # containers for any codec of whole frames
_LONGEST_NAME = 255  # bytes: what disks take
_BESIDE = 32  # of them, for the endings of what lies beside a movie


@dataclass(frozen=True)
class Finished:
    """What was written: the file, its first timecode, whether the sources' frames were copied bit by bit, the seams."""

    output: Path
    start_timecode: str
    copied: bool
    seams: tuple[SeamReport, ...]


def place_for(job: ClipJob, asked: Path | None, name: str) -> Path:
    """Where the finished clip goes: as asked, or beside its source under a name that nothing has yet.

    Raises UsageError where a file stands there that was asked for or its name can't be, StorageError where nothing can
    be written.
    """
    source = job.like.path
    if asked is None:
        path = free_place(source.parent, f"{source.stem}_{name}", suffix_for(job))
    else:
        path = asked.expanduser()
        most = _LONGEST_NAME - _BESIDE
        if len(os.fsencode(path.name)) > most:
            raise UsageError(f"The name “{path.name[:40]}…” is too long.", f"Keep it under {most} letters.")
        if path.exists() or path.is_symlink():
            raise UsageError(f"{path.name} is there already.", "Choose another name, or remove it.")
        if not copies(job, path):
            _codec(path, job.like.info.alpha)
    check_can_be_written(path)
    return path


def check_can_be_written(path: Path) -> None:
    """Raises StorageError where a file can't be made in the folder of a path, or in that which is to hold it."""
    try:
        folder = next(folder for folder in path.absolute().parents if folder.exists())
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise storage_error(error, f"writing {path.name}") from error


def suffix_for(job: ClipJob) -> str:
    """The ending of the finished clip: its source's where its frames can be copied into that, else `.mov`."""
    path = job.like.path
    return path.suffix if path.is_file() and codec_like(job.like.info, path.suffix.lower()) else ".mov"


def free_place(folder: Path, stem: str, suffix: str) -> Path:
    """A path in a folder that nothing has yet: `stem`, or `stem_2` and on; its middle left out where it is too long."""
    whole, most = os.fsencode(stem), _LONGEST_NAME - _BESIDE - len(suffix)
    if len(whole) > most:
        stem = "_".join(part.decode(errors="ignore") for part in (whole[: most * 3 // 4], whole[-(most // 5) :]))
    names = (stem if number == 1 else f"{stem}_{number}" for number in itertools.count(1))
    return next(path for name in names if not (path := folder / f"{name}{suffix}").exists())


def copies(job: ClipJob, output: Path) -> bool:
    """Whether the sources' frames can stand in the output as they are, without being written anew."""
    sources = [part.source for part in job.parts if part.source is not None]
    suffix = output.suffix.lower()
    if not sources or codec_like(job.like.info, suffix) is None:
        return False
    if suffix not in (job.like.path.suffix.lower(), *_TAKES_ALL):
        return False
    first = sources[0].info
    return all(
        (source.info.codec, source.info.profile, source.info.pixel_format, source.info.size)
        == (first.codec, first.profile, first.pixel_format, first.size)
        and not source.info.varies
        and not source.info.rotation  # new frames are upright
        and not source.path.is_dir()
        for source in sources
    )


def finish(job: ClipJob, take: Path, output: Path, start_frames: int | None = None) -> Finished:
    """Writes the finished clip; raises MediaError, StorageError.

    Its timecode starts at `start_frames`, by default where it goes on the source's.
    """
    info = job.like.info
    start = (info.start_frames or 0) + job.moved_frames if start_frames is None else start_frames
    label = format_timecode(start, info.rate, info.drop_frame)
    copied = copies(job, output)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        beside = tempfile.TemporaryDirectory(dir=output.parent, prefix=".shotwright")
    except OSError as error:
        raise storage_error(error, f"writing {output.name}") from error
    with beside as folder:
        sound = _sound(job, Path(folder) / "sound.mov")
        like = codec_like(info, output.suffix.lower()) if copied else None
        if like is not None:
            new = Path(folder) / f"new{output.suffix.lower()}"
            _write(new, job, [part for part in job.parts if part.source is None], take, like, 0, None)
            join(output, list(_stretches(job, new)), info.rate, label, sound)
        else:
            _write(output, job, job.parts, take, _codec(output, info.alpha), start, sound)
    return Finished(output, label, copied, tuple(_reports(job, output, copied)))


def _codec(output: Path, alpha: bool) -> Codec:
    name = (_MATTED if alpha else _MEZZANINE).get(output.suffix.lower())
    if name is None:
        raise UsageError(f"“{output.name}” has no known ending.", f"Use {', '.join(_MEZZANINE)}.")
    return codec_named(name)


def _write(
    path: Path,
    job: ClipJob,
    parts: Sequence[Part],
    take: Path,
    codec: Codec,
    start: int,
    sound: Path | None,
) -> None:
    info = job.like.info
    tags = Tags.of(info) if job.like.own_colour else Tags()
    if tags.matrix == "gbr" and not codec.rgb:
        tags = replace(tags, matrix="bt709", range="tv")
    if codec.options["c:v"] == "prores_ks":  # it can't say that its range is full
        tags = replace(tags, range="tv")
    with MovieWriter(path, info.size, info.rate, codec, start, info.drop_frame, sound, tags=tags) as movie:
        for frame in frames_of(job, parts, take, bool(info.alpha and codec.alpha_format)):
            movie.write(frame)


def frames_of(job: ClipJob, parts: Sequence[Part], take: Path, alpha: bool = False) -> Iterator[Frame]:
    """The frames of parts of a job, one by one, in the sources' own colour, with `alpha` where that is asked for."""
    width, height = job.like.info.size
    for part in parts:
        if part.source is None:
            frames = read_frames(take, part.frames, alpha, own_colour=True)
        else:
            frames = map(grown_even, part.source.frames(part.frames, alpha))
        for frame in frames:
            yield np.ascontiguousarray(frame[:height, :width])


def _stretches(job: ClipJob, new: Path) -> Iterator[Stretch]:
    made = 0
    for part in job.parts:
        if part.source is None:
            yield Stretch(new, FrameRange(made, made + len(part.frames)))
            made += len(part.frames)
        else:
            yield Stretch(part.source.path, part.frames)


def _sound(job: ClipJob, path: Path) -> Path | None:
    """The sources' sound under their own frames and under those that replace them, tone under the rest."""
    heard = [_heard(part) for part in job.parts]
    if all(part.path is None for part in heard):
        return None
    copy_sound(path, heard, job.like.info.rate)
    return path


def _heard(part: Part) -> Heard:
    sounding = part.replaces or part
    if sounding.source is None or not sounding.source.info.has_sound:
        return Heard(None, part.frames)
    return Heard(sounding.source.path, sounding.frames)


def _reports(job: ClipJob, output: Path, copied: bool) -> Iterator[SeamReport]:
    """How each seam holds in what was written."""
    total = sum(len(part.frames) for part in job.parts)
    for seam in job.seams:
        around = FrameRange(max(0, seam - AROUND), min(total, seam + AROUND))
        frames = list(read_frames(output, around, own_colour=True))
        at = seam - around.start
        if min(at, len(frames) - at) >= 4:
            yield seam_report(frames, at, 0.0 if copied else _kept_error(job, frames, seam, around.start))


def _kept_error(job: ClipJob, written: list[Frame], seam: int, first: int) -> float:
    """How far, in code values, the source's frames beside a seam have changed by being written anew."""
    at = 0
    for part in job.parts:
        end = at + len(part.frames)
        if part.source is not None and seam in (at, end):
            shown = FrameRange(max(at, first), min(end, first + len(written)))
            source = FrameRange(part.frames.start + shown.start - at, part.frames.start + shown.end - at)
            pairs = zip(
                part.source.frames(source),
                written[shown.start - first :],
                strict=False,
            )
            return float(np.mean([np.abs(a.astype(np.int16) - b).mean() for a, b in pairs]))
        at = end
    return 0.0
