"""Which plan the user has a model held by, where that is not left to the machine."""

from __future__ import annotations

import os
from pathlib import Path

from ..state_list import read_list, write_list
from .memory_plans import SETTING

_FILE, _LISTED = "plans.json", "chosen plans"


def chosen_plan(state: Path, name: str) -> str:
    """The plan that a model begins with: of SHOTWRIGHT_PLAN, or else as it was chosen; empty where by itself."""
    return os.environ.get(SETTING, "") or read_list(state / _FILE, _LISTED).get(name, "")


def choose_plan(state: Path, name: str, plan: str) -> None:
    """Has a model begin with a plan from its next load on, or, where it is empty, with what fits.

    Raises as `read_list` and `write_list`.
    """
    others = {each: its for each, its in read_list(state / _FILE, _LISTED).items() if each != name}
    write_list(state / _FILE, {**others, name: plan} if plan else others, _LISTED)
