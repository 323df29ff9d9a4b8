"""Clips laid where nothing plays: on a track, or on the lowest one above it that is free there.

V2      |......| C |          V3  |  X  |
V1  | A |..X?..| B |          V2  | C |...|        X over A: C is in the way on V2, so it gets a track of its own
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ..timing import FrameRange
from .operations import Edited, overwrite
from .operations.strip import Strip
from .parts import rate_of
from .spans import range_of, trimmed

_VIDEO = otio.schema.TrackKind.Video


def laid(timeline: Any, lowest: int, at: int, item: Any) -> Edited:
    """The timeline with an item from record frame `at` on, on the first picture track from index `lowest` on that is
    free there; a new one above all others where none is."""
    record = FrameRange(at, at + len(range_of(trimmed(item), rate_of(timeline))))
    pictures = [index for index, track in enumerate(timeline.tracks) if track.kind == _VIDEO]
    free = next((index for index in pictures if index >= lowest and _is_free(timeline, index, record)), None)
    if free is None:
        timeline, free = timeline.clone(), pictures[-1] + 1
        names = {track.name for track in timeline.tracks}
        number = next(number for number in range(len(pictures) + 1, 10_000) if f"V{number}" not in names)
        timeline.tracks.insert(free, otio.schema.Track(f"V{number}", kind=_VIDEO))
    return overwrite(timeline, (free,), record.start, item)


def _is_free(timeline: Any, index: int, record: FrameRange) -> bool:
    strip = Strip(timeline.tracks[index], rate_of(timeline), defaultdict(str))
    return all(
        piece.is_gap or at >= record.end or at + piece.length <= Fraction(record.start) for at, piece in strip.placed()
    )
