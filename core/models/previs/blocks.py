"""What the networks are built of: a block that convolves and a block that attends, both steered by time and text."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

_GROUPS = 8
_WAVES = 64


def _frequencies(head: int) -> Tensor:
    return 1.0 / (40.0 ** (torch.arange(head // 2, dtype=torch.float32) / (head // 2)))


def rotary(grid: tuple[int, int], others: int, head: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines (tokens, head / 2) of rotary positions on a grid (rows, columns); other tokens stand at its
    origin, told apart by their content."""
    pairs = head // 2
    sizes = (pairs // 2, pairs - pairs // 2)
    places = torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in grid), indexing="ij")
    angles = [axis.reshape(-1, 1) * _frequencies(2 * size)[None] for axis, size in zip(places, sizes, strict=True)]
    angle = torch.cat([torch.cat(angles, 1), torch.zeros(others, pairs)])
    return angle.cos(), angle.sin()


def waves_of(level: Tensor) -> Tensor:
    """A noise level (batch,) as numbers that a network tells apart, (batch, 128)."""
    wave = (level.logit(1e-4)[:, None] + 10) * torch.logspace(-1.5, 1, _WAVES).to(level)
    return torch.cat([wave.cos(), wave.sin()], 1)


class Steering(nn.Module):
    """Noise level, words and what else is told, as one vector."""

    def __init__(self, told: int, words: int, width: int) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(2 * _WAVES, width), nn.SiLU(), nn.Linear(width, width))
        self.hear = nn.Linear(words, width)
        self.tell = nn.Sequential(nn.Linear(told, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, level: Tensor, whole: Tensor, told: Tensor) -> Tensor:
        """level (batch,); whole (batch, words); told (batch, told); out (batch, width)."""
        return functional.silu(self.time(waves_of(level)) + self.hear(whole) + self.tell(told))


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

    def forward(self, x: Tensor, steer: Tensor) -> Tensor:
        """x (batch, channels, rows, columns); steer (batch, width)."""
        h = self.first(functional.silu(self.first_norm(x)))
        scale, shift = self.steer(steer)[..., None, None].chunk(2, 1)
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
        self.mix = nn.Parameter(torch.zeros(5, width))
        # In two steps through half as many numbers: else half of all weights would be here.
        self.steer = nn.Sequential(nn.Linear(width, width // 2, bias=False), nn.Linear(width // 2, 6 * width))
        nn.init.zeros_(self.steer[1].weight)
        nn.init.zeros_(self.steer[1].bias)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def _neighbours(self, x: Tensor, grid: tuple[int, int]) -> Tensor:
        placed = math.prod(grid)
        b, _, c = x.shape
        field = x[:, :placed].reshape(b, *grid, c)
        total = field * self.mix[0]
        for axis in range(2):
            n = field.shape[axis + 1]
            before = functional.pad(field.narrow(axis + 1, 0, n - 1), (0, 0) * (2 - axis) + (1, 0))
            after = functional.pad(field.narrow(axis + 1, 1, n - 1), (0, 0) * (2 - axis) + (0, 1))
            total = total + before * self.mix[1 + 2 * axis] + after * self.mix[2 + 2 * axis]
        return torch.cat([x[:, :placed] + total.reshape(b, -1, c), x[:, placed:]], 1)

    def forward(
        self, x: Tensor, steer: Tensor, turn: tuple[Tensor, Tensor], mask: Tensor, grid: tuple[int, int]
    ) -> Tensor:
        """x (batch, tokens, width), first those of the grid (rows, columns); steer (batch, width); mask (batch, 1, 1,
        tokens) 0, far below it where unseen."""
        shift1, scale1, gate1, shift2, scale2, gate2 = self.steer(steer)[:, None].chunk(6, -1)
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


class Deciding(nn.Module):
    """Attending blocks over the places of a grid, further tokens, and words."""

    def __init__(self, width: int, heads: int, depth: int, grid: tuple[int, int], words: int) -> None:
        super().__init__()
        self.grid, self.heads = grid, heads
        # Rotary positions tell places apart only from each other: in pure noise none would know where it stands.
        self.spots = nn.Parameter(torch.randn(math.prod(grid), width) * 0.3)
        self.read = nn.Linear(words, width)
        self.blocks = nn.ModuleList(Attending(width, heads) for _ in range(depth))

    def forward(self, placed: Tensor, others: Tensor, words: Tensor, padded: Tensor, steer: Tensor) -> Tensor:
        """placed (batch, places, width), others (batch, any, width), words (batch, LONGEST, width of words), padded
        (batch, LONGEST) True where there is none; out (batch, places + any, width)."""
        read = self.read(words)
        h = torch.cat([placed + self.spots, others.to(placed), read.to(placed)], 1)
        cos, sin = rotary(self.grid, h.shape[1] - placed.shape[1], h.shape[2] // self.heads)
        unseen = functional.pad(padded, (h.shape[1] - words.shape[1], 0))[:, None, None]
        mask = torch.zeros_like(unseen, dtype=h.dtype).masked_fill(unseen, -1e4)
        for block in self.blocks:
            h = block(h, steer, (cos.to(h), sin.to(h)), mask, self.grid)
        return h[:, : -words.shape[1]]
