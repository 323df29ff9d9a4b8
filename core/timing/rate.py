"""Frame rates as exact rationals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..errors import UsageError

MAX_RATE = 240
RELABEL_TOLERANCE = Fraction(2, 1000)  # architecture.md, section 3: within 0.2 % frames are relabelled

_ROUNDED_NTSC = {
    Fraction(nominal * 1000, 1001).__round__(digits): Fraction(nominal * 1000, 1001)
    for nominal in (24, 30, 48, 60, 120)
    for digits in (2, 3)
}


@dataclass(frozen=True, order=True)
class Rate:
    """Frames a second as an exact rational; 23.976 is 24000/1001, never a float."""

    fraction: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.fraction <= MAX_RATE:
            raise UsageError(
                f"A rate of {self.fraction} frames a second can't be used.",
                f"Use a rate from 1 to {MAX_RATE}, such as 24, 25 or 24000/1001.",
            )

    @classmethod
    def parse(cls, text: str | int | Fraction | Rate) -> Rate:
        """A rate from `24`, `"25"`, `"23.976"` or `"24000/1001"`; raises UsageError."""
        if isinstance(text, Rate):
            return text
        try:
            fraction = Fraction(text if isinstance(text, (int, Fraction)) else str(text).strip())
        except (ValueError, ZeroDivisionError):
            raise UsageError(f"“{text}” is no frame rate.", "Write 24, 25, 23.976 or 24000/1001.") from None
        return cls(_ROUNDED_NTSC.get(fraction, fraction))

    @property
    def nominal(self) -> int:
        """The whole number that timecode counts in, the nearest (as ffmpeg's timecode tracks): 24 for 24000/1001."""
        return math.floor(self.fraction + Fraction(1, 2))

    @property
    def is_ntsc(self) -> bool:
        """Whether this is a whole rate slowed by 1000/1001."""
        return self.fraction.denominator == 1001

    def seconds(self, frames: int) -> Fraction:
        """How long so many frames last, in seconds."""
        return Fraction(frames) / self.fraction

    def frames(self, seconds: Fraction | int) -> int:
        """The nearest count of frames to a length in seconds; halves round up."""
        return math.floor(Fraction(seconds) * self.fraction + Fraction(1, 2))

    def relabels(self, other: Rate) -> bool:
        """Whether frames at `other` may stand as frames at this rate without resampling (within 0.2 %)."""
        return abs(self.fraction - other.fraction) <= RELABEL_TOLERANCE * other.fraction

    def __str__(self) -> str:
        return str(self.fraction)

    def __float__(self) -> float:
        return self.fraction.numerator / self.fraction.denominator  # many times quicker than Fraction's own
