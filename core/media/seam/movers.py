"""What moves on its own before a camera that is held still: where it is, and how fast; sought as whole pieces.

Between two moments a piece changes the picture where it is and where it was. What changed, filled, laid over itself
moved by the piece's own way, leaves just where it is now: so a speed tells the form, of plain things too, of which a
dense motion knows the edges alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from .forms import LEAST, MOST, Spots, inner_of, largest, regions, shifted, wider

Picture = npt.NDArray[np.float32]

# Frames back, the half and the whole of a span: the first for most, then for very fast and for slow ones.
SPANS = ((3, 6), (2, 4), (6, 12))
_REACH = 48  # pixels, at the width they are sought at, that a piece may move over a span
_SLOWEST = 0.04
_CHANGED = 3.0  # code values beyond the picture's own noise
_MISLAID = 0.3  # pixels by which the camera may be held wrong: what an edge changes by that is no motion
_UNTOLD = 0.45  # of what changed, that a piece's motion may leave unexplained
_TORN = 0.3  # of a piece's size, that may be left changed beside it
_CAP = 40.0  # code values: beyond, a difference says no more
_TRIES = 3  # speeds tried for each region
_PIECES = 4
_CLOSER = 4  # rounds
_UNLIKE = 0.35  # of the ground bared, that may change by itself
_UNSTEADY = (0.06, 0.25)  # pixels a frame, or share of the speed, by which the parts of a span may differ


@dataclass(frozen=True)
class Mover:
    """Where a piece is, (height, width), and its speed across and down in pixels a frame."""

    where: Spots
    speed: tuple[float, float]


def movers_of(held: Sequence[Frame]) -> list[Mover]:
    """The pieces in pictures (height, width, 3) in which the camera is held still, the newest first, 320 wide or so."""
    import cv2

    still = [cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32) for picture in held]
    found: list[Mover] = []
    told = np.zeros(held[0].shape[:2], np.bool_)
    for half, whole in SPANS:
        if whole >= len(still):
            continue
        sought = _Sought(still, half, whole)
        while len(found) < _PIECES:
            piece = sought.best(told)
            if piece is None:
                break
            found.append(piece)
            told |= sought.swept(piece)
    return found


class _Sought:
    """One span of the held pictures: the newest, and those `half` and `whole` so many frames back."""

    def __init__(self, held: Sequence[Picture], half: int, whole: int) -> None:
        self._held, self._steps = held, (half, whole)
        now = self._now = held[0]
        self._earlier = held[half], held[whole]
        self._reach = _REACH
        self._padded = [_padded(picture, self._reach) for picture in self._earlier]
        self._still = [_apart(now, picture) for picture in self._earlier]
        self._least = 2 * _CHANGED + 3.0 * float(np.median(self._still[1]))
        allowed = _MISLAID * _slope(now)
        self._changed = [s > _CHANGED + 3.0 * float(np.median(s)) + allowed for s in self._still]

    def best(self, told: Spots) -> Mover | None:
        """The piece that explains most of what changed and is not told yet."""
        found: list[tuple[float, Mover]] = []
        for region in regions((self._changed[0] | self._changed[1]) & ~told):
            for speed in self._speeds(region):
                piece, explained = self._tried(region, speed, told)
                if piece is not None:
                    found.append((explained, piece))
        found.sort(key=lambda one: -one[0])
        return next((piece for _, piece in found if self._steady(piece)), None)

    def swept(self, piece: Mover) -> Spots:
        """The places that a piece has been at since the first picture."""
        swept = piece.where.copy()
        for back in np.linspace(0, self._steps[1], 2 * self._steps[1] + 1)[1:]:
            swept |= shifted(piece.where, piece.speed, -back)
        return wider(swept, 7)

    def _speeds(self, region: Spots) -> Iterator[tuple[float, float]]:
        """Speeds at which a region's picture is found again in both earlier ones, the likeliest first."""
        misses = self._misses(region)
        for _ in range(_TRIES):
            at = np.unravel_index(int(misses.argmin()), misses.shape)
            if not np.isfinite(misses[at]):
                return
            yield self._exact(misses, int(at[0]), int(at[1]))
            misses[max(0, at[0] - 3) : at[0] + 4, max(0, at[1] - 3) : at[1] + 4] = np.inf

    def _misses(self, region: Spots) -> Picture:
        """How far a region misses itself in the earlier pictures, by how far away it is sought in the first."""
        import cv2

        (top, bottom), (left, right) = (_ends(np.asarray(region.any(axis))) for axis in (1, 0))
        form = np.repeat(region[top:bottom, left:right, None], 3, 2).astype(np.float32)
        shown = np.ascontiguousarray(self._now[top:bottom, left:right])
        total: Any = 0
        size = 2 * self._reach + 1
        for padded, steps in zip(self._padded, self._steps, strict=True):
            reach = self._reach * steps // self._steps[1]
            off = self._reach - reach
            window = padded[top + off : bottom + 2 * self._reach - off, left + off : right + 2 * self._reach - off]
            missed = np.maximum(cv2.matchTemplate(window, shown, cv2.TM_SQDIFF, mask=form), 0)
            scale = (missed.shape[0] - 1) / (size - 1)
            rows, columns = np.mgrid[:size, :size].astype(np.float32) * np.float32(scale)
            total = total + cv2.remap(missed, columns, rows, cv2.INTER_LINEAR)
        return np.asarray(total, np.float32)

    def _exact(self, misses: Picture, row: int, column: int) -> tuple[float, float]:
        """The speed at a least miss, between the pixels by a parabola."""
        at = []
        lines: tuple[tuple[Picture, int], ...] = (misses[row], column), (misses[:, column], row)
        for line, place in lines:
            three = line[place - 1 : place + 2]
            bent = three[0] - 2 * three[1] + three[2] if len(three) == 3 and np.isfinite(three).all() else 0.0
            at.append(place + (float((three[0] - three[2]) / (2 * bent)) if bent > 0 else 0.0))
        return -(at[0] - self._reach) / self._steps[1], -(at[1] - self._reach) / self._steps[1]

    def _steady(self, piece: Mover) -> bool:
        """Whether both parts of the span, each by itself, tell the same speed."""
        speeds = [
            np.array(self._closer(inner_of(piece.where), piece.speed, part)) for part in (slice(0, 1), slice(1, 2))
        ]
        apart = np.hypot(*(speeds[0] - speeds[1]))
        return bool(apart < max(_UNSTEADY[0], _UNSTEADY[1] * np.hypot(*piece.speed))) and self._bares_ground(piece)

    def _bares_ground(self, piece: Mover) -> bool:
        """Whether what a piece leaves and comes over stays the same while it is not there.

        It does not where a flag waves: its waves run on, over more flag.
        """
        bare = changed = 0
        for half, whole in SPANS:
            if whole >= len(self._held):
                continue
            times = (0, half, whole)
            places = [shifted(piece.where, piece.speed, -time) for time in times]
            for covered, one, other in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
                seen = inner_of(places[covered]) & ~wider(places[one], 3) & ~wider(places[other], 3)
                apart = _apart(self._held[times[one]], self._held[times[other]])
                bare += int(seen.sum())
                changed += int((apart[seen] > self._least).sum())
        return changed <= _UNLIKE * bare

    def _closer(self, where: Spots, speed: tuple[float, float], part: slice = slice(None)) -> tuple[float, float]:
        """The speed at which a piece looks most like itself before, near the one found (Lucas and Kanade, 1981)."""
        import cv2

        begun = np.array(speed)
        found = begun
        for _ in range(_CLOSER):
            slopes, away = [], []
            for earlier, steps in zip([*self._earlier][part], [*self._steps][part], strict=True):
                moved = _moved(earlier, (found[0], found[1]), steps)
                along = [cv2.Sobel(moved, cv2.CV_32F, *way, scale=1 / 8)[where].ravel() for way in ((1, 0), (0, 1))]
                slopes.append(np.stack(along, 1) * -steps)
                away.append((self._now - moved)[where].ravel())
            slope, left = np.concatenate(slopes), np.concatenate(away)
            counted = (np.abs(left) < _CAP)[:, None] * slope
            step = np.linalg.lstsq(counted.T @ slope + np.eye(2), counted.T @ left, rcond=None)[0]
            found = found + np.clip(step, -1 / self._steps[1], 1 / self._steps[1])
        return (float(found[0]), float(found[1])) if np.abs(found - begun).max() * self._steps[1] < 2 else speed

    def _tried(self, region: Spots, speed: tuple[float, float], told: Spots) -> tuple[Mover | None, float]:
        """The piece of a region that has this speed, and how much of what changed it explains (code values, summed)."""
        where = largest(region & shifted(region, speed, self._steps[1]))
        if not LEAST <= where.sum() <= MOST * where.size:
            return None, 0.0
        speed = self._closer(inner_of(where), speed)
        if np.hypot(*speed) < _SLOWEST:
            return None, 0.0
        where = largest(region & shifted(region, speed, self._steps[1]))
        inner = inner_of(where)
        near = wider(region | where, 9)
        before, left, torn = 0.0, 0.0, 0
        for earlier, still, changed, steps in zip(self._earlier, self._still, self._changed, self._steps, strict=True):
            changed = changed & ~told
            moved = _apart(self._now, _moved(earlier, speed, steps))
            gone = shifted(where, speed, -steps)
            rest = near & changed & ~wider(where | gone, 3)
            untold = float(moved[inner].sum() + still[rest].sum())
            here = float(still[near & changed | where].sum())
            if untold > _UNTOLD * here:
                return None, 0.0
            before, left, torn = before + here, left + untold, max(torn, int(rest.sum()))
        if torn > _TORN * where.sum():
            return None, 0.0
        return Mover(where, speed), before - left


def _moved(picture: Picture, speed: tuple[float, float], steps: float) -> Picture:
    import cv2

    way = np.array([[1, 0, speed[0] * steps], [0, 1, speed[1] * steps]])
    return np.asarray(
        cv2.warpAffine(picture, way, picture.shape[1::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )


def _apart(one: Picture, other: Picture) -> Picture:
    """How far two pictures differ, place by place, in the colour that differs most; (height, width) code values."""
    return np.asarray(np.minimum(np.abs(one - other).max(2), _CAP))


def _padded(picture: Picture, by: int) -> Picture:
    import cv2

    return np.asarray(cv2.copyMakeBorder(picture, by, by, by, by, cv2.BORDER_REPLICATE))


def _slope(picture: Picture) -> Picture:
    import cv2

    steep = [np.abs(cv2.Sobel(picture, cv2.CV_32F, *way, scale=1 / 8)).max(2) for way in ((1, 0), (0, 1))]
    return np.asarray(cv2.dilate(np.hypot(*steep), np.ones((3, 3), np.uint8)))


def _ends(line: Spots) -> tuple[int, int]:
    places = np.flatnonzero(line)
    return int(places[0]), int(places[-1]) + 1
