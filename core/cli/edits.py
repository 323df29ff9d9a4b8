"""`shotwright extend` and `bridge` on an edit: a film's folder, or an edit in a file of anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import RefusedError
from .clip_making import Wanted, made_take, seam_answer
from .edit_places import FilePlace, FilmPlace, Kept, Made

if TYPE_CHECKING:
    from ..clips.finishing import Finished
    from ..clips.growth import Growth
    from ..clips.source import Source
    from ..timeline.cut_clips import CutClip
    from ..timeline.cutting import Notices
    from ..timeline.steps import Extension, Mode, NewMedia, Side
    from .reporting import Report


HANDLES = "handles"  # the length that makes what a transition shows beyond the cut, and moves nothing


@dataclass(frozen=True)
class Asked:
    """An extension as it was asked for: of the clip of that name, by `length` as people type it, or HANDLES."""

    name: str
    side: Side
    length: str
    mode: Mode
    over_neighbour: bool
    use_handles: bool


def extend_in_edit(report: Report, place: FilmPlace | FilePlace, asked: Asked, wanted: Wanted) -> None:
    """Extends a clip of an edit and answers: real frames first, the rest made, then one step in the edit."""
    from ..clips.growth import growth
    from ..clips.links import notices_of
    from ..timeline.cutting import clip_of, extended
    from ..timing import parse_length

    clip = clip_of(place.edit, asked.name)
    source = source_of(place, clip)
    frames = 0 if asked.length == HANDLES else parse_length(asked.length, clip.rate)
    grown = growth(clip, source, asked.side, frames, asked.use_handles)
    if not frames and grown.job is None:
        raise RefusedError(f"{clip.name} lacks no frames at its {asked.side}.", "What its transition shows is there.")

    def step(media: NewMedia | None) -> Extension:
        return grown.extension(asked.mode, asked.over_neighbour, media)

    if grown.job is None:
        edit, notices = place.apply(step(None))
        tell_growth(report, grown, source, asked.mode, edit, notices)
        return
    sounds = source.info.has_sound
    extended(place.edit, step(grown.media("planned.mov", sounds)))  # what can't be done is refused before the work
    made = Made(made_take(report, grown.job, wanted), wanted.link)
    with place.keeping(grown.job, made, f"{source.path.stem}_{grown.side}{grown.frames}", clip) as kept:
        edit, notices = place.apply(step(grown.media(kept.path, sounds, kept.take, kept.start_frames)))
    tell_growth(report, grown, source, asked.mode, edit, (*notices, *notices_of(made.take)), kept)


@dataclass(frozen=True)
class AskedBridge:
    """A bridge as it was asked for: behind the clip `after`, up to `before` or the next one, of a length as typed."""

    after: str
    before: str = ""
    length: str = ""
    use_handles: bool = True


def bridge_in_edit(report: Report, place: FilmPlace | FilePlace, asked: AskedBridge, wanted: Wanted) -> None:
    """Fills exactly the gap between two clips of an edit and answers: real frames first, the rest made."""
    from ..clips.growth import bridge_over, growth, runs_on
    from ..clips.links import notices_of
    from ..timeline.cutting import gap_behind
    from ..timeline.steps import Bridge
    from ..timing import parse_length

    wished = parse_length(asked.length, place.edit.rate) if asked.length else 0
    gap = gap_behind(place.edit, asked.after, asked.before, wished)
    source, following = source_of(place, gap.before), source_of(place, gap.after)
    if asked.use_handles and runs_on(gap, source, following):
        grown = growth(gap.before, source, "tail", len(gap.record))
        edit, notices = place.apply(grown.extension("gap", False, None))
        tell_growth(report, grown, source, "gap", edit, notices)
        return
    bridging = bridge_over(gap, source, following, asked.use_handles)
    job = bridging.job
    made = Made(made_take(report, job, wanted), wanted.link)
    frames = job.kept_frames + job.new_frames
    with place.keeping(job, made, f"{gap.before.name}_to_{gap.after.name}", gap.before, as_take=False) as kept:
        behind = gap.after.address, gap.opened_frames
        edit, notices = place.apply(
            Bridge(gap.before.address, gap.state, kept.path, frames, bridging.handle_frames, *behind)
        )
    output = kept.finished.output
    answer = {
        "output": str(output),
        "frames_kept": job.kept_frames - bridging.from_handles,
        "frames_new": job.new_frames,
        "frames_from_handles": bridging.from_handles,
        **_facts(source, kept.finished),
        "edit": str(edit),
        "mode": "gap",
        "notices": [*notices, *notices_of(made.take)],
    }
    for notice in answer["notices"]:
        report.say(notice)
    seam = answer["seam"]["verdict"]
    made_of = f"{bridging.from_handles} frames from handles and {job.new_frames} new ones"
    report.answer(answer, f"{made_of} fill the gap behind {gap.before.name}, in {edit}. The seam is {seam}.")


def source_of(place: FilmPlace | FilePlace, clip: CutClip) -> Source:
    """The media that a clip plays, opened; raises RefusedError where it plays none, MediaError."""
    from ..clips.source import open_source
    from ..project.panels import PICTURE_SUFFIXES

    if not clip.media:
        raise RefusedError(f"{clip.name} has no media to go on from.", "Make its take, or relink it, first.")
    if Path(clip.media).suffix.lower() in PICTURE_SUFFIXES:
        raise RefusedError(f"{clip.name} plays a picture, no movie.", "Make its take first: shotwright generate FILM.")
    return open_source(place.folder / clip.media, clip.rate)


def _facts(source: Source, finished: Finished | None) -> dict[str, Any]:
    from ..timing import format_timecode

    info = source.info
    own = format_timecode(info.start_frames or 0, info.rate, info.drop_frame)
    return {
        "rate": str(info.rate),
        "size": list(info.size),
        "start_timecode": finished.start_timecode if finished else own,
        **seam_answer(finished),
    }


def tell_growth(
    report: Report,
    grown: Growth,
    source: Source,
    mode: Mode,
    edit: Path,
    notices: Notices,
    kept: Kept | None = None,
) -> None:
    finished = kept.finished if kept else None
    new = grown.job.new_frames if grown.job else 0
    answer = {
        "output": str(finished.output if finished else source.path.absolute()),
        "frames_kept": grown.kept_frames,
        "frames_new": new,
        "frames_from_handles": grown.from_handles,
        **_facts(source, finished),
        "edit": str(edit),
        "clip": grown.clip.name,
        "take": kept.take if kept else "",
        "mode": mode,
        "notices": list(notices),
    }
    if grown.for_join:
        words = f"{grown.for_join} of the new frames are what the transition at the {grown.side} shows beyond the cut."
        answer["notices"].append(words)
    for notice in answer["notices"]:
        report.say(notice)
    made = f"{grown.from_handles} from its handle, {new} new"
    seam = f" The seam is {answer['seam']['verdict']}." if new else ""
    plays = f"plays {grown.frames} frames more at its {grown.side}" if grown.frames else "plays as long as before"
    report.answer(answer, f"{grown.clip.name} {plays} ({made}), in {edit}.{seam}")
