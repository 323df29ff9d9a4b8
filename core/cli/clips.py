"""`shotwright extend`, `bridge`, `loop`, `reroll`: clips that are already cut, gone on from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .clip_making import Wanted, made_clip
from .reporting import JsonFlag, reporting

if TYPE_CHECKING:
    from .reporting import Report

Clip = Annotated[Path, typer.Argument(help="A movie.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="What to write: a movie, or an .otio; by default beside what is given."),
]
Words = Annotated[str, typer.Option("--prompt", help="What happens in the new frames.")]
Model = Annotated[str, typer.Option(help="`shotwright models` lists them.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed, other frames.")]
Joined = Annotated[
    bool | None,
    typer.Option(
        "--joined/--new-only",
        help="The clip and its new frames in one movie, or the new frames alone with handles. By default joined where "
        "the clip's own frames can be copied untouched.",
    ),
]


def extend(
    clip: Annotated[Path, typer.Argument(help="A movie; or, with --clip, a project folder or an edit.")],
    tail: Annotated[str | None, typer.Option(help="How much behind its end: 48, 2s or 00:00:02:00.")] = None,
    head: Annotated[str | None, typer.Option(help="How much before its start.")] = None,
    name: Annotated[str | None, typer.Option("--clip", help="Which clip of the edit: NAME or NAME@TIMECODE.")] = None,
    mode: Annotated[
        Literal["gap", "ripple", "overwrite"],
        typer.Option(help="In an edit: into free space, with all behind moving, or over it."),
    ] = "gap",
    over_neighbour: Annotated[
        bool, typer.Option("--over-neighbour", help="Let --mode overwrite take frames of other clips.")
    ] = False,
    handles: Annotated[
        Literal["use", "ignore"], typer.Option(help="In an edit: frames that the media have beyond the cut come first.")
    ] = "use",
    prompt: Words = "",
    output: Output = None,
    joined: Joined = None,
    model: Model = "previs",
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Go on from a clip, at its tail or its head: a movie, or a clip of an edit."""
    with reporting(json) as report:
        from ..errors import UsageError

        side: Literal["head", "tail"] = "tail" if tail is not None else "head"
        length = tail if tail is not None else head
        if length is None or (tail is not None and head is not None):
            raise UsageError("Extend one end at a time.", "Give --tail or --head.")
        wanted = Wanted(prompt, model, seed)
        if name is not None:
            from .edit_places import edit_place
            from .edits import Asked, extend_in_edit

            asked = Asked(name, side, length, mode, over_neighbour, handles == "use")
            extend_in_edit(report, edit_place(clip, output), asked, wanted)
        else:
            _extend_movie(report, clip, side, length, output, joined, wanted)


def _extend_movie(
    report: Report, clip: Path, side: str, length: str, output: Path | None, joined: bool | None, wanted: Wanted
) -> None:
    from ..clips.jobs import extend_head, extend_tail
    from ..clips.source import open_source
    from ..errors import UsageError
    from ..timing import parse_length
    from .edit_places import is_edit

    if is_edit(clip):
        raise UsageError(f"{clip.name} is an edit.", "Say which of its clips: --clip NAME.")
    source = open_source(clip)
    frames = parse_length(length, source.info.rate)
    job = extend_tail(source, frames) if side == "tail" else extend_head(source, frames)
    made_clip(report, job, f"{side}{frames}", output, joined, wanted)


def bridge(
    before: Annotated[Path, typer.Argument(help="A movie; or, with --after, a project folder or an edit.")],
    after: Annotated[Path | None, typer.Argument(help="The movie that follows it.")] = None,
    frames: Annotated[str | None, typer.Option(help="How much between them: 48, 2s or 00:00:02:00.")] = None,
    name: Annotated[str | None, typer.Option("--after", help="In an edit: the clip whose gap is filled.")] = None,
    prompt: Words = "",
    output: Output = None,
    joined: Joined = None,
    model: Model = "previs",
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Lead from the end of one clip to the start of another, or fill the gap behind a clip of an edit."""
    with reporting(json) as report:
        from ..errors import UsageError

        wanted = Wanted(prompt, model, seed)
        if name is not None:
            from .edit_places import edit_place
            from .edits import bridge_in_edit

            bridge_in_edit(report, edit_place(before, output), name, wanted)
            return
        from ..clips import jobs
        from ..clips.source import open_source
        from ..timing import parse_length

        if after is None or frames is None:
            raise UsageError("A bridge leads from one movie to another.", "Give both and --frames, or --after NAME.")
        first, second = open_source(before), open_source(after)
        job = jobs.bridge(first, second, parse_length(frames, first.info.rate))
        made_clip(report, job, f"to_{after.stem}"[:60], output, joined, wanted)


def loop(
    clip: Clip,
    frames: Annotated[str, typer.Option(help="How much from its end back to its start.")] = "1s",
    prompt: Words = "",
    output: Output = None,
    joined: Joined = None,
    model: Model = "previs",
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Lead from a clip's end back to its start, so that it plays round and round."""
    with reporting(json) as report:
        from ..clips import jobs
        from ..clips.source import open_source
        from ..timing import parse_length

        source = open_source(clip)
        job = jobs.loop(source, parse_length(frames, source.info.rate))
        made_clip(report, job, "loop", output, joined, Wanted(prompt, model, seed))


def reroll(
    clip: Clip,
    start: Annotated[str, typer.Option("--from", help="The first frame made anew, counted from 0, or a timecode.")],
    end: Annotated[str, typer.Option("--to", help="The first frame behind it that stays.")],
    prompt: Words = "",
    output: Output = None,
    joined: Joined = None,
    model: Model = "previs",
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Make a stretch inside of a clip anew, joined at both ends."""
    with reporting(json) as report:
        from ..clips import jobs
        from ..clips.source import open_source, place_in
        from ..timing import FrameRange

        source = open_source(clip)
        stretch = FrameRange(place_in(source, start), place_in(source, end))
        name = f"reroll{stretch.start}_{stretch.end}"
        made_clip(report, jobs.reroll(source, stretch), name, output, joined, Wanted(prompt, model, seed))


def restyle(
    clip: Clip,
    prompt: Annotated[str, typer.Option("--prompt", help="What it becomes.")],
    strength: Annotated[float, typer.Option(min=0, max=1, help="0 leaves it as it is, 1 keeps nothing of it.")] = 0.6,
    output: Output = None,
    model: Model = "previs",
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Make all of a clip anew after other words, kept the less the stronger."""
    with reporting(json) as report:
        from ..clips import jobs
        from ..clips.source import open_source

        job = jobs.restyle(open_source(clip), strength)
        made_clip(report, job, "restyled", output, True, Wanted(prompt, model, seed))
