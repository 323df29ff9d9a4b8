"""Lengths as people type them: frames, seconds or timecode."""

from __future__ import annotations

import re
from fractions import Fraction

from ..errors import UsageError
from .rate import Rate
from .timecode import parse_timecode

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*s")


def parse_length(text: str, rate: Rate) -> int:
    """Frames from `48`, `2s`, `1.5s` or `00:00:02:00`; at least one frame. Raises UsageError."""
    text = text.strip().lower()
    if text.isascii() and text.isdigit() and len(text) < 10:
        frames = int(text)
    elif match := _SECONDS.fullmatch(text):
        frames = rate.frames(Fraction(match[1]))
    elif ":" in text:
        frames = parse_timecode(text, rate)
    else:
        raise UsageError(f"“{text}” is no length.", "Write frames (48), seconds (2s) or timecode (00:00:02:00).")
    if frames < 1:
        raise UsageError("A length of nothing can't be made.", "Ask for at least one frame.")
    return frames
