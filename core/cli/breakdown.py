"""`shotwright breakdown`: script to shots, and the shot list as CSV out and in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .reporting import JsonFlag, reporting, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..film import ProjectSettings, Scene, Shot


def breakdown(
    film: Annotated[Path, typer.Argument(help="A project folder, or a script.")],
    csv: Annotated[Path | None, typer.Option(help="Write the shot list to this file.")] = None,
    from_csv: Annotated[Path | None, typer.Option(help="Take the shot list from this file.")] = None,
    json: JsonFlag = False,
) -> None:
    """Show how a script becomes shots; take the list out as CSV, or bring it back in."""
    with reporting(json) as report:
        from ..script import read_shot_list, write_shot_list

        scenes, shots, settings = _load(film)
        if from_csv is not None:
            if not film.is_dir():
                raise typer.BadParameter("--from-csv needs a project folder.")
            scenes, shots = read_shot_list(from_csv, settings)
            from ..client import ensure_engine

            ensure_engine().post(
                "/v1/films/shots",
                {
                    "film": str(film.absolute()),
                    "scenes": [asdict(scene) for scene in scenes],
                    "shots": [asdict(shot) for shot in shots],
                },
            )
        if csv is not None:
            write_shot_list(csv, scenes, shots, settings)
        rows: list[tuple[str, ...]] = [
            (s.name, span(float(settings.rate.seconds(s.frames))), _staging(s), s.text[:90]) for s in shots
        ]
        report.table(("shot", "length", "camera", "script"), rows)
        total = float(settings.rate.seconds(sum(shot.frames for shot in shots)))
        report.answer(
            {
                "scenes": [{"number": s.number, "heading": s.heading, "lines": list(s.lines)} for s in scenes],
                "shots": [_shot_json(shot) for shot in shots],
            },
            f"{len(scenes)} scenes, {len(shots)} shots, {span(total)}.",
        )


def _load(film: Path) -> tuple[Sequence[Scene], Sequence[Shot], ProjectSettings]:
    """Scenes, shots and settings of a project, or of a bare script under a new project's settings."""
    from ..film import ProjectSettings

    if film.is_file():
        from ..script import break_down, read_script, read_shot_list

        settings = ProjectSettings()
        if film.suffix.lower() == ".csv":
            return *read_shot_list(film, settings), settings
        found = break_down(read_script(film), settings)
        return found.scenes, found.shots, settings
    from ..project.folder import Film

    project = Film.open(film)
    shot_list = project.shot_list()
    return shot_list.scenes, shot_list.shots, project.settings()


def _staging(shot: Shot) -> str:
    return shot.shot_size if shot.camera_move == "static" else f"{shot.shot_size}, {shot.camera_move}"


def _shot_json(shot: Shot) -> dict[str, Any]:
    data = asdict(shot)
    data["lines"] = list(shot.lines)
    data["cast"] = list(shot.cast)
    return data
