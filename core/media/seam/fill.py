"""What known frames show of a new one, and what a model made, in one picture without an edge between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame

Share = npt.NDArray[np.float32]

_WIDEST = 160  # differences of light and colour are evened at this width
_REACH = 0.04  # of the width: how far one place's difference tells another's
_EDGE = 0.004  # of the width: over which one gives way to the other
_CRACK = 0.0025  # of the width: narrower gaps are not filled
_BEHIND = 0.1  # of a place: less of it covered by what is in front tells of what is behind
_ALIKE = 14.0  # code values: how far a model's picture may lie from a carried one that it agrees with


def filled(carried: Frame, shown: Share, made: Frame, front: Share | None = None) -> Frame:
    """The carried picture where it is `shown`, 0 to 1, elsewhere the made one, brought to its light and colour.

    Where what is carried lies in `front`, 0 to 1, it ends as sharply as it is, and tells nothing of what is behind.
    """
    import cv2

    height, width = shown.shape
    # Cracks between what moves apart, and the rim about a piece, are the carried picture's own.
    crack = max(3, round(_CRACK * width) | 1)
    shown8 = cv2.morphologyEx(cv2.convertScaleAbs(shown, alpha=255), cv2.MORPH_CLOSE, np.ones((crack, crack), np.uint8))
    if shown8.min() >= 254:
        return carried
    shrunk = min(1.0, _WIDEST / width)
    size = max(8, round(width * shrunk)), max(8, round(height * shrunk))
    small = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (carried, made, shown8)]
    weight = np.where(small[2] > 230, np.float32(1), np.float32(0))
    if front is not None:
        weight *= cv2.resize(front, size, interpolation=cv2.INTER_AREA) < _BEHIND
    away = (small[0].astype(np.float32) - small[1]) * weight[..., None]
    offset = np.zeros_like(away)
    left = np.ones(weight.shape, np.float32)
    for reach in (_REACH, 4 * _REACH, 16 * _REACH):  # the nearest that is known tells most
        spread = _blurred(weight, reach * size[0])
        even = _blurred(away, reach * size[0]) / np.maximum(spread, 1e-4)[..., None]
        told = left * np.minimum(1, spread * 4)
        offset += even * told[..., None]
        left -= told
    edge = max(1.0, _EDGE * width)
    # What is shown, far from what is not, stays as it is.
    far = 5 * round(edge)
    left, top, across, down = cv2.boundingRect(cv2.compare(shown8, 254, cv2.CMP_LT))
    box = slice(max(0, top - far), top + down + far), slice(max(0, left - far), left + across + far)
    eroded = cv2.erode(shown8[box], np.ones((2 * round(edge) + 1,) * 2, np.uint8))
    share = cv2.min(_blurred(eroded, edge), shown8[box]).astype(np.float32) / np.float32(255)
    if front is not None:
        share = cv2.max(share, front[box])
    fx, fy = size[0] / width, size[1] / height
    from_small = np.array([[fx, 0, (box[1].start + 0.5) * fx - 0.5], [0, fy, (box[0].start + 0.5) * fy - 0.5]])
    away = cv2.warpAffine(
        offset,
        from_small,
        share.shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    matched = cv2.add(np.ascontiguousarray(made[box]), away, dtype=cv2.CV_8U)
    picture = carried.copy()
    picture[box] = cv2.blendLinear(np.ascontiguousarray(carried[box]), matched, share, 1 - share)
    return picture


def _blurred(picture: Any, sigma: float) -> Any:
    """Nearly a Gaussian blur, in a time that does not grow with its width: two even ones of the same spread."""
    import cv2

    side = round(math.sqrt(6 * sigma**2 + 1)) | 1
    return cv2.blur(cv2.blur(picture, (side, side)), (side, side))


def agreement(carried: Frame, made: Frame) -> Share:
    """How far a model's picture agrees with a carried one, place by place, 0 to 1; detail is carried where it does."""
    import cv2

    width = carried.shape[1]
    apart = [
        cv2.GaussianBlur(picture, (0, 0), max(1.0, width / _WIDEST)).astype(np.float32) for picture in (carried, made)
    ]
    return np.asarray(np.exp(-((np.abs(apart[0] - apart[1]).max(2) / _ALIKE) ** 2)), np.float32)
