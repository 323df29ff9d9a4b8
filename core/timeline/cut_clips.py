"""The clips of an edit as plain data: where each plays, what of which media, and what joins it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ..errors import RefusedError
from ..timing import FrameRange, Rate, format_timecode
from . import facts
from .joins import offsets
from .operations.piece import Cut, Piece
from .operations.speed import speed_of
from .operations.strip import Strip
from .operations.working_copy import Place
from .parts import rate_of
from .references import path_of
from .spans import available, exact_range_of, frames_of, snapped
from .steps import Side


@dataclass(frozen=True)
class CutClip:
    """One clip of a video track.

    `address` finds it again. `record` are frames of the film, or of the nested edit that the clip is in; `rate` is the
    film's, `timecode` where the clip begins in it.
    Media times are in the film's frames, on the axis that all media of the clip share: from `start` on the clip plays
    `media` (a path as the edit holds it, empty for none), `speed` media frames each record frame, 0 where it holds,
    None where that changes over time. `available` is what the media have, first and end, None where the edit does not
    say. Transitions show `early_frames` more at its head, `late_frames` at its tail. `state` changes with
    what it plays. `cut_in` is the axis frame that has number 1001 in a shot's takes.
    """

    address: str
    place: Place
    name: str
    track: str
    shot_id: str
    key: str
    media: str
    record: FrameRange
    rate: Rate
    speed: Fraction | None
    start: Fraction
    length: Fraction
    available: tuple[Fraction, Fraction] | None
    early_frames: int
    late_frames: int
    state: str
    cut_in: int
    timecode: str = ""

    @property
    def nested_in(self) -> Place:
        """The place of the nested edit that it is in; empty for the film itself."""
        return self.place[:-2]

    @property
    def told(self) -> str:
        """The clip by its name and where it begins: `A@01:00:04:00`."""
        return f"{self.name}@{self.timecode}"

    def plays(self, side: Side = "tail", more_frames: int = 0) -> tuple[Fraction, Fraction]:
        """What it plays of its media, first and end, with so many record frames more on one side.

        Raises RefusedError where its speed changes over time.
        """
        if self.speed is None:
            raise RefusedError(
                f"The speed of {self.name} changes over time, so that its frames can't be counted here.",
                "Take the retime off first, or render the clip and extend the movie.",
            )
        start, end = self.start, self.start + self.length * abs(self.speed)
        more = more_frames * abs(self.speed)
        return (start, snapped(end + more)) if self.grows_at_end(side) else (snapped(start - more), snapped(end))

    def grows_at_end(self, side: Side) -> bool:
        """Whether more at that side is later in the media: a clip that runs backwards grows the other way."""
        return (side == "tail") == ((self.speed or 0) >= 0)

    def joined_frames(self, side: Side) -> int:
        """How many record frames beyond its cut a transition on that side shows."""
        return self.early_frames if side == "head" else self.late_frames


def cut_clips(timeline: Any, nested: bool = False) -> list[CutClip]:
    """The clips of a timeline's video tracks, track by track; those inside of nested edits too where `nested`."""
    rate, start = rate_of(timeline), timeline.global_start_time
    first = frames_of(start, rate) if start is not None else 0
    drop = facts.flag(facts.facts_of(timeline), "drop_frame")
    found = [
        replace(clip, timecode=format_timecode(max(0, round(shown_at)), rate, drop))
        for clip, shown_at in _in_stack(timeline.tracks, (), Fraction(first), rate, nested)
    ]
    known = Counter(clip.address for clip in found)
    return [clip if known[clip.address] == 1 and clip.address else replace(clip, address=clip.told) for clip in found]


def _in_stack(
    stack: Any, within: Place, origin: Fraction, rate: Rate, nested: bool
) -> Iterator[tuple[CutClip, Fraction]]:
    """The clips in a stack whose frame 0 is the film's `origin`, and where in the film each begins."""
    for index, track in enumerate(stack):
        if not isinstance(track, otio.schema.Track) or track.kind != otio.schema.TrackKind.Video:
            continue
        strip = Strip(track, rate, defaultdict(str))
        starts = {id(piece): start for start, piece in strip.placed()}
        for number, piece in enumerate(strip.by_index):
            if piece is None:
                continue
            place, at = (*within, index, number), starts[id(piece)]
            if isinstance(piece.item, otio.schema.Clip):
                yield _cut_clip(piece, at, place, strip), origin + at
            elif nested and isinstance(piece.item, otio.schema.Stack):
                yield from _in_stack(piece.item, place, origin + at - piece.start, rate, nested)


def _cut_clip(piece: Piece, at: Fraction, place: Place, strip: Strip) -> CutClip:
    item, known = piece.item, facts.facts_of(piece.item)
    media = path_of(item.media_reference)
    there = available(item) if media else None
    first, length = exact_range_of(there, strip.rate) if there is not None else (Fraction(0), Fraction(0))
    reach = (first, first + length) if there is not None else None
    plays = (item.active_media_reference_key, media, piece.start, piece.length, speed_of(item), reach)
    return CutClip(
        address=facts.text(known, "occurrence_id"),
        place=place,
        name=piece.told,
        track=strip.name,
        shot_id=facts.text(known, "shot_id"),
        key=item.active_media_reference_key,
        media=media,
        record=FrameRange(round(at), round(at + piece.length)),
        rate=strip.rate,
        speed=speed_of(item),
        start=piece.start,
        length=piece.length,
        available=reach,
        early_frames=_offset(piece.head, strip.rate, 0),
        late_frames=_offset(piece.tail, strip.rate, 1),
        state=hashlib.sha256(repr(plays).encode()).hexdigest()[:16],
        cut_in=facts.whole(known, "cut_in"),
    )


def _offset(cut: Cut, rate: Rate, which: int) -> int:
    return offsets(cut.transition, rate)[which] if cut.transition is not None else 0
