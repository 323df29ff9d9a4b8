"""`.storyboarder` files of Wonder Unit's Storyboarder (JSON, version 1 to 3) as boards."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

from ..errors import ScriptError
from .elements import Board, Screenplay

_DEFAULT_MILLISECONDS = 2000  # Storyboarder's own, where a file does not say
_LONGEST_MILLISECONDS = 3_600_000
_HINT = "Open it in Storyboarder and save it again."


def read_storyboarder(text: str, name: str, title: str) -> Screenplay:
    """The boards of a file; raises ScriptError where it is no JSON, holds no boards, or a board makes no sense."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        where = f" in line {line}" if line else ""
        raise ScriptError(f"“{name}” is broken{where}.", _HINT, line) from None
    found = data.get("boards") if isinstance(data, dict) else None
    if not isinstance(found, list) or not all(isinstance(board, dict) for board in found):
        raise ScriptError(f"“{name}” is no storyboard.", _HINT)
    if not found:
        raise ScriptError(f"“{name}” has no boards.", "Draw at least one board, or give the script instead.")
    default = _milliseconds(data.get("defaultBoardTiming"), Fraction(_DEFAULT_MILLISECONDS))
    # Storyboarder takes each board for a shot of its own in a scene where none is marked as a new one.
    unmarked = not any(board.get("newShot") is True for board in found)
    boards = tuple(_board(board, index == 0 or unmarked, default) for index, board in enumerate(found))
    return Screenplay(title, boards=boards)


def _board(data: Mapping[str, Any], begins: bool, default: Fraction) -> Board:
    audio = data.get("audio")
    return Board(
        picture=_file_name(data.get("url")),
        shot=_text(data.get("shot")),
        begins_shot=begins or data.get("newShot") is True,
        seconds=_milliseconds(data.get("duration"), default) / 1000,
        action=_text(data.get("action")),
        dialogue=_text(data.get("dialogue")),
        notes=_text(data.get("notes")),
        sound=_file_name(audio.get("filename")) if isinstance(audio, dict) else "",
    )


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _file_name(value: object) -> str:
    """The bare name of a file: whatever path stands in a board, its pictures lie in `images`."""
    return PurePosixPath(value.replace("\\", "/").replace("\0", "")).name if isinstance(value, str) else ""


def _milliseconds(value: object, default: Fraction) -> Fraction:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", value):  # as some versions write it
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _LONGEST_MILLISECONDS:
        return default
    return Fraction(value).limit_denominator(1000)
