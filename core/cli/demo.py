"""`shotwright demo`: the sample scene, from script to reel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from .generate import generate_film
from .render import render_film
from .reporting import JsonFlag, reporting, span

_SIZE = (640, 360)


def demo(
    out: Annotated[Path, typer.Option(help="The folder to make.")] = Path("demo"),
    json: JsonFlag = False,
) -> None:
    """Make the sample film: script and panels in, shots out, cut together, playable."""
    with reporting(json) as report:
        from ..film import ProjectSettings
        from ..project.creation import create_film
        from ..project.folder import Film

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
        reel, contact = film.path / "reel.mp4", film.path / "contact.png"
        frames, _ = render_film(film, reel, report, burn_in=False, subtitles=True, contact=contact)
        report.answer(
            {
                "project": str(film.path),
                "edit": str(film.edit_path),
                "reel": str(reel),
                "contact": str(contact),
                "shots": [shot.name for shot in film.shot_list().shots],
                "frames": frames,
            },
            f"Watch {reel} ({span(float(film.settings().rate.seconds(frames)))}); the edit is {film.edit_path}.",
        )
