"""Where Shotwright keeps what belongs to the user and to no film: the engine's address, jobs, media."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from ..storage import replace_file

SETTING = "SHOTWRIGHT_STATE"
DISCOVERY = "engine.json"
_PROGRAM = "program.json"  # which Python has the program: hosts have one of their own, which has not


def state_folder() -> Path:
    """The state folder: SHOTWRIGHT_STATE when set, else the platform's folder for a user's data."""
    chosen = os.environ.get(SETTING)
    if chosen:
        return Path(chosen).expanduser().absolute()
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "Shotwright"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Shotwright"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "shotwright"


def remember_program(state: Path) -> None:
    """Writes down which Python runs the program, so that hosts can start it; raises StorageError."""
    replace_file(state / _PROGRAM, json.dumps({"python": sys.executable}), "keeping where the program is")


def program() -> str:
    """The Python that has the program, as it was written down; empty where it never ran for this user."""
    try:
        told = json.loads((state_folder() / _PROGRAM).read_text(encoding="utf-8"))
        python = str(told["python"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return python if Path(python).is_file() else ""
