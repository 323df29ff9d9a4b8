"""SMPTE 12M timecode, drop-frame and not."""

from __future__ import annotations

import re

from ..errors import UsageError
from .rate import Rate

_PATTERN = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.])(\d{2,3})")
_MINUTES_A_DAY = 24 * 60


def _dropped_a_minute(rate: Rate, drop_frame: bool) -> int:
    """Labels skipped each minute but the tenth: 2 at 29.97, 4 at 59.94 (SMPTE 12M-1)."""
    if not drop_frame:
        return 0
    if not rate.is_ntsc or rate.nominal % 30:
        raise UsageError(f"There is no drop-frame timecode at {rate}.", "Use 29.97 or 59.94, or turn drop-frame off.")
    return rate.nominal // 15


def frames_a_day(rate: Rate, drop_frame: bool = False) -> int:
    """Labels from 00:00:00:00 until timecode wraps."""
    dropped = _dropped_a_minute(rate, drop_frame)
    return _MINUTES_A_DAY * 60 * rate.nominal - dropped * (_MINUTES_A_DAY - _MINUTES_A_DAY // 10)


def format_timecode(frames: int, rate: Rate, drop_frame: bool = False) -> str:
    """The label of frame `frames` counted from 00:00:00:00; wraps at 24 hours, before zero too.

    Drop-frame labels use `;` before the frames. Raises UsageError for drop-frame at a rate that has none.
    """
    dropped = _dropped_a_minute(rate, drop_frame)
    frames %= frames_a_day(rate, drop_frame)
    if dropped:
        ten_minutes = 600 * rate.nominal - 9 * dropped
        tens, rest = divmod(frames, ten_minutes)
        whole_first_minute = 60 * rate.nominal
        minutes = 0 if rest < whole_first_minute else 1 + (rest - whole_first_minute) // (whole_first_minute - dropped)
        frames += dropped * (9 * tens + minutes)
    seconds, frame = divmod(frames, rate.nominal)
    digits = 3 if rate.nominal > 100 else 2
    mark = ";" if drop_frame else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{frame:0{digits}}"


def parse_timecode(text: str, rate: Rate, drop_frame: bool | None = None) -> int:
    """Frames from 00:00:00:00 to a label; `drop_frame=None` reads it from the `;`. Raises UsageError."""
    match = _PATTERN.fullmatch(text.strip())
    if not match:
        raise UsageError(f"“{text}” is no timecode.", "Write HH:MM:SS:FF, such as 01:00:00:00.")
    hours, minutes, seconds, frame = (int(match[i]) for i in (1, 2, 3, 5))
    drop = match[4] == ";" if drop_frame is None else drop_frame
    dropped = _dropped_a_minute(rate, drop)
    if hours > 23 or minutes > 59 or seconds > 59 or frame >= rate.nominal:
        raise UsageError(f"There is no timecode {text} at {rate} frames a second.", "Check hours, minutes and frames.")
    if dropped and seconds == 0 and minutes % 10 and frame < dropped:
        raise UsageError(f"Drop-frame timecode skips {text}.", f"The minute begins at frame {dropped:02}.")
    total_minutes = hours * 60 + minutes
    return (total_minutes * 60 + seconds) * rate.nominal + frame - dropped * (total_minutes - total_minutes // 10)
