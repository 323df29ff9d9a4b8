"""The video diffusion transformer: large space-time patches, x-prediction, known frames beside the noise.

The shape is that of "Back to Basics: Let Denoising Generative Models Denoise" (Li & He, 2025): raw pixels in large
patches, a low-rank embedding, the clean picture as the prediction. Text stands as tokens in the same sequence; a
depthwise mix of neighbouring tokens in each block builds locality in.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .text import LONGEST, PAD

GRID = (6, 8)  # tokens down and across a picture, whatever its size: what was learnt small can grow
PATCH_FRAMES = 4
LONGEST_FRAMES = 24
CHANNELS = 6  # the noisy picture and the known one
FLAGS = 4  # per frame: known as a frame, known as a panel; the same of the known frame nearest in time


@dataclass(frozen=True)
class Shape:
    """What the weights were made for."""

    words: int
    width: int = 320
    depth: int = 6
    heads: int = 5
    low_rank: int = 192  # of the patch embedding
    refine: int = 0  # channels of the seam-mending convolution; 0 for none
    height: int = 72
    across: int = 128

    @property
    def patch(self) -> tuple[int, int, int]:
        """Frames, rows and columns of one token."""
        return PATCH_FRAMES, self.height // GRID[0], self.across // GRID[1]

    def to_json(self) -> dict[str, Any]:
        """As JSON, field by field."""
        return asdict(self)


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


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Block(nn.Module):
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
        """x (batch, tokens, width); told (batch, width); mask (batch, 1, 1, tokens) True where attended."""
        shift1, scale1, gate1, shift2, scale2, gate2 = self.steer(told)[:, None].chunk(6, -1)
        x = self._neighbours(x, grid)
        b, n, c = x.shape
        h = functional.layer_norm(x, (c,)) * (1 + scale1) + shift1
        q, k, v = self.qkv(h).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k = (_turn(functional.rms_norm(t, (t.shape[-1],)), *turn) for t in (q, k))
        h = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(b, n, c)
        x = x + (1 + gate1) * self.out(h)
        h = functional.layer_norm(x, (c,)) * (1 + scale2) + shift2
        gate, value = self.up(h).chunk(2, -1)
        return x + (1 + gate2) * self.down(functional.silu(gate) * value)


class PrevisNetwork(nn.Module):
    """Predicts the clean frames from noisy ones, words and known frames."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        pixels = math.prod(shape.patch)
        self.words = nn.Embedding(shape.words, width)
        self.places = nn.Parameter(torch.randn(LONGEST, width) * 0.02)
        self.reader = nn.ModuleList(
            nn.TransformerEncoderLayer(width, shape.heads, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True)
            for _ in range(2)
        )
        self.squeeze = nn.Linear(CHANNELS * pixels + FLAGS * PATCH_FRAMES, shape.low_rank, bias=False)
        self.embed = nn.Linear(shape.low_rank, width)
        # Rotary positions tell tokens apart only from each other: in pure noise none would know where it stands.
        self.spots = nn.Parameter(torch.randn(GRID[0] * GRID[1], width) * 0.3)
        self.moments = nn.Parameter(torch.randn(LONGEST_FRAMES // PATCH_FRAMES, width) * 0.3)
        self.time = nn.Sequential(nn.Linear(128, width), nn.SiLU(), nn.Linear(width, width))
        self.hear = nn.Linear(width, width)
        self.upright = nn.Embedding(2, width)
        self.blocks = nn.ModuleList(Block(width, shape.heads) for _ in range(shape.depth))
        self.last = nn.Linear(width, 2 * width)
        self.head = nn.Linear(width, 3 * pixels)
        # Detail goes from what a token sees straight to its pixels, as far as the trunk lets it: through the blocks
        # alone even nearly clean frames come out as flat patches for tens of thousands of samples.
        self.let = nn.Linear(width, shape.low_rank)
        self.detail = nn.Linear(shape.low_rank, 3 * pixels, bias=False)
        nn.init.normal_(self.words.weight, std=0.02)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)
        nn.init.normal_(self.head.weight, std=0.005)
        nn.init.zeros_(self.head.bias)
        nn.init.zeros_(self.let.weight)
        nn.init.ones_(self.let.bias)
        nn.init.normal_(self.detail.weight, std=0.005)
        nn.init.zeros_(self.upright.weight)
        self.refine: nn.Sequential | None = None
        if shape.refine:
            last = nn.Conv2d(shape.refine, 3, 3, padding=1)
            nn.init.zeros_(last.weight)
            self.refine = nn.Sequential(nn.Conv2d(9, shape.refine, 3, padding=1), nn.SiLU(), last)

    def read(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Words (batch, LONGEST) to tokens (batch, LONGEST, width) and their padding mask, True where padded."""
        padded = words == PAD
        keep = padded.clone()
        keep[:, 0] = False  # an empty text still has one place to look at
        tokens = self.words(words) * 50**0.5 + self.places
        for layer in self.reader:
            tokens = layer(tokens, src_key_padding_mask=keep)
        return functional.layer_norm(tokens, (self.shape.width,)), keep

    def forward(
        self, noisy: Tensor, level: Tensor, words: Tensor, known: Tensor, flags: Tensor, upright: Tensor
    ) -> Tensor:
        """The clean frames.

        noisy, known (batch, frames, 3, rows, columns), -1 to 1; level (batch,) 0 noise to 1 clean; words (batch,
        LONGEST); flags (batch, frames, 2); upright (batch,) 0 or 1: pictures that were turned on their side.
        """
        b, f, _, rows, columns = noisy.shape
        known, flags = held(known, flags)
        pt, ph, pw = self.shape.patch
        grid = (f // pt, rows // ph, columns // pw)
        x = torch.cat([noisy, known], 2).reshape(b, grid[0], pt, CHANNELS, grid[1], ph, grid[2], pw)
        x = x.permute(0, 1, 4, 6, 2, 3, 5, 7).reshape(b, grid[0] * grid[1] * grid[2], -1)
        told = flags.reshape(b, grid[0], 1, pt * FLAGS).expand(-1, -1, grid[1] * grid[2], -1).reshape(b, x.shape[1], -1)
        tokens, padded = self.read(words)
        heard = tokens.masked_fill(padded[..., None], 0).sum(1) / (~padded).sum(1, keepdim=True)
        heard = self.hear(functional.layer_norm(heard, (self.shape.width,)))
        wave = level[:, None] * 1000 * _frequencies(128)[None].to(level) ** 2.5
        steer = functional.silu(self.time(torch.cat([wave.cos(), wave.sin()], 1)) + heard + self.upright(upright))
        stands = (self.moments[: grid[0], None] + self.spots[None]).flatten(0, 1)
        seen_here = self.squeeze(torch.cat([x, told], -1))
        h = torch.cat([self.embed(seen_here) + stands, tokens], 1)
        cos, sin = rotary(*grid, self.shape.width // self.shape.heads)
        turn = (cos.to(h), sin.to(h))
        seen = torch.cat([torch.ones(b, x.shape[1], dtype=torch.bool, device=h.device), ~padded], 1)[:, None, None]
        for block in self.blocks:
            h = block(h, steer, turn, seen, grid)
        shift, scale = self.last(steer)[:, None].chunk(2, -1)
        h = functional.layer_norm(h[:, :-LONGEST], (self.shape.width,)) * (1 + scale) + shift
        pixels = self.head(h) + self.detail(self.let(h) * seen_here)
        out = pixels.reshape(b, *grid, pt, 3, ph, pw).permute(0, 1, 4, 5, 2, 6, 3, 7).reshape(noisy.shape)
        if self.refine is None:
            return out
        seams = torch.cat([out, noisy * level[:, None, None, None, None], known], 2).flatten(0, 1)
        return out + self.refine(seams).reshape(noisy.shape)
