"""A picture of what forms, from its latents: one matrix from latent channels to colours, fitted to the VAE's decoder.

Each latent pixel becomes one of the preview. The matrix is the least-squares answer to what the decoder makes of a
chart of colours and of noise, so that it fits any VAE, trained further or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as torch_functions
from diffusers import LTXConditionPipeline

from ..base import Frames
from .needs import shrinking

_SIDE = 12  # latent pixels of the fitted pictures, a side
_PATCH = 3  # latent pixels of one colour of the chart, a side
_EASE = 1e-3  # of the fit: keeps channels that say nothing at nothing
_WIDTH = 256  # pixels; a preview is enlarged to at least that


def _moments(vae: Any, channels: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and spread that a VAE's latents are brought to 0 and 1 with, (1, channels, 1, 1, 1) each."""

    def column(value: Any, otherwise: float) -> torch.Tensor:
        told = torch.full((channels,), otherwise) if value is None else torch.as_tensor(value, dtype=torch.float32)
        return told.detach().cpu().reshape(1, channels, 1, 1, 1)

    held = {**vae.config, **dict(vae.named_buffers(recurse=False))}
    scale = float(vae.config.get("scaling_factor") or 1.0)
    return column(held.get("latents_mean"), 0.0), column(held.get("latents_std"), 1.0) / scale


def _decoded(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    """What the decoder makes of one latent frame, as (latent pixels, 3), -1 to 1, of its last frame."""
    weight = next(vae.decoder.parameters())
    given = latents.to(weight.device, weight.dtype)
    time = (torch.tensor([0.05], device=weight.device, dtype=weight.dtype),) if _is_timed(vae) else ()
    frame = vae.decode(given, *time, return_dict=False)[0][0, :, -1].float().cpu()
    return torch_functions.adaptive_avg_pool2d(frame, latents.shape[-2:]).flatten(1).T


def _is_timed(vae: Any) -> bool:
    return bool(vae.config.get("timestep_conditioning"))


def _chart(generator: torch.Generator) -> torch.Tensor:
    """Patches of random colours, (3, side, side) in latent pixels, -1 to 1; black, white and grey among them."""
    count = _SIDE // _PATCH
    colours = torch.rand(3, count, count, generator=generator) * 2 - 1
    colours[:, 0, :3] = torch.tensor([-1.0, 0.0, 1.0])
    return colours.repeat_interleave(_PATCH, 1).repeat_interleave(_PATCH, 2)


class Previews:
    """Pictures for one loaded VAE."""

    def __init__(self, vae: Any) -> None:
        """Fits the matrix: one encode and two decodes of a small picture, where the VAE's weights are now."""
        generator = torch.Generator().manual_seed(0)
        weight = next(vae.encoder.parameters())
        ratio = shrinking(dict(vae.config))[1]
        picture = _chart(generator).repeat_interleave(ratio, 1).repeat_interleave(ratio, 2)[None, :, None]
        with torch.no_grad(), torch.random.fork_rng():
            torch.manual_seed(0)
            encoded = vae.encode(picture.to(weight.device, weight.dtype)).latent_dist.mode().float().cpu()
            channels = encoded.shape[1]
            mean, spread = _moments(vae, channels)
            given = [(encoded - mean) / spread, torch.randn(encoded.shape, generator=generator)]
            made = [_decoded(vae, each * spread + mean) for each in given]
        rows = torch.cat([each[0, :, 0].flatten(1).T for each in given])
        rows = torch.cat([rows, torch.ones(len(rows), 1)], 1)
        square = rows.T @ rows + _EASE * len(rows) * torch.eye(channels + 1)
        self._matrix = torch.linalg.solve(square, rows.T @ torch.cat(made))

    @property
    def channels(self) -> int:
        """Channels of a latent frame."""
        return len(self._matrix) - 1

    def picture(self, latents: torch.Tensor) -> Frames:
        """One frame of latents, (channels, height, width) of mean 0 and spread 1, as (height, width, 3) uint8."""
        matrix = self._matrix.to(latents.device)
        colours = torch.einsum("chw,ck->khw", latents.float(), matrix[:-1]) + matrix[-1][:, None, None]
        small = colours.clamp(-1, 1).cpu()[None]
        times = max(1, -(-_WIDTH // small.shape[3]))
        large = torch_functions.interpolate(small, scale_factor=times, mode="bilinear")[0]
        return np.ascontiguousarray(((large + 1) * 127.5 + 0.5).to(torch.uint8).permute(1, 2, 0).numpy())


def middle_of(pipe: Any, latents: torch.Tensor, channels: int, shape: tuple[int, int, int]) -> torch.Tensor | None:
    """The middle frame, (channels, height, width), of a step's latents; `shape` is theirs: frames, height, width.

    Some pipelines keep them as a video, (1, channels, frames, height, width), or with frames first; some as rows of
    tokens, beside which those of known frames may stand. None for any other.
    """
    if latents.ndim == 5:
        if latents.shape[1] == channels:
            return latents[0, :, latents.shape[2] // 2]
        return latents[0, latents.shape[1] // 2] if latents.shape[2] == channels else None
    if latents.ndim != 3 or not hasattr(pipe, "_unpack_latents"):
        return None
    space, time = pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size
    frames, high, wide = shape[0] // time, shape[1] // space, shape[2] // space
    count = frames * high * wide
    # This one puts the tokens of known frames before the video's, others behind.
    rows = latents[:1, -count:] if isinstance(pipe, LTXConditionPipeline) else latents[:1, :count]
    if rows.shape[1:] != (count, channels * space * space * time):
        return None
    video: torch.Tensor = pipe._unpack_latents(rows, frames, high, wide, space, time)
    return video[0, :, shape[0] // 2]


class Watched:
    """A run's latents, step by step, as what they will come to: where it stands less the noise that is left in it."""

    def __init__(self, previews: Previews, shape: tuple[int, int, int]) -> None:
        self._previews, self._shape = previews, shape
        self._before: torch.Tensor | None = None
        self._steps = 0

    def picture(self, pipe: Any, latents: torch.Tensor) -> Frames | None:
        """The preview after the next step, (height, width, 3) uint8; None where these latents are of no known form."""
        now = middle_of(pipe, latents, self._previews.channels, self._shape)
        if now is None:
            return None
        now = now.float()
        before, self._before = self._before, now.clone()
        step, self._steps = self._steps, self._steps + 1
        levels = getattr(pipe.scheduler, "sigmas", None)
        if before is not None and levels is not None and step + 1 < len(levels):
            # Flow matching goes straight: x(s) = clean + s (noise - clean), so two points tell where it ends.
            high, low = float(levels[step]), float(levels[step + 1])
            if 0 <= low < high <= 1:
                now = now + (now - before) * (low / (high - low))
        return self._previews.picture(now)
