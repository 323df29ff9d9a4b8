"""What the networks are asked while they learn, and what their answers cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional

from ..eye import NOWHERE
from ..reader import Reader

_BOX_WEIGHT = 10.0


@dataclass(frozen=True)
class Recipe:
    """What a part's training is made of; rates are per step."""

    batch: int
    level_mean: float  # of the noise levels' logits, and their spread
    level_spread: float
    muon_rate: float = 0.012
    adam_rate: float = 0.0006
    warm_steps: int = 150
    ema: float = 0.998
    bare: float = 0.1  # the share of samples next to pure noise, where every take begins


# A plate's token sees many pixels, over which noise averages out: its layout is settled at low levels.
RECIPES = {
    "eye": Recipe(64, 0, 0, muon_rate=0.01, adam_rate=0.001),
    "moves": Recipe(64, -0.4, 1.6),
    "plate": Recipe(24, -1.8, 1.7),
    "elements": Recipe(32, -1.2, 1.6),
}


def noise_levels(count: int, recipe: Recipe, generator: Generator) -> Tensor:
    """Logit-normal levels, 0 noise to 1 clean; a share of them next to pure noise."""
    levels = torch.sigmoid(recipe.level_mean + recipe.level_spread * torch.randn(count, generator=generator))
    bare = torch.rand(count, generator=generator) < recipe.bare
    return torch.where(bare, 0.003 * torch.rand(count, generator=generator), levels)


def _eye_loss(network: Any, reader: Reader, batch: dict[str, Tensor], recipe: Recipe, generator: Generator) -> Tensor:
    """How surely elements are found where they are, and how far off their boxes are there."""
    truth = batch["clean"]
    place = truth[:, :, 0].long()
    logits, boxes = network(batch["known"], reader(batch["words"]))
    found = functional.cross_entropy(logits.flatten(0, 1), place.flatten())
    there = place < NOWHERE
    at = place.clamp(max=NOWHERE - 1)[:, :, None, None].expand(-1, -1, boxes.shape[2], 1)
    away = boxes.flatten(3).gather(3, at)[..., 0] - truth[:, :, 1:]
    return found + _BOX_WEIGHT * functional.smooth_l1_loss(away[there], torch.zeros_like(away[there]), beta=0.05)


def _diffusion_loss(
    network: Any, reader: Reader, batch: dict[str, Tensor], recipe: Recipe, generator: Generator
) -> Tensor:
    """The velocity loss of an x-prediction: the squared error over (1 - level)^2, bounded."""
    clean = batch["clean"]
    level = noise_levels(len(clean), recipe, generator).to(clean.device)
    noise = torch.randn(clean.shape, generator=generator).to(clean.device)
    wide = level.reshape(-1, *[1] * (clean.ndim - 1))
    found = network(wide * clean + (1 - wide) * noise, level, reader(batch["words"]), batch["known"], batch["told"])
    return (batch["weight"] * (found - clean) ** 2 / (1 - wide).clamp(min=0.1) ** 2).mean()


def loss_of(
    part: str, network: Any, reader: Reader, batch: dict[str, Tensor], recipe: Recipe, generator: Generator
) -> Tensor:
    """What a part's answers to a batch cost; levels and noise are drawn from the generator."""
    cost = _eye_loss if part == "eye" else _diffusion_loss
    return cost(network, reader, batch, recipe, generator)
