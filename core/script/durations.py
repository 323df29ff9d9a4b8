"""How long words and action play, in seconds. The rule and its sources stand in docs/breakdown.md."""

from __future__ import annotations

import math
from fractions import Fraction

from ..film import ProjectSettings

# What radio recommends so that speech is understood at once is 160 to 180 words a minute: E. Rodero, A comparative
# analysis of speech rate and perception in radio bulletins, Text & Talk 32 (2012), p. 391. Of that range, 180 keeps
# pages of talk closest to a minute each.
WORDS_A_MINUTE = 180
TURN_SECONDS = Fraction(3, 4)  # the breath before a reply, shared by both sides of the cut
BEAT_SECONDS = Fraction(1)  # (beat), (pause), (then)
# The trade's rule that a page plays a minute, and its page of about 55 lines with 60 signs of action.
LINE_SECONDS = Fraction(60, 55)
_ACTION_SIGNS = 58  # of the 60 signs, word wrap leaves about two empty


def room_seconds(rows: int) -> Fraction:
    """What so many rows on the page play, with the empty row behind them."""
    return (rows + 1) * LINE_SECONDS


def action_seconds(rows: tuple[str, ...]) -> Fraction:
    """What a paragraph of action plays: the room it takes on the page."""
    return room_seconds(sum(max(1, math.ceil(len(row) / _ACTION_SIGNS)) for row in rows))


def words_seconds(words: int) -> Fraction:
    """What so many spoken words last, without any pause."""
    return Fraction(60 * words, WORDS_A_MINUTE)


def most_words(settings: ProjectSettings) -> int:
    """How many words one shot can hold within the project's longest shot."""
    seconds = Fraction(str(settings.longest_seconds)) - TURN_SECONDS
    return max(1, math.floor(seconds * WORDS_A_MINUTE / 60))


def bounds_frames(settings: ProjectSettings) -> tuple[int, int]:
    """The project's shortest and longest shot, in frames that keep within both."""
    rate = settings.rate.fraction
    shortest = max(1, math.ceil(Fraction(str(settings.shortest_seconds)) * rate))
    return shortest, max(shortest, math.floor(Fraction(str(settings.longest_seconds)) * rate))
