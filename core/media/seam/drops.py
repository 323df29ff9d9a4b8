"""Drops of rain and flakes of snow, taken out of known frames: what is carried would have them stand in the air.

known frames ──► lone.py: what is seen in one of them alone ──► all over the picture? if not there are none
                                                       └──► parting.py ├──► bare frames, which are carried (carry.py)
                                                                       └──► drops, which fall on (falling.py)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..frame import Frame
from . import camera
from .lone import Lone, Marks
from .parting import Colours, Drop, behind_drops, colour_of, lightest, parted

LEAST_FRAMES = 7  # that tell what is seen in one of them alone
_PARTS = (6, 4)  # of a picture, across and down: drops are in most of them, what moves on its own is in few
_IN_PARTS = 0.3  # of these, in a frame
_IN_FRAMES = 0.75  # of the frames
_EVERYWHERE = 0.8  # of the parts that tell of drops, in one frame or another: glints are on the water alone
_TELLS = 0.3  # of a part
_FEWEST = 8  # drops of a frame
_MOST = 0.04  # of a picture, that they cover
_RIM = 0.003  # of the width, by which a drop may reach beyond what tells it
_LEAST_TOLD = 0.2  # of a picture, that tells of drops


@dataclass(frozen=True)
class Drops:
    """Known frames without drops, the drops of each that are seen whole, both in the frames' order, the colour of all,
    (3,), and how many a frame would show whose every place told one.
    """

    bare: list[Frame]
    found: list[list[Drop]]
    colour: Colours
    many: float


def drops_in(frames: Sequence[Frame], ways: Sequence[camera.Affine], grain: float) -> Drops | None:
    """The drops in frames (height, width, 3) that follow each other; `ways` lead back from the last (`ways_back`).

    `grain` is its spread in code values. None where there are none to speak of.
    """
    count = len(frames)
    if count < LEAST_FRAMES:
        return None
    lone = Lone(frames, ways, grain)
    if not all(_like_drops(lone.marked(back)[0]) for back in (0, count // 2)):
        return None
    if np.mean([_like_drops(lone.marked(back)[0]) for back in range(count)]) < _IN_FRAMES:
        return None
    marks, greys = zip(*(lone.marked(back, guessing=True) for back in range(count)), strict=True)
    newest = frames[::-1]
    rims = [_rimmed(each, newest[0].shape) for each in marks]
    behind = [behind_drops(newest, ways, rims, back, lone.beside(back)) for back in range(count)]
    colour, most = colour_of([*map(lightest, newest, rims, behind)])
    told = [(grey < colour.mean() - lone.lighter / most).astype(np.uint8) for grey in greys]
    if not _everywhere(marks, told):
        return None
    parts = [parted(*each, colour) for each in zip(newest, rims, behind, strict=True)]
    many = [number / max(_LEAST_TOLD, each.mean()) for (*_, number), each in zip(parts, told, strict=True)]
    if np.median(many) < _FEWEST or not any(part.drops for part in parts):
        return None
    parts.reverse()
    return Drops([part.bare for part in parts], [part.drops for part in parts], colour, float(np.median(many)))


def _like_drops(marks: Marks) -> bool:
    """Whether a frame's marks may be drops: many, small, and in several parts of it."""
    import cv2

    count, _ = cv2.connectedComponents(marks, connectivity=8)
    return bool(count > _FEWEST and marks.mean() < _MOST and (_by_parts(marks) > 0).mean() >= _IN_PARTS)


def _everywhere(marks: Sequence[Marks], told: Sequence[Marks]) -> bool:
    """Whether marks are, in one frame or another, wherever a drop would be `told`."""
    tells = np.mean([*map(_by_parts, told)], axis=0) > _TELLS
    has = np.max([*map(_by_parts, marks)], axis=0) > 0
    return bool(tells.any() and has[tells].mean() >= _EVERYWHERE)


def _by_parts(marks: Marks) -> Any:
    """How much of each of a picture's parts is marked, 0 to 1."""
    import cv2

    return cv2.resize(marks.astype(np.float32), _PARTS, interpolation=cv2.INTER_AREA)


def _rimmed(marks: Marks, shape: tuple[int, ...]) -> Marks:
    """Marks at a frame's own size, with the rims of what they mark."""
    import cv2

    height, width = shape[:2]
    whole = cv2.resize(marks, (width, height), interpolation=cv2.INTER_LINEAR_EXACT)
    return np.asarray(cv2.dilate(whole, np.ones((2 * round(_RIM * width) + 1,) * 2, np.uint8)), np.uint8)
