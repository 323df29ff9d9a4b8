"""One shot as one clip: made, brought up to date, given a take, shown another."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import opentimelineio as otio

from ..film import ProjectSettings, Shot, Take
from ..film.take import take_number
from ..timing import FrameRange, Rate
from . import facts
from .references import PANEL, SLATE, is_take, moved, panel_references, slate_reference, take_reference
from .spans import range_of, span_of

_TEXT_LENGTH = 400


def shot_id_of(item: Any) -> str:
    """The shot that a clip belongs to, empty where it is none of ours."""
    return facts.text(facts.facts_of(item), "shot_id") if isinstance(item, otio.schema.Clip) else ""


def new_clip(shot: Shot, settings: ProjectSettings) -> Any:
    """A clip for a shot that has no take: its first panel plays, or a slate."""
    rate, cut_in = settings.rate, settings.handle_frames
    clip = otio.schema.Clip(name=shot.name, source_range=span_of(FrameRange(cut_in, cut_in + shot.frames), rate))
    occurrence = hashlib.sha256(f"{shot.shot_id}:1".encode()).hexdigest()[:12]
    facts.put_facts(clip, {"shot_id": shot.shot_id, "occurrence_id": occurrence, "cut_in": cut_in})
    update_clip(clip, shot, settings)
    return clip


def update_clip(clip: Any, shot: Shot, settings: ProjectSettings, only_this: bool = True) -> None:
    """Brings a clip after its shot's words, panels and length; its takes and what plays stay.

    The length is set only where the shot's own has changed: a cut that somebody trimmed by hand stays as it is trimmed,
    and so does a further piece of the shot (`only_this` false).
    """
    known = facts.facts_of(clip)
    rate, cut_in = settings.rate, facts.whole(known, "cut_in")
    retimed = facts.whole(known, "shot_frames") != shot.frames != len(range_of(clip.trimmed_range(), rate))
    if only_this and retimed:
        clip.source_range = span_of(FrameRange(cut_in, cut_in + shot.frames), rate)
    clip.name = shot.name
    first = max(0, cut_in - settings.handle_frames)
    axis = FrameRange(first, cut_in + shot.frames + settings.handle_frames)
    others = {key: ref for key, ref in clip.media_references().items() if not key.startswith((PANEL, SLATE))}
    if _is_unmade(clip):
        others = {}
    _put_references(clip, {**others, **panel_references(shot.panels, axis, rate)}, axis, rate)
    facts.change_facts(
        clip,
        scene=shot.scene,
        heading=shot.heading[:_TEXT_LENGTH],
        text=shot.text[:_TEXT_LENGTH],
        shot_frames=shot.frames,
        **({"omitted": shot.omitted} if shot.omitted or "omitted" in known else {}),
    )


def renew_occurrence(clip: Any) -> None:
    """Gives a clip that was cut off or copied an occurrence ID of its own; its parent's is recorded."""
    parent = facts.text(facts.facts_of(clip), "occurrence_id")
    facts.change_facts(clip, occurrence_id=uuid.uuid4().hex[:12], parent_occurrence_id=parent)


def _is_unmade(clip: Any) -> bool:
    """Whether a clip has only the nothing that OTIO gives a new one."""
    references = clip.media_references()
    return set(references) == {otio.schema.Clip.DEFAULT_MEDIA_KEY} and isinstance(
        references[otio.schema.Clip.DEFAULT_MEDIA_KEY], otio.schema.MissingReference
    )


def _put_references(clip: Any, references: dict[str, Any], axis: FrameRange, rate: Rate) -> None:
    """Sets a clip's references; what played goes on playing where it is still there, else the last take, else PANEL."""
    active = clip.active_media_reference_key
    if not references:
        references = {SLATE: slate_reference(axis, rate)}
    if active not in references:
        takes = sorted(filter(is_take, references), key=take_number)
        active = takes[-1] if takes else PANEL if PANEL in references else next(iter(references))
    clip.set_media_references(references, active)


def add_take(clip: Any, take: Take, rate: Rate, suffix: str, media_frames: int | None = None) -> bool:
    """Gives a clip a take, which plays where it is the first; False where it has that take already."""
    references = clip.media_references()
    if take.key in references:
        return False
    known = facts.facts_of(clip)
    cut_in = facts.whole(known, "cut_in")
    if take.handle_frames > cut_in:
        shift_axis(clip, take.handle_frames - cut_in, rate)
        references, cut_in = clip.media_references(), take.handle_frames
    active = clip.active_media_reference_key
    if not any(map(is_take, references)):
        active = take.key
        references.pop(SLATE, None)
    references[take.key] = take_reference(take, cut_in, rate, suffix, media_frames)
    clip.set_media_references(references, active)
    facts.change_facts(clip, highest_take=max(highest_take(clip), take_number(take.key)))
    return True


def add_extension(clip: Any, key: str, reference: Any, rate: Rate) -> None:
    """Gives a clip a take that somebody made out of one of its own; what plays goes on playing.

    The take's range is on the clip's axis as it is; where it begins before 0, the axis moves.
    """
    references = clip.media_references()
    references[key] = reference
    clip.set_media_references(references, clip.active_media_reference_key)
    facts.change_facts(clip, highest_take=max(highest_take(clip), take_number(key)))
    first = range_of(reference.available_range, rate).start
    if first < 0:
        shift_axis(clip, -first, rate)


def shift_axis(clip: Any, frames: int, rate: Rate) -> None:
    """Moves a clip's axis, and with it all that stands on it, so that no frame has a negative number."""
    references = clip.media_references()
    for reference in references.values():
        moved(reference, frames, rate)
    clip.set_media_references(references, clip.active_media_reference_key)
    clip.source_range = span_of(range_of(clip.source_range, rate).shifted(frames), rate)
    for marker in clip.markers:
        marker.marked_range = span_of(range_of(marker.marked_range, rate).shifted(frames), rate)
    facts.change_facts(clip, cut_in=facts.whole(facts.facts_of(clip), "cut_in") + frames)


def remove_takes(clip: Any, keys: set[str], rate: Rate) -> None:
    """Takes references off a clip; their numbers are never given again."""
    highest = highest_take(clip)
    references = {key: reference for key, reference in clip.media_references().items() if key not in keys}
    _put_references(clip, references, range_of(clip.source_range, rate), rate)
    facts.change_facts(clip, highest_take=highest)


def highest_take(clip: Any) -> int:
    """The highest number that any take of the clip ever had, 0 for none."""
    known = facts.whole(facts.facts_of(clip), "highest_take")
    return max([known, *map(take_number, clip.media_references())])
