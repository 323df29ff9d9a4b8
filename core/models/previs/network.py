"""The video diffusion network: convolutions where forms are drawn, a transformer where they are decided.

Fine places are seen by 2D convolutions, which learn a form once for all places; the coarsest, a ninth by a sixteenth of
the picture and 4 frames each, by a transformer over space, time and words. The shape is that of “simple diffusion”
(Hoogeboom et al., 2023) with the clean picture as the prediction, as in “Back to Basics: Let Denoising Generative
Models Denoise” (Li & He, 2025), less what a linear filter knows already (`spectrum.py`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import Attending, Convolving, rotary
from .reader import Heard, Reader
from .spectrum import Spectrum
from .text import LONGEST

TOGETHER = 4  # frames that go as one through the convolutions
GRID = (9, 16)  # places of the transformer, down and across a picture
FLAGS = 4  # per frame: known as a frame, known as a panel; the same of the known frame nearest in time
_LONGEST_FRAMES = 24


@dataclass(frozen=True)
class Shape:
    """What the weights were made for."""

    words: int
    fine: int = 48  # channels at the picture's own size
    middle: int = 128  # at half of it
    width: int = 256
    depth: int = 4
    heads: int = 4
    height: int = 36
    across: int = 64
    frames: int = 12

    def to_json(self) -> dict[str, Any]:
        """As JSON, field by field."""
        return asdict(self)


def held(known: Tensor, flags: Tensor) -> tuple[Tensor, Tensor]:
    """Every frame's nearest known frame (batch, frames, 3, rows, columns), and its flags beside the frame's own.

    So each token sees what is known of its place, without first having to look for it in another token.
    """
    b, f = flags.shape[:2]
    some = flags.sum(2) > 0
    frames = torch.arange(f, device=flags.device)
    far = (frames[:, None] - frames[None]).abs() + (~some)[:, None] * 2 * f
    nearest = far.argmin(2)
    batch = torch.arange(b, device=flags.device)[:, None]
    return known[batch, nearest], torch.cat([flags, flags[batch, nearest]], 2)


class PrevisNetwork(nn.Module):
    """Predicts the clean frames from noisy ones, words and known frames."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        fine, middle, width = shape.fine, shape.middle, shape.width
        self.spectrum = Spectrum(shape.frames, shape.height, shape.across)
        self.reader = Reader(shape.words, width, shape.heads, shape.height, shape.across)
        self.time = nn.Sequential(nn.Linear(128, width), nn.SiLU(), nn.Linear(width, width))
        self.hear = nn.Linear(width, width)
        self.stem = nn.Conv2d(TOGETHER * (3 * 3 + FLAGS), fine, 3, padding=1)
        self.fine_down = nn.ModuleList(Convolving(fine, width) for _ in range(2))
        self.to_middle = nn.Conv2d(fine, middle, 2, 2)
        self.middle_down = nn.ModuleList(Convolving(middle, width) for _ in range(2))
        self.to_coarse = nn.Conv2d(middle, width, 2, 2)
        # Rotary positions tell places apart only from each other: in pure noise none would know where it stands.
        self.spots = nn.Parameter(torch.randn(math.prod(GRID), width) * 0.3)
        self.moments = nn.Parameter(torch.randn(_LONGEST_FRAMES // TOGETHER, width) * 0.3)
        self.blocks = nn.ModuleList(Attending(width, shape.heads) for _ in range(shape.depth))
        self.from_coarse = nn.Conv2d(width, 4 * middle, 1)
        self.middle_join = nn.Conv2d(2 * middle, middle, 1)
        self.middle_up = nn.ModuleList(Convolving(middle, width) for _ in range(2))
        self.from_middle = nn.Conv2d(middle, 4 * fine, 1)
        self.fine_join = nn.Conv2d(2 * fine, fine, 1)
        self.fine_up = nn.ModuleList(Convolving(fine, width) for _ in range(2))
        self.head = nn.Conv2d(fine, 3 * TOGETHER, 3, padding=1)
        nn.init.zeros_(self.head.weight)

    def forward(self, noisy: Tensor, level: Tensor, heard: Heard, known: Tensor, flags: Tensor) -> Tensor:
        """The clean frames.

        noisy, known (batch, frames, 3, rows, columns), -1 to 1, frames as the shape has them; level (batch,) 0 noise to
        1 clean; heard as the reader has it; flags (batch, frames, 2).
        """
        known, flags = held(known, flags)
        with torch.autocast(noisy.device.type, enabled=False):  # nearly clean pictures need exact numbers
            guess = self.spectrum.guess(noisy, level, heard.picture, heard.worded)
            missed = self.spectrum.missed(level, heard.worded)[:, None, None, None, None]
        wave = (level.logit(1e-4)[:, None] + 10) * torch.logspace(-1.5, 1, 64).to(level)
        steer = functional.silu(self.time(torch.cat([wave.cos(), wave.sin()], 1)) + self.hear(heard.whole))
        flat = flags[..., None, None].expand(-1, -1, -1, *noisy.shape[-2:])
        left = self._left(torch.cat([guess, noisy, known, flat], 2), heard.tokens, heard.padded, steer)
        return guess + missed * left.float()

    def _left(self, seen: Tensor, tokens: Tensor, padded: Tensor, steer: Tensor) -> Tensor:
        """What the guess misses, in its spreads; seen (batch, frames, channels, rows, columns)."""
        b, f, _, rows, columns = seen.shape
        times = f // TOGETHER
        per_time = steer.repeat_interleave(times, 0)
        x = seen.reshape(b * times, -1, rows, columns).contiguous(memory_format=torch.channels_last)
        x = self.stem(x)
        for block in self.fine_down:
            x = block(x, per_time)
        fine = x
        x = self.to_middle(x)
        for block in self.middle_down:
            x = block(x, per_time)
        middle = x
        x = self._decide(self.to_coarse(x), b, tokens, padded, steer)
        x = functional.pixel_shuffle(self.from_coarse(x), 2)
        x = self.middle_join(torch.cat([x, middle], 1))
        for block in self.middle_up:
            x = block(x, per_time)
        x = functional.pixel_shuffle(self.from_middle(x), 2)
        x = self.fine_join(torch.cat([x, fine], 1))
        for block in self.fine_up:
            x = block(x, per_time)
        return self.head(functional.silu(x)).reshape(b, f, 3, rows, columns)

    def _decide(self, x: Tensor, batch: int, tokens: Tensor, padded: Tensor, steer: Tensor) -> Tensor:
        """Attention over all places, times and words; x (batch * times, width, *GRID), in and out."""
        times, width = len(x) // batch, self.shape.width
        stands = (self.moments[:times, None] + self.spots[None]).flatten(0, 1)
        h = torch.cat([x.flatten(2).transpose(1, 2).reshape(batch, -1, width) + stands, tokens], 1)
        cos, sin = rotary(times, *GRID, width // self.shape.heads)
        unseen = functional.pad(padded, (h.shape[1] - LONGEST, 0))[:, None, None]
        mask = torch.zeros_like(unseen, dtype=h.dtype).masked_fill(unseen, -1e4)
        for block in self.blocks:
            h = block(h, steer, (cos.to(h), sin.to(h)), mask, (times, *GRID))
        return h[:, :-LONGEST].reshape(batch * times, -1, width).transpose(1, 2).reshape(-1, width, *GRID)
