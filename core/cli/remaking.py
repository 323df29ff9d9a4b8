"""`shotwright loop`, `reroll` and `restyle` on an edit: a clip made anew where it stands.

A shot's clip plays what comes of it, as the shot's next take. Any other clip stays; the new one lies above it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import UsageError
from .clip_making import Wanted, made_take
from .edit_places import FilePlace, FilmPlace, Made
from .edits import source_of, tell_growth

if TYPE_CHECKING:
    from ..clips.growth import Growth
    from ..clips.source import Source
    from ..timeline.cut_clips import CutClip
    from ..timeline.steps import Extension, NewMedia
    from ..timing import FrameRange
    from .reporting import Report

Remade = Callable[["CutClip", "Source"], "Growth"]


def remake_in_edit(
    report: Report,
    place: FilmPlace | FilePlace,
    name: str,
    remade: Remade,
    wanted: Wanted,
    notices: tuple[str, ...] = (),
) -> None:
    """Makes a clip of an edit anew and answers as `extend`, with `notices` before those that come up."""
    from ..clips.links import notices_of
    from ..timeline.cutting import clip_of, extended

    clip = clip_of(place.edit, name)
    source = source_of(place, clip)
    grown = remade(clip, source)
    assert grown.job is not None

    def step(media: NewMedia) -> Extension:
        return grown.extension("gap", False, media, above=not clip.shot_id)

    extended(place.edit, step(grown.media("planned.mov", False)))  # what can't be done is refused before the work
    made = Made(made_take(report, grown.job, wanted), wanted.link)
    with place.keeping(grown.job, made, f"{clip.name}_new", clip) as kept:
        edit, more = place.apply(step(grown.media(kept.path, False, kept.take, kept.start_frames)))
    tell_growth(report, grown, source, "gap", edit, (*notices, *more, *notices_of(made.take)), kept)


def loop_in_edit(report: Report, place: FilmPlace | FilePlace, name: str, length: str, wanted: Wanted) -> None:
    """Leads a clip of an edit back to its start and answers: what leads back plays where there is room for it."""
    from ..clips.anew import looped
    from ..timeline.cutting import clip_of, room_behind
    from ..timing import parse_length

    clip = clip_of(place.edit, name)
    frames, room = parse_length(length, clip.rate), room_behind(place.edit, clip)
    plays = not clip.shot_id or room is None or room >= frames
    waits = f"The {frames} frames that lead back wait behind the cut of {clip.name}: there is free space of {room}."
    remake_in_edit(
        report,
        place,
        name,
        lambda clip, source: looped(clip, source, frames, frames if plays else 0),
        wanted,
        () if plays else (waits,),
    )


def stretch_of(place: FilmPlace | FilePlace, name: str, start: str, end: str) -> FrameRange:
    """Record frames of a clip from its first one on, typed as such (`48`) or as the film's timecode; raises UsageError.

    Whether they are inside of it is not asked here.
    """
    from ..timeline.cutting import clip_of
    from ..timing import FrameRange, parse_timecode

    clip = clip_of(place.edit, name)

    def place_in(text: str) -> int:
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        if ":" not in text:
            raise UsageError(f"“{text[:40]}” is no place in a clip.", "Write a frame of it, or a timecode of the film.")
        return parse_timecode(text, clip.rate) - place.edit.start_frames - clip.record.start

    return FrameRange(place_in(start), place_in(end))
