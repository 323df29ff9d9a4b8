"""Clips laid where nothing plays: on a track, or on the lowest one above it that is free there.

V2      |......| C |          V3  |  X  |
V1  | A |..X?..| B |          V2  | C |...|        X over A: C is in the way on V2, so it gets a track of its own
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ..timing import FrameRange, Rate
from .operations import Edited, Place, overwrite
from .operations.strip import Strip
from .operations.working_copy import composition_at
from .parts import rate_of
from .spans import range_of, trimmed

_VIDEO = otio.schema.TrackKind.Video


def laid(timeline: Any, lowest: Place, at: int, item: Any) -> Edited:
    """The timeline with an item from record frame `at` on, on the first picture track from the `lowest` on that is
    free there; a new one above all others of its stack where none is."""
    rate, within = rate_of(timeline), lowest[:-1]
    record = FrameRange(at, at + len(range_of(trimmed(item), rate)))
    tracks = composition_at(timeline, within)
    pictures = [index for index, track in enumerate(tracks) if getattr(track, "kind", "") == _VIDEO]
    free = next((index for index in pictures if index >= lowest[-1] and _is_free(tracks[index], rate, record)), None)
    if free is None:
        timeline, free = timeline.clone(), pictures[-1] + 1
        tracks = composition_at(timeline, within)
        names = {track.name for track in tracks}
        number = next(number for number in range(len(pictures) + 1, 10_000) if f"V{number}" not in names)
        tracks.insert(free, otio.schema.Track(f"V{number}", kind=_VIDEO))
    return overwrite(timeline, (*within, free), record.start, item)


def _is_free(track: Any, rate: Rate, record: FrameRange) -> bool:
    strip = Strip(track, rate, defaultdict(str))
    return all(
        piece.is_gap or at >= record.end or at + piece.length <= Fraction(record.start) for at, piece in strip.placed()
    )
