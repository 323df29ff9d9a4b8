"""`shotwright render`: the reel, and the contact sheet where it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .progress import counting
from .reporting import JsonFlag, Report, reporting

if TYPE_CHECKING:
    from ..project.folder import Film


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
        from ..project.folder import Film

        project = Film.open(film)
        frames, notices = render_film(project, output, report, burn_in, subtitles, contact)
        rate = project.settings().rate
        report.answer(
            {
                "output": str(output.absolute()),
                "frames": frames,
                "rate": str(rate),
                "notices": notices,
            },
            f"{output}: {frames} frames at {rate}.",
        )


def render_film(
    film: Film, output: Path, report: Report, burn_in: bool, subtitles: bool, contact: Path | None
) -> tuple[int, list[str]]:
    """Renders the reel, and a contact sheet where one is asked for, with progress; frames, and what the reel lacks."""
    from ..project.contact import contact_sheet
    from ..project.reel import render_reel

    settings, edit = film.settings(), film.edit()
    notices: list[str] = []
    with counting(report, "Rendering the reel") as on_progress:
        frames = render_reel(edit, settings, film.path, output, burn_in, subtitles, on_progress, notices.append)
    for notice in notices:
        report.say(notice)
    if contact is not None:
        shot_list = film.shot_list()
        contact_sheet(edit, shot_list.shots, shot_list.scenes, settings, film.path, contact)
    return frames, notices
