"""What words mean: tokens for the network to look at, one vector of all of them, and the picture they suggest."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from .spectrum import cosines
from .text import LONGEST, PAD

_LAYERS = 2
_SUGGESTED = (12, 20)  # broad waves, down and across: words tell of sky and ground, not of edges


class Heard(NamedTuple):
    """Words understood.

    tokens (batch, LONGEST, width); padded (batch, LONGEST), True where there is no word; worded (batch,), 0 where there
    is none at all; all of them as one vector, `whole` (batch, width); the `picture` they suggest (batch, 3, rows,
    columns), -1 to 1.
    """

    tokens: Tensor
    padded: Tensor
    worded: Tensor
    whole: Tensor
    picture: Tensor

    def first(self, count: int) -> Heard:
        """The first so many texts alone."""
        return Heard(*(tensor[:count] for tensor in self))


class Reader(nn.Module):
    """Reads words; learnt on its own before the network (`reading.py`), and then left as it is."""

    down: Tensor
    across: Tensor

    def __init__(self, words: int, width: int, heads: int, rows: int, columns: int) -> None:
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.places = nn.Parameter(torch.randn(LONGEST, width) * 0.02)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True)
            for _ in range(_LAYERS)
        )
        self.whole = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, width))
        self.suggest = nn.Sequential(
            nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, 3 * math.prod(_SUGGESTED))
        )
        self.register_buffer("down", cosines(rows)[: _SUGGESTED[0]], persistent=False)
        self.register_buffer("across", cosines(columns)[: _SUGGESTED[1]], persistent=False)
        nn.init.normal_(self.words.weight, std=0.02)

    def forward(self, words: Tensor) -> Heard:
        """Of words (batch, LONGEST)."""
        padded = words == PAD
        worded = (~padded).any(1).long()
        padded[:, 0] = False  # an empty text still has one place to look at
        tokens = self.words(words) * 50**0.5 + self.places
        for layer in self.layers:
            tokens = layer(tokens, src_key_padding_mask=padded)
        tokens = functional.layer_norm(tokens, tokens.shape[-1:])
        mean = tokens.masked_fill(padded[..., None], 0).sum(1) / (~padded).sum(1, keepdim=True)
        whole = functional.layer_norm(mean + self.whole(mean), mean.shape[-1:])
        waves = self.suggest(whole).float().reshape(-1, 3, *_SUGGESTED)
        return Heard(tokens, padded, worded, whole, self.down.T @ waves @ self.across)

    def waves_of(self, pictures: Tensor) -> Tensor:
        """The broad waves of pictures (batch, 3, rows, columns): what a suggestion can hold of them."""
        return self.down @ pictures @ self.across.T
