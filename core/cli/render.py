"""`shotwright render`: the reel, and the contact sheet where it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .progress import counting
from .reporting import JsonFlag, reporting


def render(
    film: Annotated[Path, typer.Argument(help="A project folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The movie to write.")],
    burn_in: Annotated[bool, typer.Option("--burn-in", help="Write shot, take, frame and timecode over it.")] = False,
    subtitles: Annotated[bool, typer.Option("--subtitles", help="Write the dialogue over it.")] = False,
    contact: Annotated[Path | None, typer.Option(help="Also draw a contact sheet to this PNG.")] = None,
    json: JsonFlag = False,
) -> None:
    """Play the edit into a movie, exactly as long as the edit."""
    with reporting(json) as report:
        from ..project.contact import contact_sheet
        from ..project.folder import Film
        from ..project.reel import render_reel

        project = Film.open(film)
        settings, edit = project.settings(), project.edit()
        notices: list[str] = []
        with counting(report, "Rendering") as on_progress:
            frames = render_reel(edit, settings, project.path, output, burn_in, subtitles, on_progress, notices.append)
        for notice in notices:
            report.say(notice)
        if contact is not None:
            shot_list = project.shot_list()
            contact_sheet(edit, shot_list.shots, shot_list.scenes, settings, project.path, contact)
        report.answer(
            {
                "output": str(output.absolute()),
                "frames": frames,
                "rate": str(settings.rate),
                "notices": notices,
            },
            f"{output}: {frames} frames at {settings.rate}.",
        )
