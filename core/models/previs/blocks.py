"""What the network is built of: a block that convolves and a block that attends, both steered by time and text."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .text import LONGEST

_GROUPS = 8


def _frequencies(head: int) -> Tensor:
    return 1.0 / (40.0 ** (torch.arange(head // 2, dtype=torch.float32) / (head // 2)))


def rotary(frames: int, rows: int, columns: int, head: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines (tokens, head / 2) of 3-axis rotary positions: a quarter to time, the rest to the picture."""
    pairs = head // 2
    share = (pairs // 4, (pairs - pairs // 4) // 2)
    sizes = (share[0], share[1], pairs - share[0] - share[1])
    grid = torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in (frames, rows, columns)), indexing="ij")
    angles = [axis.reshape(-1, 1) * _frequencies(2 * size)[None] for axis, size in zip(grid, sizes, strict=True)]
    angle = torch.cat(angles, 1)
    angle = torch.cat([angle, torch.zeros(LONGEST, pairs)])  # text stands at the origin, told apart by its content
    return angle.cos(), angle.sin()


class Convolving(nn.Module):
    """Two 3x3 convolutions beside what came in."""

    def __init__(self, channels: int, steer: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.first_norm = nn.GroupNorm(_GROUPS, channels)
        self.second_norm = nn.GroupNorm(_GROUPS, channels)
        self.steer = nn.Linear(steer, 2 * channels)
        nn.init.zeros_(self.steer.weight)
        nn.init.zeros_(self.steer.bias)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        """x (batch, channels, rows, columns); told (batch, steer)."""
        h = self.first(functional.silu(self.first_norm(x)))
        scale, shift = self.steer(told)[..., None, None].chunk(2, 1)
        h = self.second_norm(h) * (1 + scale) + shift
        return x + self.second(functional.silu(h))


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Attending(nn.Module):
    """Neighbour mix, attention and gated feed-forward, each steered by time and text through adaLN."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(2 * width, width, bias=False)
        self.mix = nn.Parameter(torch.zeros(7, width))
        self.steer = nn.Linear(width, 6 * width)
        nn.init.zeros_(self.steer.weight)
        nn.init.zeros_(self.steer.bias)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def _neighbours(self, x: Tensor, grid: tuple[int, int, int]) -> Tensor:
        video = x[:, :-LONGEST]
        b, _, c = video.shape
        cube = video.reshape(b, *grid, c)
        total = cube * self.mix[0]
        for axis in range(3):
            n = cube.shape[axis + 1]
            before = functional.pad(cube.narrow(axis + 1, 0, n - 1), (0, 0) * (3 - axis) + (1, 0))
            after = functional.pad(cube.narrow(axis + 1, 1, n - 1), (0, 0) * (3 - axis) + (0, 1))
            total = total + before * self.mix[1 + 2 * axis] + after * self.mix[2 + 2 * axis]
        return torch.cat([video + total.reshape(b, -1, c), x[:, -LONGEST:]], 1)

    def forward(
        self, x: Tensor, told: Tensor, turn: tuple[Tensor, Tensor], mask: Tensor, grid: tuple[int, int, int]
    ) -> Tensor:
        """x (batch, tokens, width); told (batch, width); mask (batch, 1, 1, tokens) 0, far below it where unseen."""
        shift1, scale1, gate1, shift2, scale2, gate2 = self.steer(told)[:, None].chunk(6, -1)
        x = self._neighbours(x, grid)
        b, n, c = x.shape
        h = functional.layer_norm(x, (c,)) * (1 + scale1) + shift1
        q, k, v = self.qkv(h).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k = (_turn(functional.rms_norm(t, (t.shape[-1],)), *turn) for t in (q, k))
        # Written out: on a CPU twice as fast, there and back, as PyTorch's fused attention (measured, 192 tokens).
        scores = q @ k.transpose(-1, -2) * (c // self.heads) ** -0.5 + mask
        h = (scores.softmax(-1).to(v) @ v).transpose(1, 2).reshape(b, n, c)
        x = x + (1 + gate1) * self.out(h)
        h = functional.layer_norm(x, (c,)) * (1 + scale2) + shift2
        gate, value = self.up(h).chunk(2, -1)
        return x + (1 + gate2) * self.down(functional.silu(gate) * value)
