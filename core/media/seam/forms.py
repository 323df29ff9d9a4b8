"""Forms of what moves: spots in a picture, joined, filled, shifted. All are (height, width)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..frame import Frame

Spots = npt.NDArray[np.bool_]
_BESIDE, _FLAT = 8, 24.0  # pixels of a form that tell how it looks beside a gap; code values that this may differ
_MOSTLY, _LINES = 0.85, 15  # of a gap, that looks like its sides; lines, between which others are as they

LEAST = 24  # pixels: smaller spots are noise
MOST = 0.3  # of the picture: what is larger is the camera's, or no piece
# Pixels across, within which spots may be one piece: a plain box changes at its ends alone.
_NEAR = (5, 13, 31, 61, 121)
_GROUPS = 8


def regions(changed: Spots) -> Iterator[Spots]:
    """Regions in which one piece may have moved: spots that lie near each other, filled, or with what lies between."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(changed.astype(np.uint8), connectivity=8)
    large = [n for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] >= LEAST]
    spots = np.isin(labels, large)
    seen: set[bytes] = set()
    for reach in _NEAR:
        joined = cv2.dilate(spots.astype(np.uint8), brush(reach))
        groups, names = cv2.connectedComponents(joined)
        for group in range(1, min(groups, _GROUPS + 1)):
            some = (spots & (names == group)).astype(np.uint8)
            points = cv2.findNonZero(some)
            if points is None:
                continue
            hull = cv2.fillConvexPoly(np.zeros_like(some), cv2.convexHull(points), 1)
            closed = cv2.morphologyEx(some, cv2.MORPH_CLOSE, brush(5))
            outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            for form in (cv2.drawContours(np.zeros_like(some), outlines, -1, 1, cv2.FILLED), hull):
                if form.tobytes() not in seen and form.mean() < 2 * MOST:
                    seen.add(form.tobytes())
                    yield form > 0


def largest(spots: Spots) -> Spots:
    """The largest of the pieces that hang together, its holes filled."""
    import cv2

    opened = cv2.morphologyEx(spots.astype(np.uint8), cv2.MORPH_OPEN, brush(3))
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    form = np.zeros(spots.shape, np.uint8)
    if outlines:
        cv2.drawContours(form, [max(outlines, key=cv2.contourArea)], -1, 1, cv2.FILLED)
    return form > 0


def wider(where: Spots, by: int) -> Spots:
    """Grown by half of so many pixels all around."""
    import cv2

    return np.asarray(cv2.dilate(where.astype(np.uint8), brush(by)) > 0)


def inner_of(where: Spots) -> Spots:
    """Without the rim, in which the ground is seen too; a piece that is all rim as it is."""
    import cv2

    inner = cv2.erode(where.astype(np.uint8), brush(3)) > 0
    return inner if inner.sum() > 0.4 * where.sum() else where


def shifted(spots: Spots, speed: tuple[float, float], steps: float) -> Spots:
    """Spots moved so many steps on; what stands at the picture's edge is taken to go on beyond it."""
    import cv2

    way = np.array([[1, 0, speed[0] * steps], [0, 1, speed[1] * steps]])
    size = spots.shape[::-1]
    return np.asarray(cv2.warpAffine(spots.astype(np.float32), way, size, borderMode=cv2.BORDER_REPLICATE) > 0.5)


def brush(size: int) -> npt.NDArray[np.uint8]:
    """A round brush so many pixels across, for growing and shrinking."""
    import cv2

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def closed(form: Spots, picture: Frame, speed: tuple[float, float]) -> Spots:
    """A form with what lies between its parts along its motion, where that looks as one of them does there.

    What is flat does not change as it moves, so that motion tells a flat body's edges alone.
    """
    import cv2

    across = abs(speed[0]) >= abs(speed[1])
    lines, shown = (form, picture) if across else (form.T, picture.transpose(1, 0, 2))
    found = lines.copy()
    for line, colours, filled in zip(lines, shown.astype(np.float32), found, strict=True):
        places = np.flatnonzero(line)
        for at in np.flatnonzero(np.diff(places) > 1):
            begin, end = places[at] + 1, places[at + 1]
            beside = np.r_[max(0, begin - _BESIDE) : begin, end : min(len(line), end + _BESIDE)]
            away = np.abs(colours[begin:end, None] - colours[beside[line[beside]]]).max(2).min(1)
            if (away < _FLAT).mean() > _MOSTLY:
                filled[begin:end] = True
    found |= cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_LINES, 1), np.uint8)) > 0
    return found if across else found.T
