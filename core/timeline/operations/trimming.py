"""What moves cuts and media under them: trim, slice, slip, slide, ripple, roll.

            | A | B | C |
    trim    | A |B|.| C |     B ends earlier; a gap is there; A and C stay
    ripple  | A |B| C |       B ends earlier; C moves up
    roll    | A |  B  |C|     the cut between B and C moves; A and all behind C stay
    slide   | A   | B |C|     B moves, as it is; A and C give and take
    slip    | A | b | C |     other frames of B's media play at the same place

`head_frames` and `tail_frames` are how many frames more an item plays at its head and tail, less where negative. Media
are the limit: where more frames are asked than the active reference has, a RefusedError says how many there are.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...errors import RefusedError
from ..steps import Side
from .piece import Piece
from .strip import Strip
from .working_copy import Edited, Place, WorkingCopy, on_item, on_track

_NOTHING = Fraction(0)


def trim(timeline: Any, place: Place, head_frames: int = 0, tail_frames: int = 0, linked: bool = True) -> Edited:
    """Moves an item's head and tail; its neighbours stay where they are, gaps shrink, grow or appear.

    Raises RefusedError where media or the gap beside it have too few frames, UsageError where there is no such item.
    """
    copy, strip, piece = on_item(timeline, place)
    for other, part in copy.belonging(strip, piece, linked):
        _trim(other, part, Fraction(head_frames), Fraction(tail_frames))
    return copy.finish()


def ripple(timeline: Any, place: Place, head_frames: int = 0, tail_frames: int = 0, linked: bool = True) -> Edited:
    """Changes an item's length at its head or tail; all behind it moves, on sync-locked tracks too.

    Those are opened up at the item's head or tail, or closed up there: what played in frames that are closed up goes,
    which the notices tell. Sound that belongs to the item is made longer or shorter with it; on a track that is not
    sync-locked it is trimmed in its place. Raises RefusedError where media have too few frames, UsageError where there
    is no such item.
    """
    copy, strip, piece = on_item(timeline, place)
    parts = copy.belonging(strip, piece, linked)
    edges: tuple[tuple[Side, int], ...] = (("tail", tail_frames), ("head", head_frames))
    for side, frames in edges:
        if frames:
            ripple_parts(copy, strip, parts, side, Fraction(frames))
    return copy.finish()


def roll(timeline: Any, place: Place, frames: int, linked: bool = True) -> Edited:
    """Moves the cut at an item's head so many frames later, earlier where negative; nothing else moves.

    Sound that belongs to either side and is cut there too goes along. Raises RefusedError where no cut is there, or
    media or an item have too few frames, UsageError where there is no such item.
    """
    copy, strip, piece = on_item(timeline, place)
    index = strip.pieces.index(piece)
    if index == 0:
        raise RefusedError(f"There is no cut before {piece.told}, which begins {strip.name}.", "Trim it instead.")
    at, by = strip.start_of(piece), Fraction(frames)
    begin = copy.belonging(strip, piece, linked)
    end = copy.belonging(strip, strip.pieces[index - 1], linked)
    begins = {other: part for other, part in begin if round(other.start_of(part)) == round(at)}
    ends = {other: part for other, part in end if round(other.start_of(part) + part.length) == round(at)}
    for other, part in begins.items():
        part.resize(-by, _NOTHING)
        other.absorb(part, "head", by)
    for other, part in ends.items():
        if other not in begins:
            part.resize(_NOTHING, by)
            other.absorb(part, "tail", -by)
    return copy.finish()


def slide(timeline: Any, place: Place, frames: int, linked: bool = True) -> Edited:
    """Moves an item so many frames later, earlier where negative; its neighbours give and take, all else stays.

    Raises RefusedError where they have too few frames or media, UsageError where there is no such item.
    """
    copy, strip, piece = on_item(timeline, place)
    for other, part in copy.belonging(strip, piece, linked):
        other.absorb(part, "head", Fraction(frames))
        other.absorb(part, "tail", -Fraction(frames))
    return copy.finish()


def slip(timeline: Any, place: Place, frames: int, linked: bool = True) -> Edited:
    """Shows so many frames later in an item's media, earlier where negative; no cut moves.

    Frames count as they play: 10 at double speed are 20 of the media's. Raises RefusedError where media have too few,
    UsageError where there is no such item.
    """
    copy, strip, piece = on_item(timeline, place)
    for _, part in copy.belonging(strip, piece, linked):
        part.slip(Fraction(frames))
    return copy.finish()


def slice_at(timeline: Any, track: Place, at: int, linked: bool = True) -> Edited:
    """Cuts what plays on a track at record frame `at` in two, and the sound that belongs to it; no frame changes.

    Where a cut or a gap is already, nothing is cut, which a notice tells. Raises UsageError where there is no such
    track, RefusedError where the speed of what plays changes over time.
    """
    copy, strip = on_track(timeline, track)
    piece = strip.playing(Fraction(at))
    if piece is None or piece.is_gap or strip.start_of(piece) == at:
        return Edited(copy.timeline, (f"There is nothing to cut on {strip.name} at frame {at}.",))
    for other, part in copy.belonging(strip, piece, linked):
        if other.playing(Fraction(at)) is part:
            other.split_at(Fraction(at))
    return copy.finish()


def _trim(strip: Strip, piece: Piece, head: Fraction, tail: Fraction) -> None:
    piece.resize(head, tail)
    strip.absorb(piece, "head", -head, gaps_only=True)
    strip.absorb(piece, "tail", -tail, gaps_only=True)


def ripple_parts(
    copy: WorkingCopy, strip: Strip, parts: list[tuple[Strip, Piece]], side: Side, frames: Fraction
) -> None:
    """What `ripple` does on its copy, for an item (the first) and what is to change with it."""
    piece = parts[0][1]
    head, tail = (frames, _NOTHING) if side == "head" else (_NOTHING, frames)
    at = strip.start_of(piece) + (0 if side == "head" else piece.length + min(_NOTHING, frames))
    moving = copy.moving(strip)
    for other, part in parts:
        if other in moving:
            part.resize(head, tail)
        else:
            _trim(other, part, head, tail)
    copy.shift(at, frames, moving, resized=[other for other, _ in parts])
