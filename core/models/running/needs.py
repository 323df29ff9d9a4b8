"""What a pipeline's folder needs to run at a size and length, read from its files alone: no torch."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..store.soundness import PACKED

_BYTES_A_WEIGHT = 2  # bfloat16
_LARGEST_HEADER = 100 << 20
_TEXT_TOKENS = 512
# Counted in diffusers 0.42.1, as the most bytes that lie in tensors at once, in bfloat16: of VAEs' decoders a pixel of
# their frames (Wan's a pixel of the 4 frames of one latent), of transformers a token and channel: 17 Wan 2.1's, 37
# TI2V-5B's, 45 LTX-Video's with and without guidance at once.
_DECODE_BYTES = {
    "AutoencoderKLLTXVideo": 100,
    "AutoencoderKLLTX2Video": 85,
    "AutoencoderKLWan": 720,
    "AutoencoderKLCogVideoX": 940,
    "AutoencoderKLHunyuanVideo": 1200,
}
_DECODE_BYTES_ELSE = 1800  # AutoencoderKLHunyuanVideo15's
_TOKEN_BYTES = 45 * _BYTES_A_WEIGHT
_PIECE_LATENTS = 9  # latent frames that are decoded at once where a VAE can't stream: decoding.py
_TILE_PIXELS = 512 * 512  # the largest tile that diffusers' VAEs decode at once
_STREAMING = ("AutoencoderKLWan",)


@dataclass(frozen=True)
class Network:
    """A denoising transformer by numbers: `layers` of `width` channels, `inner` ones in the feed-forward."""

    layers: int = 32
    width: int = 3072
    inner: int = 12288
    patch: tuple[int, int, int] = (1, 2, 2)

    def forward_flops(self, tokens: int, text_tokens: int = _TEXT_TOKENS) -> float:
        """Arithmetic of one pass: L [2N(6d² + 2d ff) + 4C d² + 4N² d + 4N C d], two for each multiplication."""
        d, n, c = self.width, tokens, text_tokens
        return self.layers * (2 * n * (6 * d * d + 2 * d * self.inner) + 4 * c * d * d + 4 * n * n * d + 4 * n * c * d)


@dataclass(frozen=True)
class Needs:
    """Bytes, weights in bfloat16: the text encoders; each denoising transformer, and one block of it; the VAE.

    `activation` is what one pass works in; `decode`, `piece` and `tile` what the VAE's decoder does at once, in pieces
    and in tiles of them. `exact` says that pieces give the same frames, `packed` that the transformer's weights are
    quantised as they lie. `tokens` are the video's, `flops` is the arithmetic of a pass over them.
    """

    text: int
    transformers: tuple[int, ...]
    block: int
    vae: int
    activation: int
    decode: int
    piece: int
    tile: int
    tokens: int
    exact: bool = False
    packed: bool = False
    flops: float = 0.0


def json_of(path: Path) -> dict[str, Any]:
    """A settings file; empty where it can't be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def weights_in(folder: Path) -> int:
    """How many weights the safetensors files of a component hold, from their headers; 0 where none can be read."""
    found = 0
    for path in sorted(folder.glob("*.safetensors")):
        try:
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                header = json.loads(file.read(min(length, _LARGEST_HEADER)))
            shapes = [told["shape"] for name, told in header.items() if name != "__metadata__"]
            found += sum(math.prod(shape) for shape in shapes)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # loading it says what is wrong with it
    return found


def bytes_of(component: Path) -> int:
    """What a component's weights take: in bfloat16, or as a GGUF file has them."""
    packed = component / PACKED
    return packed.stat().st_size if packed.is_file() else weights_in(component) * _BYTES_A_WEIGHT


def network_of(config: dict[str, Any]) -> Network:
    """A transformer's numbers from its config.json, under the names that diffusers' video transformers share."""
    width = int(config.get("num_attention_heads", 24)) * int(config.get("attention_head_dim", 128))
    size, time = config.get("patch_size", 1), config.get("patch_size_t") or 1
    patch = (int(time), int(size), int(size)) if isinstance(size, int) else tuple(int(side) for side in size)
    return Network(
        layers=int(config.get("num_layers", 32)),
        width=width,
        inner=int(config.get("ffn_dim") or width * config.get("mlp_ratio", 4)),
        patch=(patch[0], patch[1], patch[2]),
    )


def shrinking(vae: dict[str, Any]) -> tuple[int, int]:
    """How many frames and pixels a side one latent stands for, from a VAE's config.json."""
    scaling = vae.get("spatio_temporal_scaling")
    if isinstance(scaling, list):  # LTX
        times = 2 ** sum(map(bool, scaling))
        space = vae.get("spatial_compression_ratio") or vae.get("patch_size", 4) * times
        return int(vae.get("temporal_compression_ratio") or vae.get("patch_size_t", 1) * times), int(space)
    time = vae.get("scale_factor_temporal") or vae.get("temporal_compression_ratio") or 4
    return int(time), int(vae.get("scale_factor_spatial") or vae.get("spatial_compression_ratio") or 8)


def tokens_of(network: Network, vae: dict[str, Any], size: tuple[int, int], frames: int) -> int:
    """The transformer's tokens of a video."""
    time, space = shrinking(vae)
    latents = (frames - 1) // time + 1
    depth, high, wide = network.patch
    return max(1, latents // depth) * max(1, size[1] // space // high) * max(1, size[0] // space // wide)


def decode_bytes(vae: dict[str, Any], size: tuple[int, int], frames: int) -> int:
    """What a VAE's decoder works in, from its config.json, for so many frames at once."""
    return size[0] * size[1] * frames * _DECODE_BYTES.get(str(vae.get("_class_name")), _DECODE_BYTES_ELSE)


def needs_of(folder: Path, size: tuple[int, int], frames: int) -> Needs:
    """What the pipeline in a folder needs for chunks of so many frames."""
    parts = {path.name: bytes_of(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    network = network_of(json_of(folder / "transformer" / "config.json"))
    vae = json_of(folder / "vae" / "config.json")
    tokens = tokens_of(network, vae, size, frames)
    transformers = tuple(weights for name, weights in parts.items() if name.startswith("transformer") and weights)
    kind = vae.get("_class_name")
    exact = kind in _STREAMING
    time, pixels = shrinking(vae)[0], size[0] * size[1]
    piece = decode_bytes(vae, size, time if exact else min(frames, _PIECE_LATENTS * time))
    return Needs(
        text=sum(weights for name, weights in parts.items() if name.startswith("text_encoder")),
        transformers=transformers or (0,),
        block=max(transformers, default=0) // max(1, network.layers),
        vae=sum(weights for name, weights in parts.items() if "vae" in name or name == "vocoder"),
        activation=tokens * network.width * _TOKEN_BYTES,
        decode=piece if exact else decode_bytes(vae, size, frames),
        piece=piece,
        tile=piece * min(_TILE_PIXELS, pixels) // pixels,
        tokens=tokens,
        exact=exact,
        packed=(folder / "transformer" / PACKED).is_file(),
        flops=network.forward_flops(tokens),
    )
