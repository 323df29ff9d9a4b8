"""New frames of clips: asked of the engine, waited for, written into a movie, and how their seams hold told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .waiting import submitted, wait_for_jobs

if TYPE_CHECKING:
    from ..clips.finishing import Finished
    from ..clips.jobs import ClipJob
    from ..clips.links import Link
    from .reporting import Report


@dataclass(frozen=True)
class Wanted:
    """What new frames are to be like, and how they are written: options that all commands on clips have."""

    prompt: str = ""
    output: Path | None = None
    joined: bool | None = None
    model: str = "previs"
    seed: int = 0
    allow_reversed: bool = False
    key: str = ""

    @property
    def link(self) -> Link:
        """What is to be told of frames that are made so."""
        from ..clips.links import Link
        from ..timing import FrameRange

        return Link(FrameRange(0, 0), self.prompt, self.model, self.seed)


def made_take(report: Report, job: ClipJob, wanted: Wanted) -> Path:
    """The job's take, made by the engine: a lossless movie that is the engine's own."""
    from ..client import ensure_engine
    from ..clips.request import request_of
    from ..protocol.delivery import PASSING

    client = ensure_engine()
    request = request_of(
        job, client.put_media, wanted.prompt, wanted.model, wanted.seed, allow_reversed=wanted.allow_reversed
    )
    (ended,) = wait_for_jobs(client, [submitted(client, request, {"name": "clip", "codec": PASSING})], report)
    return Path(ended["output"])


def seam_answer(finished: Finished | None) -> dict[str, Any]:
    """`seam` (the one that stands out most) and all `seams`, as JSON; without new frames there is none to see."""
    seams = finished.seams if finished else ()
    worst = max(seams, key=lambda seam: max(m.odd for m in seam.measures.values()), default=None)
    return {
        "seam": worst.to_json() if worst else {"verdict": "invisible"},
        "seams": [seam.to_json() for seam in seams],
    }


def made_clip(report: Report, job: ClipJob, name: str, wanted: Wanted) -> None:
    """Makes the job's take, writes the finished clip and answers."""
    from ..clips.finishing import HANDLE_FRAMES, copies, finish, place_for
    from ..clips.links import notices_of, write_beside

    output = place_for(job, wanted.output, name)
    joined = copies(job, output) if wanted.joined is None else wanted.joined
    if not joined:
        job = job.with_handles(HANDLE_FRAMES)
    made = made_take(report, job, wanted)
    output = place_for(job, wanted.output, name)  # once more: it may have been taken meanwhile
    finished = finish(job, made, output)
    recipe, links = write_beside(finished.output, job, wanted.link, made)
    beside = {"joined": joined, "recipe": str(recipe.absolute()), "links": [link.to_json() for link in links]}
    _tell(report, job, finished, beside, [*_notices(job, finished), *notices_of(made)])


def _notices(job: ClipJob, finished: Finished) -> list[str]:
    sources = [part.source for part in job.parts if part.source is not None]
    notices = [notice for source in dict.fromkeys((job.like, *sources)) for notice in source.notices]
    if (job.like.info.start_frames or 0) + job.moved_frames < 0:
        notices.append(f"Its timecode begins before midnight, at {finished.start_timecode}.")
    return notices


def _tell(report: Report, job: ClipJob, finished: Finished, beside: dict[str, Any], notices: list[str]) -> None:
    from ..media.seam.plot import write_plot

    info, output = job.like.info, finished.output
    plots = []
    for number, seam in enumerate(finished.seams, 1):
        plots.append(output.with_name(f"{output.stem}.seam{number}.png"))
        write_plot(plots[-1], seam)
    answer: dict[str, Any] = {
        "output": str(output.absolute()),
        "frames_kept": job.kept_frames,
        "frames_new": job.new_frames,
        "frames_from_handles": 0,
        "rate": str(info.rate),
        "size": list(info.size),
        "start_timecode": finished.start_timecode,
        "copied": finished.copied,
        **beside,
        **seam_answer(finished),
        "plots": [str(plot.absolute()) for plot in plots],
        "notices": notices,
    }
    for notice in answer["notices"]:
        report.say(notice)
    kept = "copied untouched" if finished.copied else "written anew"
    verdict = f"The seam is {answer['seam']['verdict']}." if finished.seams else ""
    report.answer(
        answer,
        f"{output}: {job.new_frames} new frames beside {job.kept_frames} of the clip's own ({kept}), "
        f"from {finished.start_timecode}. {verdict}".strip(),
    )
