"""The network that paints a plate or an element: convolutions where forms are drawn, a transformer where they are
decided.

Fine places are seen by 2D convolutions, which learn a form once for all places; coarse ones by a transformer over
places and words. The shape is that of “simple diffusion” (Hoogeboom et al., 2023) with the clean picture as the
prediction, as in “Back to Basics: Let Denoising Generative Models Denoise” (Li & He, 2025), less what a linear filter
knows already (`spectrum.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import Convolving, Deciding, Steering
from .reader import Heard
from .spectrum import Spectrum

KNOWN = 5  # channels of what is known: its colours, and whether it is a frame, a drawing of one, or (both) its depth
_TOGETHER = 2  # pixels, down and across, that go as one through the convolutions


@dataclass(frozen=True)
class Shape:
    """What the weights were made for: pictures' channels and size, numbers told beside the words, the widths."""

    channels: int
    rows: int
    columns: int
    told: int
    coarser: int  # pixels of the convolutions, down and across, for one place of the transformer
    fine: int = 96
    width: int = 256
    depth: int = 4
    heads: int = 4
    words: int = 256


class Painter(nn.Module):
    """Predicts the clean picture from a noisy one, words, what is known of it, and what is told of it in numbers."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        fine, width, pixels = shape.fine, shape.width, _TOGETHER**2
        grid = (shape.rows // _TOGETHER // shape.coarser, shape.columns // _TOGETHER // shape.coarser)
        self.spectrum = Spectrum(shape.channels, shape.rows, shape.columns)
        self.steering = Steering(shape.told, shape.words, width)
        self.stem = nn.Conv2d(pixels * (2 * shape.channels + KNOWN), fine, 3, padding=1)
        self.down = nn.ModuleList(Convolving(fine, width) for _ in range(1))
        self.to_coarse = nn.Conv2d(fine, width, shape.coarser, shape.coarser)
        self.deciding = Deciding(width, shape.heads, shape.depth, grid, shape.words)
        self.from_coarse = nn.Conv2d(width, shape.coarser**2 * fine, 1)
        self.join = nn.Conv2d(2 * fine, fine, 1)
        self.up = nn.ModuleList(Convolving(fine, width) for _ in range(2))
        self.head = nn.Conv2d(fine, pixels * shape.channels, 3, padding=1)
        nn.init.zeros_(self.head.weight)

    def forward(self, noisy: Tensor, level: Tensor, heard: Heard, known: Tensor, told: Tensor) -> Tensor:
        """The clean pictures (batch, channels, rows, columns), -1 to 1.

        noisy like them; level (batch,) 0 noise to 1 clean; known (batch, KNOWN, rows, columns); told (batch, numbers).
        """
        with torch.autocast(noisy.device.type, enabled=False):  # nearly clean pictures need exact numbers
            guess = self.spectrum.guess(noisy, level)
            missed = self.spectrum.missed(level)[:, None, None, None]
        steer = self.steering(level, heard.whole, told)
        seen = functional.pixel_unshuffle(torch.cat([guess, noisy, known], 1), _TOGETHER)
        x = self.stem(seen.contiguous(memory_format=torch.channels_last))
        for block in self.down:
            x = block(x, steer)
        fine, coarse = x, self.to_coarse(x)
        placed = coarse.flatten(2).transpose(1, 2)
        placed = self.deciding(placed, placed[:, :0], heard.tokens, heard.padded, steer)
        x = functional.pixel_shuffle(self.from_coarse(placed.transpose(1, 2).reshape(coarse.shape)), self.shape.coarser)
        x = self.join(torch.cat([x, fine], 1))
        for block in self.up:
            x = block(x, steer)
        return guess + missed * functional.pixel_shuffle(self.head(functional.silu(x)), _TOGETHER).float()
