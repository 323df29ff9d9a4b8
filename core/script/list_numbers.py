"""Numbers for a shot list's rows: their own where they serve, between their neighbours' where a row has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..errors import UsageError
from ..film import Scene
from ..film.numbering import is_name, locked_between, number_between, scene_code, shot_name
from .cells import Cells
from .headings import parse_heading, starts_like_heading
from .table import Row

_LABEL = "[A-Z]*[0-9]+[A-Z]*"


def scenes_of_rows(rows: Sequence[Row]) -> tuple[list[str], dict[str, Scene]]:
    """The scene number of each row, and the scenes by number in the list's order.

    A row without a scene belongs to the one above it. A scene with a heading alone gets the next free number by tens.
    """
    numbers: list[str] = []
    by_heading: dict[str, str] = {}
    first_rows: dict[str, Row] = {}
    last_lines: dict[str, int] = {}
    highest = 0
    for row in rows:
        heading = _heading(row)
        number = _own_number(row, heading) or by_heading.get(heading, "")
        if not number:
            number = numbers[-1] if numbers and not heading else f"{(highest // 10 + 1) * 10:03}"
        if heading:
            by_heading.setdefault(heading, number)
        if number.isascii() and number.isdigit():
            highest = max(highest, int(number))
        numbers.append(number)
        first_rows.setdefault(number, row)
        last_lines[number] = row.lines[1]
    return numbers, {number: _scene(number, row, last_lines[number]) for number, row in first_rows.items()}


def shot_names(
    naming: str, rows: Sequence[tuple[str, str]], locked: bool = False, used_once: Iterable[str] = ()
) -> list[str]:
    """A name for each shot, given (name as written, scene number) in order; no two are the same in any case.

    A name as written stays where a shot can be called so; a plain number takes the project's template; a row without
    takes a number between its neighbours', by the rule for `locked` numbers where they are, and never a name that was
    `used_once`. Raises ProjectError for a template that can't name shots.
    """
    names: list[str] = []
    used: set[str] = set()
    for written, scene in rows:
        name = _own_name(naming, written.strip(), scene)
        names.append("" if name.casefold() in used else name)
        used.add(name.casefold())
    codes = [_code(naming, name, scene) for name, (_, scene) in zip(names, rows, strict=True)]
    following = _following(codes, [scene for _, scene in rows])
    taken: dict[str, set[str]] = {}
    for code, (_, scene) in zip(codes, rows, strict=True):
        taken.setdefault(scene, set()).add(code)
    used |= {name.casefold() for name in used_once}
    before: dict[str, str] = {}
    for index, (_, scene) in enumerate(rows):
        while not names[index]:
            codes[index] = _free_code(before.get(scene), following[index], taken[scene], locked)
            taken[scene].add(codes[index])
            name = shot_name(naming, scene, codes[index])
            if name.casefold() not in used:
                used.add(name.casefold())
                names[index] = name
        if codes[index]:
            before[scene] = codes[index]
    return names


def _own_number(row: Row, heading: str) -> str:
    cell = row.cells.get("scene", "")
    if "shot_id" in row.cells or "scene_first_line" in row.cells:
        return cell.zfill(3) if cell.isascii() and cell.isdigit() else cell  # spreadsheets drop a number's zeros
    return scene_code(cell) if cell and cell != heading else ""


def _heading(row: Row) -> str:
    """A row's heading, which may stand in the scene's own column."""
    cell = row.cells.get("scene", "")
    is_heading = starts_like_heading(cell) or " " in cell or not scene_code(cell)
    return row.cells.get("scene_heading") or row.cells.get("heading") or (cell if is_heading else "")


def _scene(number: str, row: Row, last_line: int) -> Scene:
    cells = Cells(row.cells, row.lines[0])
    lines = cells.number("scene_first_line", row.lines[0]), cells.number("scene_last_line", last_line)
    if "scene_first_line" in row.cells:
        heading, setting = cells.text("scene_heading"), cells.text("setting")
        return Scene(number, heading, setting, cells.text("scene_place"), cells.text("time_of_day"), lines)
    heading = _heading(row)
    parsed = parse_heading(heading)
    return Scene(number, heading, parsed.setting, parsed.place, parsed.time_of_day, lines)


def _own_name(naming: str, written: str, scene: str) -> str:
    if written.isascii() and written.isdigit() and len(written) <= 6:
        return shot_name(naming, scene, written.zfill(4))
    return written if is_name(written) else ""


def _code(naming: str, name: str, scene: str) -> str:
    """The shot's number within a name that the template made; empty for other names."""
    front, _, behind = naming.replace("{scene}", scene).partition("{shot}")
    code = name.removeprefix(front).removesuffix(behind)
    return code if front + code + behind == name and re.fullmatch(_LABEL, code) else ""


def _following(codes: Sequence[str], scenes: Sequence[str]) -> list[str | None]:
    """For each row, the next number that is given in its scene."""
    following: list[str | None] = []
    ahead: dict[str, str] = {}
    for code, scene in zip(reversed(codes), reversed(scenes), strict=True):
        following.append(ahead.get(scene))
        if code:
            ahead[scene] = code
    return following[::-1]


def _free_code(before: str | None, after: str | None, taken: set[str], locked: bool) -> str:
    """A number between both; where they leave none, behind the one before."""
    give = locked_between if locked and (before or after) else number_between
    try:
        return give(before, after, taken)
    except UsageError:
        return give(before, None, taken)
