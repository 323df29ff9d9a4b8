"""Which models are here, told without loading any: no torch here. Those that can be got: `store.offers`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..errors import InputError, NotFoundError, RefusedError, ShotwrightError, storage_error
from ..planner.limits import ModelLimits
from . import previs_model
from .families import Variant
from .folder_profile import profile_of
from .running.chosen_plans import choose_plan, chosen_plan
from .running.machine import Machine, this_machine
from .running.memory_plans import all_plans, choose
from .running.needs import Needs, needs_of
from .state_list import read_list, write_list
from .store.soundness import check_folder

REGISTRY, _LISTED = "models.json", "your models"
READY, BROKEN = "ready", "broken"
_GIB = 1 << 30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def registered(state: Path) -> dict[str, Path]:
    """The user's own models: folders by name; raises InputError where the list is broken."""
    return {name: Path(folder) for name, folder in read_list(state / REGISTRY, _LISTED).items()}


def folder_of(name: str, state: Path) -> Path:
    """Where a registered model lies; raises NotFoundError."""
    folder = registered(state).get(name)
    if folder is None or not folder.is_dir():
        raise NotFoundError(f"There is no model “{name[:80]}”.", "See them with: shotwright models")
    return folder


def sound_folder_of(name: str, state: Path) -> Path:
    """As `folder_of`, of a model that can be loaded; raises InputError where it is not whole any more."""
    folder = folder_of(name, state)
    profile_of(folder)
    check_folder(folder)
    return folder


def limits_of(name: str, state: Path) -> ModelLimits:
    """A model's limits without loading it; raises NotFoundError."""
    if name == previs_model.NAME:
        return previs_model.LIMITS
    return profile_of(folder_of(name, state)).limits


def list_models(state: Path) -> list[dict[str, Any]]:
    """Every model that is here: `name, fits, state, source`, and what `variant_json` tells.

    One whose files have gone or changed is `broken`: its `fits` says why, and what it could do is not told.
    """
    machine = this_machine()
    rows = [_previs(machine)]
    for name, folder in sorted(registered(state).items()):
        try:
            rows.append(_row(name, sound_folder_of(name, state), machine))
        except (ShotwrightError, OSError) as error:
            why = error.message if isinstance(error, ShotwrightError) else storage_error(error, "looking at it").message
            rows.append({**unknown(name, why), "state": BROKEN, "source": str(folder)})
    return rows


def row_of(state: Path, name: str) -> dict[str, Any]:
    """The row of a registered model; raises NotFoundError, and InputError where it is broken."""
    return _row(name, sound_folder_of(name, state), this_machine())


def unknown(name: str, why: str) -> dict[str, Any]:
    """What there is to tell of a model whose files tell nothing."""
    told: dict[str, Any] = {"name": name, "family": "", "jobs": [], "how": {}, "limits": {}, "licence": "?"}
    return told | {"licence_limits": "", "domain": "", "fits": {"ok": False, "why": why}}


def check_name(state: Path, name: str) -> None:
    """Raises InputError for what can't name a model, RefusedError for a name in use."""
    if not _NAME.fullmatch(name):
        raise InputError(f"“{name[:60]}” can't name a model.", "Use letters, digits, dots, dashes; at most 64.")
    if name == previs_model.NAME or name in registered(state):
        raise RefusedError(f"There is a model “{name}” already.", "Choose another with --name.")


def register(state: Path, name: str, folder: Path) -> dict[str, Any]:
    """Takes a model into the list; its row as `list_models` gives it. Raises as `check_name`, and StorageError."""
    check_name(state, name)
    _write(state, {**registered(state), name: folder})
    return _row(name, folder, this_machine())


def add_model(state: Path, folder: Path, name: str | None = None) -> dict[str, Any]:
    """Registers a diffusers video pipeline folder, which stays where it lies; its row as `list_models` gives it.

    Raises InputError where the folder is no such pipeline, is not whole, or holds code or pickles; RefusedError for a
    name in use.
    """
    folder = folder.expanduser().absolute()
    chosen = name or folder.name
    check_name(state, chosen)
    if not folder.is_dir():
        raise InputError(f"There is no folder “{folder.name}” there.", "Give a folder, or a repository: owner/name.")
    profile_of(folder)
    check_folder(folder)
    return register(state, chosen, folder)


