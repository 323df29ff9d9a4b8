"""Where Shotwright keeps what belongs to the user and to no film: the engine's address, jobs, media."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SETTING = "SHOTWRIGHT_STATE"
DISCOVERY = "engine.json"


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
