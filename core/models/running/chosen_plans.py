"""Which plan the user has a model held by, where that is not left to the machine."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ...errors import InputError
from ...storage import replace_file
from .memory_plans import SETTING

_FILE = "plans.json"


def chosen_plan(state: Path, name: str) -> str:
    """The plan that a model begins with: of SHOTWRIGHT_PLAN, or else as it was chosen; empty where by itself."""
    return os.environ.get(SETTING, "") or _chosen(state).get(name, "")


def choose_plan(state: Path, name: str, plan: str) -> None:
    """Has a model begin with a plan from its next load on, or, where it is empty, with what fits. Raises StorageError,
    and InputError where the list is broken."""
    known = _chosen(state)
    known.pop(name, None)
    told = {**known, name: plan} if plan else known
    replace_file(state / _FILE, json.dumps(told, indent=1) + "\n", "writing which plans were chosen")


def _chosen(state: Path) -> dict[str, str]:
    path = state / _FILE
    if not path.is_file():
        return {}
    try:
        return {str(name): str(plan) for name, plan in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError):
        raise InputError("The list of chosen plans is broken.", f"Delete {_FILE} in the state folder.") from None
