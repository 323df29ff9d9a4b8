"""Frames parted into their drops and what stands behind these, where it is marked that drops are.

A drop is of one colour, and covers a part of each place, as a matte does: so it looks right before any other ground.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from . import camera
from .lone import Marks

Share = npt.NDArray[np.float32]
Colours = npt.NDArray[np.float32]  # of places (places, 3), or one (3,)

_ALIKE = 40.0  # code values: beyond, what other frames show behind a drop is not what is around it, but has moved
_ROW = 1024  # places looked up in one row
_EVEN = 8.0  # code values: before ground of less difference it can't be told how much drops cover
_THINNEST = 0.25  # of a place, that drops cover where they are densest
_ROUNDS = 4
_STANDS_OUT = 24.0  # code values: ground that is nearer to the drops' colour does not tell how much they cover
_CLEAR = 0.08  # of a place: less covered is grain
_PLAIN = 0.3  # of what others cover where they are densest, that a drop does; and as far its colour may be another
_OTHERS = 0.9  # of them
_LEAST = 1.5  # places


@dataclass(frozen=True)
class Drop:
    """How much it covers, (height, width), of a frame's places from `left` and `top` on."""

    left: int
    top: int
    share: Share


class Parted(NamedTuple):
    """A frame without its drops, those that are seen whole, and how many it has at all."""

    bare: Frame
    drops: list[Drop]
    number: int


def behind_drops(
    newest: Sequence[Frame], ways: Sequence[camera.Affine], rims: Sequence[Marks], back: int, beside: Sequence[int]
) -> Colours:
    """What stands where a frame so far `back` is marked, (places, 3): what those `beside` it show there, or what is
    around, where that has moved. Frames, their marks and `ways` from the last are the newest first.
    """
    import cv2

    frame, rim = newest[back], rims[back]
    around = cv2.inpaint(frame, rim, 3, cv2.INPAINT_NS)[rim > 0].astype(np.float32)
    rows, columns = np.nonzero(rim)
    total, weight = np.zeros((len(rows), 3), np.float32), np.full((len(rows), 1), 1e-6, np.float32)
    for other in beside:
        way = ways[other] @ np.linalg.inv(ways[back])
        x, y, _ = way @ np.stack([columns, rows, np.ones(len(rows))])
        free = _looked_up(1 - rims[other], x, y, cv2.INTER_NEAREST).astype(np.float32)[:, None]
        total += _looked_up(newest[other], x, y, cv2.INTER_CUBIC) * free
        weight += free
    shown = total / weight
    trusted = (weight > 0.5) & (np.abs(shown - around).max(1, keepdims=True) < _ALIKE)
    return np.where(trusted, shown, around)


def _looked_up(picture: Any, x: Any, y: Any, interpolation: int) -> Any:
    """What a picture shows at places; nothing outside of it."""
    import cv2

    length = max(1, -(-len(x) // _ROW)) * _ROW
    across, down = (np.resize(side, length).reshape(-1, _ROW).astype(np.float32) for side in (x, y))
    shown = cv2.remap(picture, across, down, interpolation, borderMode=cv2.BORDER_CONSTANT)
    return shown.reshape(length, *picture.shape[2:])[: len(x)]


def lightest(frame: Frame, rim: Marks, behind: Colours) -> tuple[Colours, Colours]:
    """Of each of a frame's larger drops the place that is lightest against what is behind, and that, (drops, 3)."""
    import cv2

    _, names, stats, _ = cv2.connectedComponentsWithStats(rim, connectivity=8)
    inside = rim > 0
    name, shown = names[inside], frame[inside].astype(np.float32)
    order = np.lexsort(((shown - behind).sum(1), name))
    last = order[np.flatnonzero(np.diff(name[order], append=-1))]
    larger = last[stats[name[last], 4] >= np.median(stats[1:, 4])] if len(stats) > 1 else last
    return shown[larger], behind[larger]


def colour_of(drops: Sequence[tuple[Colours, Colours]]) -> tuple[Colours, float]:
    """The colour of drops, and how much of a place they cover at most, of each frame's `lightest` places.

    Drops that cover half make the ground lighter by half of what it lacks of their colour.
    """
    shown, behind = (np.concatenate(each) for each in zip(*drops, strict=True))
    colour, most = np.median(shown, axis=0), 1.0
    for _ in range(_ROUNDS):
        missed = np.abs(shown - behind - most * (colour - behind)).sum(1)
        near = missed <= np.median(missed)  # the others may be no drops
        lighter, ground = ((each[near]).mean(1) for each in (shown - behind, behind))
        told = near.sum() > 1 and ground.std() > _EVEN
        most = float(np.clip(-np.cov(lighter, ground)[0, 1] / ground.var(), _THINNEST, 1)) if told else 1.0
        colour = np.median((behind + (shown - behind) / most)[near], axis=0)
    return np.minimum(colour, 255).astype(np.float32), most


def parted(frame: Frame, rim: Marks, behind: Colours, colour: Colours) -> Parted:
    """A frame parted where it is marked; what is of another colour than drops is none, and stays."""
    import cv2

    count, names, stats, _ = cv2.connectedComponentsWithStats(rim, connectivity=8)
    inside = rim > 0
    name, lighter, to_drop = names[inside], frame[inside] - behind, colour - behind
    covers = (lighter * to_drop).sum(1) / np.maximum((to_drop**2).sum(1), _STANDS_OUT**2)
    covers = np.clip(covers, 0, 1).astype(np.float32)
    covers[covers < _CLEAR] = 0
    densest = np.zeros(count, np.float32)
    np.maximum.at(densest, name, covers)
    missed, whole = (
        np.bincount(name, np.abs(each).sum(1), count) for each in (lighter - covers[:, None] * to_drop, lighter)
    )
    true = (missed < _PLAIN * whole) & (np.bincount(name, covers, count) > _LEAST)
    true &= densest > _PLAIN * (np.quantile(densest[1:], _OTHERS) if count > 1 else 1)
    bare, share = frame.copy(), np.zeros(rim.shape, np.float32)
    bare[inside] = np.where(true[name][:, None], behind + 0.5, frame[inside]).astype(np.uint8)
    share[inside] = covers
    return Parted(bare, [*_cut_out(share, names, stats, true)], int(true.sum()))


def _cut_out(share: Share, names: Any, stats: Any, true: npt.NDArray[np.bool_]) -> Iterator[Drop]:
    """The drops that are seen whole: of one that the picture's edge cuts, no more is known."""
    height, width = share.shape
    for number in np.flatnonzero(true):
        left, top, across, down, _ = (int(side) for side in stats[number])
        if left and top and left + across < width and top + down < height:
            box = slice(top, top + down), slice(left, left + across)
            yield Drop(left, top, share[box] * (names[box] == number))
