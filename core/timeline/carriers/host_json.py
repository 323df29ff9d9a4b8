"""The edit as hosts read and write it (`protocol/host_edit.py`), from a timeline and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from ...errors import ProjectError, ShotwrightError, storage_error
from ...protocol import HostEdit, HostItem, HostJoin, HostMarker, HostTrack
from ...timing import Rate
from .. import facts
from ..joins import offsets
from ..operations.speed import speed_of
from ..references import path_of, url_of
from ..spans import exact_range_of, frames_of, time_of, trimmed

FROM_FIRST = "from_first"  # of a reference: its frames are counted from the file's first, whatever that is labelled
_GAMMA = "gamma"  # of a transition: light is mixed as it adds up, not as it is coded
_LARGEST_BYTES = 256 << 20
_KINDS = {otio.schema.TrackKind.Video: "video", otio.schema.TrackKind.Audio: "audio"}


def written(timeline: Any, rate: Rate) -> str:
    """A timeline as a host edit's JSON; tracks of other kinds than pictures and sound are left out."""
    start = timeline.global_start_time
    edit = HostEdit(
        rate,
        frames_of(start, rate) if start is not None else 0,
        tuple(_track(track, rate) for track in timeline.tracks if track.kind in _KINDS),
        tuple(_marker(marker, rate) for marker in timeline.tracks.markers),
    )
    return json.dumps(edit.to_json(), ensure_ascii=False)


