"""`shotwright takes`: what takes there are, which one plays, which are circled, which go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .reporting import JsonFlag, amount, reporting

FilmArgument = Annotated[Path, typer.Argument(help="A project folder.")]
_VERBS = ("list", "activate", "add", "circle", "compare", "prune", "replay")


class _ListByDefault(typer.core.TyperGroup):
    """Lets `takes FILM` stand for `takes list FILM`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `list` before arguments that begin with no verb."""
        if args and args[0] not in _VERBS and not args[0].startswith("-"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    help="List a film's takes; add, compare, activate, circle, replay or prune them.",
    no_args_is_help=True,
    cls=_ListByDefault,
)


@app.command("list")
def list_takes(
    film: FilmArgument,
    shot: Annotated[str | None, typer.Argument(help="Only this shot.")] = None,
    json: JsonFlag = False,
) -> None:
    """List the takes of a film, or of one shot."""
    with reporting(json) as report:
        from ..project.folder import Film
        from ..project.takes import standing

        found = standing(Film.open(film), shot)
        marks = {True: "yes", False: ""}
        report.table(
            ("shot", "take", "plays", "circled", "stale", "seed", "model"),
            [
                (
                    take.shot,
                    take.key,
                    marks[take.active],
                    marks[take.circled],
                    ", ".join(because),
                    str(take.seed),
                    take.model or "added",
                )
                for take, because in found.takes
            ],
        )
        for bridge, because in found.bridges:
            if because:
                report.say(f"The bridge {bridge.name} is stale: {', '.join(because)}.")
        report.answer(found.to_json(), f"{len(found.takes)} takes.")


def _change(film: Path, change: dict[str, Any], json: bool, words: str) -> None:
    with reporting(json) as report:
        from ..client import ensure_engine

        answer = ensure_engine().post("/v1/films/takes", {"film": str(film.absolute()), **change})
        report.answer(answer, words)


@app.command()
def activate(film: FilmArgument, shot: str, take: str, json: JsonFlag = False) -> None:
    """Have a take play in the cut."""
    _change(film, {"change": "activate", "shot": shot, "take": take}, json, f"{shot} plays {take}.")


@app.command()
def add(
    film: FilmArgument,
    shot: str,
    media: Annotated[Path, typer.Argument(help="A movie, or a folder with an image sequence.")],
    begin: Annotated[
        str,
        typer.Option("--from", help="Which frame of it is the shot's first: counted from 0, or its timecode."),
    ] = "",
    activate: Annotated[bool, typer.Option("--activate", help="Have it play in the cut.")] = False,
    json: JsonFlag = False,
) -> None:
    """Make a movie from elsewhere (a camera original, a render) a take of a shot."""
    with reporting(json) as report:
        from ..project.folder import Film
        from .adding import add_take

        add_take(report, Film.open(film), shot, media, begin, activate)


@app.command()
def circle(
    film: FilmArgument,
    shot: str,
    take: str,
    off: Annotated[bool, typer.Option("--off", help="Take the circle away.")] = False,
    json: JsonFlag = False,
) -> None:
    """Mark a take as good."""
    words = f"{shot} {take} is no longer circled." if off else f"{shot} {take} is circled."
    _change(film, {"change": "uncircle" if off else "circle", "shot": shot, "take": take}, json, words)


@app.command()
def compare(
    film: FilmArgument,
    shot: str,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The sheet to write: .png or .jpg.")] = None,
    json: JsonFlag = False,
) -> None:
    """Draw a shot's takes on one sheet, the same moments below one another."""
    with reporting(json) as report:
        from ..project.folder import Film
        from ..project.takes import standing
        from ..project.takes_sheet import takes_sheet

        opened = Film.open(film)
        takes = [take for take, _ in standing(opened, shot).takes]
        output = (output or Path(f"{shot}_takes.png")).expanduser().absolute()
        takes_sheet(opened, takes, output)
        report.answer({"output": str(output), "takes": [take.key for take in takes]}, f"{output}: {len(takes)} takes.")


@app.command()
def replay(film: FilmArgument, shot: str, take: str, json: JsonFlag = False) -> None:
    """Make a take again by its recipe, outside of the film, and tell whether each frame is the same."""
    with reporting(json) as report:
        from ..client import ensure_engine
        from ..project.folder import Film
        from ..project.replaying import frames_that_differ, recipe_of
        from .waiting import wait_for_jobs

        recipe = recipe_of(Film.open(film), shot, take)
        client = ensure_engine()
        for picture in recipe.pictures:
            client.put_media(picture)
        job = client.submit(recipe.request, delivery=recipe.delivery)
        (ended,) = wait_for_jobs(client, [job], report)
        differ = frames_that_differ(recipe.movie, Path(ended["output"]))
        same = "the same, frame by frame" if not differ else f"other in {len(differ)} of {recipe.frames} frames"
        answer = {"output": ended["output"], "frames": recipe.frames, "differing": differ, "model": recipe.model}
        report.answer(answer, f"{shot} {take} made again is {same}.")


@app.command()
def prune(
    film: FilmArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Delete them; without, they are only listed.")] = False,
    json: JsonFlag = False,
) -> None:
    """Delete the media of takes that neither play nor are circled."""
    with reporting(json) as report:
        from ..client import ensure_engine

        answer = ensure_engine().post("/v1/films/prune", {"film": str(film.absolute()), "delete": yes})
        size, count = amount(answer["bytes"]), len(answer["takes"])
        words = f"{count} takes deleted, {size} freed." if yes else f"{count} takes, {size}, would go: add --yes."
        report.answer(answer, words)
