"""Three of one cut: trims at either end and slips, each on its own.

base    [ in ---------- out ]
ours      [ in -------- out ]       the head trimmed
theirs  [ in ------ out ]           the tail trimmed
both      [ in ---- out ]
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .items import Json

Frames = Fraction


def merged_cut(base: Any, ours: Any, theirs: Any) -> tuple[Any, bool]:
    """What a source range comes to, and whether both changed the same end, differently: theirs then stands."""
    if ours in (theirs, base):
        return theirs, False
    if theirs == base:
        return ours, False
    ends = [ends_of(span) for span in (base, ours, theirs)]
    if None in ends or len({rates for _, _, rates in filter(None, ends)}) != 1:
        return theirs, True
    (in_b, out_b, _), (in_o, out_o, _), (in_t, out_t, _) = (end for end in ends if end is not None)
    ways = (in_o - in_b, out_o - out_b), (in_t - in_b, out_t - out_b)
    slips = [early if early == late else Fraction(0) for early, late in ways]
    heads, tails = (
        [Fraction(0) if early == late else way for way, (early, late) in zip(end, ways, strict=True)]
        for end in zip(*ways, strict=True)
    )
    if any(one and other and one != other for one, other in (slips, heads, tails)):
        return theirs, True
    slip, head, tail = (max(pair, key=abs) for pair in (slips, heads, tails))
    first, end = in_b + slip + head, out_b + slip + tail
    return (theirs, True) if end <= first else (_with_ends(theirs, first, end), False)


def ends_of(span: Any) -> tuple[Frames, Frames, tuple[float, float]] | None:
    """The in and out point in the range's own count, and the rates that it counts at."""
    try:
        start, length = span["start_time"], span["duration"]
        first = Fraction(start["value"])
        return first, first + Fraction(length["value"]), (start["rate"], length["rate"])
    except (TypeError, KeyError, ValueError, OverflowError):
        return None


def _with_ends(span: Json, first: Frames, end: Frames) -> Json:
    start = {**span["start_time"], "value": float(first)}
    return {**span, "start_time": start, "duration": {**span["duration"], "value": float(end - first)}}
