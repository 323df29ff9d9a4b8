"""Moves that follow a depth track: the camera's from how what stands still moves (`registration.py`), each element's
from where it is seen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from .distance import Floats, Scale, scale_of
from .layers import (
    CAMERA_TRACKS,
    GLIMPSE,
    KNOTS,
    NEAREST,
    SLOTS,
    VIEW,
    Array,
    Box,
    ElementMove,
    Layers,
    at_moment,
    box_at,
    distance_at,
    in_view,
)
from .registration import camera_tracks

Boxes = Sequence[Box | None]
SAMPLES = 2 * KNOTS - 1  # depth pictures of a chunk that are followed
ROWS = 2 * GLIMPSE[0]  # of the greys that are followed
_ALIKE = 0.25  # of the logarithm of distances: of one body
_UPPER = 0.75  # of an element's box, in which the ground is not as near as its feet
_AS_LARGE = 0.7, 1.4  # times as near as its size says, that an element may be
_HOP = 0.7  # frame heights between two samples: farther, and it is somebody else


@dataclass(frozen=True)
class Track:
    """Depth pictures of these `frames` of a chunk, at these moments of it: as the networks see them, and as greys
    (pictures, ROWS, columns), 0 to 1; and where each slot's element is seen in each, in frame
    heights."""

    frames: Sequence[int]
    moments: Array
    pictures: Sequence[Floats]
    greys: Floats
    seen: Sequence[Boxes]

    def picture(self, frame: int) -> Floats:
        """The one of a frame, as the networks see it."""
        return self.pictures[self.frames.index(frame)]

    def clearest(self) -> int:
        """The frame nearest the middle of those that show most elements."""
        most = max(sum(box is not None for box in boxes) for boxes in self.seen)
        best = [f for f, boxes in zip(self.frames, self.seen, strict=True) if sum(map(bool, boxes)) == most]
        middle = (self.frames[0] + self.frames[-1]) / 2
        return min(best, key=lambda frame: abs(frame - middle))


def followed(layers: Layers, track: Track, frame: int) -> Layers:
    """Layers whose moves and distances are those of a depth track; its picture of `frame` is that of the reference
    moment, where the layers' own elements stand."""
    at, greys, moments = track.frames.index(frame), track.greys, track.moments
    boxes = _one_by_one(track.seen, at)
    scale = _scaled(layers, greys, boxes, at)
    near = np.stack([scale.nearness(grey) for grey in greys])
    _look_again(boxes, near, at)
    still = np.stack([_without(near[0].shape, each) for each in boxes])
    start = np.array([at_moment(getattr(layers.moves, name), layers.reference) for name in CAMERA_TRACKS])
    camera = camera_tracks(near, still, at, start)
    elements = tuple(
        _element(layers, slot, camera, moments, [each[slot] for each in boxes], near, at) for slot in range(SLOTS)
    )
    tracks = {name: _knots(moments, camera[:, i]) for i, name in enumerate(CAMERA_TRACKS)}
    moves = replace(layers.moves, **tracks, elements=elements)
    return replace(layers, plate=_plate(layers, scale, greys[at], boxes[at]), moves=moves)


def _inside(shape: tuple[int, ...], box: Box, larger: float = 0.0) -> tuple[slice, slice]:
    """The pixels of a picture (rows, columns) in a box of frame heights, as many shares of it larger."""
    rows, columns = shape[-2:]
    beside, over = larger * (box[2] - box[0]), larger * (box[3] - box[1])
    left, right = ((x * rows + columns / 2) for x in (box[0] - beside, box[2] + beside))
    top, bottom = ((y * rows + rows / 2) for y in (box[1] - over, box[3] + over))
    return (
        slice(int(np.clip(top, 0, rows)), int(np.clip(np.ceil(bottom), 0, rows))),
        slice(int(np.clip(left, 0, columns)), int(np.clip(np.ceil(right), 0, columns))),
    )


def _without(shape: tuple[int, ...], boxes: Boxes) -> npt.NDArray[np.bool_]:
    """Where a picture shows no element."""
    clear = np.ones(shape, np.bool_)
    for box in boxes:
        if box is not None:
            clear[_inside(shape, box, 0.1)] = False
    return clear


def _one_by_one(seen: Sequence[Boxes], at: int) -> list[list[Box | None]]:
    """The boxes of each slot's element, told apart by where they were in the picture before, from `at` outward."""
    found: list[list[Box | None]] = [list(each) for each in seen]
    for way in (-1, 1):
        last = list(found[at])
        for i in range(at + way, len(seen) if way > 0 else -1, way):
            there = [box for box in found[i] if box is not None]
            found[i] = [None] * SLOTS
            for box in there:
                free = [slot for slot in range(SLOTS) if found[i][slot] is None and last[slot] is not None]
                nearest = min(free, key=lambda slot: _away(last[slot], box), default=None)
                if nearest is not None and _away(last[nearest], box) < _HOP:
                    found[i][nearest] = box
            last = [now or before for now, before in zip(found[i], last, strict=True)]
    return found


def _look_again(boxes: list[list[Box | None]], near: Floats, at: int) -> None:
    """Finds elements that were not seen in a picture where they would be if they went on, if what is there is as near
    as they were; from `at` outward."""
    for slot, way in itertools.product(range(SLOTS), (-1, 1)):
        last, step = boxes[at][slot], 0.0
        for i in range(at + way, len(boxes) if way > 0 else -1, way):
            here = boxes[i][slot]
            if here is None and last is not None:
                there, level = _shifted(last, step), _level(near[i - way], last)
                if level > 0 and abs(np.log(max(_level(near[i], there), 1e-6) / level)) < _ALIKE:
                    away = _middle(near[i], there, level) - (there[0] + there[2]) / 2
                    boxes[i][slot] = here = _shifted(there, away)
            if here is not None and last is not None:
                step = (here[0] + here[2] - last[0] - last[2]) / 2
            last = here


