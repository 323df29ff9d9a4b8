"""Frames as OTIO holds them, and back: frames at one rate, never seconds; whole ones wherever only pictures count."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ..errors import ProjectError, UsageError
from ..timing import FrameRange, Rate

_MOST_FRAMES = 10**9  # 132 days at 87 frames a second: beyond, a file is broken or hostile
_SNAP = Fraction(1, 10_000)  # less than one sample of sound: a double's rounding, no cut


def time_of(frames: int, rate: Rate) -> Any:
    """So many frames as a RationalTime; its rate is the double nearest to the exact rational one."""
    return otio.opentime.RationalTime(frames, float(rate))


def span_of(frames: FrameRange, rate: Rate) -> Any:
    """A stretch of frames as a TimeRange."""
    return otio.opentime.TimeRange(time_of(frames.start, rate), time_of(len(frames), rate))


def time_at(frames: Fraction, rate: Rate, like: Any) -> Any:
    """So many frames at `rate`, parts of frames too, as a RationalTime that counts as `like` does."""
    value = snapped(frames / _film_frames_each(float(like.rate), rate))
    return otio.opentime.RationalTime(float(value), like.rate)


def exact_frames_of(time: Any, rate: Rate) -> Fraction:
    """A RationalTime in frames at `rate`, parts of frames too, as sound is cut; raises ProjectError."""
    return frames_at(time.value, time.rate, rate)


def frames_at(value: float, per_second: float, rate: Rate) -> Fraction:
    """So many frames or samples, that come so many a second, in frames at `rate`, parts too; raises ProjectError."""
    value, per_second = _checked(value, per_second)
    if value.is_integer() and _relabels(per_second, rate):  # what nearly all times of a film are: worth the short way
        return Fraction(int(value))
    return snapped(Fraction(value) * _film_frames_each(per_second, rate))


def snapped(frames: Fraction) -> Fraction:
    """Frames without the rounding of doubles: whole where they all but are."""
    nearest = round(frames)
    return Fraction(nearest) if abs(frames - nearest) < _SNAP else frames


def frames_of(time: Any, rate: Rate) -> int:
    """A RationalTime in whole frames at `rate`, the nearest where it counts otherwise; raises ProjectError."""
    value, per_second = _checked(time.value, time.rate)
    if not _relabels(per_second, rate):
        value = value * float(rate) / per_second
    return math.floor(value + 0.5)


def _checked(value: float, per_second: float) -> tuple[float, float]:
    value, per_second = float(value), float(per_second)
    if not (math.isfinite(value) and math.isfinite(per_second) and per_second > 0 and abs(value) <= _MOST_FRAMES):
        raise ProjectError("edit.otio has a time that makes no sense.", "Restore it from .shotwright/snapshots.")
    return value, per_second


def _relabels(per_second: float, rate: Rate) -> bool:
    """Whether frames are relabelled, not resampled: within 0.2 %."""
    exact = float(rate)
    return abs(per_second - exact) <= 0.002 * exact


def _film_frames_each(per_second: float, rate: Rate) -> Fraction:
    """How many of the film's frames one frame (or sample) lasts that comes so many times a second."""
    return Fraction(1) if _relabels(per_second, rate) else rate.fraction / _meant(per_second)


def _meant(per_second: float) -> Fraction:
    """The rational number that a file's double stands for: 23.976… is 24000/1001."""
    nearest = round(per_second)
    if nearest and abs(per_second - nearest) < 1e-6:
        return Fraction(nearest)
    return Fraction(per_second).limit_denominator(1001) or Fraction(per_second)


def range_of(span: Any, rate: Rate) -> FrameRange:
    """A TimeRange in whole frames, end exclusive; raises ProjectError for one that runs backwards."""
    start, length = frames_of(span.start_time, rate), frames_of(span.duration, rate)
    if length < 0:
        raise ProjectError("edit.otio has a clip of negative length.", "Restore it from .shotwright/snapshots.")
    return FrameRange(start, start + length)


def trimmed(item: Any) -> Any:
    """What an item plays of what it holds, as a TimeRange; raises ProjectError where nothing says how long it is."""
    try:
        return item.trimmed_range()
    except otio.exceptions.OTIOError:
        raise ProjectError(
            f"{item.name[:60] or 'A clip'} has no length: neither a source range nor media that were measured.",
            "Relink its media, or set its in and out, in the program that made the edit.",
        ) from None


def available(item: Any) -> Any | None:
    """What an item could play at most, as a TimeRange: all of its media or contents; None where nobody knows."""
    try:
        span = item.available_range()
    except (otio.exceptions.OTIOError, NotImplementedError):  # a gap has none
        return None
    return span if span.duration.value > 0 else None


def exact_range_of(span: Any, rate: Rate) -> tuple[Fraction, Fraction]:
    """A TimeRange as start and length in frames, parts of frames too; raises ProjectError for one that runs back."""
    start, length = exact_frames_of(span.start_time, rate), exact_frames_of(span.duration, rate)
    if length < 0:
        raise ProjectError("edit.otio has a clip of negative length.", "Restore it from .shotwright/snapshots.")
    return start, length


def exact_rate(per_second: float) -> Rate:
    """The rational rate that a file's number of frames a second means: 23.976… is 24000/1001. Raises ProjectError."""
    try:
        return Rate.parse(_meant(per_second))
    except (UsageError, ValueError, OverflowError):
        raise ProjectError("edit.otio runs at a rate that can't be used.", "Rates go from 1 to 240.") from None
