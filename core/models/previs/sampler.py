"""From noise to what is asked for, in a few steps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from ..device import bfloat16_is_fast
from .reader import Heard

Predict = Callable[[Tensor, Tensor], Tensor]
_FARTHEST = 6.0  # a guided prediction may lie beyond what is possible, but not far beyond

LOGITS = (-5.0, 2.0)  # of the first level above noise and the last below clean: outside of them nothing is decided


def levels(steps: int, logits: tuple[float, float] = LOGITS) -> list[float]:
    """The noise levels of a run, 0 to 1, even in their logits, so that every scale gets its share of the steps."""
    first, last = logits
    inner = [first + (last - first) * i / max(1, steps - 2) for i in range(steps - 1)]
    return [0.0, *(1 / (1 + math.exp(-logit)) for logit in inner), 1.0]


def guided(network: nn.Module, heard: Heard, known: Tensor, told: Tensor, guidance: float) -> Predict:
    """A network's prediction, drawn away from what it would be without words (classifier-free guidance, Ho & Salimans,
    2022).

    `heard` are the words of each sample, then as many times none; known and told (batch, …) as the network has them.
    """
    device = known.device.type
    twice = torch.cat([known] * 2), torch.cat([told] * 2)

    def predict(noisy: Tensor, level: Tensor) -> Tensor:
        with torch.autocast(device, torch.bfloat16, enabled=bfloat16_is_fast(device)):
            worded, bare = network(torch.cat([noisy] * 2), torch.cat([level] * 2), heard, *twice).chunk(2)
        return (bare + guidance * (worded - bare)).clamp(-_FARTHEST, _FARTHEST)

    return predict


@torch.inference_mode()
def solve(
    predict: Predict,
    noise: Tensor,
    path: Sequence[float],
    on_step: Callable[[int, Tensor], None] | None = None,
) -> Tensor:
    """Euler steps from noise along the velocity that a prediction of the clean picture gives, over a path of `levels`.

    `predict(noisy, level)` is the clean one, shaped as `noise`, for level (batch,). `on_step(done, clean)` sees what is
    predicted so far; what it raises ends the run.
    """
    noisy = clean = noise
    for index, (now, then) in enumerate(itertools.pairwise(path)):
        clean = predict(noisy, torch.full((len(noise),), now, device=noise.device))
        noisy = noisy + (then - now) / (1 - now) * (clean - noisy)
        if on_step is not None:
            on_step(index + 1, clean)
    return clean
