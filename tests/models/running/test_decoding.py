"""Frames decoded a stretch at a time are those that are decoded at once, or very near."""

from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from shotwright.core.errors import ModelError, StoppedError
from shotwright.core.models.base import Frames
from shotwright.core.models.running.decoding import Reel, decoding_onto


def _vae(folder: Path) -> Any:
    return diffusers.DiffusionPipeline.from_pretrained(folder, local_files_only=True).vae


def _latents(vae: Any, frames: int) -> torch.Tensor:
    channels = vae.config.get("z_dim") or vae.config.latent_channels
    coarse = torch.randn(1, channels, 3, 2, 2, generator=torch.Generator().manual_seed(1))
    return torch.nn.functional.interpolate(coarse, size=(frames, 2, 3), mode="trilinear")


def _decoded(vae: Any, latents: torch.Tensor, in_pieces: bool) -> tuple[Frames, Frames, list[int]]:
    """As the VAE does by itself, and onto a reel; and how far it told to have come."""
    done: list[int] = []
    with torch.no_grad():
        whole = vae.decode(latents, return_dict=False)[0]
        size = whole.shape[4], whole.shape[3]
        plain, reel = Reel(whole.shape[2], size), Reel(whole.shape[2], size)
        plain.add(whole)
        with decoding_onto(vae, reel, in_pieces, done.append):
            last = vae.decode(latents, return_dict=False)[0]
        assert last.shape[2] == 1
        again = vae.decode(latents, return_dict=False)[0]
    assert torch.equal(whole, again)  # it is as it was
    assert reel.filled == len(reel.frames)
    return plain.frames, reel.frames, done


@pytest.mark.parametrize("kind", ["wan-2.1-t2v", "wan-2.2-ti2v-5b"])
@pytest.mark.parametrize("in_pieces", [False, True])
def test_wans_frames_stream_bit_by_bit(kind: str, in_pieces: bool, pipelines: dict[str, Path]) -> None:
    vae = _vae(pipelines[kind])
    whole, streamed, done = _decoded(vae, _latents(vae, 6), in_pieces)
    assert np.array_equal(whole, streamed)
    assert done == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kind", ["ltx-0.9.0", "ltx-2", "cogvideox", "hunyuan", "hunyuan-1.5-480p", "mochi-1"])
def test_others_are_decoded_at_once_where_that_fits(kind: str, pipelines: dict[str, Path]) -> None:
    vae = _vae(pipelines[kind])
    whole, made, done = _decoded(vae, _latents(vae, 5), in_pieces=False)
    assert np.array_equal(whole, made)
    assert done == [5]


@pytest.mark.parametrize("count", [5, 8, 9, 13])
def test_windows_hang_together(count: int, taught_vae: Any) -> None:
    """Against the VAE's own frame by frame decoding, which shifts each window by a frame."""
    latents = torch.nn.functional.interpolate(
        torch.randn(1, 8, 4, 3, 3, generator=torch.Generator().manual_seed(2)), size=(count, 6, 6), mode="trilinear"
    )
    whole, pieces, done = _decoded(taught_vae, latents, in_pieces=True)
    assert len(whole) == 2 * (count - 1) + 1
    away = np.abs(whole.astype(int) - pieces).mean((1, 2, 3))
    assert away.max() < 3
    assert len(done) == -(-count // 4)
    moved = np.abs(np.diff(whole.astype(int), axis=0)).mean((1, 2, 3))
    seen = np.abs(np.diff(pieces.astype(int), axis=0)).mean((1, 2, 3))
    assert np.abs(moved - seen).max() < 3  # no jump from window to window


def test_a_stop_ends_the_decode_and_leaves_the_vae_as_it_was(pipelines: dict[str, Path]) -> None:
    vae = _vae(pipelines["wan-2.1-t2v"])
    latents = _latents(vae, 6)

    def stop(done: int) -> None:
        if done == 2:
            raise StoppedError("Stopped.")

    reel = Reel(21, (24, 16))
    with torch.no_grad(), pytest.raises(StoppedError), decoding_onto(vae, reel, False, stop):
        vae.decode(latents)
    assert reel.filled == 5
    whole, streamed, _ = _decoded(vae, latents, False)
    assert np.array_equal(whole, streamed)


def test_frames_that_were_not_asked_for_are_refused() -> None:
    reel = Reel(4, (16, 8))
    reel.add(torch.zeros(1, 3, 3, 8, 16))
    for wrong in (torch.zeros(1, 3, 2, 8, 16), torch.zeros(1, 3, 1, 16, 16)):
        with pytest.raises(ModelError, match="16x8"):
            reel.add(wrong)
