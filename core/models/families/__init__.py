"""The kinds of weights that are known, and which of them a folder is: told without loading any, no torch here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from . import ltx, ltx2, wan
from .base import Call, Checkpoint, Licence, Speed, Variant
from .profile_file import read_variants

__all__ = ["Call", "Checkpoint", "Licence", "Speed", "Variant", "checkpoints", "variant_of", "variants"]


@cache
def variants() -> tuple[Variant, ...]:
    """Every kind of weights; of two that a folder may be, the one that asks more of it stands first."""
    declared = [each for path in sorted(Path(__file__).parent.glob("*.toml")) for each in read_variants(path)]
    found = [*ltx.VARIANTS, *ltx2.VARIANTS, *wan.VARIANTS, *declared]
    return tuple(sorted(found, key=lambda variant: -len(variant.when)))


def checkpoints() -> Iterator[tuple[Checkpoint, Variant]]:
    """Published weights, and the kind that each is of, as far as it is known of that one."""
    for variant in variants():
        for each in variant.checkpoints:
            yield each, variant.of_checkpoint(each.name) or variant


def variant_of(pipeline: str, settings: Mapping[str, Any]) -> Variant | None:
    """The kind of weights of a folder by its pipeline class and its settings, as Variant.when names them."""

    def holds(variant: Variant) -> bool:
        return all((settings.get(key) or None) == (value or None) for key, value in variant.when.items())

    return next((each for each in variants() if pipeline in each.folders and holds(each)), None)
