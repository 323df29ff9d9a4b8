"""What transitions lack: frames of media beyond the cut that they would show and that are not there.

A    [=======|=h=]              /6+8/ shows 8 frames of A behind the cut; A has h of them
B          [h|=======]          and 6 frames of B before it
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from .joins import offsets
from .operations.piece import Piece
from .operations.strip import Strip
from .parts import rate_of
from .steps import Side


@dataclass(frozen=True)
class MissingHandles:
    """A transition at record frame `at`: the record frames that `before` lacks at its tail, `behind` at its head."""

    track: str
    at: int
    before: str
    behind: str
    tail_frames: int
    head_frames: int


def missing_handles(timeline: Any) -> list[MissingHandles]:
    """The transitions of a timeline's video tracks that lack frames, in their order.

    What is held, and media whose length the edit does not say, lack none.
    """
    found = []
    for track in timeline.tracks:
        if isinstance(track, otio.schema.Track) and track.kind == otio.schema.TrackKind.Video:
            strip = Strip(track, rate_of(timeline), defaultdict(str))
            found += [lack for lack in _on_strip(strip) if lack.tail_frames or lack.head_frames]
    return found


def _on_strip(strip: Strip) -> list[MissingHandles]:
    found = []
    ends = [(-strip.origin, None), *((start + piece.length, piece) for start, piece in strip.placed())]
    for (at, left), right in zip(ends, [*strip.pieces, None], strict=True):
        cut = left.tail if left else right.head if right else None
        if cut is not None and cut.transition is not None:
            early, late = offsets(cut.transition, strip.rate)
            found.append(
                MissingHandles(
                    strip.name,
                    round(at),
                    left.told if left else "",
                    right.told if right else "",
                    _lacks(left, "tail", late),
                    _lacks(right, "head", early),
                )
            )
    return found


def _lacks(piece: Piece | None, side: Side, frames: int) -> int:
    handle = piece.handle(side) if piece else None
    return math.ceil(max(Fraction(0), frames - handle)) if handle is not None else 0
