"""From noise to frames in a few steps."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from .network import PrevisNetwork

OnFrames = Callable[[int, int, Tensor], None]


_LOGITS = (-5.0, 0.0)  # of the first level above noise and the last below clean: outside of them nothing is decided
_GUIDED_BELOW = 0.3  # levels at which layout and light are settled; guidance only burns out what comes later
PANEL_GUIDANCE = 4.0
_WORDS_BESIDE_A_PANEL = 0.6  # of their guidance: more, and a figure's colour runs over its drawn outline
# Of the noise that is begun with: a young model mistakes some of it for speckle, and draws calmer pictures with less.
CALM = 0.7


def levels(steps: int) -> list[float]:
    """The noise levels of a run, 0 to 1, even in their logits, so that every scale gets its share of the steps."""
    first, last = _LOGITS
    inner = [first + (last - first) * i / max(1, steps - 2) for i in range(steps - 1)]
    return [0.0, *(1 / (1 + math.exp(-logit)) for logit in inner), 1.0]


def guided(
    words: Tensor, known: Tensor, flags: Tensor, guidance: float
) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor]:
    """Words, known frames and flags to ask for at once, and how much each answer counts: with all of them first, then
    without words, then without panels as well.

    Words and panels are each drawn away from what would be there without (classifier-free guidance, Ho & Salimans,
    2022; for two conditions as in “InstructPix2Pix”, Brooks et al., 2023).
    """
    wordless = torch.zeros_like(words)
    if not bool(flags[..., 1].any()):
        return (torch.cat([words, wordless]), *_times(2, known, flags)), torch.tensor([guidance, 1 - guidance])
    bare = flags.clone()
    bare[..., 1] = 0
    asked = (
        torch.cat([words, wordless, wordless]),
        torch.cat([known, known, known * bare.sum(2)[..., None, None, None]]),
        torch.cat([flags, flags, bare]),
    )
    beside = _WORDS_BESIDE_A_PANEL * guidance
    return asked, torch.tensor([beside, PANEL_GUIDANCE - beside, 1 - PANEL_GUIDANCE])


def _times(count: int, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    return first.expand(count, *first.shape[1:]), second.expand(count, *second.shape[1:])


@torch.inference_mode()
def sample(
    network: PrevisNetwork,
    words: Tensor,
    known: Tensor,
    flags: Tensor,
    seed: int,
    steps: int,
    guidance: float,
    on_step: OnFrames | None = None,
    start: Tensor | None = None,
    kept: float = 0.0,
) -> Tensor:
    """Frames (1, frames, 3, rows, columns), -1 to 1, by Euler steps along the predicted velocity.

    words (1, LONGEST); known (1, frames, 3, rows, columns); flags (1, frames, 2). `on_step(done, steps, frames)` sees
    the clean frames as predicted so far; what it raises ends the run. The same seed gives the same frames.

    `start`, frames like `known`, is gone on from rather than from noise alone: the more of it is `kept`, 0 to 1, the
    later in the run (SDEdit; Meng et al., 2022).
    """
    generator = torch.Generator().manual_seed(seed)
    noisy = torch.randn(known.shape, generator=generator).to(known) * CALM
    (texts, *asked), share = guided(words, known, flags, guidance)
    heard = network.reader(texts)
    share = share.to(known)[:, None, None, None, None]
    path = levels(steps)
    clean = noisy
    first = 0 if start is None else min(steps - 1, round(kept * steps))
    if start is not None:
        noisy = path[first] * start + (1 - path[first]) * noisy
    for index in range(first, steps):
        now, then = path[index], path[index + 1]
        level = torch.full((1,), now, device=known.device)
        if now < _GUIDED_BELOW:
            clean = (share * network(*_times(len(share), noisy, level), heard, *asked)).sum(0, keepdim=True)
        else:
            clean = network(noisy, level, heard.first(1), known, flags)
        clean = clean.clamp(-1.05, 1.05)
        noisy = noisy + (then - now) / (1 - now) * (clean - noisy)
        if on_step is not None:
            on_step(index + 1, steps, clean)
    return clean.clamp(-1, 1)
