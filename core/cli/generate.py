"""`shotwright generate`: takes for a film's shots, put into its edit."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from .estimates import tell_estimate
from .reporting import JsonFlag, Report, reporting
from .waiting import submit_again, wait_for_jobs


def generate(
    film: Annotated[Path, typer.Argument(help="A project folder.")],
    shots: Annotated[list[str] | None, typer.Option("--shot", help="Only this shot; may be given again.")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only shots without a take.")] = False,
    stale: Annotated[bool, typer.Option("--stale", help="Only shots whose take no longer fits their words.")] = False,
    takes: Annotated[int, typer.Option(help="Takes for each shot.")] = 1,
    model: Annotated[str, typer.Option(help="Another model than the project's.")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Of the first take; each further one counts on.")] = None,
    speed: Annotated[str, typer.Option(help="draft, normal or final, for models that have these.")] = "",
    key: Annotated[str, typer.Option(help="What is asked again under the same key is not made again.")] = "",
    json: JsonFlag = False,
) -> None:
    """Make takes for shots: all of them, or those that are missing or stale."""
    with reporting(json) as report:
        which = {"shots": shots or [], "missing": missing, "stale": stale, "takes": takes}
        how = {"model": model, "seed": seed, "speed": speed, "key": key}
        answer = generate_film(film, which | how, report)
        made = sum(len(row["takes"]) for row in answer["shots"])
        told = "1 take" if made == 1 else f"{made} takes"
        report.answer(answer, f"{told} made. See them: shotwright render {shlex.quote(str(film))} -o reel.mp4")


def generate_film(film: Path, wish: dict[str, Any], report: Report) -> dict[str, Any]:
    """Has the engine make the takes of a wish and waits for them; the answer is cli.md's for `generate`."""
    from ..client import ensure_engine
    from ..project.folder import Film

    project = Film.open(film)
    client = ensure_engine()
    answer = client.post("/v1/films/generate", {"film": str(project.path), **wish})
    jobs = [submit_again(client, job) for job in answer["jobs"]]
    if not jobs:
        report.say("Every shot has its take; nothing is to be made.")
    tell_estimate(answer["estimate"], len(jobs), report)
    ended = wait_for_jobs(client, jobs, report)
    made: dict[str, list[str]] = {}
    for job in ended:
        made.setdefault(job["shot"], []).append(job["take"])
    return {
        "shots": [{"name": name, "takes": keys} for name, keys in made.items()],
        "edit": str(project.edit_path),
    }
