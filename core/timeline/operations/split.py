"""One item cut in two."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from ..joins import FADE_IN, FADE_OUT, take_off_fades
from ..spans import exact_frames_of
from .identities import part_from
from .piece import Cut, Piece
from .speed import speed_of


def split(piece: Piece, frames: Fraction, links: defaultdict[str, str]) -> Piece:
    """Cuts a piece so many frames behind its head, and returns the later half; `piece` is the earlier one then.

    Both halves keep references, effects and metadata; a fade stays at its own end. The later half is an occurrence of
    its own, and linked to the later halves of what the whole was linked to (`links`: new link IDs by old).
    Raises RefusedError where the speed changes over time.
    """
    later = Piece(piece.item.clone(), piece.rate, piece.length, piece.start, tail=piece.tail)
    piece.tail = Cut()
    later.play(-frames, Fraction(0))
    piece.play(Fraction(0), frames - piece.length)
    _share_markers(piece, later)
    take_off_fades(piece.item, FADE_OUT)
    take_off_fades(later.item, FADE_IN)
    part_from(later.item, links)
    return later


def _share_markers(earlier: Piece, later: Piece) -> None:
    """Each half keeps the markers of its own media, handles included; the earlier keeps all where media are held."""
    speed = speed_of(earlier.item) or Fraction(0)
    at = max(earlier.start, later.start)

    def is_laters(marker: Any) -> bool:
        start = exact_frames_of(marker.marked_range.start_time, earlier.rate)
        return speed != 0 and (start >= at) == (speed > 0)

    for half in (earlier, later):
        kept = [marker for marker in half.item.markers if is_laters(marker) == (half is later)]
        del half.item.markers[:]
        half.item.markers.extend(kept)
