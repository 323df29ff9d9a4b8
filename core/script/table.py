"""Tables as CSV: any separator, any of the usual column names, cells that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import ScriptError
from ..storage import replace_file
from .decoding import check_lines, decode, read_bytes

# Our own name for each column, and what people call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("shot", "shot name", "shot number", "shot no", "shot id", "number", "no", "shot code"),
    "scene": ("scene number", "scene no", "sc", "scene code"),
    "heading": ("slug", "slugline", "scene name", "location", "place", "set"),
    "shot_size": ("size", "framing", "shot type", "type", "angle", "frame size"),
    "camera_move": ("camera", "move", "movement", "camera movement", "motion"),
    "seconds": ("duration", "length", "sec", "secs", "duration s", "length s", "duration (s)", "duration seconds"),
    "frames": ("duration frames", "length frames", "duration (frames)", "frame count"),
    "text": ("description", "action", "shot description", "content", "what", "beschreibung", "descripción"),
    "prompt": ("ai prompt", "prompt text"),
    "cast": ("characters", "character", "actors", "who", "subject"),
    "dialogue": ("dialog", "line", "lines", "spoken"),
    "transition_in": ("transition",),
    "transition_out": (),
    "panels": ("panel", "board", "boards", "image", "images", "picture", "thumbnail", "storyboard"),
    "audio": ("sound", "sound file", "wav"),
    "first_line": (),
    "last_line": (),
    "shot_id": (),
    "scene_heading": (),
    "setting": ("int ext", "i e"),
    "scene_place": (),
    "time_of_day": ("day night", "d n"),
    "scene_first_line": (),
    "scene_last_line": (),
}
_BY_NAME = {name.replace("_", " "): name for name in COLUMNS}
_BY_NAME |= {known: name for name, others in COLUMNS.items() for known in others}
_SEPARATORS = ",;\t|"
# What spreadsheets run as a formula when a cell begins with it (OWASP, CSV injection), and our own guard against it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_GUARD = "'"


@dataclass(frozen=True)
class Row:
    """One row: cells by our own column names, empty ones left out, and the lines of the file it stands in."""

    cells: Mapping[str, str]
    lines: tuple[int, int]


def write_table(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Writes rows of cells under the names in COLUMNS (but frames), as spreadsheets open it; raises StorageError."""
    columns = [name for name in COLUMNS if name != "frames"]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_guarded(row.get(name, "")) for name in columns] for row in rows)
    replace_file(path, text.getvalue().encode("utf-8-sig"), f"writing the shot list {path.name}")


def read_table(path: Path) -> list[Row]:
    """The rows that hold anything; raises ScriptError where the file is no table or no column is known."""
    text, _ = decode(read_bytes(path), path.name, keep_line_ends=True)
    check_lines(text, path.name)
    start, separator = _head(text)
    records = _records(text, start, separator or _best_separator(text[start:]), path.name)
    header, _ = next(records, ([], (0, 0)))
    names = [_column(cell) for cell in header]
    if not any(names):
        raise ScriptError(
            f"The first row of “{path.name}” names no column of a shot list.",
            "Name at least one column “description”; others are shot, scene, size, camera, duration, cast, dialogue.",
            1,
        )
    guarded = "shot_id" in names
    rows = []
    for record, lines in records:
        cells: dict[str, str] = {}
        for name, cell in zip(names, record, strict=False):
            if name and cell:
                cells.setdefault(name, _unguarded(cell) if guarded else cell.strip())
        if any(cell.strip() for cell in cells.values()):
            rows.append(Row(cells, lines))
    if not rows:
        raise ScriptError(f"“{path.name}” has no shots.", "Write one row for each shot below the column names.")
    return _with_descriptions(rows)


def _with_descriptions(rows: list[Row]) -> list[Row]:
    """Where the column “shot” holds sentences and no other describes the shots, it is the description."""
    named = [row.cells["name"] for row in rows if "name" in row.cells]
    if any("text" in row.cells or "prompt" in row.cells for row in rows) or not any(" " in name for name in named):
        return rows
    return [Row({"text" if key == "name" else key: cell for key, cell in row.cells.items()}, row.lines) for row in rows]


def _guarded(cell: str) -> str:
    return _GUARD + cell if cell.startswith((_GUARD, *_FORMULA_STARTS)) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith((_GUARD, *_FORMULA_STARTS)) else cell


def _column(cell: str) -> str:
    """Our own name for a column; empty for one that nobody reads."""
    if cell in COLUMNS:
        return cell
    words = " ".join(re.sub(r"[\s_./#:-]+", " ", cell.strip().lower()).split())
    return _BY_NAME.get(words, _BY_NAME.get(words.removesuffix("s"), ""))


def _head(text: str) -> tuple[int, str]:
    """Where the table begins behind empty rows and a `sep=;`, and the separator that it names."""
    start = len(text) - len(text.lstrip("\r\n"))
    match = re.match(r"sep=(.)\r?\n", text[start : start + 8], re.IGNORECASE)
    return (start + match.end(), match[1]) if match else (start, "")


def _best_separator(text: str) -> str:
    """The separator under which the first row names most columns."""
    head = next(iter(text[:10_000].splitlines()), "")

    def known(separator: str) -> int:
        row: Sequence[str] = next(csv.reader([head], delimiter=separator), [])
        return sum(bool(_column(cell)) for cell in row)

    return max(_SEPARATORS, key=known)


def _records(text: str, start: int, separator: str, name: str) -> Iterator[tuple[list[str], tuple[int, int]]]:
    """Each record with its first and last line; raises ScriptError for cells that are too long to be meant."""
    skipped = text.count("\n", 0, start)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=separator)
    before = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            line = skipped + before + 1
            raise ScriptError(
                f"Line {line} of “{name}” can't be read.", "Look for a quotation mark that is never closed.", line
            ) from None
        yield record, (skipped + before + 1, skipped + reader.line_num)
        before = reader.line_num
