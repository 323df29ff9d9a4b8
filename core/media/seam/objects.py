"""Pieces that move on their own, cut out along their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from . import camera
from .fill import agreement
from .forms import brush, closed
from .hold import held
from .movers import Mover, movers_of

Share = npt.NDArray[np.float32]

_SOUGHT_WIDE = 320  # pieces are sought at this width
_CUT_WIDE = 640  # and cut out at this one
_RIM = 3  # pixels at the width they are sought at, within which their edge lies
_KEPT = (0.7, 1.25)  # of the size sought, that a cut may have
_NEAR_BACK = (2, 4)  # frames ago, from which a place differs where something moves
_FAR_BACK = 9  # frames ago, from which other places differ too where it travels
_ALIKE = 0.5  # of agreement: less differs
_LEAST = 0.0015  # of the picture: what moves there is too small to matter


@dataclass(frozen=True)
class Piece:
    """What moves on its own: how much of each place of the frame at the seam it covers, (height, width), and its motion
    from one frame to the next before a camera held still, in pixels of that frame.
    """

    cover: Share
    motion: camera.Affine

    def places(self, steps: float, box: camera.Box) -> Share:
        """How much of each place of a box it covers so many frames on."""
        import cv2

        came = camera.power(self.motion, -steps)
        return np.asarray(camera.patch(self.cover, came, box, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT), np.float32)


def pieces_of(frames: Sequence[Frame], ways: Sequence[camera.Affine]) -> list[Piece]:
    """The pieces in frames that follow each other, cut out of the last; `ways` lead back from it (`ways_back`)."""
    import cv2

    anchor = frames[-1]
    height, width = anchor.shape[:2]
    shrunk = min(1.0, _SOUGHT_WIDE / max(height, width))
    sought = max(16, round(width * shrunk)), max(16, round(height * shrunk))
    found = movers_of(held(frames, ways, sought))
    pieces = []
    for mover in found:
        motion = np.eye(3)
        motion[:2, 2] = np.array(mover.speed) / shrunk
        cover = cv2.resize(_cut(anchor, mover), (width, height), interpolation=cv2.INTER_LINEAR)
        pieces.append(Piece(np.asarray(cover, np.float32), motion))
    return pieces


def unfollowed(frames: Sequence[Frame], ways: Sequence[camera.Affine], pieces: Sequence[Piece]) -> Share | None:
    """Where something travels that is none of the pieces: 0 or 1, at the width pieces are sought at; None for nowhere.

    What sways or flickers in its place does not travel.
    """
    import cv2

    if len(frames) <= _FAR_BACK:
        return None
    height, width = frames[-1].shape[:2]
    shrunk = min(1.0, _SOUGHT_WIDE / max(height, width))
    size = max(16, round(width * shrunk)), max(16, round(height * shrunk))
    shown = held(frames, ways, size)
    whole: camera.Box = (slice(0, height), slice(0, width))
    explained = np.zeros(size[::-1], np.float32)
    for piece in pieces:
        for back in (0, *_NEAR_BACK, _FAR_BACK):
            place = cv2.resize(piece.places(-back, whole), size, interpolation=cv2.INTER_AREA)
            explained = np.maximum(explained, cv2.dilate(place, brush(2 * _RIM + 1)))

    def changed(back: int) -> npt.NDArray[np.uint8]:
        """What differs from so many frames ago, of what both see."""
        way = camera.scaled(ways[back], shrunk)
        seen = camera.laid(np.ones(size[::-1], np.float32), way, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT) > 0.99
        differs = (agreement(shown[back], shown[0]) < _ALIKE) & seen & (explained < 0.05)
        return np.asarray(cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_OPEN, brush(3)), np.uint8)

    lately = [changed(back) for back in _NEAR_BACK]
    near = np.minimum.reduce(lately)
    around = cv2.dilate(np.maximum.reduce(lately), brush(2 * _RIM + 1))
    travelled = changed(_FAR_BACK) & (1 - around)
    return near.astype(np.float32) if near.mean() > _LEAST and travelled.mean() > _LEAST / 2 else None


def _cut(anchor: Frame, mover: Mover) -> Share:
    """A piece's form at the cut's width, along the picture's edges (GrabCut; C. Rother et al., SIGGRAPH 2004)."""
    import cv2

    height, width = anchor.shape[:2]
    shrunk = min(1.0, _CUT_WIDE / max(height, width))
    size = max(16, round(width * shrunk)), max(16, round(height * shrunk))
    larger = size[0] / mover.where.shape[1]
    form = cv2.resize(mover.where.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    whole = cv2.resize(anchor, size, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(whole, (0, 0), 1.5)  # grain is no edge
    likely = closed(cv2.GaussianBlur(form, (0, 0), larger / 2) > 0.5, smooth, mover.speed).astype(np.uint8)
    rim = brush(2 * round(_RIM * larger) + 1)
    rows, columns = np.nonzero(cv2.dilate(likely, brush(6 * round(_RIM * larger) + 1)))
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    part = np.ascontiguousarray(whole[box])
    inner, outer = cv2.erode(likely, rim)[box], cv2.dilate(likely, rim)[box]
    cut = np.full(part.shape[:2], cv2.GC_BGD, np.uint8)
    cut[outer > 0] = cv2.GC_PR_BGD
    cut[likely[box] > 0] = cv2.GC_PR_FGD
    cut[inner > 0] = cv2.GC_FGD
    if (cut == cv2.GC_BGD).any() and (cut == cv2.GC_FGD).any():
        cv2.setRNGSeed(0)
        cv2.grabCut(part, cut, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
        one = _whole(np.isin(cut, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8))
        if _KEPT[0] < one.sum() / max(1, likely.sum()) < _KEPT[1]:
            likely[box] = one
    return np.asarray(cv2.GaussianBlur(likely.astype(np.float32), (3, 3), 0), np.float32)


def _whole(form: Any) -> Any:
    """The largest of a form's parts, without holes or frays."""
    import cv2

    form = cv2.morphologyEx(form, cv2.MORPH_OPEN, brush(3))
    outlines, _ = cv2.findContours(form, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return form
    return cv2.drawContours(np.zeros_like(form), [max(outlines, key=cv2.contourArea)], -1, 1, cv2.FILLED)
