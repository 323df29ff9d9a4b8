"""From the pool to training batches: words, known frames, panels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..text import LONGEST, Vocabulary
from ..world.caption import caption
from .pool import HEIGHT, Pool

Frames = npt.NDArray[np.float32]
_NO_WORDS = 0.1
_SUBJECT_WEIGHT = 3.0
# What is known of a chunk, and how often: words alone are the hardest to learn from, and get the most.
_GIVEN = {"none": 0.55, "panel": 0.23, "head": 0.11, "tail": 0.04, "ends": 0.04, "any": 0.03}


def sketch(picture: Frames, rng: np.random.Generator) -> Frames:
    """A picture as a storyboard artist would leave it: lines, grey tones or faint colour on paper, with grain.

    (rows, columns, 3) 0 to 1, in and out.
    """
    grey = picture @ np.array((0.3, 0.59, 0.11), np.float32)
    gy, gx = np.gradient(grey)
    lines = np.clip(np.hypot(gx, gy) * float(rng.uniform(4, 12)), 0, 1)
    kind = rng.random()
    paper = float(rng.uniform(0.85, 1.0))
    if kind < 0.35:
        drawn = paper * (1 - 0.9 * lines)[..., None].repeat(3, 2)
    elif kind < 0.8:
        levels = int(rng.integers(3, 7))
        tone = np.round(grey * levels) / levels
        low = float(rng.uniform(0.1, 0.5))
        drawn = ((low + (paper - low) * tone) * (1 - 0.7 * lines))[..., None].repeat(3, 2)
    else:
        faint = float(rng.uniform(0.3, 0.8))
        drawn = (picture * faint + paper * (1 - faint)) * (1 - 0.7 * lines)[..., None]
    grain = rng.standard_normal(grey.shape).astype(np.float32)[..., None] * float(rng.uniform(0.0, 0.06))
    return np.clip(drawn + grain, 0, 1).astype(np.float32)


def known_frames(frames: int, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Which frames are given and which are drawn as panels, at random."""
    way = str(rng.choice(list(_GIVEN), p=list(_GIVEN.values())))
    k = min(int(rng.choice((1, 2, 4, 6, 8))), frames // 2)
    head, tail = list(range(k)), list(range(frames - k, frames))
    if way == "panel":
        return [], [int(rng.integers(frames))] if rng.random() < 0.8 else [0, frames - 1]
    return {"none": [], "head": head, "tail": tail, "ends": head + tail, "any": [int(rng.integers(frames))]}[way], []


def smaller(pictures: npt.NDArray[np.uint8], height: int) -> npt.NDArray[np.uint8]:
    """(frames, rows, columns, …) of the pool averaged over squares, to `height` rows."""
    frames, rows, columns, *rest = pictures.shape
    times = rows // height
    if times == 1:
        return pictures
    squares = pictures.reshape(frames, rows // times, times, columns // times, times, *rest)
    return squares.mean((2, 4), dtype=np.float32).round().astype(np.uint8)


class Batches:
    """Endless training batches of pictures `height` rows high; the same seed and pool give the same ones."""

    def __init__(self, pool: Pool, vocabulary: Vocabulary, seed: int, height: int = HEIGHT) -> None:
        self.pool, self.vocabulary, self.height = pool, vocabulary, height
        self.rng = np.random.default_rng(seed)

    def next(self, size: int, frames: int) -> dict[str, Tensor]:
        """clean, known (size, frames, 3, rows, columns), -1 to 1; flags (size, frames, 2); words; weight per pixel."""
        rng = self.rng
        clean, known, flags, words, weight = [], [], [], [], []
        for _ in range(size):
            clip, mask, world = self.pool.take(rng, frames)
            clip, mask = smaller(clip, self.height), smaller(mask, self.height)
            text = "" if world is None or rng.random() < _NO_WORDS else caption(world, rng)
            given, drawn = known_frames(frames, rng)
            if world is None and not given:
                given, drawn = list(range(4)), []
            flag = np.zeros((frames, 2), np.float32)
            shown = np.zeros((frames, 3, *clip.shape[1:3]), np.float32)
            for i in given:
                flag[i, 0] = 1
                shown[i] = clip[i].transpose(2, 0, 1) / 127.5 - 1
            for i in drawn:
                flag[i, 1] = 1
                shown[i] = sketch(clip[i] / np.float32(255), rng).transpose(2, 0, 1) * 2 - 1
            clean.append(clip.transpose(0, 3, 1, 2))
            known.append(shown)
            flags.append(flag)
            words.append(self.vocabulary.encode(text))
            weight.append(mask)
        heavy = 1 + _SUBJECT_WEIGHT * torch.from_numpy(np.stack(weight)).float()[:, :, None] / 255
        return {
            "clean": torch.from_numpy(np.stack(clean)).float() / 127.5 - 1,
            "known": torch.from_numpy(np.stack(known)),
            "flags": torch.from_numpy(np.stack(flags)),
            "words": torch.tensor(words, dtype=torch.long).reshape(size, LONGEST),
            "weight": heavy,
        }
