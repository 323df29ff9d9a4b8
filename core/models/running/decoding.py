"""Latents to frames, a stretch at a time: the whole chunk is held once, in 8 bits, and never as floating point.

The pipeline prepares its latents as only it knows, and calls its VAE; for that call the VAE's own `_decode` gives its
pieces here instead of joining them.
"""

from __future__ import annotations

import contextlib
import ctypes
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from ...errors import ModelError
from ..base import Frames

OnPiece = Callable[[int], None]
Decode = Callable[[torch.Tensor], torch.Tensor]
_BODY_LATENTS = 4  # latent frames whose frames a window gives, and one more, over which it fades into the next
_SEEN_LATENTS = 2  # beyond these at each end, which a decoder that looks both ways sees besides


def give_back() -> None:
    """Has the C library give free memory back that lies between blocks in use, where it can: steps leave much of it."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)


class Reel:
    """The frames that a decode gives, (frames, height, width, 3) uint8, filled from the first on."""

    def __init__(self, frames: int, size: tuple[int, int]) -> None:
        self.frames: Frames = np.empty((frames, size[1], size[0], 3), np.uint8)
        self.filled = 0

    def add(self, piece: torch.Tensor) -> None:
        """Takes (1, 3, frames, height, width), -1 to 1; raises ModelError where they are no such frames."""
        end = self.filled + piece.shape[2]
        if end > len(self.frames) or tuple(piece.shape[3:]) != self.frames.shape[1:3]:
            raise ModelError(
                f"The model made frames of {piece.shape[4]}x{piece.shape[3]}, {end} or more of them, "
                f"where {len(self.frames)} of {self.frames.shape[2]}x{self.frames.shape[1]} were asked for.",
                "This pipeline does not keep to its family's rules; choose another.",
            )
        for at in range(piece.shape[2]):
            picture = (piece[0, :, at].float() * 0.5 + 0.5).clamp(0, 1) * 255 + 0.5
            self.frames[self.filled + at] = picture.to(torch.uint8).permute(1, 2, 0).cpu().numpy()
        self.filled = end


def _streamed(vae: Any, latents: torch.Tensor) -> Iterator[torch.Tensor]:
    """Wan's VAE: each latent frame's frames, exactly those of its `_decode`, which goes through them likewise."""
    from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

    vae.clear_cache()
    try:
        latents = vae.post_quant_conv(latents)
        for at in range(latents.shape[2]):
            vae._conv_idx = [0]
            first = {"first_chunk": True} if at == 0 else {}
            one = latents[:, :, at : at + 1]
            piece = vae.decoder(one, feat_cache=vae._feat_map, feat_idx=vae._conv_idx, **first)
            if vae.config.patch_size is not None:
                piece = unpatchify(piece, patch_size=vae.config.patch_size)
            yield piece.clamp(-1, 1)
    finally:
        vae.clear_cache()


def _windows(
    decode: Callable[[torch.Tensor], torch.Tensor], latents: torch.Tensor, each: int
) -> Iterator[torch.Tensor]:
    """Any VAE of 1 + `each` k frames, windows of latents at a time.

    latents   0 1 2 3 4 5 6 7 8 9
    window 0 [=======~ . .]          ===  its frames    ~  faded into the next one's
    window 1     [. . =======~ . .]   .   seen besides
    """
    count = latents.shape[2]
    fade: torch.Tensor | None = None
    for start in range(0, count, _BODY_LATENTS):
        begin, end = max(0, start - _SEEN_LATENTS), min(count, start + _BODY_LATENTS)
        made = decode(latents[:, :, begin : end + 1 + _SEEN_LATENTS])
        # A window's first latent gives one frame, the last of those that it stands for; all others give `each`.
        first, stop = ((at - begin - 1) * each + 1 if at else 0 for at in (start, end))
        body = made[:, :, first:stop]
        if fade is not None:
            shared = fade.shape[2]
            share = torch.linspace(0, 1, shared + 2, device=made.device, dtype=made.dtype)[1:-1, None, None]
            body = torch.cat([fade * (1 - share) + body[:, :, :shared] * share, body[:, :, shared:]], 2)
        fade = made[:, :, stop : stop + each].clone() if end < count else None
        yield body


def _tiled(vae: Any, latents: torch.Tensor) -> bool:
    """Whether a VAE is set to decode in tiles and these latents are larger than one."""
    ratio = vae.spatial_compression_ratio
    high, wide = vae.tile_sample_min_height // ratio, vae.tile_sample_min_width // ratio
    return bool(vae.use_tiling and (latents.shape[4] > wide or latents.shape[3] > high))


@contextlib.contextmanager
def decoding_onto(vae: Any, reel: Reel, in_pieces: bool, on_piece: OnPiece) -> Iterator[None]:
    """While it holds, what the VAE decodes goes onto the reel, and its caller gets the last frame alone.

    `on_piece(done)` counts latent frames; what it raises ends the decode there.
    """
    from diffusers.models.autoencoders.vae import DecoderOutput

    own = vae._decode

    def pieces(latents: torch.Tensor, *rest: Any, **more: Any) -> Iterator[torch.Tensor]:
        def whole(stretch: torch.Tensor) -> torch.Tensor:
            made: Any = own(stretch, *rest, **more)
            return made if isinstance(made, torch.Tensor) else made[0]

        if type(vae).__name__ == "AutoencoderKLWan" and not _tiled(vae, latents):
            return _streamed(vae, latents)
        if in_pieces and latents.shape[2] > _BODY_LATENTS:
            return _windows(whole, latents, (len(reel.frames) - 1) // (latents.shape[2] - 1))
        return iter([whole(latents)])

    def decode(latents: torch.Tensor, *rest: Any, **more: Any) -> Any:
        give_back()
        count, piece = latents.shape[2], latents
        for piece in pieces(latents, *rest, **more):
            reel.add(piece)
            on_piece(min(count, -(-reel.filled * count // len(reel.frames))))
        shown = piece[:, :, -1:]
        if not more.get("return_dict", True):
            return (shown,)
        return DecoderOutput(sample=shown) if "return_dict" in inspect.signature(own).parameters else shown

    vae._decode = decode
    try:
        yield
    finally:
        del vae._decode
