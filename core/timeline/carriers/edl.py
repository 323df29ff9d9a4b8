"""CMX 3600 as other programs write and expect it, where OTIO's adapter does otherwise.

The adapter counts record timecodes from 0, labels every 29.97 as drop frame, cuts reel names to eight signs, and takes
the medium that a dissolve comes from for the one that it goes to. Here records start at the edit's start timecode,
labels are the film's, reels have the 32 signs that Resolve and Avid relink by, and each clip has its own medium.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import opentimelineio as otio

from ...errors import RefusedError
from ...timing import Rate, format_timecode, parse_timecode
from ..references import file_name
from ..spans import exact_frames_of, frames_of, time_of

REEL_LENGTH = 32
_EVENTS = 999  # an event's number has three digits
_NOTES = "cmx_3600"  # what the adapter reads and writes besides, in metadata
_TIMECODE = re.compile(r"\d\d:\d\d:\d\d[:;]\d\d")
_EVENT = re.compile(r"^\d{3}\s")
_TO_CLIP = "TO CLIP: "


def written(timeline: Any, rate: Rate, drop_frame: bool) -> str:
    """The first picture track as an EDL; raises RefusedError for what no EDL can hold."""
    pictures = [track for track in timeline.tracks if track.kind == otio.schema.TrackKind.Video]
    start = frames_of(timeline.global_start_time, rate) if timeline.global_start_time is not None else 0
    alone = otio.schema.Timeline(timeline.name)
    alone.tracks.append(pictures[0].clone() if pictures else otio.schema.Track("V1", kind="Video"))
    clips = [thing for thing in alone.tracks[0] if isinstance(thing, otio.schema.Clip)]
    if len(clips) > _EVENTS:
        raise RefusedError(f"An EDL holds {_EVENTS} events; this edit has {len(clips)}.", "Send it as .otio or .xml.")
    if any(isinstance(thing, otio.schema.Stack) for thing in alone.tracks[0]):
        raise RefusedError("An EDL can't hold nested edits.", "Send it as .otio, or take the nesting apart first.")
    reels = reels_of(file_name(clip.media_reference) for clip in clips)
    for clip in clips:
        clip.metadata[_NOTES] = {"reel": reels.get(file_name(clip.media_reference), "AX")}
    text = otio.adapters.write_to_string(alone, "cmx_3600", rate=float(rate.fraction), reelname_len=REEL_LENGTH)
    mode = "DROP FRAME" if drop_frame else "NON-DROP FRAME"
    lines = [_counted(line, rate, start, drop_frame) for line in text.splitlines() if "TRUNCATED REEL" not in line]
    return "\n".join([lines[0], f"FCM: {mode}", *lines[1:]]) + "\n"


def reels_of(files: Iterable[str]) -> dict[str, str]:
    """A reel name for each file name, in their order: its stem, without spaces, and none given twice."""
    reels: dict[str, str] = {}
    for name in files:
        if not name or name in reels:
            continue
        stem = re.sub(r"\s+", "_", PurePosixPath(name).stem)
        reel, number = stem[:REEL_LENGTH], 2
        while reel in reels.values():
            reel, number = f"{stem[: REEL_LENGTH - 4]}_{number:03}", number + 1
        reels[name] = reel
    return reels


def reel_of(clip: Any) -> str:
    """The reel that an EDL gave a clip, empty for none."""
    noted = clip.metadata.get(_NOTES) or {}
    return str(noted.get("reel") or "")


def mended(timeline: Any, rate: Rate, start: int | None = None) -> Any:
    """What the adapter read, in place: it starts at `start`, or else where its first event does."""
    tracks = [(track, _record_in(track, rate)) for track in timeline.tracks]
    first = min((at for _, at in tracks if at is not None), default=0)
    first = first if start is None else min(first, start)
    for track, at in tracks:
        track.source_range = None
        if at is not None and at > first:
            span = otio.opentime.TimeRange(time_of(0, rate), time_of(at - first, rate))
            track.insert(0, otio.schema.Gap(source_range=span))
        for clip in track.find_clips():
            comments = (clip.metadata.get(_NOTES) or {}).get("comments") or []
            path = next((text.removeprefix(_TO_CLIP) for text in comments if text.startswith(_TO_CLIP)), "")
            if path:
                clip.media_reference = otio.schema.ExternalReference(target_url=path)
    timeline.global_start_time = time_of(first, rate)
    return timeline


def _record_in(track: Any, rate: Rate) -> int | None:
    """The record timecode of a track's first event, which the adapter keeps as a negative start."""
    return None if track.source_range is None else -round(exact_frames_of(track.source_range.start_time, rate))


def _counted(line: str, rate: Rate, start: int, drop_frame: bool) -> str:
    """A line with its timecodes as the film counts; the last two of an event are those of the record."""
    found = list(_TIMECODE.finditer(line))
    if not found or line.startswith(("* FROM", "* TO", "TITLE")):
        return line
    is_event = _EVENT.match(line) is not None
    for number, match in reversed(list(enumerate(found))):
        frames = parse_timecode(match.group(), rate, ";" in match.group())
        frames += start if is_event and number >= len(found) - 2 else 0
        line = line[: match.start()] + format_timecode(frames, rate, drop_frame) + line[match.end() :]
    return line
