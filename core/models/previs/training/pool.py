"""A pool of scenes on disk, taken apart, that training draws from while other processes fill it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from ..layers import CAMERA_NUMBERS, CAMERA_TRACKS, ELEMENT, ELEMENT_NUMBERS, KNOTS, MOVE_NUMBERS, PLATE, POSES, VIEW
from ..layers import SLOTS as ELEMENTS
from ..world.layers import layers_of, unit_of
from ..world.scene import FRAMES, World, make_world, mirrored

SLOTS = 140_000
SHORTEST, LONGEST = 1.5, 10.0  # seconds of a scene


def world_of(seed: int, seconds: float | None = None) -> World:
    """The scene of a seed, as long as asked or, without, as the seed has it. The same every time."""
    if seconds is None:
        share = float(np.random.default_rng([seed, 1]).random())
        seconds = SHORTEST * (LONGEST / SHORTEST) ** share
    return make_world(np.random.default_rng(seed), seconds)


@dataclass(frozen=True)
class Sample:
    """One scene taken apart, as `layers_of` has it; moves as numbers."""

    world: World
    reference: float
    plate: npt.NDArray[np.uint8]
    elements: npt.NDArray[np.uint8]
    moves: npt.NDArray[np.float32]
    picture: npt.NDArray[np.uint8]
    nearness: npt.NDArray[np.float16]

    def up(self, slot: int) -> float:
        """How high an element is in the air at the reference moment, as `ElementMove.up` has it."""
        frame = round(self.reference * (FRAMES - 1))
        return float(self.world.subjects[slot].y[frame]) / unit_of(self.world, frame)


def mirrored_moves(numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The numbers (…, MOVE_NUMBERS) of the same moves with left and right exchanged."""
    turned = numbers.copy()
    for track in (CAMERA_TRACKS.index("x"), CAMERA_TRACKS.index("pan")):
        turned[..., track * KNOTS : (track + 1) * KNOTS] *= -1
    for slot in range(ELEMENTS):
        start = CAMERA_NUMBERS + slot * ELEMENT_NUMBERS  # its first track is across
        turned[..., start : start + KNOTS] *= -1
    return turned


class Pool:
    """Slots, each with the seed it was filled from; 0 where it is empty."""

    def __init__(self, folder: Path, slots: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.slots = slots
        self._plates = self._open(folder / "plates.u8", (slots, *PLATE, 4), np.uint8)
        self._elements = self._open(folder / "elements.u8", (slots, ELEMENTS, POSES, *ELEMENT, 4), np.uint8)
        self._pictures = self._open(folder / "pictures.u8", (slots, *VIEW, 3), np.uint8)
        self._nearness = self._open(folder / "nearness.f16", (slots, *VIEW), np.float16)
        self._moves = self._open(folder / "moves.f32", (slots, MOVE_NUMBERS), np.float32)
        self._frames = self._open(folder / "frames.i64", (slots,), np.int64)
        self.seeds = self._open(folder / "seeds.i64", (slots,), np.int64)

    @staticmethod
    def _open(path: Path, shape: tuple[int, ...], kind: type[np.number[Any]]) -> np.memmap[Any, Any]:
        mode: Literal["r+", "w+"] = "r+" if path.exists() else "w+"
        return np.memmap(path, kind, mode, shape=shape)

    def fill(self, slot: int, seed: int) -> None:
        """Draws the scene of a seed into a slot, at a reference moment of the seed's."""
        at = int(np.random.default_rng([seed, 2]).choice((0, FRAMES // 2, FRAMES - 1), p=(0.4, 0.4, 0.2)))
        plate, elements, moves, picture, nearness = layers_of(world_of(seed), at)
        self._plates[slot], self._elements[slot], self._pictures[slot] = plate, elements, picture
        self._nearness[slot] = nearness
        self._moves[slot], self._frames[slot] = moves.to_numbers(), at
        self.seeds[slot] = seed

    def full(self) -> npt.NDArray[np.int64]:
        """The slots that are filled."""
        return np.flatnonzero(np.array(self.seeds))  # a copy: another process may be drawing

    def moves(self) -> npt.NDArray[np.float32]:
        """The moves' numbers of all filled slots, (filled, MOVE_NUMBERS)."""
        return np.array(self._moves[self.full()])

    def take(self, slot: int, mirror: bool) -> Sample:
        """A slot's scene, with left and right exchanged where `mirror` says so."""
        world = world_of(int(self.seeds[slot]))
        plate, elements, picture = self._plates[slot], self._elements[slot], self._pictures[slot]
        nearness = self._nearness[slot]
        moves = np.array(self._moves[slot])
        if mirror:
            world, moves = mirrored(world), mirrored_moves(moves)
            plate, elements, picture = plate[:, ::-1], elements[:, :, :, ::-1], picture[:, ::-1]
            nearness = nearness[:, ::-1]
        return Sample(world, float(self._frames[slot]) / (FRAMES - 1), plate, elements, moves, picture, nearness)


def main() -> None:
    """Fills the pool, every `--step`-th slot from `--first-seed` on."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slots", type=int, default=SLOTS)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--step", type=int, default=1)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    pool = Pool(chosen.folder, chosen.slots)
    for seed in range(chosen.first_seed, chosen.slots + 1, chosen.step):
        if not pool.seeds[seed - 1]:
            pool.fill(seed - 1, seed)


if __name__ == "__main__":
    main()
