"""Shapes with soft edges on all frames at once: each is a signed distance, turned into coverage one pixel wide."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Colour = tuple[float, float, float] | Array


class Canvas:
    """Frames being painted: `pixels` (frames, height, width, 3) float32, 0 to 1. Coordinates are frame heights.

    x runs from the middle to the right, y downward; `unit` pixels are one frame height: all of the rows, or fewer where
    more than the frame is painted. `mask` collects where subjects were painted, `nearness` 1 over the distance, in
    metres, of what is seen.
    """

    def __init__(self, frames: int, height: int, width: int, unit: int = 0) -> None:
        self.height, self.width, self.frames, self.unit = height, width, frames, unit or height
        self.pixels = np.zeros((frames, height, width, 3), np.float32)
        self.mask = np.zeros((frames, height, width), np.float32)
        self.xs = ((np.arange(width, dtype=np.float32) + 0.5) - width / 2) / self.unit
        self.ys = ((np.arange(height, dtype=np.float32) + 0.5) - height / 2) / self.unit
        self.nearness = np.zeros((frames, height, width), np.float32)
        self.marking = False
        self._stands = np.zeros((frames, 1, 1), np.float32)

    def stand(self, distance: Array | float) -> None:
        """How far away what is painted next stands, in metres; (frames,) or one for all."""
        self._stands[:] = np.reshape(1 / np.maximum(distance, 0.15), (-1, 1, 1))

    def _window(self, x0: Array, x1: Array, y0: Array, y1: Array) -> tuple[slice, slice, slice] | None:
        """The part of the frames that a shape touches; None when it touches none."""
        pad = 1.5 / self.unit
        live = (x1 > self.xs[0] - pad) & (x0 < self.xs[-1] + pad) & (y1 > self.ys[0] - pad) & (y0 < self.ys[-1] + pad)
        hit = np.flatnonzero(live)
        if not len(hit):
            return None
        f = slice(int(hit[0]), int(hit[-1]) + 1)
        left = int(np.searchsorted(self.xs, x0[live].min() - pad))
        right = int(np.searchsorted(self.xs, x1[live].max() + pad))
        top = int(np.searchsorted(self.ys, y0[live].min() - pad))
        bottom = int(np.searchsorted(self.ys, y1[live].max() + pad))
        if right <= left or bottom <= top:
            return None
        return f, slice(top, bottom), slice(left, right)

    def blend(self, window: tuple[slice, slice, slice], coverage: Array, colour: Colour) -> None:
        """Lays a colour over a part of the frames; coverage (frames, height, width) 0 to 1."""
        part = self.pixels[window]
        tone = np.asarray(colour, np.float32)
        if tone.ndim == 2:
            tone = tone[window[0], None, None, :]
        part += coverage[..., None] * (tone - part)
        near = self.nearness[window]
        near += coverage * (self._stands[window[0]] - near)
        if self.marking:
            m = self.mask[window]
            np.maximum(m, coverage, out=m)

    def capsule(self, ax: Array, ay: Array, bx: Array, by: Array, ra: Array, rb: Array, colour: Colour) -> None:
        """A limb from a to b, radius ra at a and rb at b; all (frames,) in frame heights."""
        r = np.maximum(ra, rb)
        w = self._window(np.minimum(ax, bx) - r, np.maximum(ax, bx) + r, np.minimum(ay, by) - r, np.maximum(ay, by) + r)
        if w is None:
            return
        f = w[0]
        c = (slice(None), None, None)
        px = self.xs[w[2]][None, None, :] - ax[f][c]
        py = self.ys[w[1]][None, :, None] - ay[f][c]
        dx, dy = (bx - ax)[f][c], (by - ay)[f][c]
        h = np.clip((px * dx + py * dy) / (dx * dx + dy * dy + 1e-9), 0, 1)
        d = np.hypot(px - h * dx, py - h * dy) - (ra[f][c] + h * (rb - ra)[f][c])
        self.blend(w, np.clip(0.5 - d * self.unit, 0, 1), colour)

    def ellipse(self, cx: Array, cy: Array, rx: Array, ry: Array, colour: Colour) -> None:
        """An upright ellipse; all (frames,)."""
        w = self._window(cx - rx, cx + rx, cy - ry, cy + ry)
        if w is None:
            return
        f, c = w[0], (slice(None), None, None)
        px = (self.xs[w[2]][None, None, :] - cx[f][c]) / rx[f][c]
        py = (self.ys[w[1]][None, :, None] - cy[f][c]) / ry[f][c]
        d = (np.hypot(px, py) - 1) * np.minimum(rx, ry)[f][c]
        self.blend(w, np.clip(0.5 - d * self.unit, 0, 1), colour)

    def box(self, x0: Array, x1: Array, y0: Array, y1: Array, colour: Colour, round_by: Array | float = 0.0) -> None:
        """An upright box with rounded corners; all (frames,)."""
        w = self._window(x0, x1, y0, y1)
        if w is None:
            return
        f, c = w[0], (slice(None), None, None)
        r = (np.zeros_like(x0) + round_by)[f][c]
        qx = np.abs(self.xs[w[2]][None, None, :] - ((x0 + x1) / 2)[f][c]) - ((x1 - x0) / 2)[f][c] + r
        qy = np.abs(self.ys[w[1]][None, :, None] - ((y0 + y1) / 2)[f][c]) - ((y1 - y0) / 2)[f][c] + r
        d = np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0) - r
        self.blend(w, np.clip(0.5 - d * self.unit, 0, 1), colour)

    def ridge(self, top: Array, colour: Colour) -> None:
        """All below a line; `top` (frames, width) is the line's y in every column."""
        low = float(top.min())
        row = int(np.clip(np.searchsorted(self.ys, low - 1 / self.unit), 0, self.height))
        if row >= self.height:
            return
        d = top[:, None, :] - self.ys[None, row:, None]
        self.blend((slice(None), slice(row, None), slice(None)), np.clip(0.5 - d * self.unit, 0, 1), colour)
