"""The copy of a timeline that one operation works on: which tracks move together, and what comes out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from ...errors import UsageError
from ..parts import rate_of
from ..spans import exact_frames_of, time_at, trimmed
from .identities import make_known
from .links import linked
from .piece import Piece
from .strip import Strip, is_sync_locked

Place = tuple[int, ...]
"""Where something is: `(1, 4)` is `timeline.tracks[1][4]`, `(1, 4, 0, 2)` is item 2 of track 0 of the stack there.

Counted as OTIO's own lists are, from 0, transitions too.
"""


@dataclass(frozen=True)
class Edited:
    """What an operation gives: the new timeline, and sentences on what went that nobody asked to go."""

    timeline: Any
    notices: tuple[str, ...] = ()


class WorkingCopy:
    """A timeline's copy with the tracks of one stack laid out: those of the film, or of a nested stack.

    A nested composition never changes its length in what it is nested in: where no `source_range` says how long that
    is, it gets one that says what it was. What an operation adds may then lie behind that end, until somebody trims the
    composition longer.
    """

    def __init__(self, timeline: Any, within: Place) -> None:
        self.timeline = timeline.clone()
        self.rate = rate_of(self.timeline)
        self._notices: list[str] = []
        line = _line_to(self.timeline, within)
        self._composition = line[-1]
        self._is_stack = isinstance(self._composition, otio.schema.Stack)
        links: defaultdict[str, str] = defaultdict(lambda: uuid.uuid4().hex[:12])
        tracks = {i: child for i, child in enumerate(self._composition) if isinstance(child, otio.schema.Track)}
        self._strips = {index: Strip(track, self.rate, links) for index, track in tracks.items()}
        nested = [child for parent, child in pairwise(line) if isinstance(parent, otio.schema.Track)]
        nested += [] if self._is_stack else tracks.values()
        self._lengths = [(child, trimmed(child)) for child in nested if child.source_range is None]

    def strip(self, index: int) -> Strip:
        """The track of that index; raises UsageError where there is none."""
        if index not in self._strips:
            raise UsageError(f"There is no track {index} there.", "Count tracks from 0, in the order of the file.")
        return self._strips[index]

    def moving(self, strip: Strip | None = None) -> list[Strip]:
        """The tracks that move when room is made or closed on one: itself, and those that are sync-locked."""
        locked = [other for other in self._strips.values() if self._is_stack and is_sync_locked(other.track)]
        return locked if strip is None or strip in locked else [strip, *locked]

    def belonging(self, strip: Strip, piece: Piece, with_linked: bool) -> list[tuple[Strip, Piece]]:
        """A piece and, if asked for, what is linked to it, with the tracks they are on; the piece comes first."""
        others = self._strips.values() if with_linked and self._is_stack else ()
        return [(strip, piece), *linked(strip, piece, others)]

    def piece_of(self, item: Any) -> Piece:
        """A copy of an item that is to come in; raises UsageError for what can't stand on a track."""
        if not isinstance(item, otio.core.Item):
            raise UsageError("Only clips, gaps and nested edits can be put on a track.", "Choose one of these.")
        piece = Piece.of(item.clone(), self.rate)
        if not piece.length:
            raise UsageError(f"There are no frames in {piece.told}.", "Set its in and out points first.")
        make_known(piece.item, self.timeline)
        return piece

    def shift(self, at: Fraction, frames: Fraction, strips: Iterable[Strip], resized: Collection[Strip] = ()) -> None:
        """Makes so many frames of room at a record frame; closes up so many from there on where negative.

        Markers on the tracks and on their stack move too. `resized` are those of the tracks whose pieces have moved.
        """
        for strip in strips:
            if strip not in resized and frames > 0:
                strip.open(at, frames)
            elif strip not in resized:
                self._notices += strip.close(at, -frames)
            self._shift_markers(strip.track, at + strip.origin, frames)
        if self._is_stack:
            self._shift_markers(self._composition, at, frames)

    def tell(self, *sentences: str) -> None:
        """Adds notices on what went otherwise than one could expect."""
        self._notices += sentences

    def finish(self) -> Edited:
        """What came of it."""
        for strip in self._strips.values():
            self._notices += strip.write(grows=self._is_stack)
        for composition, span in self._lengths:
            if trimmed(composition) != span:
                composition.source_range = span
        return Edited(self.timeline, tuple(self._notices))

    def _shift_markers(self, composition: Any, at: Fraction, frames: Fraction) -> None:
        for marker in composition.markers:
            span = marker.marked_range
            start = exact_frames_of(span.start_time, self.rate)
            if start >= at:  # what was marked in frames that are closed up is marked where they were
                moved = time_at(max(at, start + frames), self.rate, span.start_time)
                marker.marked_range = otio.opentime.TimeRange(moved, span.duration)


def on_track(timeline: Any, track: Place) -> tuple[WorkingCopy, Strip]:
    """A copy to work on one of its tracks; raises UsageError where there is no such track."""
    if not track:
        raise UsageError("A track has to be named.", "The first one is (0,).")
    copy = WorkingCopy(timeline, track[:-1])
    return copy, copy.strip(track[-1])


def on_item(timeline: Any, place: Place) -> tuple[WorkingCopy, Strip, Piece]:
    """A copy to work on one item of it; raises UsageError where there is none."""
    copy, strip = on_track(timeline, place[:-1])
    index = place[-1]
    piece = strip.by_index[index] if 0 <= index < len(strip.by_index) else None
    if piece is None:
        raise UsageError(f"There is no clip {index} on {strip.name}.", "Count from 0; transitions count too.")
    return copy, strip, piece


def composition_at(timeline: Any, place: Place) -> Any:
    """The nested composition at a place, the timeline's own stack for `()`; raises UsageError where there is none."""
    return _line_to(timeline, place)[-1]


def _line_to(timeline: Any, place: Place) -> list[Any]:
    """The compositions from the timeline's own stack to the one at a place."""
    line = [timeline.tracks]
    for index in place:
        line.append(_composition_in(line[-1], index, place))
    return line


def _composition_in(parent: Any, index: int, place: Place) -> Any:
    child = parent[index] if 0 <= index < len(parent) else None
    if not isinstance(child, otio.core.Composition):
        raise UsageError(f"There is no nested edit at {'.'.join(map(str, place))}.", "Count from 0 at each level.")
    return child
