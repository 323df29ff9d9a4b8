"""What the network is asked while it learns, and what its answers cost."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..network import PrevisNetwork

_CONTRAST = 0.1  # the variance of the world's pictures, -1 to 1


@dataclass
class Recipe:
    """What a run is made of; rates are per step."""

    batch: int = 10
    frames: int = 12
    muon_rate: float = 0.012
    adam_rate: float = 0.0006
    warm_steps: int = 150
    ema: float = 0.997
    level_mean: float = -2.2
    level_spread: float = 1.8
    bare: float = 0.1
    known_weight: float = 0.25
    motion_weight: float = 2.0
    measured_clips: int = 600
    reading_steps: int = 2500


def noise_levels(count: int, recipe: Recipe, generator: torch.Generator) -> Tensor:
    """Logit-normal levels, 0 noise to 1 clean, far towards noise; a share of them next to pure noise.

    A token sees hundreds of pixels, over which noise averages out: a chunk's layout is settled below level 0.1, and
    every take begins with bare noise.
    """
    levels = torch.sigmoid(recipe.level_mean + recipe.level_spread * torch.randn(count, generator=generator))
    bare = torch.rand(count, generator=generator) < recipe.bare
    return torch.where(bare, 0.003 * torch.rand(count, generator=generator), levels)


def loss_of(network: PrevisNetwork, batch: dict[str, Tensor], level: Tensor, noise: Tensor, recipe: Recipe) -> Tensor:
    """The velocity loss of an x-prediction (1 / (1 - level)^2, bounded).

    Subjects weigh more, known frames less, and a dark picture, whose differences are small, as much as a bright one.
    Changes from frame to frame count on their own as well: motion is little of a picture, and most of a film.
    """
    clean = batch["clean"]
    wide = level[:, None, None, None, None]
    noisy = wide * clean + (1 - wide) * noise
    found = network(noisy, level, network.reader(batch["words"]), batch["known"], batch["flags"])
    given = batch["flags"][:, :, 0, None, None, None]
    contrast = clean.var((1, 2, 3, 4), keepdim=True)
    seen = 1.3 * _CONTRAST / (contrast + 0.3 * _CONTRAST)
    weight = seen * batch["weight"] * (1 - (1 - recipe.known_weight) * given) / (1 - wide).clamp(min=0.1) ** 2
    away = found - clean
    changes = weight[:, 1:] * (away[:, 1:] - away[:, :-1]) ** 2
    return (weight * away**2).mean() + recipe.motion_weight * changes.mean()
