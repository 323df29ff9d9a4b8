"""A setup: a shot before it has a number, a length in frames or a prompt."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

# Two neighbours that show the same people never have the same size: the later one steps closer, or starts over.
_CLOSER = {"extreme wide": "wide", "wide": "full", "full": "medium", "medium": "close-up"}
_CLOSER_ON_A_PLACE = {"extreme wide": "wide", "wide": "medium", "medium": "close-up", "close-up": "wide"}


@dataclass(frozen=True)
class Spoken:
    """Words over a shot, `at` and for so many `seconds`."""

    speaker: str
    text: str
    at: Fraction
    seconds: Fraction
    off_screen: bool


@dataclass
class Setup:
    """What one shot shows, and for how long.

    `heading` is the place in the picture, `scene` the index of the scene. `picture` are the words for what is seen.
    `lines` may be empty, last before first: then the shot goes on with words of a line that the shot before it owns.
    `asked` says that the script itself set the size.
    """

    scene: int
    heading: str
    size: str
    lines: tuple[int, int]
    seconds: Fraction
    move: str = "static"
    cast: tuple[str, ...] = ()
    picture: str = ""
    text: list[str] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    asked: bool = False
    transition_in: str = ""
    transition_out: str = ""

    def step_closer(self, before: Setup) -> None:
        """Keeps the cut from `before` from being a jump cut, unless the script asked for this size."""
        same = self.cast == before.cast and self.size == before.size and self.heading == before.heading
        if same and not self.asked:
            self.size = (_CLOSER if self.cast else _CLOSER_ON_A_PLACE).get(self.size, "medium")

    def add_spoken(self, spoken: Spoken, seconds: Fraction) -> None:
        """Lets more words play over the shot, behind what is there."""
        self.spoken.append(spoken)
        self.seconds += seconds
