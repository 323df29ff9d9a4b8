"""Elements that repeat themselves in known frames, as what walks does: where they were, and after how many frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .following import Floats, Pair
from .layers import Array

_REACH = 8  # pixels around an element that its motion is followed in
_LOST = 4.0, 10.0  # times what it was unlike itself at most, and code values more: then something else was followed
_SHORTEST = 3  # frames of a cycle
_ROW = 5  # frames, that are compared with those of a cycle earlier
_LATER = 1.03  # times as unlike itself, that an element counts for each frame that a cycle takes
_ABOVE = 1.6  # times what it is unlike itself from frame to frame, that it may be after a cycle
_AGAIN, _SURELY = 0.5, 0.2  # of how unlike itself it is within a cycle, that it may be after it; in any case


def followed(
    pairs: Sequence[Pair], fields: Sequence[Floats], planned: Array, body: Floats, near: int
) -> tuple[list[Array], list[float]]:
    """An element's mean speeds since each of the other frames, the nearest first, as amounts of the fields; and by how
    many code values it is unlike itself after so many frames, once moved.

    `body` (rows, columns) is 1 where it is. The first `near` frames are followed from what is planned, the others from
    the one before them; where it is lost, so are those before.
    """
    found: list[Array] = []
    laid = [pairs[0].known[body > 0]]
    unlike: list[float] = []
    for index, pair in enumerate(pairs):
        begun = found[-1] if found else planned
        part = _part(body, pair.reach(begun[:2]))
        here, where = [field[part] for field in fields], body[part]
        cut = pair.part(*part)
        speeds = cut.speeds(here, begun, where, near=index >= near)
        seen = cut.laid(here, speeds)[where > 0]
        missed = _apart(seen, laid[0])
        if index >= near and (missed == 0 or missed > _LOST[0] * max(unlike) + _LOST[1]):
            break
        found.append(speeds)
        laid.append(seen)
        unlike.append(missed)
    return found, [_unlike(laid, after) for after in range(1, len(laid))]


def _apart(first: Floats, second: Floats) -> float:
    """By how many code values two pictures differ where both show anything, which is not NaN."""
    off = np.abs(first - second)
    return float(np.nanmean(off)) if np.isfinite(off).any() else 0.0


def _unlike(laid: Sequence[Floats], after: int) -> float:
    """How much the pictures, the latest first, differ from those so many frames before them.

    Several in a row: limbs that swing back pass the same place, going the other way.
    """
    row = range(min(_ROW, len(laid) - after))
    return float(np.mean([_apart(laid[at], laid[at + after]) for at in row]))


def cycles_of(unlike: Sequence[float]) -> list[int]:
    """After how many frames an element looks the same again, as `followed` tells; after which it does most, first.

    Steps seldom take whole frames, and of several of them the sum may come nearer to one.
    """
    found = []
    for after in range(_SHORTEST, len(unlike)):
        here, within = unlike[after - 1], max(unlike[: after - 1])
        again = here <= max(min(_AGAIN * within, _ABOVE * unlike[0]), _SURELY * within)
        if again and unlike[after - 2] > here <= unlike[after]:
            found.append(after)
    return sorted(found, key=lambda after: unlike[after - 1] * _LATER**after)


def _part(body: Floats, reach: int) -> tuple[slice, slice]:
    """The rows and columns that a body, and where it came from, lie in."""
    ends = [np.flatnonzero(body.any(axis))[[0, -1]] for axis in (1, 0)]
    rows, columns = (slice(max(0, first - _REACH - reach), last + 1 + _REACH + reach) for first, last in ends)
    return rows, columns
