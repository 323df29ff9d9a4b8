"""From the pool to training batches of one network: clean, known, told, words, and what of it counts how much."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import torch
from torch import Tensor

from ..eye import NOWHERE, middle_of, place_of
from ..layers import (
    CAMERA_TRACKS,
    ELEMENT,
    ELEMENT_FACTS,
    ELEMENT_TRACKS,
    GLIMPSE,
    KNOTS,
    MOVE_NUMBERS,
    POSES,
    SLOTS,
    VIEW,
    Moves,
    said,
)
from ..telling import (
    DEPTH,
    FRAME,
    PANEL,
    Floats,
    element_box,
    element_told,
    glimpse_of,
    known_element,
    known_plate,
    known_view,
    moment_told,
    plate_told,
)
from ..text import Vocabulary
from ..world.caption import caption
from .pool import Pool, Sample, mirrored_moves

_NO_WORDS = 0.1
_NOTHING = "nothing"
_KNOWN = {_NOTHING: 0.44, FRAME: 0.2, PANEL: 0.24, DEPTH: 0.12}
_SEEN = {FRAME: 0.27, PANEL: 0.48, DEPTH: 0.25}  # what the eye learns from
_JITTER = 0.04  # of a known element's box, as it is not found exactly either
_EVEN = 0.7  # of depths are so in the distance, as far as so many times the nearest (its logarithm)
_FARTHEST = math.log(3), math.log(100)
_LOOKED_AGAIN = 500  # batches
_FINE_PEN = 0.5  # of drawings
_NEARNESS_WEIGHT = 0.5
_ABSENT_WEIGHT = 0.3  # of what an absent element would do: left free, it would look like one that is there
# Where an element stands and how large it is are single numbers beside tracks of many, and no less to be seen.
_FACTS_WEIGHT = 3.0
One = tuple[Floats, Floats, Floats, Floats]  # clean, known, told, weight


def sketch(picture: Floats, rng: np.random.Generator) -> Floats:
    """A picture as a storyboard artist would leave it: lines, grey tones or faint colour on paper, with grain.

    (rows, columns, 3) 0 to 1, in and out.
    """
    grey = picture @ np.array((0.3, 0.59, 0.11), np.float32)
    gy, gx = np.gradient(grey)
    lines = np.clip(np.hypot(gx, gy) * float(rng.uniform(4, 12)), 0, 1)
    kind = rng.random()
    paper = float(rng.uniform(0.85, 1.0))
    if kind < 0.35:
        drawn = paper * (1 - 0.9 * lines)[..., None].repeat(3, -1)
    elif kind < 0.8:
        levels = int(rng.integers(3, 7))
        tone = np.round(grey * levels) / levels
        low = float(rng.uniform(0.1, 0.5))
        drawn = ((low + (paper - low) * tone) * (1 - 0.7 * lines))[..., None].repeat(3, -1)
    else:
        faint = float(rng.uniform(0.3, 0.8))
        drawn = (picture * faint + paper * (1 - faint)) * (1 - 0.7 * lines)[..., None]
    grain = rng.standard_normal(grey.shape).astype(np.float32)[..., None] * float(rng.uniform(0.0, 0.06))
    return np.clip(drawn + grain, 0, 1).astype(np.float32)


def as_depth(nearness: Floats, rng: np.random.Generator) -> Floats:
    """Nearness (…, rows, columns), 1 over the distance, as a host would draw it, (…, rows, columns, 3), 0 to 1: white
    is near, black is nothing; even in the distance from a nearest to a farthest one, or in the nearness itself.
    """
    seen = np.maximum(nearness, 0).astype(np.float64)
    nearest = max(float(seen.max()), 1e-3)
    if rng.random() < _EVEN:
        near = float(rng.uniform(0.8, 1.0)) / nearest
        far = near * math.exp(rng.uniform(*_FARTHEST))
        grey = (far - 1 / np.maximum(seen, 1e-6)) / (far - near)
    else:
        grey = (seen / nearest) ** float(rng.uniform(0.5, 1.2))
    grain = rng.standard_normal(grey.shape) * float(rng.uniform(0, 0.02))
    return np.clip(grey + grain, 0, 1).astype(np.float32)[..., None].repeat(3, -1)


def spread_of(moves: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, scale and variance once scaled (MOVE_NUMBERS,) of moves (count, MOVE_NUMBERS) and of the same mirrored.

    The waves of a track share one scale, so that its fine ones stay small beside its broad ones. An absent element's
    numbers do not count.
    """
    both = np.concatenate([moves, mirrored_moves(moves)])
    mean, spread = np.zeros(MOVE_NUMBERS, np.float32), np.zeros(MOVE_NUMBERS, np.float32)
    counted = said(both) > 0
    for i in range(MOVE_NUMBERS):
        values = both[counted[:, i], i]
        mean[i], spread[i] = values.mean(), values.std()
    scale = np.zeros_like(spread)
    start = 0
    for length in _groups():
        scale[start : start + length] = max(float(np.sqrt(np.square(spread[start : start + length]).mean())), 1e-3)
        start += length
    return mean, scale, np.square(spread / scale) + 1e-4


