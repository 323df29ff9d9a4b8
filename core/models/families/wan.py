"""Wan 2.1 and 2.2: words, first and last pictures, whole takes restyled; VACE: known frames anywhere, and distances.

Read in diffusers 0.42.1:

* WanImageToVideoPipeline has a last picture, but weights made for both ends hold places for two and fail with one,
  those with an image encoder else fail with two, and those that expand time steps (TI2V-5B) drop the last in silence.
* WanVideoToVideoPipeline has one network and a decoder that enlarges 8 times: not for 2.2's pairs of networks, of which
  the second would never be asked, nor for TI2V-5B, which enlarges 16 times.
* WanVACEPipeline takes a frame as it is where its mask is black, and makes it where it is white: nothing between. What
  stands in a frame that is made is what it follows: distances, or mid grey for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...planner.limits import BOTH, FIRST, ModelLimits
from ...timing import Rate
from ..base import ChunkRequest
from .base import Call, Checkpoint, Licence, Put, Speed, Variant, speeds
from .ends import RESTYLE, TEXT, by_ends, limits_of, pictures

_APACHE = Licence("Apache-2.0", "https://huggingface.co/Wan-AI")
_SHAPE: dict[str, Any] = {
    "sizes": ((832, 480),),
    "size_multiple": 16,
    "rates": (Rate.parse(16),),
    "frame_step": 4,
    "frame_offset": 1,
    "shortest_chunk": 5,
    "longest_chunk": 81,
    "seconds_a_step": 10.0,
}
_LARGE: dict[str, Any] = _SHAPE | {"sizes": ((1280, 720),)}
_5B: dict[str, Any] = _SHAPE | {
    "sizes": ((1280, 704),),
    "size_multiple": 32,
    "rates": (Rate.parse(24),),
    "longest_chunk": 121,
}
_TEXT, _PICTURE, _VACE = "WanPipeline", "WanImageToVideoPipeline", "WanVACEPipeline"
_BESIDE = {"text_encoder": 5.68, "vae": 0.13}
_ENDS = "its first and last frame"


def _checkpoint(name: str, transformer: float, **beside: float) -> Checkpoint:
    return Checkpoint(
        name[0].lower() + name[1:].removesuffix("-Diffusers").removesuffix("-diffusers").lower(),
        f"Wan-AI/{name}",
        _APACHE,
        {"transformer": transformer, **_BESIDE, **beside},
    )


def _low(put: Put, normal: float, low: float) -> Put:
    """A pair of networks: the second one, for little noise, is guided less; as asked where that is asked for."""

    def put_pair(request: ChunkRequest, options: Mapping[str, Any]) -> Call:
        call = put(request, options)
        guided = low if request.guidance == normal else request.guidance
        return Call(call.pipeline, {**call.arguments, "guidance_scale_2": guided})

    return put_pair


def _put_vace(request: ChunkRequest, _options: Mapping[str, Any]) -> Call:
    known = request.frame_known | request.panel_known
    if not known.any() and request.depth is None:
        return Call(_VACE)
    followed = np.full_like(request.known, 128) if request.depth is None else request.depth
    video = np.where(known[:, None, None, None], request.known, followed)
    mask = np.broadcast_to(np.where(known, 0, 255).astype(np.uint8)[:, None, None], video.shape[:3])
    return Call(_VACE, {"video": pictures(video), "mask": pictures(np.ascontiguousarray(mask))})


def _by_ends(
    name: str,
    folders: tuple[str, ...],
    ways: dict[str, str],
    shape: dict[str, Any],
    speed: dict[str, Speed],
    checkpoints: tuple[Checkpoint, ...],
    low: float | None = None,
    **when: Any,
) -> Variant:
    put = by_ends(ways)
    return Variant(
        name,
        "wan",
        folders,
        ModelLimits(**shape, **limits_of(ways)),
        put if low is None else _low(put, speed["normal"].guidance, low),
        _ENDS if BOTH in ways else "its first frame" if FIRST in ways else "nothing",
        speed,
        checkpoints,
        when={key.replace("__", "."): value for key, value in when.items()},
    )


_PAIR = {"transformer_2": 14.3}
_SEEING = {"image_encoder": 0.63}
VARIANTS = (
    _by_ends(
        "wan-2.2-ti2v-5b",
        (_TEXT, _PICTURE),
        {TEXT: _TEXT, FIRST: _PICTURE},
        _5B,
        speeds(5.0, 20, 50, 50),
        (_checkpoint("Wan2.2-TI2V-5B-Diffusers", 5.0, vae=0.7),),
        expand_timesteps=True,
    ),
    _by_ends(
        "wan-2.1-t2v",
        (_TEXT, "WanVideoToVideoPipeline"),
        {TEXT: _TEXT, RESTYLE: "WanVideoToVideoPipeline"},
        _SHAPE,
        speeds(5.0, 20, 50, 50),
        (
            _checkpoint("Wan2.1-T2V-1.3B-Diffusers", 1.42),
            _checkpoint("Wan2.1-T2V-14B-Diffusers", 14.3),
        ),
        boundary_ratio=None,
    ),
    _by_ends(
        "wan-2.2-t2v",
        (_TEXT,),
        {TEXT: _TEXT},
        _LARGE,
        speeds(4.0, 20, 40, 40),
        (_checkpoint("Wan2.2-T2V-A14B-Diffusers", 14.3, **_PAIR),),
        low=3.0,
    ),
    _by_ends(
        "wan-i2v",
        (_PICTURE,),
        {FIRST: _PICTURE, BOTH: _PICTURE},
        _LARGE,
        speeds(5.0, 20, 40, 50),
        (),
        boundary_ratio=None,
        expand_timesteps=None,
        transformer__image_dim=None,
        transformer__pos_embed_seq_len=None,
    ),
    _by_ends(
        "wan-2.2-i2v",
        (_PICTURE,),
        {FIRST: _PICTURE, BOTH: _PICTURE},
        _LARGE,
        speeds(3.5, 20, 40, 40),
        (_checkpoint("Wan2.2-I2V-A14B-Diffusers", 14.3, **_PAIR),),
        low=3.5,
        expand_timesteps=None,
        transformer__image_dim=None,
        transformer__pos_embed_seq_len=None,
    ),
    _by_ends(
        "wan-2.1-i2v",
        (_PICTURE,),
        {FIRST: _PICTURE},
        _SHAPE,
        speeds(5.0, 20, 50, 50),
        (
            _checkpoint("Wan2.1-I2V-14B-480P-Diffusers", 16.4, **_SEEING),
            _checkpoint("Wan2.1-I2V-14B-720P-Diffusers", 16.4, **_SEEING),
        ),
        transformer__pos_embed_seq_len=None,
    ),
    _by_ends(
        "wan-2.1-flf2v",
        (_PICTURE,),
        {BOTH: _PICTURE},
        _LARGE,
        speeds(5.5, 20, 50, 50),
        (_checkpoint("Wan2.1-FLF2V-14B-720P-diffusers", 16.4, **_SEEING),),
    ),
    Variant(
        "wan-vace",
        "wan",
        (_VACE,),
        ModelLimits(**_SHAPE, overlap=17, roles=frozenset({"frame", "panel", "depth"}), panels_are_frames=True),
        _put_vace,
        "a mask over its frames",
        speeds(5.0, 20, 50, 50),
        (
            _checkpoint("Wan2.1-VACE-1.3B-diffusers", 2.15),
            _checkpoint("Wan2.1-VACE-14B-diffusers", 17.3),
        ),
    ),
)
