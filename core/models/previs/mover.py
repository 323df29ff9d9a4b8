"""The network that plans the moves of camera and elements: a small transformer over words, a picture and the moves."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .blocks import Deciding, Steering
from .layers import CAMERA_NUMBERS, ELEMENT_NUMBERS, GLIMPSE, MOVE_NUMBERS, SLOTS
from .painter import KNOWN
from .reader import Heard

TOLD = 2  # the reference moment, and the logarithm of the seconds
_PATCH = 4


@dataclass(frozen=True)
class Shape:
    """What the weights were made for."""

    width: int = 192
    depth: int = 4
    heads: int = 4
    words: int = 256


class Mover(nn.Module):
    """Predicts the clean numbers of the moves from noisy ones, words and what is known of the view at the reference.

    Numbers are scaled so that each track varies by about 1. As with pictures, a linear guess comes first.
    """

    mean: Tensor
    scale: Tensor
    variance: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        for name, start in (("mean", 0.0), ("scale", 1.0), ("variance", 1.0)):
            self.register_buffer(name, torch.full((MOVE_NUMBERS,), start))
        self.steering = Steering(TOLD, shape.words, width)
        self.look = nn.Linear(KNOWN * _PATCH**2, width)
        self.camera_in = nn.Linear(CAMERA_NUMBERS, width)
        self.element_in = nn.Linear(ELEMENT_NUMBERS, width)
        self.parts = nn.Parameter(torch.randn(1 + SLOTS, width) * 0.3)
        grid = (GLIMPSE[0] // _PATCH, GLIMPSE[1] // _PATCH)
        self.deciding = Deciding(width, shape.heads, shape.depth, grid, shape.words)
        self.camera_out = nn.Linear(width, CAMERA_NUMBERS)
        self.element_out = nn.Linear(width, ELEMENT_NUMBERS)
        nn.init.zeros_(self.camera_out.weight)
        nn.init.zeros_(self.element_out.weight)

    def scaled(self, numbers: Tensor) -> Tensor:
        """Moves' numbers (batch, MOVE_NUMBERS) as the network has them."""
        return (numbers - self.mean) / self.scale

    def unscaled(self, numbers: Tensor) -> Tensor:
        """The other way."""
        return numbers * self.scale + self.mean

    def forward(self, noisy: Tensor, level: Tensor, heard: Heard, known: Tensor, told: Tensor) -> Tensor:
        """The clean numbers (batch, MOVE_NUMBERS), scaled; known (batch, KNOWN, *GLIMPSE); told (batch, TOLD)."""
        with torch.autocast(noisy.device.type, enabled=False):
            t = level[:, None]
            power = t.square() * self.variance + (1 - t).square()
            guess = noisy * t * self.variance / power
            missed = (self.variance / power).sqrt() * (1 - t)
        steer = self.steering(level, heard.whole, told)
        placed = self.look(functional.pixel_unshuffle(known, _PATCH).flatten(2).transpose(1, 2))
        camera = self.camera_in(noisy[:, :CAMERA_NUMBERS])[:, None]
        elements = self.element_in(noisy[:, CAMERA_NUMBERS:].reshape(len(noisy), SLOTS, ELEMENT_NUMBERS))
        parts = torch.cat([camera, elements], 1) + self.parts
        decided = functional.silu(self.deciding(placed, parts, heard.tokens, heard.padded, steer)[:, -1 - SLOTS :])
        left = torch.cat([self.camera_out(decided[:, 0]), self.element_out(decided[:, 1:]).flatten(1)], 1)
        return guess + missed * left.float()
