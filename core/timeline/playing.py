"""What the tracks of a timeline play, read into plain events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import opentimelineio as otio

from ..timing import FrameRange, Rate
from . import facts
from .events import Event, SoundEvent, Subtitle
from .joins import FADE_IN, FADE_OUT, fade_frames, offsets
from .references import PANEL, is_take, panels_of, path_of, take_of
from .spans import range_of

SUBTITLE_KIND = "Subtitle"


def placed(track: Any, rate: Rate) -> Iterator[tuple[Any, FrameRange]]:
    """A track's items and the frames of the film that each takes; transitions take none, as they stand between two."""
    at = 0
    for item in track:
        if isinstance(item, otio.schema.Transition):
            yield item, FrameRange(at, at)
        else:
            end = at + len(range_of(item.trimmed_range(), rate))
            yield item, FrameRange(at, end)
            at = end


def picture_events(track: Any, rate: Rate) -> tuple[Event, ...]:
    """V1 as events, in their order."""
    events: list[Event] = []
    early = 0
    for item, record in placed(track, rate):
        if isinstance(item, otio.schema.Transition):
            early, late = offsets(item, rate)
            if events:
                events[-1] = replace(events[-1], late_frames=late)
                early = min(early, len(events[-1].record))
            else:
                early = 0
            continue
        event = _event(item, record, rate)
        if events:
            events[-1] = replace(events[-1], late_frames=min(events[-1].late_frames, len(record)))
        events.append(replace(event, early_frames=early))
        early = 0
    if events:
        events[-1] = replace(events[-1], late_frames=0)
    return tuple(events)


def _event(item: Any, record: FrameRange, rate: Rate) -> Event:
    source = range_of(item.trimmed_range(), rate)
    if not isinstance(item, otio.schema.Clip) or not item.enabled:
        return Event("", "", "", "black", "", record, source, source.start)
    known = facts.facts_of(item)
    shot_id = facts.text(known, "shot_id")
    references, key = item.media_references(), item.active_media_reference_key
    reference = references[key]
    media = path_of(reference)
    shows = "media" if media else "slate"
    take = None
    if shot_id and is_take(key):
        shows, take = "take", take_of(item.name, key, reference, True)
    elif shot_id and key.startswith(PANEL):
        shows = "panel"
    available = reference.available_range
    return Event(
        shot_id=shot_id,
        shot=item.name,
        occurrence_id=facts.text(known, "occurrence_id"),
        shows=shows,
        key=key,
        record=record,
        source=source,
        cut_in=facts.whole(known, "cut_in") if shot_id else source.start,
        media=media,
        available=range_of(available, rate) if available is not None else source,
        take=take,
        panels=panels_of(references) if shot_id else (),
        heading=facts.text(known, "heading"),
        text=facts.text(known, "text"),
        fade_in_frames=fade_frames(item, FADE_IN, len(record)),
        fade_out_frames=fade_frames(item, FADE_OUT, len(record)),
    )


def sound_events(tracks: Any, rate: Rate) -> tuple[SoundEvent, ...]:
    """Everything on enabled audio tracks, each sound with its place in the film."""
    found = []
    for track in tracks:
        if track.kind != otio.schema.TrackKind.Audio or not track.enabled:
            continue
        for item, record in placed(track, rate):
            if isinstance(item, otio.schema.Clip) and item.enabled and (media := path_of(item.media_reference)):
                available = item.media_reference.available_range
                origin = range_of(available, rate).start if available is not None else 0
                skip = range_of(item.trimmed_range(), rate).start - origin
                found.append(SoundEvent(media, record, max(0, skip)))
    return tuple(found)


def subtitle_events(tracks: Any, rate: Rate) -> tuple[Subtitle, ...]:
    """The words of the first subtitle track."""
    track = next((track for track in tracks if track.kind == SUBTITLE_KIND), ())
    found = []
    for item, record in placed(track, rate):
        if isinstance(item, otio.schema.Clip):
            known = facts.facts_of(item)
            found.append(Subtitle(record, facts.text(known, "text") or item.name, facts.text(known, "speaker")))
    return tuple(found)
