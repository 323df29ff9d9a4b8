"""Chunks for tiny models, and a VAE that was taught to give colours back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as torch_functions
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.running.memory_plans import MemoryPlan
from shotwright.core.models.running.runner import Runner
from shotwright.core.timing import Rate

from ...fakes.pipelines import ltx_vae

WHOLE = MemoryPlan("cpu", "cpu", "float32", "whole", "all of it computes on the processor")


@pytest.fixture
def request_of() -> Callable[..., ChunkRequest]:
    """Makes a request of words alone."""

    def make(
        words: str = "a red car", size: tuple[int, int] = (64, 64), frames: int = 17, steps: int = 3, seed: int = 4
    ) -> ChunkRequest:
        nothing = np.zeros(frames, np.bool_)
        black = np.zeros((frames, size[1], size[0], 3), np.uint8)
        keep = np.ones(frames, np.float32)
        return ChunkRequest(words, "", size, Rate.parse(24), frames, seed, black, nothing, nothing, keep, steps=steps)

    return make


@pytest.fixture
def runner(pipelines: dict[str, Path], state_folder: Path) -> Callable[..., Runner]:
    """Loads a tiny model by its kind's name, by one plan or several."""

    def load(name: str, *plans: MemoryPlan) -> Runner:
        return Runner("mine", pipelines[name], profile_of(pipelines[name]), state_folder, plans or (WHOLE,))

    return load


def colours(count: int, side: int, generator: torch.Generator) -> torch.Tensor:
    """Pictures of soft colours, (count, 3, 1, side, side), -1 to 1."""
    coarse = torch.rand(count, 3, 4, 4, generator=generator) * 2 - 1
    return torch_functions.interpolate(coarse, size=(side, side), mode="bilinear")[:, :, None]


@pytest.fixture(scope="session")
def taught_vae() -> Any:
    """LTX-Video's VAE, tiny, taught for some seconds to give back the colours that it is shown."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        vae = ltx_vae(16, 1)
    learning, generator = torch.optim.Adam(vae.parameters(), 1e-2), torch.Generator().manual_seed(1)
    for _ in range(75):
        shown = colours(4, 32, generator)
        given = vae.decode(vae.encode(shown).latent_dist.mode()).sample
        learning.zero_grad()
        ((given - shown) ** 2).mean().backward()
        learning.step()
    return vae.eval()
