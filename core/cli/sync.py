"""`shotwright sync`: a film's edit sent to another program, and what was changed there taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from .reporting import JsonFlag, reporting

_STANDS = {
    "never": "Nothing was sent to it yet: push.",
    "in step": "Both have the same edit.",
    "ours": "The film's edit has changed: push.",
    "theirs": "The other program's file has changed: pull.",
    "both": "Both have changed: pull, then push.",
}


def sync(
    film: Annotated[Path, typer.Argument(help="A project folder.")],
    what: Annotated[Literal["status", "push", "pull", "undo"], typer.Argument(help="What to do.")],
    host: Annotated[
        str, typer.Option("--host", help="The program: resolve, hiero, blender, otio, xml, finalcut, edl.")
    ],
    file: Annotated[
        Path | None, typer.Option("--file", help="Its file: .otio, .otioz, .otiod, .edl, .xml, .fcpxml or .json.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Exchange a film's edit with another program, by a file; what that kind of file loses comes back all the same."""
    with reporting(json) as report:
        from ..project.folder import Film
        from ..project.sync import Exchange

        if what in ("status", "push"):  # what will not survive is said before anything is sent
            status = Exchange(Film.open(film), host, file).status()
            for row in status.lost:
                names = ", ".join(row.items) + (" …" if row.count > len(row.items) else "")
                report.say(f"{row.feature} {row.what}: {names} ({row.evidence})")
            if what == "status":
                report.answer(status.to_json(), _STANDS[status.state])
                return
        from ..client import ensure_engine

        body = {"film": str(film.absolute()), "host": host, "file": str(file.expanduser().absolute()) if file else None}
        answer = ensure_engine().post(f"/v1/films/sync/{what}", body)
        for row in answer["conflicts"]:
            report.say(row["text"])
        report.answer(answer, _words(what, answer))


def _words(what: str, answer: dict[str, Any]) -> str:
    if what == "push":
        return f"{answer['file']} is written."
    if what == "undo":
        return "The edit is what it was before the last pull."
    changes, conflicts = len(answer["applied"]), len(answer["conflicts"])
    words = f"{changes} changes taken in, {conflicts} conflicts."
    return f"{words} See {answer['report']}." if answer["report"] else words
