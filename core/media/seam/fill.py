"""What known frames show of a new one, and what a model made, in one picture without an edge between them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..frame import Frame

Share = npt.NDArray[np.float32]

_WIDEST = 160  # differences of light and colour are evened at this width
_REACH = 0.04  # of the width: how far one place's difference tells another's
_EDGE = 0.008  # of the width: over which one gives way to the other
_CRACK = 0.0085  # of the width: narrower gaps are not filled
_ALIKE = 14.0  # code values: how far a model's picture may lie from a carried one that it agrees with


def filled(carried: Frame, shown: Share, made: Frame) -> Frame:
    """The carried picture where it is `shown`, 0 to 1, elsewhere the made one, brought to its light and colour."""
    import cv2

    if shown.min() > 0.999:
        return carried
    height, width = shown.shape
    # Cracks between what moves apart, and the rim about a piece, are the carried picture's own.
    crack = max(7, round(_CRACK * width) | 1)
    shown = cv2.morphologyEx(shown, cv2.MORPH_CLOSE, np.ones((crack, crack), np.uint8))
    shrunk = min(1.0, _WIDEST / width)
    size = max(8, round(width * shrunk)), max(8, round(height * shrunk))
    small = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (carried, made, shown)]
    weight = np.where(small[2] > 0.9, np.float32(1), np.float32(0))
    away = (small[0].astype(np.float32) - small[1]) * weight[..., None]
    offset = np.zeros_like(away)
    left = np.ones(weight.shape, np.float32)
    for reach in (_REACH, 4 * _REACH, 16 * _REACH):  # the nearest that is known tells most
        spread = cv2.GaussianBlur(weight, (0, 0), reach * size[0])
        even = cv2.GaussianBlur(away, (0, 0), reach * size[0]) / np.maximum(spread, 1e-4)[..., None]
        told = left * np.minimum(1, spread * 4)
        offset += even * told[..., None]
        left -= told
    matched = made + cv2.resize(offset, (width, height), interpolation=cv2.INTER_LINEAR)
    edge = max(1.0, _EDGE * width)
    soft = cv2.GaussianBlur(cv2.erode(shown, np.ones((3, 3), np.uint8), iterations=round(edge)), (0, 0), edge)
    share = np.minimum(soft, shown)[..., None]
    return np.asarray(np.clip(carried * share + matched * (1 - share) + 0.5, 0, 255), np.uint8)


def agreement(carried: Frame, made: Frame) -> Share:
    """How far a model's picture agrees with a carried one, place by place, 0 to 1; detail is carried where it does."""
    import cv2

    width = carried.shape[1]
    apart = [
        cv2.GaussianBlur(picture, (0, 0), max(1.0, width / _WIDEST)).astype(np.float32) for picture in (carried, made)
    ]
    return np.asarray(np.exp(-((np.abs(apart[0] - apart[1]).max(2) / _ALIKE) ** 2)), np.float32)
