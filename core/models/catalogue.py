"""Which models there are, told without loading any: no torch here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..errors import InputError, NotFoundError, RefusedError, storage_error
from ..planner.limits import ModelLimits
from ..storage import replace_file
from . import previs_model
from .folder_profile import profile_of

REGISTRY = "models.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_JOBS_BY_ROLE = {"panel": ("panels",), "frame": ("image", "extend", "bridge", "loop")}
_JOBS_BY_STILLS = {"first": ("image", "extend"), "both": ("bridge", "loop")}


def registered(state: Path) -> dict[str, Path]:
    """The user's own models: folders by name; raises InputError where the list is broken."""
    path = state / REGISTRY
    if not path.is_file():
        return {}
    try:
        return {str(name): Path(folder) for name, folder in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError, TypeError):
        raise InputError("The list of your models is broken.", f"Delete {REGISTRY} in the state folder.") from None
    except OSError as error:
        raise storage_error(error, "reading the list of your models") from error


def _limits_json(limits: ModelLimits) -> dict[str, Any]:
    return {
        "sizes": [list(size) for size in limits.sizes],
        "size_multiple": limits.size_multiple,
        "rates": [str(rate) for rate in limits.rates],
        "chunk_frames": [limits.shortest_chunk, limits.longest_chunk],
        "overlap": limits.overlap,
    }


def _jobs(limits: ModelLimits) -> list[str]:
    if limits.stills:
        return [job for stills, jobs in _JOBS_BY_STILLS.items() if stills in limits.stills for job in jobs]
    return ["text", *(job for role in sorted(limits.roles) for job in _JOBS_BY_ROLE.get(role, ()))]


def _fits(limits: ModelLimits) -> dict[str, Any]:
    import psutil

    free = psutil.virtual_memory().available
    needs = limits.memory_bytes
    why = f"needs about {needs / 1e9:.1f} GB; {free / 1e9:.1f} GB is free"
    return {"ok": free > needs, "why": why}


def _row(name: str, family: str, limits: ModelLimits, licence: str, source: str, domain: str) -> dict[str, Any]:
    return {
        "name": name,
        "family": family,
        "jobs": _jobs(limits),
        "limits": _limits_json(limits),
        "licence": licence,
        "fits": _fits(limits),
        "source": source,
        "domain": domain,
    }


def limits_of(name: str, state: Path) -> ModelLimits:
    """A model's limits without loading it; raises NotFoundError."""
    if name == previs_model.NAME:
        return previs_model.LIMITS
    return profile_of(folder_of(name, state)).limits


def folder_of(name: str, state: Path) -> Path:
    """Where a registered model lies; raises NotFoundError."""
    folder = registered(state).get(name)
    if folder is None or not folder.is_dir():
        raise NotFoundError(f"There is no model “{name[:80]}”.", "See them with: shotwright models")
    return folder


def list_models(state: Path) -> list[dict[str, Any]]:
    """Every model: `name, family, jobs, limits, licence, fits, source, domain`."""
    rows = [
        _row(
            previs_model.NAME,
            "previs",
            previs_model.LIMITS,
            "Apache-2.0",
            "built in",
            "previs only, a first version: light and colour from words, forms from panels; no real footage",
        )
    ]
    for name, folder in sorted(registered(state).items()):
        if folder.is_dir():
            profile = profile_of(folder)
            rows.append(_row(name, profile.family, profile.limits, "its own: see its folder", str(folder), ""))
    return rows


def add_model(state: Path, folder: Path, name: str | None = None) -> dict[str, Any]:
    """Registers a diffusers video pipeline folder, which stays where it lies; its row as `list_models` gives it.

    Raises InputError where the folder is no such pipeline, or holds code or pickles; RefusedError for a name in use.
    """
    folder = Path(folder).expanduser().absolute()
    chosen = name or folder.name
    if not _NAME.fullmatch(chosen):
        raise InputError(f"“{chosen[:60]}” can't name a model.", "Use letters, digits, dots, dashes; at most 64.")
    known = registered(state)
    if chosen == previs_model.NAME or chosen in known:
        raise RefusedError(f"There is a model “{chosen}” already.", "Choose another with --name.")
    profile_of(folder)
    replace_file(
        state / REGISTRY, json.dumps({**{n: str(p) for n, p in known.items()}, chosen: str(folder)}, indent=1) + "\n"
    )
    return next(row for row in list_models(state) if row["name"] == chosen)


def remove_model(state: Path, name: str) -> None:
    """Forgets a registered model; its files stay. Raises NotFoundError."""
    known = registered(state)
    if name not in known:
        raise NotFoundError(f"“{name[:80]}” is no model of yours.", "See them with: shotwright models")
    del known[name]
    replace_file(state / REGISTRY, json.dumps({n: str(p) for n, p in known.items()}, indent=1) + "\n")
