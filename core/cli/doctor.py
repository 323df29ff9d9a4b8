"""`shotwright doctor`: what is missing on this machine, and what mends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

import typer

from ..errors import EXIT_FAILED, ShotwrightError
from .reporting import JsonFlag, amount, reporting

_DISK_WANTED = 2_000_000_000
_MEMORY_WANTED = 3_000_000_000
_INSTALL = "Run: pip install shotwright[engine]"


def _python() -> str:
    if sys.version_info < (3, 11):
        raise ShotwrightError("Python is too old.", "Install Python 3.11 or newer.")
    return sys.version.split()[0]


def _ffmpeg() -> str:
    from ..media.ffmpeg import ffmpeg_version

    return ffmpeg_version()


def _torch() -> str:
    from ..models.device import device_words

    return device_words()


def _state() -> str:
    from ..client.state_folder import state_folder
    from ..storage import replace_file

    probe = state_folder() / ".doctor"
    replace_file(probe, "ok", "trying the state folder")
    probe.unlink()
    free = shutil.disk_usage(state_folder()).free
    if free < _DISK_WANTED:
        raise ShotwrightError(f"Only {amount(free)} of disk is free.", f"Free at least {amount(_DISK_WANTED)}.")
    return f"writable, {amount(free)} free"


def _memory() -> str:
    import psutil

    free = psutil.virtual_memory().available
    if free < _MEMORY_WANTED:
        raise ShotwrightError(f"Only {amount(free)} of memory is free.", "Close other programs.")
    return f"{amount(free)} free"


def _model() -> str:
    from ..client.state_folder import state_folder
    from ..models.catalogue import list_models

    names = [model["name"] for model in list_models(state_folder()) if model["fits"]["ok"]]
    if not names:
        raise ShotwrightError("No model fits this machine.", "See: shotwright models")
    return ", ".join(names)


def _engine() -> str:
    from ..client import find_engine

    client = find_engine()
    return f"runs at {client.url}" if client else "not running; commands start it when they need it"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("python", _python),
    ("ffmpeg", _ffmpeg),
    ("torch", _torch),
    ("state folder", _state),
    ("memory", _memory),
    ("models", _model),
    ("engine", _engine),
)


def doctor(json: JsonFlag = False) -> None:
    """Check what Shotwright needs on this machine."""
    with reporting(json) as report:
        rows = []
        for name, check in CHECKS:
            try:
                rows.append({"name": name, "ok": True, "found": check(), "hint": ""})
            except ShotwrightError as error:
                rows.append({"name": name, "ok": False, "found": error.message, "hint": error.hint})
            except ImportError as error:
                rows.append({"name": name, "ok": False, "found": f"{error.name} is missing.", "hint": _INSTALL})
        report.table(
            ("", "check", "found", "what mends it"),
            [("ok" if row["ok"] else "!!", str(row["name"]), str(row["found"]), str(row["hint"])) for row in rows],
        )
        well = all(row["ok"] for row in rows)
        report.answer({"checks": rows}, "All is well." if well else "Something is missing.")
        if not well:
            raise typer.Exit(EXIT_FAILED)
