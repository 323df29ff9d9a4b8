"""A take: one generation of a shot, or a movie that was added to it."""

from __future__ import annotations

from dataclasses import dataclass

CUT_IN_FRAME = 1001  # architecture.md, section 4: every shot's cut-in; head handles run 1000, 999, …


@dataclass(frozen=True)
class Take:
    """One take of a shot, as the edit knows it.

    `key` is `TK01`, `TK02`…; `media` the mezzanine's path relative to the project. The media has `frames` frames
    beside at least `handle_frames` more at each end, and starts at timecode `start_frames` (counted from 00:00:00:00).
    `request_hash` is the hash of what was asked for, without its seed: where it differs from what the shot asks for
    now, the take is stale. `extends` is the key of the take of this shot that it goes on from, empty for none. A take
    that was added was asked of no `model`: both are empty, and its handles are those at its head.
    """

    shot: str
    key: str
    media: str
    frames: int
    handle_frames: int
    start_frames: int
    model: str
    seed: int
    request_hash: str
    active: bool = False
    circled: bool = False
    extends: str = ""


def take_key(number: int) -> str:
    """`TK01` for 1; numbers count from 1 in each shot and are never used again."""
    return f"TK{number:02}"


def take_number(key: str) -> int:
    """1 for `TK01`; 0 for a key that is no take's."""
    return int(key[2:]) if key.startswith("TK") and key[2:].isdigit() else 0
