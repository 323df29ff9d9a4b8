"""`shotwright extend`, `bridge`, `loop`, `reroll`, `restyle`: clips that are already cut, gone on from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .clip_making import Wanted, made_clip
from .clip_options import on_clips
from .reporting import Report

if TYPE_CHECKING:
    from ..clips.source import Source

Clip = Annotated[Path, typer.Argument(help="A movie; or, with --clip, a project folder or an edit.")]
Handles = Annotated[
    Literal["use", "ignore"], typer.Option(help="In an edit: frames that the media have beyond the cut come first.")
]
Name = Annotated[str | None, typer.Option("--clip", help="Which clip of the edit: NAME or NAME@TIMECODE.")]


@on_clips
def extend(
    report: Report,
    wanted: Wanted,
    clip: Clip,
    tail: Annotated[
        str | None,
        typer.Option(
            help="How much behind its end: 48, 2s or 00:00:02:00; in an edit also “handles”: what a transition lacks."
        ),
    ] = None,
    head: Annotated[str | None, typer.Option(help="How much before its start.")] = None,
    name: Name = None,
    mode: Annotated[
        Literal["gap", "ripple", "overwrite"],
        typer.Option(help="In an edit: into free space, with all behind moving, or over it."),
    ] = "gap",
    over_neighbour: Annotated[
        bool, typer.Option("--over-neighbour", help="Let --mode overwrite take frames of other clips.")
    ] = False,
    handles: Handles = "use",
) -> None:
    """Go on from a clip, at its tail or its head: a movie, or a clip of an edit."""
    from ..errors import UsageError

    side: Literal["head", "tail"] = "tail" if tail is not None else "head"
    length = tail if tail is not None else head
    if length is None or (tail is not None and head is not None):
        raise UsageError("Extend one end at a time.", "Give --tail or --head.")
    if name is None:
        _extend_movie(report, wanted, clip, side, length)
        return
    from .edit_places import edit_place
    from .edits import Asked, extend_in_edit

    asked = Asked(name, side, length, mode, over_neighbour, handles == "use")
    extend_in_edit(report, edit_place(clip, wanted.output, wanted.key), asked, wanted)


def _extend_movie(report: Report, wanted: Wanted, clip: Path, side: str, length: str) -> None:
    from ..clips.jobs import extend_head, extend_tail
    from ..timing import parse_length

    source = _movie(clip)
    frames = parse_length(length, source.info.rate)
    job = extend_tail(source, frames) if side == "tail" else extend_head(source, frames)
    made_clip(report, job, f"{side}{frames}", wanted)


@on_clips
def bridge(
    report: Report,
    wanted: Wanted,
    before: Annotated[Path, typer.Argument(help="A movie; or, with --after, a project folder or an edit.")],
    after: Annotated[Path | None, typer.Argument(help="The movie that follows it.")] = None,
    frames: Annotated[
        str | None,
        typer.Option(
            help="How much between them: 48, 2s or 00:00:02:00; in an edit where the gap is to become that long."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option("--after", help="In an edit: the clip whose gap is filled.")] = None,
    other: Annotated[
        str, typer.Option("--before", help="In an edit: the clip behind the gap, where not the next on the track.")
    ] = "",
    handles: Handles = "use",
) -> None:
    """Lead from the end of one clip to the start of another, or fill the gap between two clips of an edit."""
    from ..clips import jobs
    from ..clips.source import open_source
    from ..errors import UsageError
    from ..timing import parse_length

    if name is not None:
        from .edit_places import edit_place
        from .edits import AskedBridge, bridge_in_edit

        asked = AskedBridge(name, other, frames or "", handles == "use")
        bridge_in_edit(report, edit_place(before, wanted.output, wanted.key), asked, wanted)
        return
    if after is None or frames is None:
        raise UsageError("A bridge leads from one movie to another.", "Give both and --frames, or --after NAME.")
    first, second = open_source(before), open_source(after)
    job = jobs.bridge(first, second, parse_length(frames, first.info.rate))
    made_clip(report, job, f"to_{after.stem}"[:60], wanted)


@on_clips
def loop(
    report: Report,
    wanted: Wanted,
    clip: Clip,
    frames: Annotated[str, typer.Option(help="How much from its end back to its start.")] = "1s",
    name: Name = None,
) -> None:
    """Lead from a clip's end back to its start, so that it plays round and round."""
    from ..clips import jobs
    from ..timing import parse_length

    if name is not None:
        from .edit_places import edit_place
        from .remaking import loop_in_edit

        loop_in_edit(report, edit_place(clip, wanted.output, wanted.key), name, frames, wanted)
        return
    source = _movie(clip)
    made_clip(report, jobs.loop(source, parse_length(frames, source.info.rate)), "loop", wanted)


@on_clips
def reroll(
    report: Report,
    wanted: Wanted,
    clip: Clip,
    start: Annotated[
        str | None, typer.Option("--from", help="The first frame made anew, counted from 0, or a timecode.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="The first frame behind it that stays.")] = None,
    link: Annotated[
        int | None, typer.Option(help="What was made in one go, by its number: the third extension of a clip is 3.")
    ] = None,
    name: Name = None,
) -> None:
    """Make a stretch inside of a clip, or a link of a chain of extensions, anew, joined at both ends."""
    from ..clips import jobs
    from ..clips.links import link_of
    from ..clips.source import place_in
    from ..errors import UsageError
    from ..timing import FrameRange

    if name is not None and start is not None and end is not None:
        from ..clips.anew import rerolled
        from .edit_places import edit_place
        from .remaking import remake_in_edit, stretch_of

        place = edit_place(clip, wanted.output, wanted.key)
        record = stretch_of(place, name, start, end)
        remake_in_edit(report, place, name, lambda cut, source: rerolled(cut, source, record), wanted)
        return
    if name is not None:
        raise UsageError("Nothing says which frames are made anew.", "Give --from and --to.")
    source = _movie(clip)
    if link is not None and start is None and end is None:
        chosen = link_of(source.path, source.info.frames, link)
        stretch, wanted = chosen.frames, replace(wanted, prompt=wanted.prompt or chosen.prompt)
    elif start is not None and end is not None and link is None:
        stretch = FrameRange(place_in(source, start), place_in(source, end))
    else:
        raise UsageError("Nothing says which frames are made anew.", "Give --from and --to, or --link.")
    made_clip(report, jobs.reroll(source, stretch), f"reroll{stretch.start}_{stretch.end}", wanted)


@on_clips
def restyle(
    report: Report,
    wanted: Wanted,
    clip: Clip,
    strength: Annotated[float, typer.Option(min=0, max=1, help="0 leaves it as it is, 1 keeps nothing of it.")] = 0.6,
    name: Name = None,
) -> None:
    """Make all of a clip anew after other words, kept the less the stronger."""
    from ..clips import jobs
    from ..errors import UsageError

    if not wanted.prompt.strip():
        raise UsageError("Nothing says what the clip becomes.", "Give --prompt.")
    if name is not None:
        from ..clips.anew import restyled
        from .edit_places import edit_place
        from .remaking import remake_in_edit

        place = edit_place(clip, wanted.output, wanted.key)
        remake_in_edit(report, place, name, lambda cut, source: restyled(cut, source, strength), wanted)
        return
    made_clip(report, jobs.restyle(_movie(clip), strength), "restyled", replace(wanted, joined=True))


def _movie(clip: Path) -> Source:
    from ..clips.source import open_source
    from ..errors import UsageError
    from .edit_places import is_edit

    if is_edit(clip):
        raise UsageError(f"{clip.name} is an edit.", "Say which of its clips: --clip NAME.")
    return open_source(clip)
