"""What becomes of cuts: which transitions stay, and which gaps become one.

A transition stays where its two pieces still meet, with frames enough for it:

    piece A  [=======|==o==]          o  A's frames behind the cut: its tail handle holds them
    piece B        [=i==|=======]     i  B's frames before the cut: its head handle holds them
                     ^ the cut; in_offset i before it, out_offset o behind it

A transition that lacked frames from the start (many files have such) stays as long as it doesn't lack more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...timing import Rate
from ..joins import offsets
from .piece import Cut, Piece


@dataclass(frozen=True)
class Join:
    """A cut that carries a transition and whose pieces still meet: it stands before the piece of that index."""

    index: int
    cut: Cut
    fits: bool


def joins_of(opening: Cut, pieces: Sequence[Piece], ending: Cut, rate: Rate) -> Iterator[Join]:
    """The joins of a track, in their order; the first look at one remembers how many frames it lacks."""
    tails = [opening, *(piece.tail for piece in pieces)]
    heads = [*(piece.head for piece in pieces), ending]
    taken = 0  # of the left piece, by the transition at its head
    for index, (cut, other) in enumerate(zip(tails, heads, strict=True)):
        late = 0
        if cut is other and cut.transition is not None:
            left, right = pieces[index - 1] if index else None, pieces[index] if index < len(pieces) else None
            early, late = offsets(cut.transition, rate)
            lacks = _lacking(left, early, late, taken, right)
            cut.lacks = lacks if cut.lacks is None else cut.lacks
            yield Join(index, cut, fits=lacks <= cut.lacks)
            late = late if lacks <= cut.lacks else 0
        taken = late


def _lacking(left: Piece | None, early: int, late: int, taken: int, right: Piece | None) -> Fraction:
    wanted: list[tuple[int, Fraction | None]] = []
    if left:
        wanted += [(early + taken, left.length), (late, left.handle("tail"))]
    if right:
        wanted += [(late, right.length), (early, right.handle("head"))]
    return sum((max(Fraction(0), frames - there) for frames, there in wanted if there is not None), Fraction(0))


def tidied(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with gaps that came to meet made one, and without gaps that shrank to nothing."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.is_gap and not piece.length and piece.is_changed():
            continue
        last = found[-1] if found else None
        if last and _became_one(last, piece):
            kept, gone = (last, piece) if piece.is_bare_gap else (piece, last)
            kept.length += gone.length
            kept.head, kept.tail = last.head, piece.tail
            found[-1] = kept
        else:
            found.append(piece)
    return found


def _became_one(left: Piece, right: Piece) -> bool:
    """Whether two gaps came to meet; two that both have something written on them stay two."""
    gaps, bare = left.is_gap and right.is_gap, left.is_bare_gap or right.is_bare_gap
    return gaps and bare and left.tail is not right.head
