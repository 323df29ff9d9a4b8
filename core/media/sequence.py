"""Image sequences: a folder that holds one numbered picture a frame, `NAME.1001.png`."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import MediaError, storage_error

_DIGITS = 4
_NUMBERED = re.compile(r"(?P<stem>.*?)[._]?(?P<number>\d+)\.(?P<suffix>png|exr|tiff?|jpe?g|dpx|webp)", re.IGNORECASE)


def ffmpeg_pattern(folder: Path, name: str, suffix: str) -> str:
    """The pattern that has ffmpeg write `NAME.1001.png` and on in a folder."""
    stem = f"{folder}/{name}".replace("%", "%%")
    return f"{stem}.%0{_DIGITS}d{suffix}"


def sequence_files(folder: Path) -> list[tuple[int, Path]]:
    """The numbered pictures of a folder, in order; raises MediaError where there are none, two sets, or gaps."""
    found: dict[tuple[str, str], list[tuple[int, Path]]] = {}
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise storage_error(error, f"reading {folder.name}") from error
    for path in paths:
        if match := _NUMBERED.fullmatch(path.name):
            found.setdefault((match["stem"], match["suffix"].lower()), []).append((int(match["number"]), path))
    if not found:
        raise MediaError(f"{folder.name} holds no image sequence.", "Choose a movie, or a folder of NAME.1001.png …")
    if len(found) > 1:
        raise MediaError(f"{folder.name} holds {len(found)} image sequences.", "Give each a folder of its own.")
    files = sorted(next(iter(found.values())))
    missing = files[-1][0] - files[0][0] + 1 - len(files)
    if missing:
        raise MediaError(f"{missing} frames of {folder.name} are missing.", "Copy or render the sequence again.")
    return files
