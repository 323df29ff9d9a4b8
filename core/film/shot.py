"""A shot: one camera position, what it shows and how long it holds."""

from __future__ import annotations

from dataclasses import dataclass

from .panel import Panel

SHOT_SIZES = ("extreme wide", "wide", "full", "medium", "close-up", "extreme close-up", "insert")
CAMERA_MOVES = (
    "static",
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "push in",
    "pull out",
    "track left",
    "track right",
    "crane up",
    "crane down",
    "handheld",
)
TRANSITIONS = ("cut", "dissolve", "fade in", "fade out")


@dataclass(frozen=True)
class DialogueLine:
    """Words spoken over a shot; `at_frames` counts from the cut-in. `off_screen` for V.O. and O.S."""

    speaker: str
    text: str
    at_frames: int
    frames: int
    off_screen: bool = False


@dataclass(frozen=True)
class Transition:
    """How a shot is joined to its neighbour: one of TRANSITIONS, its length, and the script's own words for it."""

    kind: str
    frames: int = 0
    words: str = ""


CUT = Transition("cut")


@dataclass(frozen=True)
class Shot:
    """One shot of the film; `frames` is its length in the cut, without handles.

    `shot_id` owns the takes and never changes; `name` is what people see (`SC010_SH0020`). `scene` is the scene's
    number. `text` is what the script says here, `prompt` what a model is told. `lines` are the first and last line of
    the script, counted from 1, both included; last before first where a shot only goes on with words of a line that a
    shot before it has (a long speech on one line), so that each line lies in one shot alone. `cast` are the characters
    in frame. `shot_size` is one of SHOT_SIZES, `camera_move` one of CAMERA_MOVES. `audio` is a sound file of the board,
    relative to the project, empty for none. `omitted` shots left the script once numbers were locked: they keep number
    and clip.
    """

    shot_id: str
    name: str
    scene: str
    heading: str
    text: str
    prompt: str
    frames: int
    lines: tuple[int, int]
    shot_size: str = "medium"
    camera_move: str = "static"
    cast: tuple[str, ...] = ()
    dialogue: tuple[DialogueLine, ...] = ()
    transition_in: Transition = CUT
    transition_out: Transition = CUT
    panels: tuple[Panel, ...] = ()
    audio: str = ""
    omitted: bool = False
