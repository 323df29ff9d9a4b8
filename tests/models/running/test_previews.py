"""Previews look like the frames that they announce."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as torch_functions
from shotwright.core.models.base import ChunkRequest, Frames
from shotwright.core.models.running.previews import Previews, middle_of
from shotwright.core.models.running.runner import Runner

from .conftest import colours

KINDS = ["ltx-0.9.5", "ltx-2", "wan-2.1-t2v", "wan-2.2-ti2v-5b", "cogvideox", "hunyuan", "mochi-1"]


def _alike(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> list[float]:
    """Correlation of red, green and blue."""
    return [float(np.corrcoef(one[..., each].ravel(), other[..., each].ravel())[0, 1]) for each in range(3)]


def test_a_preview_looks_like_what_is_decoded(taught_vae: Any) -> None:
    previews = Previews(taught_vae)
    with torch.no_grad():
        latents = taught_vae.encode(colours(1, 96, torch.Generator().manual_seed(5))).latent_dist.mode()
        decoded = taught_vae.decode(latents).sample[0, :, 0]
    picture = previews.picture(latents[0, :, 0])
    shown = torch_functions.interpolate(decoded[None], size=picture.shape[:2], mode="bilinear")[0]
    assert min(_alike(picture, shown.permute(1, 2, 0).numpy())) > 0.8
    another = previews.picture(latents[0, :, 0].flip(1, 2))
    assert max(_alike(another, shown.permute(1, 2, 0).numpy())) < 0.8


def test_what_is_seen_early_is_what_it_comes_to(taught_vae: Any) -> None:
    """The noise that is left in a step's latents is taken off, as far as two steps tell it."""

    class Pipe:
        class scheduler:  # noqa: N801
            sigmas = torch.tensor([1.0, 0.9, 0.6, 0.0])

    from shotwright.core.models.running.previews import Watched

    previews = Previews(taught_vae)
    generator = torch.Generator().manual_seed(6)
    with torch.no_grad():
        clean = taught_vae.encode(colours(1, 96, generator)).latent_dist.mode()
    noise = torch.randn(clean.shape, generator=generator) * clean.std()
    watched = Watched(previews, (1, *clean.shape[3:]))
    shown = [watched.picture(Pipe(), clean + level * (noise - clean)) for level in (0.9, 0.6)]
    final = previews.picture(clean[0, :, 0])
    assert shown[0] is not None
    assert shown[1] is not None
    assert np.abs(shown[1].astype(int) - final).mean() < 1
    assert np.abs(shown[0].astype(int) - final).mean() > 10


@pytest.mark.filterwarnings("ignore:In CPU autocast")  # Mochi's own
@pytest.mark.parametrize("kind", KINDS)
def test_every_family_shows_something_after_every_step(
    kind: str, runner: Callable[..., Runner], request_of: Callable[..., ChunkRequest]
) -> None:
    shown: list[tuple[int, Frames | None]] = []
    request = request_of(frames=9 if kind not in ("mochi-1",) else 7)
    runner(kind).make_chunk(request, lambda done, _of, preview: shown.append((done, preview)))
    pictures = [preview for done, preview in shown if done <= 3 and preview is not None]
    assert len(pictures) == 3
    for picture in pictures:
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
        assert picture.shape[1] >= 256
    assert not np.array_equal(pictures[0], pictures[-1])


def test_tokens_of_known_frames_are_told_from_those_of_the_video() -> None:
    from diffusers import LTXConditionPipeline, LTXPipeline

    video = torch.arange(2 * 3 * 4 * 5, dtype=torch.float32).reshape(1, 5, 2, 3, 4)
    known = torch.full((1, 7, 5), -1.0)
    for kind, before in ((LTXConditionPipeline, True), (LTXPipeline, False)):
        pipe = kind.__new__(kind)
        pipe.transformer_spatial_patch_size = pipe.transformer_temporal_patch_size = 1
        rows = kind._pack_latents(video, 1, 1)
        rows = torch.cat([known, rows] if before else [rows, known], 1)
        found = middle_of(pipe, rows, 5, (2, 3, 4))
        assert found is not None
        assert torch.equal(found, video[0, :, 1])
    assert middle_of(pipe, torch.zeros(1, 3, 9), 5, (2, 3, 4)) is None


def test_a_preview_takes_little_of_a_step(taught_vae: Any) -> None:
    """At the size of Wan 14B's 832x480: a step there takes seconds on the quickest card."""
    previews, latents = Previews(taught_vae), torch.randn(8, 60, 104)
    previews.picture(latents)
    begun = time.perf_counter()
    for _ in range(10):
        previews.picture(latents)
    assert (time.perf_counter() - begun) / 10 < 0.05
