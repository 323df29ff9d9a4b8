"""What a diffusers video pipeline folder can do, read from its files alone: no torch, no code of the folder's own."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..planner.limits import BOTH, FIRST, ModelLimits
from ..timing import Rate

_INDEX = "model_index.json"
# Formats that can carry code: architecture.md, section 7 allows safetensors alone.
_UNSAFE_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".py", ".so", ".dll"})
_LARGEST_INDEX = 1 << 20


@dataclass(frozen=True)
class FolderProfile:
    """A pipeline folder's class and family, and what the planner must know."""

    pipeline: str
    family: str
    limits: ModelLimits


def _limits(
    rate: int, step: int, offset: int, longest: int, multiple: int, largest: tuple[int, int], *stills: str
) -> ModelLimits:
    """A family's limits; chained by handing the last frame on, where the pipeline takes a first frame."""
    return ModelLimits(
        sizes=(largest,),
        rates=(Rate.parse(rate),),
        frame_step=step,
        frame_offset=offset,
        shortest_chunk=step + offset,
        longest_chunk=longest,
        overlap=1 if FIRST in stills else 0,
        roles=frozenset({"frame"} if stills else ()),
        stills=frozenset(stills),
        size_multiple=multiple,
        default_steps=30,
        default_guidance=5.0,
        seconds_a_step=10.0,
        memory_bytes=16_000_000_000,
    )


_WAN_FROM_PICTURE = "WanImageToVideoPipeline"
_WAN_5B: dict[str, Any] = {  # Wan 2.2's TI2V-5B: one set of weights under the same two classes
    "sizes": ((1280, 704),),
    "rates": (Rate.parse(24),),
    "longest_chunk": 121,
    "size_multiple": 32,
}
# Facts by family (frames 8k+1 or 4k+1, multiples, native rate): read in diffusers 0.42.1's pipelines.
_FAMILIES: dict[str, tuple[str, ModelLimits]] = {
    "LTXPipeline": ("ltx", _limits(25, 8, 1, 161, 32, (768, 512))),
    "LTXImageToVideoPipeline": ("ltx", _limits(25, 8, 1, 161, 32, (768, 512), FIRST)),
    "WanPipeline": ("wan", _limits(16, 4, 1, 81, 16, (832, 480))),
    _WAN_FROM_PICTURE: ("wan", _limits(16, 4, 1, 81, 16, (832, 480), FIRST)),
    "CogVideoXPipeline": ("cogvideox", _limits(8, 4, 1, 49, 16, (720, 480))),
    "CogVideoXImageToVideoPipeline": ("cogvideox", _limits(8, 4, 1, 49, 16, (720, 480), FIRST)),
    "HunyuanVideoPipeline": ("hunyuan", _limits(24, 4, 1, 129, 16, (960, 544))),
    "MochiPipeline": ("mochi", _limits(30, 6, 1, 85, 16, (848, 480))),
}


def profile_of(folder: Path) -> FolderProfile:
    """The profile of a pipeline folder; raises InputError where it is none, is unknown, or holds what may run code."""
    index = folder / _INDEX
    if not index.is_file():
        raise InputError(
            f"“{folder.name}” is no diffusers pipeline: it has no {_INDEX}.",
            "Give the folder that save_pretrained wrote, copied whole.",
        )
    try:
        if index.stat().st_size > _LARGEST_INDEX:
            raise ValueError
        told = json.loads(index.read_text(encoding="utf-8"))
        name = str(told["_class_name"])
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise InputError(f"{_INDEX} of “{folder.name}” is broken.", "Copy the folder again.") from None
    unsafe = next((path for path in folder.rglob("*") if path.suffix.lower() in _UNSAFE_SUFFIXES), None)
    if unsafe is not None:
        raise InputError(
            f"“{folder.name}” holds {unsafe.name}, which could run code.",
            "Use a copy with safetensors weights only, without .bin, .pt or .py files.",
        )
    if name not in _FAMILIES:
        raise InputError(f"Pipelines of the kind {name[:60]} are not known.", f"Known are {', '.join(_FAMILIES)}.")
    family, limits = _FAMILIES[name]
    if family == "wan" and told.get("expand_timesteps"):
        limits = replace(limits, **_WAN_5B)
    if name == _WAN_FROM_PICTURE:
        limits = replace(limits, stills=_wan_stills(folder, told))
    return FolderProfile(name, family, limits)


def _wan_stills(folder: Path, index: dict[str, Any]) -> frozenset[str]:
    """Which pictures a Wan pipeline takes: its class has a last picture too, but not all of its weights heed one.

    Read in diffusers 0.42.1: weights made for both ends hold places for two pictures and fail with one; those with an
    image encoder else fail with two; those that expand time steps (TI2V-5B) drop the last one in silence.
    """
    try:
        network = json.loads((folder / "transformer" / "config.json").read_text(encoding="utf-8"))
        if network.get("pos_embed_seq_len") is not None:
            return frozenset({BOTH})
        plain = network["image_dim"] is None and not index.get("expand_timesteps")
    except (OSError, ValueError, KeyError, AttributeError):
        return frozenset({FIRST})
    return frozenset({FIRST, BOTH} if plain else {FIRST})
