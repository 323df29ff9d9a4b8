"""`shotwright.toml`: reading it strictly, writing it with a word on each setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomllib

from ..errors import ProjectError, ShotwrightError, UsageError, storage_error
from ..film import ProjectSettings
from ..film.settings import parse_size
from ..storage import replace_file
from ..timing import Rate

FILE_NAME = "shotwright.toml"
_LARGEST_BYTES = 1 << 20

# Each setting: how its TOML value is read, and the comment that stands beside it in a new file.
_TEXT = (str, str)
_NUMBER = ((int, float), float)
_READERS: dict[str, tuple[Any, Callable[[Any], Any], str]] = {
    "title": (*_TEXT, ""),
    "rate": ((str, int, float), lambda value: Rate.parse(str(value)), "frames a second: 24, 25, 24000/1001 …"),
    "drop_frame": (bool, bool, "drop-frame timecode (29.97 and 59.94 only)"),
    "start_timecode": (*_TEXT, "of the edit's first frame"),
    "size": (str, parse_size, ""),
    "mask": (*_TEXT, "2.39, 1.85 … drawn on panels, reel and contact sheet"),
    "panel_fit": (*_TEXT, "crop or pad: how a panel of another shape meets the frame"),
    "handle_frames": (int, int, "made beyond the cut at each end of a take"),
    "shortest_seconds": (*_NUMBER, "bounds of what the breakdown gives one shot"),
    "longest_seconds": (*_NUMBER, ""),
    "codec": (*_TEXT, "prores, prores4444, dnxhr, h264, h265, png, exr"),
    "model": (*_TEXT, "`shotwright models` lists them"),
    "look": (*_TEXT, "words added to every prompt"),
    "naming": (*_TEXT, ""),
    "numbers_locked": (bool, bool, "a rewrite renumbers nothing: `shotwright script FILM lock`"),
}


def parse_settings(text: str) -> ProjectSettings:
    """Settings from TOML; raises ProjectError on what is unknown, of the wrong type or can't be used."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{FILE_NAME} can't be read: {error}.", "Mend that line, or make a new project.") from None
    table = data.pop("project", {})
    cast = data.pop("cast", {})
    if data or not isinstance(table, dict) or not isinstance(cast, dict):
        raise ProjectError(f"{FILE_NAME} has more than [project] and [cast].", "Remove what is not a setting.")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _READERS:
            raise ProjectError(f"{FILE_NAME}: “{key}” is no setting.", f"It knows {', '.join(_READERS)}.")
        types, read, _ = _READERS[key]
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            raise ProjectError(f"{FILE_NAME}: {key} = {value!r} is of the wrong kind.", "See a new project's file.")
        try:
            values[key] = read(value)
        except ShotwrightError as error:
            raise ProjectError(f"{FILE_NAME}: {error.message}", error.hint) from None
    try:
        return ProjectSettings(**values, cast={str(name).upper(): str(words) for name, words in cast.items()})
    except UsageError as error:
        raise ProjectError(f"{FILE_NAME}: {error.message}", error.hint) from None


def read_settings(path: Path) -> ProjectSettings:
    """The settings of a project's file; raises ProjectError."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ProjectError(f"{FILE_NAME} is far too long.", "Restore it from a copy of the project.")
        return parse_settings(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ProjectError(f"{FILE_NAME} is no text.", "Restore it from a copy of the project.") from None
    except OSError as error:
        raise storage_error(error, f"reading {FILE_NAME}") from error


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return f"{value[0]}x{value[1]}"
    return str(value) if isinstance(value, Rate) else value


def settings_text(settings: ProjectSettings) -> str:
    """The settings as TOML that `parse_settings` reads back."""
    import tomlkit

    document = tomlkit.document()
    table = tomlkit.table()
    for key, (_, _, comment) in _READERS.items():
        item = tomlkit.item(_plain(getattr(settings, key)))
        if comment:
            item.comment(comment)
        table.add(key, item)
    document.add("project", table)
    cast = tomlkit.table()
    cast.comment("NAME = “words that every prompt showing the character gets”; what the script says holds without")
    for name, words in _sorted(settings.cast):
        cast.add(name, words)
    document.add("cast", cast)
    return tomlkit.dumps(document)


def change_settings(path: Path, **values: Any) -> ProjectSettings:
    """Changes single settings in the file, whose comments and order stay; raises ProjectError, StorageError."""
    import tomlkit

    read_settings(path)
    document: Any = tomlkit.parse(path.read_text(encoding="utf-8"))
    table = document.setdefault("project", tomlkit.table())
    for key, value in values.items():
        table[key] = _plain(value)
    text = tomlkit.dumps(document)
    settings = parse_settings(text)
    replace_file(path, text, f"writing {FILE_NAME}")
    return settings


def _sorted(cast: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(cast.items())


def write_settings(path: Path, settings: ProjectSettings) -> None:
    """Writes the file whole; raises StorageError."""
    replace_file(path, settings_text(settings), f"writing {FILE_NAME}")
