"""A track while an operation works on it: pieces one behind the other, and the cuts between them.

    cuts      |       |/       |        |      / carries a transition
    pieces    [   A   ][   B   ][ gap  ]
    record    0       24       48      60

Whatever an operation does, it does by splitting pieces, resizing them, and putting some in the place of others. Where
two pieces then meet that did not meet before, there is a new cut, and a transition that stood at either is gone.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import accumulate
from typing import Any

import opentimelineio as otio

from ...errors import RefusedError
from ...timing import Rate
from ..facts import facts_of
from ..spans import exact_frames_of, time_at
from ..steps import Side
from .cuts import Join, joins_of, tidied
from .piece import Cut, Piece, counted
from .split import split

_NOTHING = Fraction(0)


def is_sync_locked(track: Any) -> bool:
    """Whether a track moves when room is made or closed on another: `metadata["shotwright"]["sync_lock"]`.

    All tracks do but those that say `false` there: a music bed that must stay where it is, say.
    """
    return facts_of(track).get("sync_lock") is not False


class Strip:
    """A track as pieces. All places are record frames; a track's own `source_range` says where its record begins."""

    def __init__(self, track: Any, rate: Rate, links: defaultdict[str, str]) -> None:
        self.track, self.rate, self._links = track, rate, links
        self.origin = _NOTHING
        if track.source_range is not None:
            self.origin = exact_frames_of(track.source_range.start_time, rate)
        self.by_index: list[Piece | None] = []
        self._opening = self._ending = Cut()
        self._joined: dict[Cut, int] = {}
        for index, child in enumerate(track):
            transition = isinstance(child, otio.schema.Transition)
            piece = None if transition else Piece.of(child, rate)
            self.by_index.append(piece)
            if piece:
                piece.head, self._ending = self._ending, piece.tail
            else:  # a second one at the same cut is at none that an edit can have
                cut = self._ending if self._ending.transition is None else Cut()
                cut.transition = child
                self._joined[cut] = index
        self.pieces = [piece for piece in self.by_index if piece]
        self._before, self._end_before = self.pieces.copy(), self.end
        self._joins()

    @property
    def name(self) -> str:
        """The track in a sentence."""
        return self.track.name[:60] or "a track without a name"

    @property
    def is_sound(self) -> bool:
        """Whether the track is an audio track."""
        return bool(self.track.kind == otio.schema.TrackKind.Audio)

    @property
    def end(self) -> Fraction:
        """The record frame behind the last piece."""
        return sum((piece.length for piece in self.pieces), -self.origin)

    def placed(self) -> list[tuple[Fraction, Piece]]:
        """The pieces, each with the record frame at which it begins."""
        starts = accumulate((piece.length for piece in self.pieces), initial=-self.origin)
        return list(zip(starts, self.pieces, strict=False))

    def playing(self, at: Fraction) -> Piece | None:
        """The piece at a record frame, None where the track ended before."""
        return next((piece for start, piece in self.placed() if start <= at < start + piece.length), None)

    def start_of(self, piece: Piece) -> Fraction:
        """The record frame at which a piece begins."""
        return next(start for start, other in self.placed() if other is piece)

    def split_at(self, at: Fraction) -> int:
        """Makes a cut at a record frame where there is none; returns the index of the first piece from it on."""
        for index, (start, piece) in enumerate(self.placed()):
            if start >= at:
                return index
            if at < start + piece.length:
                self.pieces.insert(index + 1, split(piece, at - start, self._links))
                return index + 1
        return len(self.pieces)

    def lay(self, piece: Piece, at: Fraction) -> None:
        """Puts a piece over what plays from a record frame on, behind a gap where the track ends earlier."""
        if at > self.end:
            self.pieces.append(Piece.gap(at - self.end, self.rate))
        first = self.split_at(at)
        self.pieces[first : self.split_at(at + piece.length)] = [piece]

    def put(self, new: Piece, old: Piece) -> None:
        """Puts a piece where another one is."""
        self.pieces[self.pieces.index(old)] = new

    def open(self, at: Fraction, frames: Fraction) -> None:
        """Moves all from a record frame on later: a gap there grows, what straddles the frame is split."""
        if at >= self.end:
            return
        for start, piece in self.placed():
            if piece.is_gap and start <= at <= start + piece.length:
                piece.length += frames
                return
        self.pieces.insert(self.split_at(at), Piece.gap(frames, self.rate))

    def close(self, at: Fraction, frames: Fraction) -> list[str]:
        """Takes so many record frames out from `at` on and moves what follows up; returns what played there, told."""
        first, last = self.split_at(at), self.split_at(at + frames)
        gone = self.pieces[first:last]
        del self.pieces[first:last]
        return [
            f"{counted(piece.length)} of {piece.told} on {self.name} lay where the edit was closed up, and went."
            for piece in gone
            if not piece.is_gap
        ]

    def absorb(self, piece: Piece, side: Side, frames: Fraction, gaps_only: bool = False) -> None:
        """The neighbour on that side of a piece plays so many frames more, or less where negative.

        A gap appears where no neighbour may grow; behind a track's last piece none is needed. Raises RefusedError where
        the neighbour has too few frames to give or no media to show.
        """
        index = self.pieces.index(piece)
        beside = index - 1 if side == "head" else index + 1
        neighbour = self.pieces[beside] if 0 <= beside < len(self.pieces) else None
        if not frames or (neighbour is None and side == "tail"):
            return
        if neighbour is not None and (neighbour.is_gap or not gaps_only):
            neighbour.resize(*((_NOTHING, frames) if side == "head" else (frames, _NOTHING)))
        elif frames > 0:
            self.pieces.insert(max(index, beside), Piece.gap(frames, self.rate))
        else:
            where = "before" if side == "head" else "behind"
            raise RefusedError(
                f"There is no gap {where} {piece.told} on {self.name} that could give {counted(-frames)}.",
                "Ripple or roll the cut, or make room there first.",
            )

    def write(self, grows: bool) -> list[str]:
        """Brings the track after the pieces; returns which transitions went, as sentences.

        `grows` lets a track's own `source_range` grow and shrink with what it holds.
        """
        if self.pieces == self._before and not any(piece.is_changed() for piece in self.pieces):
            return []
        self.pieces = tidied(self.pieces)
        joins = self._joins()
        children = []
        for index, piece in enumerate([*self.pieces, None]):
            if index in joins and joins[index].fits:
                children.append(joins[index].cut.transition)
            if piece:
                piece.write()
                children.append(piece.item)
        del self.track[:]
        self.track.extend(children)
        if grows and (window := self.track.source_range) is not None:
            frames = exact_frames_of(window.duration, self.rate) + self.end - self._end_before
            length = time_at(max(_NOTHING, frames), self.rate, window.duration)
            self.track.source_range = otio.opentime.TimeRange(window.start_time, length)
        fits = {join.cut: join.fits for join in joins.values()}
        return [self._told_gone(cut, short=cut in fits) for cut in self._joined if not fits.get(cut, False)]

    def _joins(self) -> dict[int, Join]:
        return {join.index: join for join in joins_of(self._opening, self.pieces, self._ending, self.rate)}

    def _told_gone(self, cut: Cut, short: bool) -> str:
        index = self._joined[cut]
        before = next((piece.told for piece in reversed(self.by_index[:index]) if piece), "")
        behind = next((piece.told for piece in self.by_index[index:] if piece), "")
        place = f"between {before} and {behind}" if before and behind else "at the end" if before else "at the start"
        why = "there are too few frames for it now" if short else "what it joined is no longer side by side"
        return f"The transition {place} on {self.name} went: {why}."
