"""From noise to frames in a few steps."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .network import PrevisNetwork

OnFrames = Callable[[int, int, Tensor], None]


def levels(steps: int, shift: float = 12.0) -> list[float]:
    """The noise levels of a run, 0 to 1, more of them near noise where the layout is decided."""
    even = [i / steps for i in range(steps + 1)]
    return [u / (shift - (shift - 1) * u) for u in even]


@torch.inference_mode()
def sample(
    network: PrevisNetwork,
    words: Tensor,
    known: Tensor,
    flags: Tensor,
    seed: int,
    steps: int = 8,
    guidance: float = 3.0,
    upright: bool = False,
    noise_scale: float = 1.0,
    on_step: OnFrames | None = None,
) -> Tensor:
    """Frames (1, frames, 3, rows, columns), -1 to 1, by Euler steps along the predicted velocity.

    words (1, LONGEST); known (1, frames, 3, rows, columns); flags (1, frames, 2). `on_step(done, steps, frames)` sees
    the clean frames as predicted so far; what it raises ends the run. The same seed gives the same frames.
    """
    generator = torch.Generator().manual_seed(seed)
    noisy = torch.randn(known.shape, generator=generator).to(known) * noise_scale
    both = torch.cat([words, torch.zeros_like(words)])
    way = torch.full((2,), int(upright), dtype=torch.long, device=known.device)
    path = levels(steps)
    clean = noisy
    for index in range(steps):
        now, then = path[index], path[index + 1]
        level = torch.full((2,), now, device=known.device)
        told, untold = network(
            noisy.expand(2, -1, -1, -1, -1), level, both, known.expand(2, -1, -1, -1, -1), flags.expand(2, -1, -1), way
        ).chunk(2)
        # Guidance is eased off towards the end, where it only burns colours out.
        strength = 1 + (guidance - 1) * (1 - now)
        clean = (untold + strength * (told - untold)).clamp(-1.05, 1.05)
        noisy = noisy + (then - now) / (1 - now) * (clean - noisy)
        if on_step is not None:
            on_step(index + 1, steps, clean)
    return clean.clamp(-1, 1)
