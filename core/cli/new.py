"""`shotwright new`: a project folder from a script."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from .reporting import JsonFlag, reporting, span


def new(
    film: Annotated[Path, typer.Argument(help="The project folder to make.")],
    script: Annotated[Path, typer.Option(help="Fountain, FDX, .storyboarder or a CSV shot list.")],
    panels: Annotated[Path | None, typer.Option(help="A folder of drawings, named for the shots.")] = None,
    rate: Annotated[str, typer.Option(help="Frames a second: 24, 25, 23.976, 24000/1001 …")] = "24",
    size: Annotated[str, typer.Option(help="Picture size.")] = "1280x720",
    drop_frame: Annotated[bool, typer.Option("--drop-frame", help="Count drop-frame timecode.")] = False,
    start_timecode: Annotated[str, typer.Option(help="Of the edit's first frame.")] = "01:00:00:00",
    mask: Annotated[str, typer.Option(help="Mask the picture to 2.39, 1.85 …")] = "",
    json: JsonFlag = False,
) -> None:
    """Make a project folder from a script, with its panels, shot list and edit."""
    with reporting(json) as report:
        from ..film import ProjectSettings
        from ..film.settings import parse_size
        from ..project.creation import create_film
        from ..timing import Rate

        settings = ProjectSettings(
            rate=Rate.parse(rate),
            size=parse_size(size),
            drop_frame=drop_frame,
            start_timecode=start_timecode,
            mask=mask,
        )
        made = create_film(film, script, settings, panels)
        for notice in made.notices:
            report.say(notice)
        seconds = float(settings.rate.seconds(sum(found.frames for found in made.shots)))
        report.answer(
            {
                "project": str(made.film.path),
                "shots": [found.name for found in made.shots],
                "edit": str(made.film.edit_path),
                "notices": list(made.notices),
            },
            f"{made.film.path.name}: {len(made.shots)} shots, {span(seconds)}. "
            f"Next: shotwright generate {shlex.quote(str(film))}",
        )
