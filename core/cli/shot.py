"""`shotwright shot`: one take from words."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from .reporting import JsonFlag, reporting, span
from .waiting import submitted, wait_for_jobs

_CODECS = {".mov": "prores", ".mp4": "h264", ".mkv": "h264"}
_DEFAULT_SECONDS = "4s"


def shot(
    words: Annotated[str, typer.Argument(help="What the shot shows.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The movie to write: .mov (ProRes) or .mp4.")],
    image: Annotated[Path | None, typer.Option(help="A picture that the shot begins with.")] = None,
    seconds: Annotated[float | None, typer.Option(help="How long, in seconds.")] = None,
    frames: Annotated[str | None, typer.Option(help="How long: 48, 2s or 00:00:02:00.")] = None,
    size: Annotated[str, typer.Option(help="Picture size.")] = "1280x720",
    rate: Annotated[str, typer.Option(help="Frames a second.")] = "24",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another take.")] = 0,
    model: Annotated[str, typer.Option(help="`shotwright models` lists them.")] = "previs",
    speed: Annotated[str, typer.Option(help="draft, normal or final, for models that have these.")] = "",
    json: JsonFlag = False,
) -> None:
    """Make one take from words, outside of any project."""
    with reporting(json) as report:
        from ..client import ensure_engine
        from ..errors import UsageError
        from ..film.settings import parse_size
        from ..protocol import Prompt, Sampling, TakeRequest
        from ..timing import Rate, parse_length

        codec = _CODECS.get(output.suffix.lower())
        if codec is None:
            raise UsageError(f"“{output.name}” has no known ending.", f"Use {', '.join(_CODECS)}.")
        if seconds is not None and frames is not None:
            raise UsageError("Both --seconds and --frames were given.", "Give one of them.")
        exact = Rate.parse(rate)
        length = parse_length(f"{seconds}s" if seconds is not None else frames or _DEFAULT_SECONDS, exact)
        client = ensure_engine()
        known = (_first_frame(client, image),) if image is not None else ()
        sampling = Sampling(speed=speed)
        request = TakeRequest(
            (Prompt(words),), length, exact, parse_size(size), seed, known=known, model=model, sampling=sampling
        )
        job = submitted(client, request, {"name": _safe_name(output.stem), "codec": codec})
        (ended,) = wait_for_jobs(client, [job], report)
        _copy(Path(ended["output"]), output)
        elapsed = (ended["ended"] or 0) - (ended["started"] or 0)
        report.answer(
            {
                "output": str(output.absolute()),
                "frames": length,
                "rate": str(exact),
                "size": list(request.size),
                "seed": seed,
                "model": model,
                "seconds_elapsed": round(elapsed, 3),
            },
            f"{output}: {length} frames at {exact}, {request.size[0]}x{request.size[1]}, made in {span(elapsed)}.",
        )


def _first_frame(client: Any, image: Path) -> Any:
    from ..media.pictures import read_picture
    from ..protocol import Known, MediaRange
    from ..timing import FrameRange

    read_picture(image)
    return Known(FrameRange(0, 1), MediaRange(client.put_media(image)))


def _safe_name(stem: str) -> str:
    """A stem that may name a take's files; the copy the user asked for keeps its own name."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in stem).strip("_")
    return kept[:32] or "take"


def _copy(source: Path, target: Path) -> None:
    from ..storage import replacing

    with replacing(target.expanduser(), f"writing {target.name}") as temporary:
        shutil.copyfile(source, temporary)
