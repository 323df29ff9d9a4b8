"""What a clip gains inside of a nested edit, shown in the film: the nested edit grows where its end was to be seen.

film      | [ A | B ] |....| D |        nested:  | A | B |
B + 2     | [ A | B++ ] |..| D |                 | A | B++ |
A + 2     | [ A | B ] |....| D |                 | A++ | B |     with `ripple` the film has the same two more
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from .operations import Edited, Place, lengthen
from .operations.strip import Strip
from .operations.working_copy import composition_at
from .parts import rate_of
from .spans import exact_range_of, time_at, trimmed
from .steps import Mode, Side

_NOTHING = Fraction(0)


def lengthened(
    timeline: Any, place: Place, side: Side, frames: int, mode: Mode = "gap", over_neighbour: bool = False
) -> Edited:
    """As `lengthen`, and what an item in a nested edit gains is shown, as much as its own end was.

    Raises as `lengthen` does, for the nested edit as well.
    """
    nest = place[:-2]
    if not nest or not frames:
        return lengthen(timeline, place, side, frames, mode, over_neighbour)
    start, end = _record(timeline, place)
    shown_start, shown_end, whole_end = _shown(timeline, nest)
    if side == "head" and mode == "gap" and start == _NOTHING:  # room before it is the film's to give
        edited = lengthen(timeline, place, side, frames, "ripple", over_neighbour)
        timeline, more = _begun_later(edited.timeline, nest, frames), Fraction(frames)
    else:
        edited = lengthen(timeline, place, side, frames, mode, over_neighbour)
        timeline = edited.timeline
        if mode == "ripple":
            side, more = "tail", Fraction(frames) if whole_end <= shown_end else _NOTHING
        elif side == "tail":
            more = end + frames - shown_end if end <= shown_end else _NOTHING
        else:
            more = shown_start - start + frames if start >= shown_start else _NOTHING
    if more <= 0:
        return Edited(timeline, edited.notices)
    outer = lengthened(timeline, nest, side, round(more), mode, over_neighbour)
    return Edited(outer.timeline, (*edited.notices, *outer.notices))


def _record(timeline: Any, place: Place) -> tuple[Fraction, Fraction]:
    """Where an item begins and ends in the edit that it is in."""
    strip = Strip(composition_at(timeline, place[:-1]), rate_of(timeline), defaultdict(str))
    piece = strip.by_index[place[-1]]
    assert piece is not None  # an item, not a transition
    start = strip.start_of(piece)
    return start, start + piece.length


def _shown(timeline: Any, nest: Place) -> tuple[Fraction, Fraction, Fraction]:
    """From where to where a nested edit is shown, and where it ends, in its own frames."""
    rate, composition = rate_of(timeline), composition_at(timeline, nest)
    start, length = exact_range_of(trimmed(composition), rate)
    first, whole = exact_range_of(composition.available_range(), rate)
    return start, start + length, first + whole


def _begun_later(timeline: Any, nest: Place, frames: int) -> Any:
    """The timeline with a nested edit shown from so many frames later on, as long as before."""
    timeline = timeline.clone()
    composition = composition_at(timeline, nest)
    span = trimmed(composition)
    start = exact_range_of(span, rate_of(timeline))[0] + frames
    composition.source_range = otio.opentime.TimeRange(
        time_at(start, rate_of(timeline), span.start_time), span.duration
    )
    return timeline
