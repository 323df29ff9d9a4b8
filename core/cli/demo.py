"""`shotwright demo`: the sample scene, from script to reel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from .generate import generate_film
from .progress import counting
from .reporting import JsonFlag, reporting, span

_SIZE = (640, 360)


def demo(
    out: Annotated[Path, typer.Option(help="The folder to make.")] = Path("demo"),
    json: JsonFlag = False,
) -> None:
    """Make the sample film: script and panels in, shots out, cut together, playable."""
    with reporting(json) as report:
        from ..film import ProjectSettings
        from ..project.contact import contact_sheet
        from ..project.creation import create_film
        from ..project.folder import Film
        from ..project.reel import render_reel

        if (out / "shotwright.toml").is_file():
            film = Film.open(out)
            report.say(f"“{out}” is there; going on with what it lacks.")
        else:
            with resources.as_file(resources.files("shotwright.core.project") / "sample") as sample:
                settings = ProjectSettings(size=_SIZE)
                made = create_film(out, sample / "scene.fountain", settings, sample / "panels")
            film = made.film
            report.say(f"{len(made.shots)} shots, {sum(bool(shot.panels) for shot in made.shots)} of them boarded.")
        generate_film(film.path, {"missing": True}, report)
        settings, edit, shot_list = film.settings(), film.edit(), film.shot_list()
        reel, contact = film.path / "reel.mp4", film.path / "contact.png"
        notices: list[str] = []
        with counting(report, "Rendering the reel") as on_progress:
            frames = render_reel(edit, settings, film.path, reel, False, True, on_progress, notices.append)
        for notice in notices:
            report.say(notice)
        contact_sheet(edit, shot_list.shots, shot_list.scenes, settings, film.path, contact)
        report.answer(
            {
                "project": str(film.path),
                "edit": str(film.edit_path),
                "reel": str(reel),
                "contact": str(contact),
                "shots": [shot.name for shot in shot_list.shots],
                "frames": frames,
            },
            f"Watch {reel} ({span(float(settings.rate.seconds(frames)))}); the edit is {film.edit_path}.",
        )