def read(path: Path, rate: Rate) -> Any:
    """The timeline of a host edit; raises ProjectError where the file holds none of this rate, StorageError."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ProjectError(f"{path.name} is far too large for an edit.", "Save it again from the host.")
        edit = HostEdit.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ProjectError(f"{path.name} is missing.", "Save it again from the host.") from None
    except (ValueError, RecursionError):
        raise ProjectError(f"{path.name} is broken: it is not JSON from end to end.", "Save it again.") from None
    except ShotwrightError as error:
        raise ProjectError(f"{path.name}: {error.message}", error.hint) from None
    except OSError as error:
        raise storage_error(error, f"reading {path.name}") from error
    if edit.rate != rate:
        raise ProjectError(f"The host's edit runs at {edit.rate}, the film at {rate}.", "Set the host's rate.")
    timeline = otio.schema.Timeline("Film")
    timeline.global_start_time = time_of(edit.start_frames, rate)
    timeline.tracks.extend([_as_track(track, rate) for track in edit.tracks])
    for marker in edit.markers:
        span = otio.opentime.TimeRange(time_of(marker.at, rate), time_of(marker.frames, rate))
        made = otio.schema.Marker(marker.name, span)
        _known_as(made, "id", marker.id)
        timeline.tracks.markers.append(made)
    return timeline


def _marker(marker: Any, rate: Rate) -> HostMarker:
    at, frames = (frames_of(time, rate) for time in (marker.marked_range.start_time, marker.marked_range.duration))
    return HostMarker(facts.text(facts.facts_of(marker), "id"), marker.name, at, frames)


def _track(track: Any, rate: Rate) -> HostTrack:
    items = tuple(_items(track, rate))
    return HostTrack(facts.text(facts.facts_of(track), "id"), track.name, _KINDS[track.kind], items, track.enabled)


def _items(track: Any, rate: Rate) -> Iterator[HostItem]:
    at, before = 0, False  # whether an item ends where the next thing begins
    things = [None, *track, None]
    for last, thing, following in zip(things, things[1:], things[2:], strict=False):
        if isinstance(thing, otio.schema.Transition):
            continue
        frames = frames_of(thing.trimmed_range().duration, rate)
        plays = not isinstance(thing, otio.schema.Gap) and bool(frames)
        if plays:
            yield _item(thing, at, frames, rate, None if before else _join(last, rate), _join(following, rate))
        at, before = at + frames, plays


def _join(thing: Any, rate: Rate) -> HostJoin | None:
    if not isinstance(thing, otio.schema.Transition):
        return None
    known, (early, late) = facts.facts_of(thing), offsets(thing, rate)
    kind = "gamma dissolve" if facts.flag(known, _GAMMA) else "dissolve"
    return HostJoin(facts.text(known, "id"), early, late, kind)


def _item(thing: Any, at: int, frames: int, rate: Rate, head: HostJoin | None, tail: HostJoin | None) -> HostItem:
    own = facts.text(facts.facts_of(thing), "occurrence_id")
    speed = speed_of(thing)
    retimed = str(Fraction(1) if speed is None else speed)
    about: dict[str, Any] = {"speed": retimed, "enabled": thing.enabled, "head": head, "tail": tail}
    first = exact_range_of(trimmed(thing), rate)[0]
    if isinstance(thing, otio.schema.Stack):
        tracks = tuple(_track(track, rate) for track in thing if isinstance(track, otio.schema.Track))
        return HostItem(own, thing.name, at, frames, media_start=round(first), tracks=tracks, **about)
    reference = thing.media_reference
    available = exact_range_of(reference.available_range, rate) if reference.available_range is not None else None
    start = available[0] if available else Fraction(0)
    length = round(available[1]) if available else 0
    path = path_of(reference)
    return HostItem(own, thing.name, at, frames, path, round(first - start), round(start), length, **about)


def _as_track(track: HostTrack, rate: Rate) -> Any:
    kinds = {name: kind for kind, name in _KINDS.items()}
    made = otio.schema.Track(track.name, kind=kinds[track.kind])
    made.enabled = track.enabled
    _known_as(made, "id", track.id)
    at = 0
    for item in sorted(track.items, key=lambda item: item.start):
        if item.start < at:
            raise ProjectError(f"“{item.name[:60]}” overlaps what is before it on {track.name}.", "Move it there.")
        if item.start > at:
            made.append(otio.schema.Gap(source_range=_span(0, item.start - at, rate)))
        inner = (_as_join(item.head, rate), _as_item(item, rate), _as_join(item.tail, rate))
        made.extend([each for each in inner if each is not None])
        at = item.start + item.frames
    return made


def _as_join(join: HostJoin | None, rate: Rate) -> Any:
    if join is None:
        return None
    made = otio.schema.Transition(
        name="Dissolve",
        transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
        in_offset=time_of(join.early, rate),
        out_offset=time_of(join.late, rate),
    )
    known = {"id": join.id} if join.id else {}
    facts.put_facts(made, {**known, **({_GAMMA: True} if join.kind == "gamma dissolve" else {})})
    return made


def _as_item(item: HostItem, rate: Rate) -> Any:
    if item.tracks:
        made = otio.schema.Stack(item.name, [_as_track(track, rate) for track in item.tracks])
        made.source_range = _span(item.media_start, item.frames, rate)
    else:
        first = item.media_first or 0
        made = otio.schema.Clip(item.name, source_range=_span(first + item.media_start, item.frames, rate))
        if item.media:
            available = _span(first, item.media_frames, rate) if item.media_frames else None
            reference = otio.schema.ExternalReference(url_of(item.media), available)
            if item.media_first is None:
                facts.put_facts(reference, {FROM_FIRST: True})
            made.media_reference = reference
    made.enabled = item.enabled
    _known_as(made, "occurrence_id", item.id)
    speed = _speed(item)
    if speed != 1:
        warp = otio.schema.LinearTimeWarp(time_scalar=float(speed)) if speed else otio.schema.FreezeFrame()
        made.effects.append(warp)
    return made


def _speed(item: HostItem) -> Fraction:
    try:
        return Fraction(item.speed)
    except (ValueError, ZeroDivisionError):
        raise ProjectError(f"“{item.name[:60]}” has the speed “{item.speed[:20]}”.", "Write it as 2 or 1/2.") from None


def _span(start: int, frames: int, rate: Rate) -> Any:
    return otio.opentime.TimeRange(time_of(start, rate), time_of(frames, rate))


def _known_as(thing: Any, key: str, own: str) -> None:
    if own:
        facts.put_facts(thing, {key: own})
