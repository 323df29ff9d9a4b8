"""Models that can be got by name: the published weights that the families know, and what getting one means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomllib

from ..catalogue import fits, variant_json
from ..families import Checkpoint, Licence, Variant, checkpoints
from ..running.machine import Machine
from ..running.needs import Needs

_FILE = Path(__file__).with_name("offers.toml")
_NEWEST = "main"
_BYTES_A_WEIGHT = 2  # as they are computed with, in bfloat16
_LAYERS, _TOKENS, _WORKING_BYTES = 30, 20_000, 4_000_000_000  # of a chunk of a video model of this time, by and large


@dataclass(frozen=True)
class Offer:
    """Published weights, their kind, the revision of their repository; `bytes` is about what they take of the disk."""

    checkpoint: Checkpoint
    variant: Variant
    revision: str
    bytes: int
    good_for: str

    @property
    def name(self) -> str:
        """What it is called, here and by others."""
        return self.checkpoint.name

    @property
    def licence(self) -> Licence:
        """What it may be used for."""
        return self.checkpoint.licence

    def row(self, machine: Machine) -> dict[str, Any]:
        """As `catalogue.list_models` gives rows, with `bytes`, `repository`, `good_for`; `fits` as far as is known."""
        return {
            "name": self.name,
            **variant_json(self.variant),
            "fits": fits(_needs(self.checkpoint.parameters), machine),
            "bytes": self.bytes,
            "repository": self.checkpoint.repository,
            "good_for": self.good_for,
        }


@cache
def offers() -> dict[str, Offer]:
    """Every model on offer, by name."""
    facts = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {checkpoint.name: _offer(checkpoint, variant, facts) for checkpoint, variant in checkpoints()}


def _offer(checkpoint: Checkpoint, variant: Variant, facts: dict[str, Any]) -> Offer:
    told = facts.get(checkpoint.name, {})
    gigabytes = told.get("gigabytes", 2 * sum(checkpoint.parameters.values()))
    revision, good_for = told.get("revision", _NEWEST), told.get("good_for", "")
    return Offer(checkpoint, variant, revision, int(gigabytes * 1e9), good_for)


def _needs(parameters: Mapping[str, float]) -> Needs:
    """What weights need by their parameters alone, in thousand millions by part, before their files tell more."""
    sizes = {part: int(count * 1e9 * _BYTES_A_WEIGHT) for part, count in parameters.items()}
    transformers = tuple(size for part, size in sizes.items() if part.startswith("transformer"))
    return Needs(
        text=sum(size for part, size in sizes.items() if part.startswith("text_encoder")),
        transformers=transformers,
        block=max(transformers) // _LAYERS,
        vae=sum(size for part, size in sizes.items() if "vae" in part or part == "vocoder"),
        activation=_WORKING_BYTES,
        decode=_WORKING_BYTES,
        piece=_WORKING_BYTES,
        tile=_WORKING_BYTES,
        tokens=_TOKENS,
    )
