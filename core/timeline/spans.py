"""Frames as OTIO holds them, and back: whole frames at one rate, never seconds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ..errors import ProjectError, UsageError
from ..timing import FrameRange, Rate

_MOST_FRAMES = 10**9  # 132 days at 87 frames a second: beyond, a file is broken or hostile


def time_of(frames: int, rate: Rate) -> Any:
    """So many frames as a RationalTime; its rate is the double nearest to the exact rational one."""
    return otio.opentime.RationalTime(frames, float(rate))


def span_of(frames: FrameRange, rate: Rate) -> Any:
    """A stretch of frames as a TimeRange."""
    return otio.opentime.TimeRange(time_of(frames.start, rate), time_of(len(frames), rate))


def frames_of(time: Any, rate: Rate) -> int:
    """A RationalTime in whole frames at `rate`, the nearest where it counts otherwise; raises ProjectError."""
    value, per_second = float(time.value), float(time.rate)
    if not (math.isfinite(value) and math.isfinite(per_second) and per_second > 0 and abs(value) <= _MOST_FRAMES):
        raise ProjectError("edit.otio has a time that makes no sense.", "Restore it from .shotwright/snapshots.")
    if abs(per_second - float(rate)) > 0.002 * float(rate):  # within 0.2 % frames are relabelled, not resampled
        value = value * float(rate) / per_second
    return math.floor(value + 0.5)


def range_of(span: Any, rate: Rate) -> FrameRange:
    """A TimeRange in whole frames, end exclusive; raises ProjectError for one that runs backwards."""
    start, length = frames_of(span.start_time, rate), frames_of(span.duration, rate)
    if length < 0:
        raise ProjectError("edit.otio has a clip of negative length.", "Restore it from .shotwright/snapshots.")
    return FrameRange(start, start + length)


def exact_rate(per_second: float) -> Rate:
    """The rational rate that a file's number of frames a second means: 23.976… is 24000/1001. Raises ProjectError."""
    try:
        if abs(per_second - round(per_second)) < 1e-6:
            return Rate(Fraction(round(per_second)))
        return Rate.parse(Fraction(per_second).limit_denominator(1001))
    except (UsageError, ValueError, OverflowError):
        raise ProjectError("edit.otio runs at a rate that can't be used.", "Rates go from 1 to 240.") from None