def _groups() -> list[int]:
    """How many numbers in turn share a scale."""
    return [KNOTS] * len(CAMERA_TRACKS) + ([KNOTS] * len(ELEMENT_TRACKS) + [1] * len(ELEMENT_FACTS)) * SLOTS


_FACTS = np.repeat([length == 1 for length in _groups()], _groups())


class Batches:
    """Endless batches for the network of a part; the same seed and pool give the same ones."""

    def __init__(self, pool: Pool, vocabulary: Vocabulary, part: str, seed: int) -> None:
        self.pool, self.vocabulary = pool, vocabulary
        self.rng = np.random.default_rng(seed)
        self.slots, self.made = pool.full(), 0
        self.mean, self.scale, self.variance = spread_of(pool.moves()[:8192])
        kinds: dict[str, Callable[[Sample], One | None]] = {
            "eye": self._seen,
            "moves": self._moves,
            "plate": self._plate,
            "elements": self._element,
        }
        self._one = kinds[part]

    def next(self, size: int) -> dict[str, Tensor]:
        """`size` samples: clean, known, told and weight as the part's network has them; words (size, LONGEST)."""
        if self.made % _LOOKED_AGAIN == 0:  # others may be drawing
            self.slots = self.pool.full()
        self.made += 1
        found: list[One] = []
        words = []
        while len(found) < size:
            slot = int(self.slots[self.rng.integers(len(self.slots))])
            sample = self.pool.take(slot, bool(self.rng.random() < 0.5))
            one = self._one(sample)
            if one is not None:
                found.append(one)
                text = "" if self.rng.random() < _NO_WORDS else caption(sample.world, self.rng)
                words.append(self.vocabulary.encode(text))
        columns = zip(("clean", "known", "told", "weight"), zip(*found, strict=True), strict=True)
        batch = {name: torch.from_numpy(np.stack(values)) for name, values in columns}
        return {**batch, "words": torch.tensor(words, dtype=torch.long)}

    def _view(self, sample: Sample, shares: Mapping[str, float] = _KNOWN) -> Floats:
        kind = str(self.rng.choice(list(shares), p=list(shares.values())))
        if kind == _NOTHING:
            return known_view(None)
        if kind == DEPTH:
            return known_view(as_depth(sample.nearness.astype(np.float32), self.rng), DEPTH)
        picture = sample.picture.astype(np.float32) / np.float32(255)
        return known_view(self._sketched(picture) if kind == PANEL else picture, kind)

    def _sketched(self, picture: Floats) -> Floats:
        """As it was drawn, or drawn with a broader pen."""
        if self.rng.random() < _FINE_PEN:
            return sketch(picture, self.rng)
        small = cv2.resize(picture, GLIMPSE[::-1], interpolation=cv2.INTER_AREA)
        return cv2.resize(sketch(small, self.rng), VIEW[::-1], interpolation=cv2.INTER_CUBIC).clip(0, 1)

    def _scaled(self, sample: Sample) -> Floats:
        return (sample.moves - self.mean) / self.scale * said(sample.moves)

    def _seen(self, sample: Sample) -> One:
        moves = Moves.from_numbers(sample.moves)
        truth = np.zeros((SLOTS, 5), np.float32)
        truth[:, 0] = NOWHERE
        for slot, element in enumerate(moves.elements):
            box = element_box(moves, slot, sample.reference, sample.up(slot)) if element is not None else None
            if box is None or (place := place_of(box)) == NOWHERE:
                continue
            x, y = middle_of(place)
            sides = np.log(box[2] - box[0]), np.log(box[3] - box[1])
            truth[slot] = place, (box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y, *sides
        return truth, glimpse_of(self._view(sample, _SEEN)), np.zeros(1, np.float32), np.ones(1, np.float32)

    def _moves(self, sample: Sample) -> One:
        told = moment_told(sample.reference, sample.world.seconds)
        counts = said(sample.moves)
        weight = (counts + _ABSENT_WEIGHT * (1 - counts)) * np.where(_FACTS, _FACTS_WEIGHT, 1).astype(np.float32)
        return self._scaled(sample), glimpse_of(self._view(sample)), told, weight

    def _plate(self, sample: Sample) -> One:
        clean = sample.plate.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
        told = plate_told(self._scaled(sample), sample.reference, sample.world.seconds)
        weight = np.ones((4, 1, 1), np.float32)
        weight[3] = _NEARNESS_WEIGHT
        return clean, known_plate(self._view(sample)), told, weight

    def _element(self, sample: Sample) -> One | None:
        moves = Moves.from_numbers(sample.moves)
        there = [slot for slot in range(SLOTS) if moves.elements[slot] is not None]
        if not there:
            return None
        slot = there[int(self.rng.integers(len(there)))]
        layers = sample.elements[slot].astype(np.float32).transpose(0, 3, 1, 2).reshape(POSES * 4, *ELEMENT)
        box = np.array(element_box(moves, slot, sample.reference, sample.up(slot)))
        side = np.array((box[2] - box[0], box[3] - box[1]) * 2)
        box = box + self.rng.normal(0, _JITTER, 4) * side
        known = known_element(self._view(sample), tuple(box))
        told = element_told(self._scaled(sample), slot, sample.plate.astype(np.float32) / np.float32(255))
        return layers / 127.5 - 1, known, told, np.ones((1, 1, 1), np.float32)
