"""A feature screenplay out of dice: the mix of headings, action and dialogue that features have, laid out in pages."""

from __future__ import annotations

import random
import textwrap
from dataclasses import dataclass

ROWS_A_PAGE = 55
ACTION_SIGNS, DIALOGUE_SIGNS = 60, 35  # the widths of a page's columns, in 10-pitch Courier
_NAMES = ("MARA", "JOE", "CAPTAIN HALE", "LENA", "THE PILOT", "OLD TOM", "IRIS", "DOCTOR WEBB", "SAM", "NINA")
_PLACES = ("LIGHTHOUSE", "HARBOUR", "KITCHEN", "BOAT", "CHURCH", "FISH MARKET", "HOSPITAL CORRIDOR", "COAST ROAD")
_TIMES = ("DAY", "NIGHT", "DAWN", "CONTINUOUS", "LATER")
_TEXT = """
    the a and lamp rope water hand door window light slowly turns looks walks holds opens across under
    into old wet cold boat net stone voice table letter again nothing someone away behind rain wind
    glass stairs engine quiet
"""
_WORDS = _TEXT.split()
_SHOT_LINES = ("CLOSE ON THE LAMP", "WIDE ON THE WATER", "INSERT - THE LETTER", "ANGLE ON THE DOOR")
_TRANSITIONS = ("CUT TO:", "SMASH CUT TO:", "DISSOLVE TO:")


@dataclass(frozen=True)
class FeatureScript:
    """A script in Fountain, its length in pages, and the headings that its scenes have."""

    text: str
    pages: float
    headings: tuple[str, ...]


def feature_script(pages: int = 120, seed: int = 1) -> FeatureScript:
    """A script of so many pages; the same seed gives the same script."""
    dice = random.Random(seed)
    rows: list[str] = []
    headings: list[str] = []
    on_page = 0
    while on_page < pages * ROWS_A_PAGE:
        headings.append(f"{dice.choice(('INT.', 'EXT.'))} {dice.choice(_PLACES)} - {dice.choice(_TIMES)}")
        scene = [(1, headings[-1])]
        cast = dice.sample(_NAMES, dice.randint(1, 3))
        for _ in range(dice.randint(4, 16)):
            scene += _speech(dice, cast) if dice.random() < 0.6 else [_paragraph(dice, cast)]
        if dice.random() < 0.1:
            scene.insert(2, (1, dice.choice(_SHOT_LINES)))
        if dice.random() < 0.15:
            scene.append((1, dice.choice(_TRANSITIONS)))
        for height, element in scene:
            rows += [element, ""]
            on_page += height + 1
    return FeatureScript("\n".join(("Title: The Lamp", "", *rows)), on_page / ROWS_A_PAGE, tuple(headings))


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(words)).capitalize() + "."


def _height(text: str, width: int) -> int:
    return len(textwrap.wrap(text, width))


def _paragraph(dice: random.Random, cast: list[str]) -> tuple[int, str]:
    sentences = [_sentence(dice, dice.randint(4, 14)) for _ in range(dice.randint(1, 4))]
    text = f"{dice.choice(cast)} {sentences[0][0].lower()}{sentences[0][1:]} {' '.join(sentences[1:])}".strip()
    return _height(text, ACTION_SIGNS), text


def _speech(dice: random.Random, cast: list[str]) -> list[tuple[int, str]]:
    """One to three speeches in turn, a few of them with a direction or from off screen."""
    found = []
    for _ in range(dice.randint(1, 3)):
        cue = dice.choice(cast) + dice.choice(("", "", "", "", "", " (V.O.)", " (O.S.)", " (CONT'D)"))
        direction = ["(beat)"] if dice.random() < 0.1 else []
        words = " ".join(_sentence(dice, dice.randint(2, 12)) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 6))))
        height = 1 + len(direction) + _height(words, DIALOGUE_SIGNS)
        found.append((height, "\n".join((cue, *direction, words))))
    return found
