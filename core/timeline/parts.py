"""Where things are in a timeline: its rate, V1, our other tracks, the clips of shots, the attic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import opentimelineio as otio

from ..errors import ProjectError, UsageError
from ..timing import Rate
from ..timing.rate import MAX_RATE
from . import facts
from .shot_clips import shot_id_of
from .spans import exact_rate, trimmed

_FILM = 24.0


def rate_of(timeline: Any) -> Rate:
    """The exact rate: as written down, or what the file's numbers mean where another program wrote them."""
    known = facts.text(facts.facts_of(timeline), "rate")
    start = timeline.global_start_time
    if known:
        try:
            rate = Rate.parse(known)
        except UsageError as error:
            raise ProjectError(f"edit.otio: {error.message}", error.hint) from None
        if start is None or abs(start.rate - float(rate)) < 0.01:
            return rate
    if start is not None:
        return exact_rate(start.rate)
    rates = (trimmed(clip).duration.rate for track in _video_first(timeline) for clip in track.find_clips())
    return exact_rate(next((rate for rate in rates if rate <= MAX_RATE), _FILM))


def _video_first(timeline: Any) -> list[Any]:
    """All tracks; sound comes last, as it may count in samples."""
    tracks = [track for track in timeline.tracks if isinstance(track, otio.schema.Track)]
    return sorted(tracks, key=lambda track: (track.kind != otio.schema.TrackKind.Video, track.name != "V1"))


def picture_track(timeline: Any) -> Any:
    """V1, or the first video track where none is called so; raises ProjectError without any."""
    first = next(iter(_video_first(timeline)), None)
    if first is None or first.kind != otio.schema.TrackKind.Video:
        raise ProjectError("edit.otio has no video track.", "Restore it from .shotwright/snapshots.")
    return first


def own_track(timeline: Any, name: str, kind: str) -> Any:
    """The track of that name and kind, made where there is none."""
    for track in timeline.tracks:
        if isinstance(track, otio.schema.Track) and track.kind == kind and track.name == name:
            return track
    timeline.tracks.append(otio.schema.Track(name, kind=kind))
    return timeline.tracks[-1]


def shot_clips(timeline: Any) -> Iterator[Any]:
    """Every clip of a shot that is in the cut, V1's first."""
    first = picture_track(timeline)
    yield from (clip for clip in first if shot_id_of(clip))
    for track in timeline.tracks:
        if track is not first and isinstance(track, otio.schema.Track):
            yield from (clip for clip in track if shot_id_of(clip))


def attic_of(timeline: Any) -> dict[str, Any]:
    """The clips of shots that left the list, takes and all, by their shots' IDs."""
    found = facts.facts_of(timeline).get("attic")
    kept = dict(found) if isinstance(found, Mapping) else {}
    return {str(shot_id): clip for shot_id, clip in kept.items() if isinstance(clip, otio.schema.Clip)}


def all_clips(timeline: Any) -> Iterator[Any]:
    """The clips of all shots, those in the attic last."""
    yield from shot_clips(timeline)
    yield from attic_of(timeline).values()
