"""What a script is made of, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

HEADING = "heading"
CONTINUED = "continued"  # a heading repeated for the scene that is already running
ACTION = "action"
CUE = "cue"  # the name above a speech
PARENTHETICAL = "parenthetical"
DIALOGUE = "dialogue"
LYRIC = "lyric"
TRANSITION = "transition"
CAMERA = "camera"  # an explicit shot line: CLOSE ON THE LAMP
CENTERED = "centered"
SECTION = "section"
SYNOPSIS = "synopsis"
NOTE = "note"
PAGE_BREAK = "page break"


@dataclass(frozen=True)
class Element:
    """One element: its kind, its words without marks, and where it stands.

    `lines` are the first and last line of the file, counted from 1, both included; in an FDX file, which has no lines
    of its own, they are paragraphs. `column` counts characters from 1. `number` is a scene's own number. `dual` marks
    the cue of the second of two simultaneous speeches. `rows` are the words of each line, where they are several.
    """

    kind: str
    text: str
    lines: tuple[int, int]
    column: int = 1
    number: str = ""
    dual: bool = False
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """One drawing of a `.storyboarder` file: `picture` and `sound` are file names beside it, empty for none.

    `shot` is the label that Storyboarder shows (`1A`); `begins_shot` says whether a shot begins here; `seconds` is how
    long the board holds.
    """

    picture: str
    shot: str
    begins_shot: bool
    seconds: Fraction
    action: str = ""
    dialogue: str = ""
    notes: str = ""
    sound: str = ""


@dataclass(frozen=True)
class Screenplay:
    """A script as read: its elements in order, or its boards; `notices` say what was mended on the way."""

    title: str = ""
    elements: tuple[Element, ...] = ()
    boards: tuple[Board, ...] = ()
    notices: tuple[str, ...] = ()
