"""What comes into an edit and what goes: insert, overwrite, fill, open up, remove.

V1   | A | B |        insert C at ^        | A | C | B |        overwrite with C at ^     | A |  C  |
         ^                                                                                    (B is covered)
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from ...errors import RefusedError, UsageError
from .piece import Piece
from .working_copy import Edited, Place, WorkingCopy, on_item, on_track


def insert(timeline: Any, track: Place, at: int, item: Any) -> Edited:
    """Puts an item on a track at record frame `at`; all from there on moves later by its length.

    So it does on sync-locked tracks: see `open_up`. Behind the track's end, a gap comes first. Raises UsageError.
    """
    copy, strip = on_track(timeline, track)
    piece, start = copy.piece_of(item), _frame(at)
    copy.shift(start, piece.length, copy.moving(strip))
    strip.lay(piece, start)
    return copy.finish()


def overwrite(timeline: Any, track: Place, at: int, item: Any) -> Edited:
    """Puts an item on a track from record frame `at` on, over what plays there; nothing else moves.

    Behind the track's end, a gap comes first. Raises UsageError.
    """
    copy, strip = on_track(timeline, track)
    strip.lay(copy.piece_of(item), _frame(at))
    return copy.finish()


def fill(timeline: Any, track: Place, at: int, item: Any) -> Edited:
    """Puts an item into the gap at record frame `at`, from its in point on, and exactly as long as the gap.

    Raises RefusedError where there is no gap, or where the item's media end before the gap does.
    """
    copy, strip = on_track(timeline, track)
    piece, gap = copy.piece_of(item), strip.playing(_frame(at))
    if gap is None or not gap.is_gap:
        raise RefusedError(f"There is no gap on {strip.name} at frame {at}.", "Insert or overwrite there instead.")
    piece.resize(Fraction(0), gap.length - piece.length)
    strip.put(piece, gap)
    return copy.finish()


def remove(timeline: Any, place: Place, close_up: bool = False, linked: bool = True) -> Edited:
    """Takes an item out, and the sound that belongs to it: gaps stay where they were.

    With `close_up`, the record frames that the item took go, on its track and on all sync-locked ones: what follows
    moves up, and what else played in those frames goes with them, which the notices tell. Raises UsageError.
    """
    copy, strip, piece = on_item(timeline, place)
    start, length = strip.start_of(piece), piece.length
    for other, part in copy.belonging(strip, piece, linked):
        other.put(Piece.gap(part.length, copy.rate), part)
    if close_up:
        copy.shift(start, -length, copy.moving(strip))
    return copy.finish()


def open_up(timeline: Any, at: int, frames: int, tracks: Collection[int] | None = None, within: Place = ()) -> Edited:
    """Makes room of so many frames at record frame `at`: on sync-locked tracks all from there on moves later.

    An item that straddles the point is split there, a gap there grows; a track that ends before is left alone. `tracks`
    names the tracks by their indices instead, `within` the nested stack that they are in. Raises UsageError.
    """
    if frames < 1:
        raise UsageError(f"Room of {frames} frames can't be made.", "Ask for one frame at least.")
    copy = WorkingCopy(timeline, within)
    strips = copy.moving() if tracks is None else [copy.strip(index) for index in sorted(set(tracks))]
    copy.shift(_frame(at), Fraction(frames), strips)
    return copy.finish()


def _frame(at: int) -> Fraction:
    if at < 0:
        raise UsageError(f"Frame {at} lies before the edit begins.", "Count record frames from 0.")
    return Fraction(at)
