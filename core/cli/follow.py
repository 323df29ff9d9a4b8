"""`shotwright follow`: a take of a shot that follows what was blocked in 3D."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .estimates import tell_estimate
from .reporting import JsonFlag, reporting
from .waiting import submit_again, wait_for_jobs

if TYPE_CHECKING:
    from ..timing import Rate


def follow(
    film: Annotated[Path, typer.Argument(help="A project folder.")],
    shot: Annotated[str, typer.Option("--shot", help="The shot that was blocked.")],
    frames: Annotated[
        Path, typer.Option(help="A folder with its pictures: those of its handles too, one by one, in order of names.")
    ],
    depth: Annotated[
        Path | None, typer.Option(help="A folder with as many that say how far away all is: white is near.")
    ] = None,
    handles: Annotated[
        int | None, typer.Option(min=0, help="How many of them at each end lie beyond the cut; by default the film's.")
    ] = None,
    keep: Annotated[
        float,
        typer.Option(min=0, max=1, help="How much of the pictures stays; 0 is as little as the model can do with."),
    ] = 0.0,
    prompt: Annotated[str, typer.Option(help="What it shows, where not as the shot says.")] = "",
    model: Annotated[str, typer.Option(help="Another model than the project's.")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Another seed, another take.")] = None,
    json: JsonFlag = False,
) -> None:
    """Make a take of a shot that follows pictures of its blocking; it plays then."""
    with reporting(json) as report:
        from ..client import ensure_engine
        from ..errors import UsageError
        from ..project.folder import Film

        project = Film.open(film)
        settings = project.settings()
        beyond = settings.handle_frames if handles is None else handles
        pictures = _pictures(frames)
        farness = _pictures(depth) if depth is not None else []
        if len(pictures) <= 2 * beyond or (farness and len(farness) != len(pictures)):
            raise UsageError(
                f"{len(pictures)} pictures and {len(farness)} of depth can't be followed.",
                f"Give as many of both, more than the {2 * beyond} of the handles.",
            )
        client = ensure_engine()
        with tempfile.TemporaryDirectory() as folder:
            sent = [
                client.put_media(_movie(paths, Path(folder) / f"{name}.mkv", settings.rate)) if paths else ""
                for name, paths in (("pictures", pictures), ("depth", farness))
            ]
        body = {
            "film": str(project.path),
            "shot": shot,
            "frames": len(pictures) - 2 * beyond,
            "handle_frames": beyond,
            "pictures": sent[0],
            "depth": sent[1],
            "keep": keep,
            "prompt": prompt,
            "model": model,
            "seed": seed,
        }
        answer = client.post("/v1/films/follow", body)
        tell_estimate(answer["estimate"], 1, report)
        (ended,) = wait_for_jobs(client, [submit_again(client, answer["job"])], report)
        chosen = {"film": str(project.path), "change": "activate", "shot": ended["shot"], "take": ended["take"]}
        client.post("/v1/films/takes", chosen)
        made = {"shots": [{"name": ended["shot"], "takes": [ended["take"]]}], "edit": str(project.edit_path)}
        report.answer(made, f"{ended['shot']} plays {ended['take']}, which follows its blocking.")


def _pictures(folder: Path) -> list[Path]:
    from ..errors import UsageError
    from ..project.panels import PICTURE_SUFFIXES

    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURE_SUFFIXES)
    if not found:
        raise UsageError(f"There are no pictures in “{folder.name}”.", "Give the folder that they were rendered into.")
    return found


def _movie(pictures: list[Path], path: Path, rate: Rate) -> Path:
    """Pictures as one movie without loss; raises UsageError where they differ in size, PictureError."""
    from ..errors import UsageError
    from ..media.pictures import read_picture
    from ..media.writing import MovieWriter
    from ..protocol.delivery import PASSING

    height, width = read_picture(pictures[0]).shape[:2]
    with MovieWriter(path, (width, height), rate, PASSING) as movie:
        for each in pictures:
            frame = read_picture(each)
            if frame.shape[:2] != (height, width):
                raise UsageError(f"{each.name} is of another size than {pictures[0].name}.", "Render all alike.")
            movie.write(frame)
    return path
