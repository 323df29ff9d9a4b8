"""Which sound belongs to which picture.

Items with the same `metadata["shotwright"]["link_id"]` that overlap in time belong together, on whatever tracks. One
without a link belongs to what plays the same media file over the same record frames, or is the sound of the same shot
there (`sound_of`), where at least one of the two is on an audio track. Of each track at most one item belongs: that
which overlaps longest.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import opentimelineio as otio

from .. import facts
from ..references import path_of
from .piece import Piece
from .strip import Strip

_LINK = "link"


def linked(strip: Strip, piece: Piece, strips: Iterable[Strip]) -> list[tuple[Strip, Piece]]:
    """What belongs to a piece, with the tracks it is on."""
    start = strip.start_of(piece)
    ties = _ties(piece, start)
    by_link = any(kind == _LINK for kind, *_ in ties)
    found = []
    for other in strips:
        if other is strip or not (by_link or strip.is_sound or other.is_sound):
            continue
        overlaps = {
            candidate: overlap
            for at, candidate in other.placed()
            if (overlap := min(start + piece.length, at + candidate.length) - max(start, at)) > 0
            and ties & _ties(candidate, at)
        }
        if overlaps:
            found.append((other, max(overlaps, key=lambda candidate: overlaps[candidate])))
    return found


def _ties(piece: Piece, start: Fraction) -> set[tuple[object, ...]]:
    known = facts.facts_of(piece.item)
    if link := facts.text(known, "link_id"):
        return {(_LINK, link)}
    if not isinstance(piece.item, otio.schema.Clip):
        return set()
    shot = facts.text(known, "shot_id") or facts.text(known, "sound_of")
    names = (("media", path_of(piece.item.media_reference)), ("shot", shot))
    return {(kind, name, round(start), round(start + piece.length)) for kind, name in names if name}
