"""One item of a track while an operation works on it: how long it plays, from where in its media, and what is beyond.

All lengths are in the film's frames. Media times too: those of a clip of another rate are counted in the film's frames.
They are whole numbers wherever pictures are; sound that is cut between two frames stays cut there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ...errors import RefusedError
from ...timing import Rate
from ..spans import available, exact_range_of, snapped, time_at, time_of, trimmed
from ..steps import Side
from .speed import speed_of

_ENDLESS = (otio.schema.MissingReference, otio.schema.GeneratorReference)


@dataclass(eq=False)
class Cut:
    """Where two pieces meet: they do as long as one's `tail` is the other's `head`. May carry a transition.

    `lacks` is how many frames the transition wanted for from the first on.
    """

    transition: Any = None
    lacks: Fraction | None = None


@dataclass(eq=False)
class Piece:
    """An item with its `length` in the record and its `start` in the media."""

    item: Any
    rate: Rate
    length: Fraction
    start: Fraction
    head: Cut = field(default_factory=Cut)
    tail: Cut = field(default_factory=Cut)

    @classmethod
    def of(cls, item: Any, rate: Rate) -> Piece:
        """An item as it stands; raises ProjectError where it has no length."""
        start, length = exact_range_of(trimmed(item), rate)
        return cls(item, rate, length, start)

    @classmethod
    def gap(cls, length: Fraction, rate: Rate) -> Piece:
        """An empty stretch."""
        nothing = time_of(0, rate)
        span = otio.opentime.TimeRange(nothing, time_at(length, rate, nothing))
        return cls(otio.schema.Gap(source_range=span), rate, length, Fraction(0))

    @property
    def is_gap(self) -> bool:
        """Whether nothing plays here."""
        return isinstance(self.item, otio.schema.Gap)

    @property
    def is_bare_gap(self) -> bool:
        """Whether nothing plays here, and nothing is written down here either."""
        item = self.item
        return self.is_gap and not (item.name or item.markers or item.effects or item.metadata)

    @property
    def told(self) -> str:
        """The piece in a sentence."""
        return "the gap" if self.is_gap else self.item.name[:60] or "a clip without a name"

    def is_changed(self) -> bool:
        """Whether it plays another stretch than its item says."""
        return (self.start, self.length) != exact_range_of(trimmed(self.item), self.rate)

    def write(self) -> None:
        """Brings the item after the piece."""
        if self.is_changed():
            old = trimmed(self.item)
            start = time_at(self.start, self.rate, old.start_time)
            self.item.source_range = otio.opentime.TimeRange(start, time_at(self.length, self.rate, old.duration))

    def handle(self, side: Side) -> Fraction | None:
        """How many more frames could play at the head or tail, None where nothing is known to end there."""
        return self._handle(side, speed_of(self.item))

    def resize(self, head: Fraction, tail: Fraction) -> None:
        """Plays so many frames more at its head and tail, less where negative; raises RefusedError beyond the media."""
        self._ask("head", head, self.handle("head"))
        self._ask("tail", tail, self.handle("tail"))
        if head + tail < 0 and self.length + head + tail < (0 if self.is_gap else 1):
            raise RefusedError(
                f"{counted(-head - tail)} can't be taken off {self.told}, which is {counted(self.length)} long.",
                "Take less off it, or remove it.",
            )
        self.play(head, tail)

    def slip(self, frames: Fraction) -> None:
        """Shows what plays so many frames later, at the same place; raises RefusedError beyond the media."""
        if self.is_gap:
            raise RefusedError("A gap has no media that could be slipped.", "Choose a clip.")
        speed = self._linear_speed() or Fraction(1)  # what is held is slipped frame by frame
        side: Side = "tail" if frames > 0 else "head"
        self._ask(side, abs(frames), self._handle(side, speed))
        self.start += frames * speed

    def play(self, head: Fraction, tail: Fraction) -> None:
        """What `resize` does, unchecked; raises RefusedError where the speed changes over time."""
        speed = self._linear_speed()
        self.start -= head * speed if speed > 0 else tail * -speed
        self.length += head + tail

    def _ask(self, side: Side, frames: Fraction, handle: Fraction | None) -> None:
        if frames > 0 and handle is not None and frames > handle:
            raise RefusedError(
                f"The handle at the {side} of {self.told} is {counted(handle)} long; {int(frames)} were asked.",
                f"Ask for {counted(handle)} at most, or extend the clip.",
            )

    def _linear_speed(self) -> Fraction:
        speed = speed_of(self.item)
        if speed is None:
            raise RefusedError(
                f"The speed of {self.told} changes over time, so that its frames can't be counted here.",
                "Cut it in the program that made the retime, or take the retime off.",
            )
        return speed

    def _handle(self, side: Side, speed: Fraction | None) -> Fraction | None:
        reference = getattr(self.item, "media_reference", None)
        there = None if isinstance(reference, _ENDLESS) else available(self.item)
        if there is None or not speed:
            return None
        first, length = exact_range_of(there, self.rate)
        used = self.length * abs(speed_of(self.item) or Fraction(0)) or 1  # what is held uses one frame
        earlier, later = self.start - first, first + length - self.start - used
        left = earlier if (side == "head") == (speed > 0) else later
        return snapped(max(Fraction(0), left) / abs(speed))


def counted(frames: Fraction) -> str:
    """Frames in a sentence; a part of one doesn't count."""
    whole = int(frames)
    return f"{whole} frame" if whole == 1 else f"{whole} frames"
