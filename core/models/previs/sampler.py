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

_DECIDING = -1.0
_BEYOND = 0.2  # of its last change, that the picture goes on by: four steps are sharper by it, twenty hardly change
LOGITS = (-5.0, 2.0)  # of the first level above noise and the last below clean: outside of them nothing is decided


def levels(steps: int, logits: tuple[float, float] = LOGITS) -> list[float]:
    """The noise levels of a run, 0 to 1, even in their logits, so that every scale gets its share of the steps.

    Of few steps, those beside the level where most is decided are taken: at most 2 apart.
    """
    first, last = (min(max(limit, _DECIDING - (steps - 2)), _DECIDING + (steps - 2)) for limit in logits)
    inner = [first + (last - first) * i / max(1, steps - 2) for i in range(steps - 1)]
    return [0.0, *(1 / (1 + math.exp(-logit)) for logit in inner), 1.0]


def _logit(level: float) -> float:
    return math.log(level / (1 - level))


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
    """From noise to the clean picture that a prediction tells, over a path of `levels`, in steps of the second order:
    DPM-Solver++(2M) (C. Lu and others, “DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic
    Models”, 2022), its half logarithms of signal to noise being the levels' logits.

    `predict(noisy, level)` is the clean one, shaped as `noise`, for level (batch,). `on_step(done, clean)` sees what is
    predicted so far; what it raises ends the run.
    """
    noisy = clean = noise
    for index, (now, then) in enumerate(itertools.pairwise(path)):
        before, clean = clean, predict(noisy, torch.full((len(noise),), now, device=noise.device))
        aim = clean
        if index > 1:  # before that, no line can be drawn from one level to the next
            ahead = _BEYOND if then == 1 else (_logit(then) - _logit(now)) / (_logit(now) - _logit(path[index - 1])) / 2
            aim = clean + ahead * (clean - before)
        noisy = noisy + (then - now) / (1 - now) * (aim - noisy)
        if on_step is not None:
            on_step(index + 1, clean)
    return noisy
