"""`shotwright script`: the script goes on while the film is made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .reporting import JsonFlag, reporting


def script(
    film: Annotated[Path, typer.Argument(help="A project folder.")],
    what: Annotated[Literal["update", "lock", "timing"], typer.Argument(help="What to do.")],
    file: Annotated[Path | None, typer.Argument(help="The rewritten script, for update.")] = None,
    json: JsonFlag = False,
) -> None:
    """Merge a rewritten script into shots and edit; lock their numbers; take the cut's timing into the shot list."""
    with reporting(json) as report:
        from ..client import ensure_engine
        from ..errors import UsageError

        body = {"film": str(film.absolute())}
        if what == "update":
            if file is None:
                raise UsageError("There is no script to update from.", "shotwright script FILM update SCRIPT")
            body["file"] = str(file.expanduser().absolute())
        answer = ensure_engine().post(f"/v1/films/script/{what}", body)
        if what == "lock":
            report.answer(
                answer, f"{answer['scenes']} scenes and {answer['shots']} shots keep their numbers from now on."
            )
            return
        for name in ("added", "changed", "omitted"):
            if answer.get(name):
                report.say(f"{name}: {', '.join(answer[name])}")
        words = ", ".join(
            f"{len(answer[name])} {name}" for name in ("added", "changed", "omitted", "kept") if name in answer
        )
        report.answer(answer, f"{words}.")