def plans_of(state: Path, name: str) -> dict[str, Any]:
    """By which plans a registered model can be held on this machine, the best first: `name, chosen, plans: [{name, why,
    bytes, fits}]`; `chosen` is empty where it is left to the machine. Raises NotFoundError, InputError."""
    folder, machine = sound_folder_of(name, state), this_machine()
    variant = profile_of(folder)
    plans = all_plans(needs_of(folder, variant.limits.sizes[0], variant.limits.longest_chunk), machine)
    told = [
        {"name": p.name, "why": p.words, "bytes": p.card_bytes or p.ram_bytes, "fits": p.fits(machine)} for p in plans
    ]
    return {"name": name, "chosen": chosen_plan(state, name), "plans": told}


def remove_model(state: Path, name: str) -> None:
    """Forgets a registered model; its files stay. Raises NotFoundError."""
    known = registered(state)
    if name not in known:
        raise NotFoundError(f"“{name[:80]}” is no model of yours.", "See them with: shotwright models")
    del known[name]
    choose_plan(state, name, "")
    _write(state, known)


def variant_json(variant: Variant) -> dict[str, Any]:
    """What a row tells of weights of a kind: `family, jobs, how, limits, licence, licence_limits, domain`.

    `how` says of each job whether the model does it by itself (native) or the planner around it (lifted).
    """
    return {
        "family": variant.family,
        "jobs": list(variant.limits.jobs),
        "how": variant.limits.jobs,
        "limits": _limits_json(variant.limits),
        "licence": variant.licence.name,
        "licence_limits": variant.licence.limits,
        "domain": "",
    }


def fits(needs: Needs, machine: Machine) -> dict[str, Any]:
    """Whether a model fits a machine's free memory: `ok`, and in `why` how it would be held, or what is too little."""
    plan = choose(needs, machine)[0]
    if plan.fits(machine):
        return {"ok": True, "why": plan.words}
    takes, free, where = plan.ram_bytes, machine.free_ram, "memory"
    if plan.card_bytes:
        takes, free, where = plan.card_bytes, machine.free_card, "the card"
    why = (
        f"takes {takes / _GIB:.1f} GiB of {where} at its leanest; {free / _GIB:.1f} GiB is free, some of it for others"
    )
    return {"ok": False, "why": why}


def _limits_json(limits: ModelLimits) -> dict[str, Any]:
    return {
        "sizes": [list(size) for size in limits.sizes],
        "size_multiple": limits.size_multiple,
        "rates": [str(rate) for rate in limits.rates],
        "chunk_frames": [limits.shortest_chunk, limits.longest_chunk],
        "overlap": limits.overlap,
    }


def _previs(machine: Machine) -> dict[str, Any]:
    needs, free = previs_model.LIMITS.memory_bytes, machine.free_ram
    return {
        "name": previs_model.NAME,
        "family": "previs",
        "jobs": list(previs_model.LIMITS.jobs),
        "how": previs_model.LIMITS.jobs,
        "limits": _limits_json(previs_model.LIMITS),
        "licence": "Apache-2.0",
        "licence_limits": "",
        "fits": {"ok": free > needs, "why": f"needs about {needs / 1e9:.1f} GB; {free / 1e9:.1f} GB is free"},
        "state": READY,
        "source": "built in",
        "domain": "previs only: places, light, figures, moves from words, forms from panels and depth; no real footage",
    }


def _row(name: str, folder: Path, machine: Machine) -> dict[str, Any]:
    variant = profile_of(folder)
    needs = needs_of(folder, variant.limits.sizes[0], variant.limits.longest_chunk)
    return {
        "name": name,
        **variant_json(variant),
        "fits": fits(needs, machine),
        "state": READY,
        "source": str(folder),
    }


def _write(state: Path, models: dict[str, Path]) -> None:
    write_list(state / REGISTRY, {name: str(folder) for name, folder in models.items()}, _LISTED)
