"""The options that all commands on clips share, given to each of them once, here."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ..project.asked import is_done
from .clip_making import Wanted
from .reporting import JsonFlag, reporting


def _shared(
    prompt: Annotated[str, typer.Option(help="What happens in the new frames.")] = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="What to write: a movie, or an .otio; by default beside what is given."),
    ] = None,
    joined: Annotated[
        bool | None,
        typer.Option(
            "--joined/--new-only",
            help="The clip and its new frames in one movie, or the new frames alone with handles. By default joined "
            "where the clip's own frames can be copied untouched.",
        ),
    ] = None,
    model: Annotated[str, typer.Option(help="`shotwright models` lists them.")] = "previs",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other frames.")] = 0,
    allow_reversed: Annotated[
        bool,
        typer.Option(
            "--allow-reversed",
            help="Let a model that only goes forward make what comes before a clip forward, to be shown backwards.",
        ),
    ] = False,
    key: Annotated[str, typer.Option(help="In a film: what is asked again under the same key is not done again.")] = "",
    json: JsonFlag = False,
) -> None:
    """Never called: its options are read off it."""


def on_clips(body: Callable[..., None]) -> Callable[..., None]:
    """A command of a body's own options and the shared ones; the body is given the report and what is `Wanted`."""
    own = list(inspect.signature(body, eval_str=True).parameters.values())[2:]
    shared = inspect.signature(_shared, eval_str=True).parameters.values()

    @functools.wraps(body)
    def command(**given: Any) -> None:
        with reporting(given.pop("json")) as report:
            wanted = Wanted(**{name: given.pop(name) for name in Wanted.__dataclass_fields__})
            place = next(value for value in given.values() if isinstance(value, Path))
            film = place if place.is_dir() else place.parent
            if is_done(film, wanted.key):
                report.answer({"edit": str(film / "edit.otio"), "notices": []}, "That is done already.")
                return
            body(report, wanted, **given)

    # Typer reads a function's options off these two.
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {option.name: option.annotation for option in (*own, *shared)}
    return command
