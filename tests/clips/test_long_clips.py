"""Clips of four hours: gone on from at both ends as short ones are, in nearly the same time."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from shotwright.core.clips.finishing import HANDLE_FRAMES, copies, finish, place_for
from shotwright.core.clips.jobs import ClipJob, extend_head, extend_tail
from shotwright.core.clips.request import request_of
from shotwright.core.clips.source import Source, open_source
from shotwright.core.media.index import _cached
from shotwright.core.media.joining import Stretch, join
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.timing import FrameRange, Rate, format_timecode

HEAD, ROUND, ROUNDS, TAIL = 30, 60, 5759, 30  # frames at the head, those that go round and how often, at the tail
FRAMES, HOUR = HEAD + ROUND * ROUNDS + TAIL, 24 * 3600
KINDS = {"H.264 .mp4": ("mp4", "h264"), "ProRes .mov": ("mov", "prores"), "H.264 .mkv": ("mkv", "h264")}


@pytest.fixture(params=KINDS)
def clips(
    request: pytest.FixtureRequest, make_clip: Callable[..., Path], run_ffmpeg: Callable[..., None], tmp_path: Path
) -> tuple[Path, Path]:
    """A clip of 30 frames, and one of four hours that begins with it; each frame's level tells which it is."""
    suffix, codec = KINDS[request.param]
    parts = [
        make_clip(f"{name}.{suffix}", frames=frames, codec=codec, size=(64, 64), start=HOUR, first=first)
        for name, first, frames in (("head", 0, HEAD), ("round", HEAD, ROUND), ("tail", HEAD + ROUND, TAIL))
    ]
    rounds, long = tmp_path / f"rounds.{suffix}", tmp_path / f"long.{suffix}"
    if codec == "prores":
        run_ffmpeg("-stream_loop", ROUNDS - 1, "-i", parts[1], "-map", "0:v", "-c", "copy", rounds)
        lengths = (parts[0], HEAD), (rounds, ROUND * ROUNDS), (parts[2], TAIL)
        stretches = [Stretch(path, FrameRange(0, frames)) for path, frames in lengths]
        join(long, stretches, Rate.parse(24), "01:00:00:00")
        return parts[0], long
    streams = []
    for part in parts:  # as H.264 comes off an encoder, which is one behind the other as it stands
        streams.append(part.with_suffix(".h264"))
        run_ffmpeg("-i", part, "-c:v", "libx264", "-bf", "0", "-qp", "8", streams[-1])
    head, each, tail = (stream.read_bytes() for stream in streams)
    whole = tmp_path / "whole.h264"
    whole.write_bytes(head + each * ROUNDS + tail)
    run_ffmpeg("-r", 24, "-i", whole, "-c", "copy", "-timecode", "01:00:00:00", long)
    return parts[0], long


def _numbers(path: Path, frames: FrameRange) -> list[float]:
    """Which frames these are, by their levels."""
    return [(float(frame.mean()) - 16) / 2 for frame in read_frames(path, frames, own_colour=True)]


def _worked() -> float:
    """The seconds that processors worked for this test, and what it started, so far: no matter what else they do."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _known(source: Source, job: Callable[[Source, int], ClipJob], tmp_path: Path) -> tuple[list[float], float]:
    """Which frames are cut out for the model, and how many of the processor's seconds that takes, of a clip that nobody
    looked at."""
    kept: list[Path] = []

    def keep(path: Path) -> str:
        kept.append(path.replace(tmp_path / "known.mkv"))
        return "0" * 64

    _cached.cache_clear()
    begun = _worked()
    request_of(job(open_source(source.path), 6), keep, "", "previs", 0)
    seconds = _worked() - begun
    return _numbers(kept[0], FrameRange(0, probe(kept[0]).frames)), seconds


def test_four_hours_go_on_at_both_ends(
    clips: tuple[Path, Path], make_take: Callable[[ClipJob], Path], tmp_path: Path
) -> None:
    short, long = (open_source(path) for path in clips)
    assert (long.info.frames, str(long.info.rate), long.info.start_frames) == (FRAMES, "24", HOUR)
    for side, job_of in (("tail", extend_tail), ("head", extend_head)):
        known, seconds = _known(long, job_of, tmp_path)
        assert known == pytest.approx([*range(95, 120)] if side == "tail" else [*range(25)], abs=0.6)
        assert seconds < min(_known(short, job_of, tmp_path)[1] for _ in range(2)) + 10  # decoding it takes a minute
        job = job_of(long, 6)
        output = place_for(job, None, side)
        job = job if copies(job, output) else job.with_handles(HANDLE_FRAMES)
        done = finish(job, make_take(job), output)
        found = probe(output)
        joined = long.info.codec == "prores"
        assert (done.copied, found.frames) == (joined, (FRAMES if joined else HANDLE_FRAMES) + 6)
        start = HOUR - 6 if side == "head" else HOUR if joined else HOUR + FRAMES - HANDLE_FRAMES
        assert done.start_timecode == format_timecode(start, long.info.rate)
        made = [(100 + at - 16) / 2 for at in (range(25, 31) if side == "tail" else range(6))]
        if side == "tail":
            shown, numbers = FrameRange(found.frames - 6 - HANDLE_FRAMES, found.frames), [*range(108, 120), *made]
        else:
            shown, numbers = FrameRange(0, 6 + HANDLE_FRAMES), [*made, *range(12)]
        assert _numbers(output, shown) == pytest.approx(numbers, abs=0.6)
