"""The ground behind pieces that move on their own, as the frames show it in which they stood elsewhere.

frame -9   ______[]__________        the piece [] comes along; what it stands before now (_) earlier frames show
frame -5   __/______[]_______        a limb / that swings out of it is seen there in some of them, the ground in most
frame  0   ____________[]____
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from . import camera
from .forms import brush
from .objects import Piece

Share = npt.NDArray[np.float32]

_AROUND = 0.006  # of the width: how far a piece may tint the ground about it
_RIM = 0.0016  # of the width, beside a piece, that shows no ground where no other frame does; beyond, tinted is best
_GUESSED_WIDE = 320  # what no frame shows is guessed at this width
_AGEING = 0.3  # of a frame's say, that the one before it has where the youngest is asked
_ODD = 1.5, 8.0  # times as far from the mean as the nearest frame, and code values more: then it shows something else
_SAME, _MOST = 16.0, 0.6  # code values apart, and of the frames that show a place: so many alike tell what is there


def rim_width(width: int) -> int:
    """How many pixels around a piece of a picture so wide it may tint the ground."""
    return max(1, round(_AROUND * width))


def ground_behind(
    frames: Sequence[Frame], ways: Sequence[camera.Affine], pieces: Sequence[Piece], face: Frame, youngest: bool
) -> tuple[Frame, Share]:
    """The last frame without its pieces, and how much of each place of that is known, 0 to 1.

    `face` is the last frame to begin with. The `youngest` frame that shows a place is taken, or all are averaged; those
    that show something else there than most do are left out, and where there are no most, nothing is known.
    """
    import cv2

    height, width = face.shape[:2]
    around = brush(2 * rim_width(width) + 1)
    cover = np.max([piece.cover for piece in pieces], axis=0)
    taken = cv2.dilate(cover, around)
    rows, columns = np.nonzero(taken > 0)
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    white = np.ones((height, width), np.float32)
    seen: list[Frame] = []
    free: list[Share] = []
    for back, frame in enumerate(reversed(frames[:-1]), 1):
        stood = cv2.dilate(np.max([piece.places(-back, box) for piece in pieces], axis=0), around)
        inside = camera.patch(white, ways[back], box, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
        seen.append(camera.patch(frame, ways[back], box, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE))
        free.append(inside * (stood < 0.02))
    age = [np.float32(_AGEING**back + 1e-12 if youngest else 1.0) for back in range(1, len(frames))]
    odd = _apart(seen, _averaged(seen, free))
    most = _ODD[0] * np.min(np.where(np.asarray(free) > 0, odd, 255), axis=0) + _ODD[1]
    behind = _averaged(seen, [share * say * (off <= most) for share, say, off in zip(free, age, odd, strict=True)])
    alike = np.sum(np.asarray(free) * (np.asarray(_apart(seen, behind)) <= _SAME), axis=0)
    agreed = cv2.erode((alike >= _MOST * np.sum(free, axis=0)).astype(np.float32), around)
    known = np.max(free, axis=0) * agreed
    share = (cv2.GaussianBlur(taken[box], (0, 0), 1.0) * (known > 0.5))[..., None]
    ground = face.copy()
    ground[box] = (ground[box] * (1 - share) + behind * share + 0.5).astype(np.uint8)
    shown = 1 - cv2.dilate(cover, brush(2 * max(1, round(_RIM * width)) + 1))
    shown[box] = np.maximum(shown[box], known)
    unsure = taken > 0.02
    unsure[box] &= known < 0.5
    return _guessed(ground, shown, unsure), shown


def _guessed(ground: Frame, shown: Share, unsure: npt.NDArray[np.bool_]) -> Frame:
    """The ground, and where nothing of it is shown what is around goes on; what is `unsure` has no say in that.

    A. Telea, “An Image Inpainting Technique Based on the Fast Marching Method”, 2004.
    """
    import cv2

    height, width = shown.shape
    size = _GUESSED_WIDE, max(1, round(_GUESSED_WIDE * height / width))
    small = cv2.resize(ground, size, interpolation=cv2.INTER_AREA)
    hidden = (cv2.resize(unsure.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    if not hidden.any() or hidden.all():
        return ground
    guess = cv2.resize(
        cv2.inpaint(small, hidden, 3, cv2.INPAINT_TELEA), (width, height), interpolation=cv2.INTER_LINEAR
    )
    share = np.ascontiguousarray(shown)
    return np.asarray(cv2.blendLinear(ground, guess, share, 1 - share), np.uint8)


def _averaged(pictures: Sequence[Frame], weights: Sequence[Share]) -> Share:
    total, weight = np.zeros(pictures[0].shape, np.float32), np.zeros(weights[0].shape, np.float32)
    for picture, share in zip(pictures, weights, strict=True):
        total += picture * share[..., None]
        weight += share
    return np.asarray(total / np.maximum(weight, 1e-20)[..., None], np.float32)


def _apart(pictures: Sequence[Frame], other: Share) -> list[Share]:
    """How far each picture is from another, in code values of the channel that differs most."""
    return [np.abs(picture - other).max(2) for picture in pictures]
