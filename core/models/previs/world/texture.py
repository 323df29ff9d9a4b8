"""Footage of no place: noise and patches under camera motion, so that motion is carried on in anything."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .scene import FRAMES


def draw_texture(rng: np.random.Generator, height: int = 72, width: int = 128) -> npt.NDArray[np.uint8]:
    """Frames (24, height, width, 3) of a coloured noise picture that drifts, zooms or turns steadily."""
    side = 256
    picture = np.zeros((side, side, 3), np.float32)
    for n, weight in ((4, 1.0), (8, 0.8), (16, 0.6), (32, 0.45), (64, 0.3)):
        grid = rng.random((n, n, 3)).astype(np.float32) - 0.5
        u = np.arange(side, dtype=np.float32) * n / side
        i, f = u.astype(int), (u % 1)[:, None, None]
        j = (i + 1) % n
        rows = grid[i] * (1 - f) + grid[j] * f
        f = (u % 1)[None, :, None]
        picture += weight * (rows[:, i] * (1 - f) + rows[:, j] * f)
    picture = picture / picture.std() * rng.uniform(0.1, 0.22) + rng.uniform(0.3, 0.7, 3).astype(np.float32)
    t = np.arange(FRAMES, dtype=np.float32)[:, None, None]
    zoom = np.exp(rng.uniform(-0.02, 0.02) * t)
    turn = rng.uniform(-0.02, 0.02) * t
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    ys, xs = ys[None] - height / 2, xs[None] - width / 2
    u = (np.cos(turn) * xs - np.sin(turn) * ys) * zoom + rng.uniform(-3, 3) * t + rng.uniform(0, side)
    v = (np.sin(turn) * xs + np.cos(turn) * ys) * zoom + rng.uniform(-2, 2) * t + rng.uniform(0, side)
    i, j = np.floor(v).astype(int), np.floor(u).astype(int)
    fv, fu = (v - i)[..., None], (u - j)[..., None]
    i0, i1, j0, j1 = i & 255, (i + 1) & 255, j & 255, (j + 1) & 255
    frames = (picture[i0, j0] * (1 - fu) + picture[i0, j1] * fu) * (1 - fv)
    frames += (picture[i1, j0] * (1 - fu) + picture[i1, j1] * fu) * fv
    return (np.clip(frames, 0, 1) * 255 + 0.5).astype(np.uint8)
