"""A pool of drawn clips on disk that training draws from while a second process keeps renewing it."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..world.draw import draw_world
from ..world.scene import FRAMES, World, make_world, mirrored
from ..world.texture import draw_texture

HEIGHT = 36  # rows of what is drawn; a larger network wants a pool of its own
SLOTS = 40_000
APART = 2  # drawn frames, 12 a second, between two that the model sees: it works at 6 a second
_TEXTURES = 0.06


def world_of(seed: int) -> World | None:
    """The scene of a seed; None where the seed draws plain texture. The same every time."""
    rng = np.random.default_rng(seed)
    return None if rng.random() < _TEXTURES else make_world(rng)


class Pool:
    """Slots of frames (24, rows, columns, 3) and subject masks (24, rows, columns), uint8, each with its seed."""

    def __init__(self, folder: Path, slots: int, height: int = HEIGHT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.slots, self.size = slots, (height, height * 16 // 9)
        self._frames = self._open(folder / "frames.u8", (slots, FRAMES, *self.size, 3), np.uint8)
        self._masks = self._open(folder / "masks.u8", (slots, FRAMES, *self.size), np.uint8)
        self.seeds = self._open(folder / "seeds.i64", (slots,), np.int64)

    @staticmethod
    def _open(path: Path, shape: tuple[int, ...], kind: type[np.integer[Any]]) -> np.memmap[Any, Any]:
        mode: Literal["r+", "w+"] = "r+" if path.exists() else "w+"
        return np.memmap(path, kind, mode, shape=shape)

    def fill(self, slot: int, seed: int) -> None:
        """Draws the scene of a seed into a slot; seed 0 marks an empty slot."""
        world = world_of(seed)
        if world is None:
            frames, mask = draw_texture(np.random.default_rng(seed), *self.size), None
        else:
            frames, mask = draw_world(world, *self.size)
        self.seeds[slot] = 0
        self._frames[slot] = frames
        self._masks[slot] = 0 if mask is None else (mask * 255).astype(np.uint8)
        self.seeds[slot] = seed

    def clip(self, slot: int) -> npt.NDArray[np.uint8]:
        """A slot's frames."""
        return np.asarray(self._frames[slot])

    def take(
        self, rng: np.random.Generator, frames: int
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], World | None]:
        """A random clip of so many frames, 6 a second, flipped half of the time, with its mask and scene (None for
        texture)."""
        full = np.flatnonzero(np.array(self.seeds))  # a copy: another process may be drawing
        slot = int(full[rng.integers(len(full))])
        world = world_of(int(self.seeds[slot]))
        start = int(rng.integers(0, FRAMES - (frames - 1) * APART))
        shown = slice(start, start + (frames - 1) * APART + 1, APART)
        clip, mask = self._frames[slot, shown], self._masks[slot, shown]
        if rng.random() < 0.5:
            clip, mask = clip[:, :, ::-1], mask[:, :, ::-1]
            world = mirrored(world) if world else None
        return np.asarray(clip), np.asarray(mask), world


def main() -> None:
    """Draws into the pool until stopped; once it is full, slower, replacing the oldest."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slots", type=int, default=SLOTS)
    parser.add_argument("--height", type=int, default=HEIGHT)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--rest", type=float, default=0.0, help="seconds to rest after each clip of a full pool")
    chosen = parser.parse_args()
    pool = Pool(chosen.folder, chosen.slots, chosen.height)
    seed = max(chosen.first_seed, int(pool.seeds.max()) // chosen.step * chosen.step + chosen.first_seed)
    while True:
        full = bool(pool.seeds[seed % chosen.slots])
        pool.fill(seed % chosen.slots, seed)
        seed += chosen.step
        time.sleep(chosen.rest if full else 0)


if __name__ == "__main__":
    main()
