"""A clip's extension put into its edit: new media beside the old ones, and the frames of them that play.

    axis          100        124
    old media  [h |===========|hh]             stays, under its key
    new media  [h |===========|hh++++++]       h handles, + made anew; all on one axis, so no cut moves by the switch
    plays         |============+++++++|

A shot's new media are its next take; any other clip's are a further reference, and so are those of the sound that
belongs to it and plays the same media: under the new frames it hears their room tone.

A clip that is to stay as it is gets a copy above it instead, which plays the new media alone (`Extension.above`).
"""

from __future__ import annotations

import itertools
import uuid
from fractions import Fraction
from pathlib import PurePath
from typing import Any

import opentimelineio as otio

from ..errors import StateError
from ..timing import Rate
from . import facts
from .cut_clips import CutClip
from .finding import found_clip
from .laying import laid
from .nesting import lengthened
from .operations.piece import Piece
from .operations.speed import speed_of
from .operations.working_copy import Edited, composition_at, on_item
from .parts import all_clips, rate_of
from .references import path_of, url_of
from .shot_clips import add_extension, shot_id_of
from .spans import available, exact_range_of, time_at, trimmed
from .steps import Extension, NewMedia


def extended(timeline: Any, extension: Extension) -> Edited:
    """The timeline with a clip extended. Raises as `lengthen`, and StateError where the clip has changed meanwhile."""
    clip = found_clip(timeline, extension.clip, nested=True)
    if clip.state != extension.state:
        raise StateError(f"{clip.name} plays something else now than its frames were made for.", "Extend it again.")
    if extension.above and extension.media is not None:
        return _with_copy(timeline, clip, extension, extension.media)
    if extension.media is not None:
        timeline = _with_media(timeline, clip, extension, extension.media)
    return lengthened(timeline, clip.place, extension.side, extension.frames, extension.mode, extension.over_neighbour)


def _with_media(timeline: Any, clip: CutClip, extension: Extension, media: NewMedia) -> Any:
    copy, strip, piece = on_item(timeline, clip.place)
    for other, part in copy.belonging(strip, piece, with_linked=True):
        if part is piece and media.take:
            _put_take(copy.timeline, piece.item, media, len(clip.record) + extension.frames, copy.rate)
        elif part is piece or (other.is_sound and _sounds_the_same(part, clip, media)):
            _put_reference(part.item, media, copy.rate)
    return copy.timeline


def _with_copy(timeline: Any, clip: CutClip, extension: Extension, media: NewMedia) -> Edited:
    """The timeline with a copy of a clip above it that plays the new media; sound and all that is cut stay."""
    rate = rate_of(timeline)
    item = composition_at(timeline, clip.place[:-1])[clip.place[-1]].clone()
    item.media_reference = _reference(item, media, media.first, rate)
    facts.put_facts(item.media_reference, {"generated": True})
    item.name = PurePath(media.path).stem
    facts.put_facts(item, {"occurrence_id": uuid.uuid4().hex[:12], "parent_occurrence_id": clip.address})
    del item.markers[:]
    piece = Piece.of(item, rate)
    piece.play(Fraction(0), Fraction(extension.frames))
    piece.write()
    above = (*clip.nested_in, clip.place[-2] + 1)
    return laid(timeline, above, clip.record.start, item)


def _put_reference(clip: Any, media: NewMedia, rate: Rate) -> None:
    """Gives a clip that is no shot's the new media, which play; what it had stays under its key."""
    references, active = clip.media_references(), clip.active_media_reference_key
    names = (f"EXTENDED{number:02}" for number in itertools.count(1))
    key = next(name for name in names if name not in references)
    references[key] = _reference(clip, media, media.first, rate)
    facts.put_facts(references[key], {"generated": True, "extends": active})
    clip.set_media_references(references, key)


def _sounds_the_same(part: Piece, clip: CutClip, media: NewMedia) -> bool:
    """Whether the new media have all that a sound plays, on the same axis."""
    if (
        not media.sounds
        or not isinstance(part.item, otio.schema.Clip)
        or path_of(part.item.media_reference) != clip.media
    ):
        return False
    there = available(part.item)
    origin = exact_range_of(there, part.rate)[0] if there is not None else None
    end = part.start + part.length * abs(speed_of(part.item) or Fraction(0))
    return origin == (clip.available and clip.available[0]) and media.real_first <= part.start <= end <= media.real_end


def _put_take(timeline: Any, active: Any, media: NewMedia, frames: int, rate: Rate) -> None:
    """Gives all clips of the shot the take, of which so many frames play in the one that was extended."""
    cut_in = facts.whole(facts.facts_of(active), "cut_in")
    key = active.active_media_reference_key
    if media.take in active.media_references():
        raise StateError(f"{active.name} has a {media.take} already.", "Extend it again: it then gets a free number.")
    for clip in all_clips(timeline):
        if shot_id_of(clip) == shot_id_of(active) and key in clip.media_references():
            known = facts.facts_of(clip.media_references()[key])
            first = media.first + facts.whole(facts.facts_of(clip), "cut_in") - cut_in
            reference = _reference(clip, media, first, rate)
            new = {"frames": frames, "handle_frames": 0, "start_frames": media.start_frames, "circled": False}
            facts.put_facts(reference, {**known, **new, "generated": True, "extends": key})
            add_extension(clip, media.take, reference, rate)
    active.active_media_reference_key = media.take


def _reference(clip: Any, media: NewMedia, first: Fraction, rate: Rate) -> Any:
    span = clip.media_reference.available_range or trimmed(clip)
    reference = otio.schema.ExternalReference(
        target_url=url_of(media.path),
        available_range=otio.opentime.TimeRange(
            time_at(first, rate, span.start_time), time_at(media.end - media.first, rate, span.duration)
        ),
    )
    reference.name = PurePath(media.path).stem
    return reference
