"""The line above a speech: whose names it has, and whether they are in the picture."""

from __future__ import annotations

import re

_ABSENT = frozenset({"VO", "OS", "OC", "OFF", "FILTERED", "PRELAP", "VOICE", "VOICEOVER", "OFFSCREEN"})
_ABSENT_PHRASES = (
    "ON TV",
    "ON RADIO",
    "ON PHONE",
    "ON THE PHONE",
    "ON THE RADIO",
    "OVER ",
    "THROUGH ",
    "FROM ",
    "ON SCREEN",
    "RECORDED",
)
EVERYONE = frozenset({"ALL", "BOTH", "EVERYONE", "EVERYBODY", "TOGETHER"})
# Cues that are voices or crowds and no one the camera could single out.
NO_ONE = frozenset(
    {"VOICE", "VOICES", "CROWD", "RADIO", "TV", "TELEVISION", "NARRATOR", "ANNOUNCER", "INTERCOM", "VOICEOVER"}
)


def names_of(cue: str) -> tuple[str, ...]:
    """The names in a cue, in capitals, without its extension: `MARA/JOE (CONT'D)` is MARA and JOE."""
    name = " ".join(cue.partition("(")[0].upper().split())
    return tuple(part.strip() for part in re.split(r"/| & | AND | \+ ", name) if part.strip()) or (
        (name,) if name else ()
    )


def is_absent(extension: str) -> bool:
    """Whether the bracket behind a name says that its owner is not in the picture: V.O., O.S., ON RADIO."""
    upper = " ".join(extension.upper().replace(".", "").replace("-", "").split())
    words = set(re.split(r"[^A-Z0-9]+", upper))
    return bool(words & _ABSENT) or upper.startswith(_ABSENT_PHRASES) or {"V", "O"} <= words


def says_unseen(parenthetical: str) -> bool:
    """Whether the bracket below a name is V.O. or O.S. in the wrong place; `(off her look)` is not."""
    return parenthetical.strip("() ").upper().replace(".", "").replace(" ", "") in ("VO", "OS", "OC")


def speaker_is_absent(cue: str) -> bool:
    """Whether a cue's extension, or the name itself (NARRATOR), keeps its speaker out of the frame."""
    name, _, extension = cue.partition("(")
    return is_absent(extension) or name.strip().upper() in NO_ONE
