"""What a diffusers video pipeline folder can do, read from its files alone: no torch, no code of the folder's own.

A `shotwright.toml` in it says what its other files do not: `checkpoint = "ltx-0.9.8-13b-distilled"`, which published
weights these are; or, for a pipeline that is not known, a whole profile as `families.profile_file` reads it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from .families import Variant, checkpoints, variant_of, variants
from .families.profile_file import read_checkpoint, read_variants

_INDEX = "model_index.json"
PROFILE = "shotwright.toml"
# Formats that can carry code: architecture.md, section 7 allows safetensors alone.
_UNSAFE_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".py", ".so", ".dll"})
_LARGEST = 1 << 20
# Where parts may come from: what loads them would import any module by its name. The last is a room of diffusers.
_LIBRARIES = frozenset({"diffusers", "transformers", "ltx2"})
_SETTINGS = ("config.json", "scheduler_config.json")  # of a network, of a scheduler


def profile_of(folder: Path) -> Variant:
    """The kind of a pipeline folder; raises InputError where it is none, is unknown, or holds what may run code."""
    index = folder / _INDEX
    if not index.is_file():
        raise InputError(
            f"“{folder.name}” is no diffusers pipeline: it has no {_INDEX}.",
            "Give the folder that save_pretrained wrote, copied whole.",
        )
    told = _read(folder, index)
    pipeline = told.get("_class_name")
    if not isinstance(pipeline, str):
        raise _broken(folder, _INDEX)
    unsafe = next((path for path in folder.rglob("*") if path.suffix.lower() in _UNSAFE_SUFFIXES), None)
    if unsafe is not None:
        raise InputError(
            f"“{folder.name}” holds {unsafe.name}, which could run code.",
            "Use a copy with safetensors weights only, without .bin, .pt or .py files.",
        )
    for part in told.values():
        library = part[0] if isinstance(part, list) and part else None
        if library is not None and not (isinstance(library, str) and library in _LIBRARIES):
            raise InputError(
                f"“{folder.name}” wants a part from “{str(library)[:60]}”, which could run code.",
                "Use a copy whose parts are those of diffusers and transformers.",
            )
    return _declared(folder, pipeline) or _known(folder, pipeline, told)


def _declared(folder: Path, pipeline: str) -> Variant | None:
    """What the folder's own profile says it is."""
    path = folder / PROFILE
    if not path.is_file():
        return None
    name = read_checkpoint(path)
    if name is None:
        return replace(read_variants(path)[0], folders=(pipeline,))
    found = next((variant for checkpoint, variant in checkpoints() if checkpoint.name == name), None)
    if found is None or pipeline not in found.folders:
        raise InputError(
            f"“{folder.name}” says that it is “{name[:60]}”, and is not.", f"Correct its {PROFILE}, or delete that."
        )
    return found


def _known(folder: Path, pipeline: str, index: dict[str, Any]) -> Variant:
    """What its pipeline class and its settings make it."""
    candidates = [variant for variant in variants() if pipeline in variant.folders]
    settings: dict[str, Any] = {}
    for key in {key for variant in candidates for key in variant.when}:
        part, _, setting = key.rpartition(".")
        told = _read(folder, _settings_file(folder, part)) if part else index
        settings[key] = told.get(setting)
    found = variant_of(pipeline, settings)
    if found is None:
        known = sorted({name for variant in variants() for name in variant.folders})
        raise InputError(
            f"Pipelines of the kind {pipeline[:60]} are not known.",
            f"Known are {', '.join(known)}. Another is declared by a {PROFILE} in its folder: docs/models.md.",
        )
    return found


def _settings_file(folder: Path, part: str) -> Path:
    found = next((folder / part / name for name in _SETTINGS if (folder / part / name).is_file()), None)
    if found is None:
        raise InputError(f"“{folder.name}” lacks its {part}.", "Copy the folder again, whole.")
    return found


def _read(folder: Path, path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError
        told = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError):
        raise _broken(folder, path.name) from None
    if not isinstance(told, dict):
        raise _broken(folder, path.name)
    return told


def _broken(folder: Path, name: str) -> InputError:
    return InputError(f"{name} of “{folder.name}” is broken.", "Copy the folder again.")
