"""An edit as other programs take it: whole paths, one reference a clip, media times as their timecode has them.

In `edit.otio` all takes of a shot share one axis of frames (`references.py`). A program that reads a file knows only
the movie's own timecode:

    axis       12 ......... 60        source_range 12 + 48
    TK02's     10:00:03:12            its frame 0 is axis frame 0, and is labelled 10:00:03:00
"""

from __future__ import annotations

from typing import Any

import opentimelineio as otio

from .. import facts
from ..cutting import with_whole_paths
from ..edit import Edit
from ..parts import rate_of
from ..references import is_take
from ..spans import exact_frames_of, exact_range_of, time_at

_KEPT = ("occurrence_id", "id", "shot_id", "rate")


def outbound(edit: Edit) -> Any:
    """A timeline of its own for another program: what it can't know is left out, and comes back from the sidecar."""
    timeline = with_whole_paths(edit)._timeline.clone()
    rate = rate_of(timeline)
    for clip in timeline.find_clips():
        _put_in_media_time(clip, rate)
    for thing in (timeline, timeline.tracks, *timeline.tracks, *timeline.find_clips()):
        known = facts.facts_of(thing)
        if known:
            facts.put_facts(thing, {key: known[key] for key in _KEPT if key in known})
    facts.change_facts(timeline, rate=str(rate))
    return timeline


def media_start(key: str, reference: Any, rate: Any) -> Any:
    """Which media time a reference's first frame has in other programs, in frames; None where nothing says."""
    if reference.available_range is None:
        return None
    if is_take(key):
        return facts.whole(facts.facts_of(reference), "start_frames", -(10**9))
    return exact_frames_of(reference.available_range.start_time, rate)


def _put_in_media_time(clip: Any, rate: Any) -> None:
    key, reference = clip.active_media_reference_key, clip.media_reference
    start = media_start(key, reference, rate)
    reference = reference.clone()
    if start is not None:
        by = start - exact_frames_of(reference.available_range.start_time, rate)
        if clip.source_range is None:
            clip.source_range = clip.trimmed_range()
        shifted(clip, by, rate)
        reference.available_range = _moved(reference.available_range, by, rate)
    known = facts.facts_of(reference)
    if known:
        facts.put_facts(reference, {"generated": True} if known.get("generated") else {})
    clip.set_media_references({otio.schema.Clip.DEFAULT_MEDIA_KEY: reference}, otio.schema.Clip.DEFAULT_MEDIA_KEY)


def shifted(clip: Any, by: Any, rate: Any) -> None:
    """Moves what a clip plays, and its markers, by so many frames of its media's time, in place."""
    if by:
        clip.source_range = _moved(clip.source_range, by, rate)
        for marker in clip.markers:
            marker.marked_range = _moved(marker.marked_range, by, rate)


def _moved(span: Any, by: Any, rate: Any) -> Any:
    start, _ = exact_range_of(span, rate)
    return otio.opentime.TimeRange(time_at(start + by, rate, span.start_time), span.duration)
