"""The extension for a host, made of the plugin's folder and of the rooms that run in any host's Python."""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..errors import NotFoundError, storage_error
from ..storage import replacing, temporary_beside

# What hosts import of core: standard library only (architecture.md, section 2).
HOST_SAFE = ("__init__.py", "errors.py", "storage.py", "timing", "film", "protocol", "client", "hosts")
_OLDEST_BLENDER = (4, 5)
_ROOT = Path(__file__).parents[2]  # of the package: core/ and plugins/ lie in it
_DOOR = '''# SPDX-License-Identifier: GPL-3.0-or-later
"""Shotwright in Blender; core/ is Apache-2.0, plugins/ GPL-3.0-or-later."""

from .plugins.blender import register, unregister

__all__ = ["register", "unregister"]
'''


def build_blender(output: Path) -> Path:
    """Writes Blender's extension as one zip; raises StorageError."""
    with replacing(output) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _blender_files():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))  # the same bytes each time
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return output


def install_blender() -> list[Path]:
    """Puts the extension into each Blender that this user has; raises NotFoundError where there is none."""
    versions = [
        folder
        for folder in sorted(_blender_folder().glob("*.*"))
        if (match := re.fullmatch(r"(\d+)\.(\d+)", folder.name)) and (int(match[1]), int(match[2])) >= _OLDEST_BLENDER
    ]
    if not versions:
        raise NotFoundError(
            "No Blender from 4.5 on was found for this user.",
            "Start Blender once, or build the zip and install it there: shotwright plugin build blender",
        )
    return [_unpacked(version / "extensions" / "user_default" / "shotwright") for version in versions]


def _unpacked(folder: Path) -> Path:
    work = temporary_beside(folder)
    try:
        for name, data in _blender_files():
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if folder.exists():
            shutil.rmtree(folder)
        work.rename(folder)
    except OSError as error:
        raise storage_error(error, f"installing into {folder.parent}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _blender_files() -> Iterator[tuple[str, bytes]]:
    plugin = _ROOT / "plugins" / "blender"
    yield "blender_manifest.toml", (plugin / "blender_manifest.toml").read_bytes()
    yield "plugins/blender/LICENSE", (plugin / "LICENSE").read_bytes()
    yield "__init__.py", _DOOR.encode()
    yield "plugins/__init__.py", b""
    for path in sorted(plugin.glob("*.py")):
        yield f"plugins/blender/{path.name}", path.read_bytes()
    for room in HOST_SAFE:
        place = _ROOT / "core" / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield path.relative_to(_ROOT).as_posix(), path.read_bytes()


def _blender_folder() -> Path:
    """Where Blender keeps what belongs to a user, by version."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home / "AppData" / "Roaming")) / "Blender Foundation" / "Blender"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Blender"
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "blender"
