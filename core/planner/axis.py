"""How a model's frames stand on a take's axis.

asked      0  1  2  3  4  5  6  7            known: 0 to 2, or 5 to 7
forward          0     1     2     3         from one known frame on, at the model's rate
reversed   3     2     1     0               the other way round: made forward, shown backwards
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..protocol import Known


@dataclass(frozen=True)
class NativeKnown:
    """A native frame that is known: from which of the request's known stretches, and which of its medium's frames."""

    known: int
    frame: int


@dataclass(frozen=True)
class Axis:
    """Native frame 0 stands at the asked frame `origin`; from there `frames` of them run `way`, 1 on or -1 back.

    `pace` is how many native frames pass with each asked one: 1 where they are the same.
    """

    frames: int
    pace: Fraction
    origin: int = 0
    way: int = 1

    def source_of(self, asked: int) -> tuple[int, float]:
        """Where an asked frame that is made lies: the native frame before it, and the share of the way to the next."""
        place = (asked - self.origin) * self.way * self.pace
        before = min(math.floor(place), self.frames - 1)
        return before, float(place - before) if before < self.frames - 1 else 0.0

    def asked_frame(self, native: int, count: int) -> int:
        """The asked frame nearest to a native one, in a take of so many."""
        away = math.floor(min(native, self.frames - 1) / self.pace + Fraction(1, 2))
        return min(max(self.origin + self.way * away, 0), count - 1)

    def met_by(self, stretch: range) -> range:
        """The native frames within half an asked frame of a stretch of them; on an axis that begins the take."""
        first, end = (math.ceil((asked - Fraction(1, 2)) * self.pace) for asked in (stretch.start, stretch.stop))
        met = range(max(0, first), min(self.frames, end))
        nearest = min(self.frames - 1, math.floor(stretch.start * self.pace + Fraction(1, 2)))
        return met or range(nearest, nearest + 1)


def native_known(known: Sequence[Known], axis: Axis, roles: Collection[str]) -> dict[int, NativeKnown]:
    """The native frames of which something of these `roles` is known, on an axis that begins the take.

    A stretch that no native frame meets gets the nearest, so that a single panel is never lost. Where stretches
    overlap, the one kept more wins; among equals the frame itself before a drawing of it.
    """
    found: dict[int, NativeKnown] = {}
    for index in sorted(range(len(known)), key=lambda i: (known[i].role == "frame", known[i].keep)):
        stretch = known[index].frames
        if known[index].role not in roles:
            continue
        for native in axis.met_by(range(stretch.start, stretch.end)):
            asked = min(max(math.floor(native / axis.pace + Fraction(1, 2)), stretch.start), stretch.end - 1)
            found[native] = NativeKnown(index, media_frame(known[index], asked))
    return found


def media_frame(known: Known, asked: int) -> int:
    """Which frame of the medium shows an asked frame; a still shows itself throughout."""
    if known.media.rate is None:
        return known.media.frames.start
    return known.media.frames.start + asked - known.frames.start