def _shifted(box: Box, across: float) -> Box:
    return box[0] + across, box[1], box[2] + across, box[3]


def _away(one: Box | None, other: Box) -> float:
    return abs(one[0] + one[2] - other[0] - other[2]) / 2 if one is not None else np.inf


def _level(picture: Floats, box: Box) -> float:
    """The grey, or the nearness, of the element in a box: that of the middle of its upper part."""
    middle, half = (box[0] + box[2]) / 2, (box[2] - box[0]) * 0.2
    top, high = box[1], box[3] - box[1]
    part = picture[_inside(picture.shape, (middle - half, top + 0.2 * high, middle + half, top + _UPPER * high))]
    return float(np.percentile(part, 60)) if part.size else 0.0


def _scaled(layers: Layers, greys: Floats, every: Sequence[Boxes], at: int) -> Scale:
    grey, boxes = greys[at], every[at]
    rows, columns = GLIMPSE[0], round(GLIMPSE[0] * grey.shape[1] / grey.shape[0])
    small = np.asarray(cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
    ys, xs = np.mgrid[:rows, :columns].astype(np.float32)
    plate = layers.nearness_at((xs + 0.5 - columns / 2) / rows, (ys + 0.5 - rows / 2) / rows)
    subject = None
    main = boxes[0]
    if main is not None and layers.moves.elements[0] is not None and (level := _level(small, main)) > 0:
        subject = level, 1 / distance_at(layers.moves, 0, layers.reference)
    sizes = [
        (_level(picture, box), _size(box))
        for picture, there in zip(greys, every, strict=True)
        for box in there[:1]
        if box is not None
    ]
    return scale_of(small, plate, _without(small.shape, boxes), subject, sizes)


def _size(box: Box) -> float:
    """How large a box is in the picture, by the mean of its sides."""
    return float(np.sqrt((box[2] - box[0]) * (box[3] - box[1])))


def _element(
    layers: Layers,
    slot: int,
    camera: Array,
    moments: Array,
    boxes: Boxes,
    near: Floats,
    at: int,
) -> ElementMove | None:
    """An element's moves as it is seen; as planned where it never is."""
    move = layers.moves.elements[slot]
    there = [i for i, box in enumerate(boxes) if box is not None and _level(near[i], box) > 0]
    if move is None or at not in there:
        return move
    now = boxes[at]
    assert now is not None  # it is among those that are there
    size, here = _size(now), _level(near[at], now)
    x, z = [], []
    for i in there:
        box = boxes[i]
        assert box is not None
        nearer = _size(box) / size
        least, most = (here * nearer * by for by in _AS_LARGE)
        level = min(max(_level(near[i], box), least), most)
        x.append(camera[i, 0] + (_middle(near[i], box, level) - camera[i, 3]) / level)
        z.append(camera[i, 2] + 1 / level)
    known = there.index(at)
    farther = (z[known] - camera[at, 2]) / distance_at(layers.moves, slot, layers.reference)
    off = x[known] - _across(layers, slot, camera[at], z[known])
    height = camera[at, 1]
    return replace(
        move,
        x=_knots(moments[there], np.array(x) - off),
        z=_knots(moments[there], np.array(z)),
        foot=height + (move.foot - height) * farther,
        width=move.width * farther,
        height=move.height * farther,
    )


def _across(layers: Layers, slot: int, camera: Array, z: float) -> float:
    """Where an element is that the layers show where they do at the reference moment, so far away."""
    left, _, right, _ = box_at(layers.moves, slot, layers.reference)
    return float(camera[0] + ((left + right) / 2 - camera[3]) * (z - camera[2]))


def _middle(near: Floats, box: Box, level: float) -> float:
    """The middle across of the body in a box whose nearness is so much."""
    top, high = box[1], box[3] - box[1]
    rows, columns = _inside(near.shape, (box[0], top, box[2], top + _UPPER * high), 0.15)
    body = np.abs(np.log(np.maximum(near[rows, columns], 1e-6) / level)) < _ALIKE
    across = np.flatnonzero(body.sum(0) > 0.15 * max(1, body.shape[0]))
    if len(across) < 2:
        return (box[0] + box[2]) / 2
    middle = (across[0] + across[-1] + 1) / 2 + columns.start
    return float((middle - near.shape[1] / 2) / near.shape[0])


def _knots(moments: Array, values: Array) -> Array:
    """A track of values at some moments; before and after them it goes on as it went."""
    at = np.linspace(0, 1, KNOTS)
    track = np.interp(at, moments, values)
    if len(moments) > 2:
        for end, beyond in ((slice(0, 3), at < moments[0]), (slice(-3, None), at > moments[-1])):
            speed, start = np.polyfit(moments[end], values[end], 1)
            track[beyond] = start + speed * at[beyond]
    return np.asarray(track)


def _plate(layers: Layers, scale: Scale, grey: Floats, boxes: Boxes) -> Floats:
    """The plate, its distances those of the depth picture wherever that shows it and not an element."""
    rows, columns = VIEW[0], round(VIEW[0] * grey.shape[1] / grey.shape[0])
    near = scale.nearness(np.asarray(cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA), np.float32))
    clear = _without(near.shape, boxes)
    cut, left = max(0, columns - VIEW[1]) // 2, max(0, VIEW[1] - columns) // 2
    plate = layers.plate.copy()
    view = plate[in_view()[1:]][:, left : left + min(columns, VIEW[1]), 3]
    shown = slice(cut, cut + view.shape[1])
    view[:] = np.where(clear[:, shown], np.clip(near[:, shown], 0, NEAREST), view)
    return plate
