"""What words mean: tokens for the networks to look at, and one vector of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from .text import LONGEST, PAD

_LAYERS = 2
_HEADS = 4


@dataclass(frozen=True)
class Shape:
    """What the weights were made for: numbers of the vocabulary, and the width of what is heard."""

    words: int
    width: int = 256


class Heard(NamedTuple):
    """Words understood: tokens (batch, LONGEST, width); padded (batch, LONGEST), True where there is no word; all of
    them as one vector, `whole` (batch, width)."""

    tokens: Tensor
    padded: Tensor
    whole: Tensor

    def first(self, count: int) -> Heard:
        """The first so many texts alone."""
        return Heard(*(tensor[:count] for tensor in self))

    def each(self, times: int) -> Heard:
        """Each text so many times in turn."""
        return Heard(*(tensor.repeat_interleave(times, 0) for tensor in self))


class Reader(nn.Module):
    """Reads words; learnt on its own before the networks (`reading.py`), and then left as it is."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        words, width = shape.words, shape.width
        self.words = nn.Embedding(words, width)
        self.places = nn.Parameter(torch.randn(LONGEST, width) * 0.02)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, _HEADS, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True)
            for _ in range(_LAYERS)
        )
        self.whole = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, width))
        nn.init.normal_(self.words.weight, std=0.02)

    def forward(self, words: Tensor) -> Heard:
        """Of words (batch, LONGEST)."""
        padded = words == PAD
        padded[:, 0] = False  # an empty text still has one place to look at
        tokens = self.words(words) * 50**0.5 + self.places
        for layer in self.layers:
            tokens = layer(tokens, src_key_padding_mask=padded)
        tokens = functional.layer_norm(tokens, tokens.shape[-1:])
        mean = tokens.masked_fill(padded[..., None], 0).sum(1) / (~padded).sum(1, keepdim=True)
        whole = functional.layer_norm(mean + self.whole(mean), mean.shape[-1:])
        return Heard(tokens, padded, whole)
