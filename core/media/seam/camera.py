"""How a camera moves: the one affine motion that most of a picture follows from frame to frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Affine = npt.NDArray[np.float64]
Flow = npt.NDArray[np.float32]
Picture = npt.NDArray[np.float32]
Box = tuple[slice, slice]  # rows and columns

_ROUNDS = 8
_SCALE = 2.0  # how many times the typical miss a pixel may miss and still count
_LEAST_MISS = 0.05  # pixels
_PLACES = 30_000  # of a flow, that are looked at: more tell an affine motion no better
_TERMS = 12  # of the series below: motions of a frame are near to none


def fitted(flow: Flow, weight: npt.NDArray[np.float32]) -> Affine:
    """The affine motion (3, 3) that most of a flow (height, width, 2) follows; `weight` (height, width), 0 for none.

    Least squares, weighed anew in each round so that what moves on its own drops out (Tukey's biweight).
    """
    height, width = weight.shape
    apart = max(1, round((height * width / _PLACES) ** 0.5))
    flow, weight = flow[::apart, ::apart], weight[::apart, ::apart]
    rows, columns = np.mgrid[:height:apart, :width:apart]
    at: Affine = np.stack([columns.ravel(), rows.ravel(), np.ones(rows.size)], 1).astype(np.float64)
    # Centred and scaled: the sums stay well conditioned.
    to_unit = np.array([[2 / width, 0, -1], [0, 2 / height, -1], [0, 0, 1]], np.float64)
    unit = at @ to_unit.T
    moved = flow.reshape(-1, 2).astype(np.float64)
    base = weight.ravel().astype(np.float64)
    counted = base.copy()
    step: Any = np.zeros((3, 2))
    for _ in range(_ROUNDS):
        if counted.sum() < 16:
            break
        weighed = unit * counted[:, None]
        step = np.linalg.lstsq(weighed.T @ unit, weighed.T @ moved, rcond=None)[0]
        missed = np.hypot(*(moved - unit @ step).T)
        typical = max(_LEAST_MISS, float(np.median(missed[base > 0])) if (base > 0).any() else _LEAST_MISS)
        share = missed / (_SCALE * 2.5 * typical)
        counted = base * np.where(share < 1, (1 - share**2) ** 2, 0)
    motion = np.eye(3)
    motion[:2] += (to_unit.T @ step).T
    return motion


def power(motion: Affine, exponent: float) -> Affine:
    """A motion done so many times over, by any real number; by its logarithm, since motions are small."""
    away = motion - np.eye(3)
    log, term = np.zeros((3, 3)), np.eye(3)
    for n in range(1, _TERMS + 1):
        term = term @ away
        log += term * ((-1) ** (n + 1) / n)
    log *= exponent
    found, term = np.eye(3), np.eye(3)
    for n in range(1, 2 * _TERMS + 1):
        term = term @ log / n
        found = found + term
    return np.asarray(found)


def scaled(motion: Affine, factor: float) -> Affine:
    """The same motion of a picture `factor` times as large."""
    grow = np.array([[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2], [0, 0, 1]])
    return np.asarray(grow @ motion @ np.linalg.inv(grow))


def displaced(motion: Affine, height: int, width: int) -> Flow:
    """The flow (height, width, 2) of an affine motion."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    (a, b, c), (d, e, f) = (motion - np.eye(3))[:2].astype(np.float32)
    return np.stack([a * columns + b * rows + c, d * columns + e * rows + f], 2)


def laid(picture: Any, motion: Affine, interpolation: int, border: int, value: float = 0.0) -> Any:
    """A picture as it stands after a motion; `motion` leads from each new place to the old one."""
    import cv2

    flags = interpolation | cv2.WARP_INVERSE_MAP
    size = picture.shape[1::-1]
    return cv2.warpAffine(picture, motion[:2], size, flags=flags, borderMode=border, borderValue=(value,) * 4)


def patch(picture: Any, motion: Affine, box: Box, interpolation: int, border: int) -> Any:
    """One box of what `laid` gives."""
    import cv2

    rows, columns = box
    begin = np.array([[1, 0, columns.start], [0, 1, rows.start], [0, 0, 1]], np.float64)
    size = columns.stop - columns.start, rows.stop - rows.start
    return cv2.warpAffine(
        picture, (motion @ begin)[:2], size, flags=interpolation | cv2.WARP_INVERSE_MAP, borderMode=border
    )


def box_of(share: Picture) -> Box:
    """The least box around what is more than nothing."""
    rows, columns = (np.flatnonzero(share.any(axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def box_after(share: Picture, motion: Affine) -> Box | None:
    """The box that what is more than nothing comes into, `motion` leading from each new place to the old one; None
    outside of the picture. What stands at the picture's edge counts on beyond it.
    """
    height, width = share.shape
    rows, columns = box_of(share)
    left, right = (
        columns.start - (width if columns.start == 0 else 1),
        columns.stop + (width if columns.stop == width else 1),
    )
    top, bottom = rows.start - (height if rows.start == 0 else 1), rows.stop + (height if rows.stop == height else 1)
    corners = np.array([[x, y, 1] for x in (left, right) for y in (top, bottom)], np.float64)
    x, y, _ = (corners @ np.linalg.inv(motion).T).T
    box = (
        slice(max(0, int(np.floor(y.min()))), min(height, int(np.ceil(y.max())) + 1)),
        slice(max(0, int(np.floor(x.min()))), min(width, int(np.ceil(x.max())) + 1)),
    )
    return box if box[0].start < box[0].stop and box[1].start < box[1].stop else None
