"""What stands in a shot list's cells: lengths, names, transitions, dialogue, panels; people's way and ours."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, TypeVar

from ..errors import ScriptError, UsageError
from ..film import DialogueLine, Panel, Transition
from ..film.shot import CUT, TRANSITIONS
from ..timing import Rate, parse_timecode
from .directions import transition_kind
from .durations import words_seconds

_LONGEST_SECONDS = 3600
_LENGTH = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)\s*(s|sec|secs|seconds?|f|fr|frames?)?\.?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,6})?)")
_TYPES = {"str": str, "int": int, "bool": bool}
_Made = TypeVar("_Made", DialogueLine, Panel, Transition)


@dataclass(frozen=True)
class Cells:
    """One row's cells, read by meaning; each reader raises ScriptError, with the row's line, for nonsense."""

    cells: Mapping[str, str]
    line: int

    def text(self, name: str) -> str:
        """The cell as it is; empty where it is missing."""
        return self.cells.get(name, "")

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        cell = self.text(name).strip()
        if not cell:
            return default
        if not re.fullmatch(r"-?[0-9]{1,9}", cell):
            raise self._error(name, "a whole number")
        return int(cell)

    def frames(self, rate: Rate) -> int:
        """The shot's length: frames, seconds (`3`, `2.5 s`, `0:03`) or timecode; 0 where the row says none."""
        for name, bare_is_frames in (("frames", True), ("seconds", False)):
            cell = self.text(name).strip()
            if cell:
                frames = _length(cell, rate, bare_is_frames)
                if frames is None or not 0 < frames <= rate.frames(_LONGEST_SECONDS):
                    raise self._error(name, "a length such as 3, 2.5 s or 00:00:02:12")
                return frames
        return 0

    def names(self, name: str) -> tuple[str, ...]:
        """Names between commas, or a JSON list."""
        cell = self.text(name)
        if cell.startswith("["):
            found = self._json(name)
            if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
                raise self._error(name, "names between commas")
            return tuple(found)
        return tuple(part.strip() for part in re.split(r"[,;/\n]", cell) if part.strip())

    def transition(self, name: str, rate: Rate) -> Transition:
        """A transition in the script's words, or as JSON."""
        cell = self.text(name)
        if cell.startswith("{"):
            found = self._made_of(name, Transition, self._json(name))
            if found.kind not in TRANSITIONS:
                raise self._error(name, f"one of {', '.join(TRANSITIONS)}")
            return found
        kind = transition_kind(cell)
        return Transition(kind, 0 if kind == "cut" else rate.frames(1), cell) if cell else CUT

    def dialogue(self, rate: Rate) -> tuple[DialogueLine, ...]:
        """What is said, as `MARA: Who's there?` in rows, timed by its words, or as JSON."""
        cell = self.text("dialogue")
        if cell.startswith("[{"):
            return tuple(self._made_of("dialogue", DialogueLine, item) for item in self._json_list("dialogue"))
        found: list[DialogueLine] = []
        at = Fraction(0)
        for row in filter(None, (row.strip() for row in cell.splitlines())):
            speaker, colon, words = row.partition(":")
            known = bool(colon) and bool(words.strip()) and len(speaker) < 40
            said = words.strip() if known else row
            seconds = words_seconds(len(said.split()))
            found.append(
                DialogueLine(speaker.strip() if known else "", said, rate.frames(at), max(1, rate.frames(seconds)))
            )
            at += seconds
        return tuple(found)

    def panels(self, frames: int) -> tuple[Panel, ...]:
        """Pictures by their paths, spread evenly over the shot, or as JSON with their times."""
        cell = self.text("panels")
        if cell.startswith("[{"):
            found = tuple(self._made_of("panels", Panel, item) for item in self._json_list("panels"))
        else:
            paths = [part.strip().replace("\\", "/") for part in re.split(r"[,;\n]", cell) if part.strip()]
            found = tuple(Panel(path, frames * index // len(paths)) for index, path in enumerate(paths))
        for panel in found:
            self._check_path("panels", panel.path)
        return found

    def path(self, name: str) -> str:
        """A file beside the list."""
        path = self.text(name).strip().replace("\\", "/")
        self._check_path(name, path)
        return path

    def _check_path(self, name: str, path: str) -> None:
        parts = PurePosixPath(path).parts
        if ".." in parts or path.startswith("/") or PureWindowsPath(path).drive or "\0" in path:
            raise self._error(name, "a file beside the shot list or in a folder there")

    def _json(self, name: str) -> Any:
        try:
            return json.loads(self.text(name))
        except (ValueError, RecursionError):
            raise self._error(name, "what was exported there") from None

    def _json_list(self, name: str) -> list[Any]:
        found = self._json(name)
        if not isinstance(found, list):
            raise self._error(name, "what was exported there")
        return found

    def _made_of(self, name: str, kind: type[_Made], data: object) -> _Made:
        """A DialogueLine, Panel or Transition from its JSON object, field types checked."""
        types = {field.name: _TYPES[str(field.type)] for field in fields(kind)}
        if isinstance(data, dict) and all(type(value) is types.get(key) for key, value in data.items()):
            with contextlib.suppress(TypeError):  # a field is missing
                return kind(**data)
        raise self._error(name, "what was exported there")

    def _error(self, name: str, wanted: str) -> ScriptError:
        shown = self.text(name)[:40]
        return ScriptError(f"“{shown}” in line {self.line} can't be the shot's {name}.", f"Write {wanted}.", self.line)


def _length(cell: str, rate: Rate, bare_is_frames: bool) -> int | None:
    """Frames from a length as people write them; None where it is none."""
    if match := _LENGTH.fullmatch(cell):
        amount, unit = Fraction(match[1].replace(",", ".")), (match[2] or "").lower()
        if unit.startswith("f") or (not unit and bare_is_frames):
            return round(amount)
        return rate.frames(amount)
    if match := _CLOCK.fullmatch(cell):
        hours, minutes, seconds = int(match[1] or 0), int(match[2]), Fraction(match[3].replace(",", "."))
        return rate.frames(hours * 3600 + minutes * 60 + seconds)
    try:
        return parse_timecode(cell, rate)
    except UsageError:
        return None


def length_cell(frames: int, rate: Rate) -> str:
    """A length in seconds, exact to the frame at every rate (three decimals; the shortest frame is 1/240 s)."""
    return f"{float(rate.seconds(frames)):.3f}".rstrip("0").rstrip(".")


def names_cell(names: tuple[str, ...]) -> str:
    """Names between commas where that reads back the same, else JSON."""
    plain = ", ".join(names)
    is_plain = not plain.startswith("[") and Cells({"cast": plain}, 0).names("cast") == names
    return plain if is_plain else _compact(names)


def transition_cell(transition: Transition) -> str:
    """A plain cut is an empty cell."""
    return "" if transition == CUT else _compact(asdict(transition))


def list_cell(items: tuple[DialogueLine, ...] | tuple[Panel, ...]) -> str:
    """Dialogue or panels as JSON; empty for none."""
    return _compact([asdict(item) for item in items]) if items else ""


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
