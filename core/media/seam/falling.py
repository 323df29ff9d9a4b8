"""Drops beyond the known frames: they fall on as they fell, and come in again where others leave.

known ... B A | 1 2 3 ...     the drops of A go on at the speed that drops of their size had; what leaves at one edge
          . ' | . ' .         comes in at the other, elsewhere along it. Those too fast to be followed are each frame's
          ' . | ' . '         own: those of a known frame, moved by chance
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from .drops import Drops
from .parting import Drop

Row = npt.NDArray[np.float64]

_SIZES = 3  # nearer drops are larger, and faster: each third of them has a speed of its own
_REACH = 0.2  # of the width, that a drop may go from a frame to the next to be followed
_NEAR = 0.015  # of the width: how far from each other's the ways of drops of a size may be
_ROUNDS = 3
_SOUGHT_IN = (-1, 1, -2, 2)  # frames on, in which a drop is sought again
_MOST = 0.3  # of the drops of a size, beyond what chance has, must agree on a speed


class Falling:
    """The drops beyond the last of the frames that they were found in."""

    def __init__(self, drops: Drops) -> None:
        self._colour = drops.colour
        self._height, self._width = drops.bare[-1].shape[:2]
        everyone = [drop for frame in drops.found for drop in frame]
        edges = np.quantile([_size(drop) for drop in everyone], np.arange(1, _SIZES) / _SIZES)
        self._kinds = []
        for third in range(_SIZES):
            layers = [[d for d in frame if np.searchsorted(edges, _size(d)) == third] for frame in drops.found]
            share = sum(map(len, layers)) / len(everyone)
            self._kinds.append(_Kind(layers, round(drops.many * share), self._width, third))

    def on(self, picture: Frame, steps: int, span: tuple[float, float] = (0.0, 1.0)) -> Frame:
        """A picture so many frames beyond, with its drops; of these a `span`, from 0 to 1, of a lasting order."""
        new = picture.copy()
        for kind in self._kinds:
            for drop, order, left, top in kind.at(steps, self._width, self._height):
                if span[0] <= order < span[1]:
                    self._lay(new, drop, left, top)
        return new

    def _lay(self, picture: Frame, drop: Drop, left: int, top: int) -> None:
        """Lays a drop onto a picture, as much of it as that has room for."""
        tall, wide = drop.share.shape
        rows = slice(max(0, top), min(self._height, top + tall))
        columns = slice(max(0, left), min(self._width, left + wide))
        share = drop.share[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left, None]
        under = picture[rows, columns]
        picture[rows, columns] = (under + (self._colour - under) * share + 0.5).astype(np.uint8)


class _Kind:
    """Drops of one size: those of each known frame, the last one last, and how `many` a frame is to have."""

    def __init__(self, layers: list[list[Drop]], many: int, width: int, seed: int) -> None:
        self._seed, self._many = seed, many
        speed = _speed([_middles(layer) for layer in layers], width)
        self._falls = speed is not None
        if speed is None:
            layered = [[(drop, np.zeros(2)) for drop in layer] for layer in layers]
        else:
            layered = [*_followed(layers, speed, _NEAR * width)]
        self._going = layered[-1] if self._falls else []
        self._others = [each for layer in layered for each in layer]

    def at(self, steps: int, width: int, height: int) -> Iterator[tuple[Drop, float, int, int]]:
        """The drops so many frames on, each with its order, 0 to 1, and the column and row where it begins."""
        chance = np.random.default_rng((self._seed, 0 if self._falls else steps))
        for number in range(max(self._many, len(self._going)) if self._others else 0):
            order, across, down, along = chance.random(4)
            if number < len(self._going):
                drop, speed = self._going[number]
                left, top = float(drop.left), float(drop.top)
            else:
                drop, speed = self._others[int(along * len(self._others))]
                left, top = across * width, down * height
            tall, wide = drop.share.shape
            rounds, row = divmod(top + tall + speed[1] * steps, height + tall)
            column = (left + wide + speed[0] * steps + rounds * along * width) % (width + wide)
            yield drop, order, round(column - wide), round(row - tall)


def _speed(middles: Sequence[Row], width: int) -> Row | None:
    """The speed, across and down in pixels a frame, that most drops have from one frame to the next, if any."""
    reach, near = _REACH * width, _NEAR * width
    pairs = [*itertools.pairwise(middles)]
    moves = np.concatenate([(after[None] - before[:, None]).reshape(-1, 2) for before, after in pairs])
    moves = moves[np.abs(moves).max(1, initial=0) < reach]
    if not len(moves):
        return None
    span = [(-reach, reach), (-reach, reach)]
    votes, *edges = np.histogram2d(moves[:, 0], moves[:, 1], bins=round(4 * reach / near), range=span)
    most = np.array([edge[at] for edge, at in zip(edges, np.unravel_index(votes.argmax(), votes.shape), strict=True)])
    for _ in range(_ROUNDS):
        agree = np.hypot(*(moves - most).T) < near
        most = moves[agree].mean(0) if agree.any() else most
    by_chance = len(moves) * np.pi * near**2 / (2 * reach) ** 2
    could = sum(min(len(before), len(after)) for before, after in pairs)
    return most if agree.sum() - by_chance > _MOST * could else None


def _followed(layers: Sequence[list[Drop]], speed: Row, near: float) -> Iterator[list[tuple[Drop, Row]]]:
    """Of each frame's drops those that another shows, too, about where they were or are by then; with their speeds."""
    middles = [_middles(layer) for layer in layers]
    for number, layer in enumerate(layers):
        there = [way for way in _SOUGHT_IN if 0 <= number + way < len(layers) and layers[number + way]]
        found = []
        for drop, middle in zip(layer, middles[number], strict=True):
            for way in there:
                speeds = (middles[number + way] - middle) / way
                missed = np.hypot(*(speeds - speed).T)
                if missed.min() < near:
                    found.append((drop, speeds[missed.argmin()]))
                    break
        yield found


def _size(drop: Drop) -> float:
    """How much a drop covers, in pixels."""
    return float(drop.share.sum())


def _middles(drops: Sequence[Drop]) -> Row:
    """Column and row of the middle of each, (drops, 2)."""
    return np.array([(d.left + d.share.shape[1] / 2, d.top + d.share.shape[0] / 2) for d in drops]).reshape(-1, 2)
