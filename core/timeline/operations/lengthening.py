"""A clip made longer at its head or tail, as far as its media go.

                | A |...| B | C |
    gap         | A+++|.| B | C |       the gap behind it shrinks, nothing else moves
    ripple      | A+++|...| B | C |     all behind it moves, on sync-locked tracks too (see `ripple`)
                | A | B | C |
    overwrite   | A+++|B| C |           its neighbours give the frames, nothing moves

What belongs to the clip (see `links.py`) grows with it where it can. Where it can't it stays as it is, which a notice
tells: sound whose file has ended must not keep a picture from growing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Any

from ...errors import RefusedError
from ..steps import Mode, Side
from .piece import Piece, counted
from .strip import Strip
from .trimming import ripple_parts
from .working_copy import Edited, Place, on_item

_NOTHING = Fraction(0)


def lengthen(
    timeline: Any, place: Place, side: Side, frames: int, mode: Mode = "gap", over_neighbour: bool = False
) -> Edited:
    """Plays so many record frames more at an item's head or tail.

    `overwrite` takes frames of its neighbours only with `over_neighbour`; notices tell which. Raises RefusedError, with
    the numbers, where room, media or that permission are missing, UsageError where there is no such item.
    """
    copy, strip, piece = on_item(timeline, place)
    asked = Fraction(frames)
    moving = copy.moving(strip) if mode == "ripple" else ()
    room = _room(strip, piece, side, mode, moving)
    if room is not None and room < asked:
        where = "before" if side == "head" else "behind"
        raise RefusedError(
            f"There is free space of {counted(room)} {where} {piece.told} on {strip.name}; {frames} were asked.",
            "Ask for no more than that, or ripple: then what follows moves.",
        )
    parts = [(strip, piece)]
    for other, part in copy.belonging(strip, piece, with_linked=True)[1:]:
        if why := _hindrance(part, side, asked, _room(other, part, side, mode, moving)):
            copy.tell(f"{part.told} on {other.name} did not grow with its picture: {why}.")
        else:
            parts.append((other, part))
    if mode == "ripple":
        ripple_parts(copy, strip, parts, side, asked)
        return copy.finish()
    if mode == "overwrite":
        taken = [words for other, part in parts for words in _make_room(other, part, side, asked)]
        if taken and not over_neighbour:
            raise RefusedError(" ".join(taken), "If that is meant, allow it with --over-neighbour.")
        copy.tell(*taken)
    for other, part in parts:
        part.resize(*_at(side, asked))
        if mode == "gap":
            other.absorb(part, side, -asked, gaps_only=True)
    return copy.finish()


def _at(side: Side, frames: Fraction) -> tuple[Fraction, Fraction]:
    return (frames, _NOTHING) if side == "head" else (_NOTHING, frames)


def _beside(strip: Strip, piece: Piece, side: Side) -> Piece | None:
    index = strip.pieces.index(piece) + (1 if side == "tail" else -1)
    return strip.pieces[index] if 0 <= index < len(strip.pieces) else None


def _room(strip: Strip, piece: Piece, side: Side, mode: Mode, moving: Collection[Strip]) -> Fraction | None:
    """How far a piece can grow on its track, None without an end."""
    beside = _beside(strip, piece, side)
    if strip in moving or (side == "tail" and (beside is None or mode == "overwrite")):
        return None
    if mode == "overwrite":
        return sum((other.length for other in strip.pieces[: strip.pieces.index(piece)]), _NOTHING)
    return beside.length if beside and beside.is_gap else _NOTHING


def _hindrance(part: Piece, side: Side, frames: Fraction, room: Fraction | None) -> str:
    """Why something can't grow with what it belongs to; empty where it can."""
    handle = part.handle(side)
    if handle is None and side == "head":
        handle = part.start  # media that nobody has measured begin at 0 at the earliest
    if handle is not None and handle < frames:
        return f"its media have {counted(max(_NOTHING, handle))} more"
    if room is not None and room < frames:
        return f"there is free space of {counted(room)} beside it"
    return ""


def _make_room(strip: Strip, piece: Piece, side: Side, frames: Fraction) -> Iterator[str]:
    """Makes the neighbours of a piece on one side so many frames shorter; tells what they lose."""
    facing: Side = "head" if side == "tail" else "tail"
    while frames and (beside := _beside(strip, piece, side)):
        given = min(frames, beside.length)
        frames -= given
        if whole := given == beside.length:
            strip.pieces.remove(beside)
        else:
            beside.resize(*_at(facing, -given))
        if not beside.is_gap:
            where = "all of it" if whole else f"at its {facing}"
            yield f"{beside.told} on {strip.name} loses {counted(given)}, {where}."
