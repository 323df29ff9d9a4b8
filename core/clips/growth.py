"""What an extension in an edit comes down to: which real frames are used, how many are made, what the new media hold.

    old media    [=====|====|===========|======]
                       |  h | plays     | real | made       h: a handle on the other side, up to 12 frames
    new media          [====|===========|======|++++++]     at the media's head: the mirror image

Whole media frames of the old file; N record frames are N times the clip's speed of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..errors import MediaError, RefusedError
from ..timeline.bridging import CutGap
from ..timeline.cut_clips import CutClip
from ..timeline.steps import Extension, Mode, NewMedia, Side
from ..timing import FrameRange
from .finishing import HANDLE_FRAMES
from .jobs import ClipJob, bridge, extend_head, extend_tail, known_frames
from .source import Source

_NOTHING = Fraction(0)
_ROUNDING = Fraction(1, 1000)  # of a frame: what is left of a double's rounding is no frame


@dataclass(frozen=True)
class Axis:
    """A clip's media times in its file: frame f stands at `origin` + f / `ratio`; it may use those in `there`."""

    origin: Fraction
    ratio: Fraction
    there: FrameRange

    @classmethod
    def of(cls, clip: CutClip, source: Source) -> Axis:
        """The axis of a clip's own media."""
        info = source.info
        ratio = Fraction(1) if info.rate.relabels(clip.rate) else info.rate.fraction / clip.rate.fraction
        if clip.available is not None:
            first, end = clip.available
            return cls(first, ratio, FrameRange(0, min(info.frames, math.floor((end - first) * ratio + _ROUNDING))))
        label = (info.start_frames or 0) / ratio  # nobody says which frame is first: the media's timecode, or 0
        return cls(label if clip.start >= label else Fraction(0), ratio, source.all)

    def frames(self, span: tuple[Fraction, Fraction]) -> FrameRange:
        """The whole frames that a stretch of media time touches."""
        first, end = ((time - self.origin) * self.ratio for time in span)
        return FrameRange(math.floor(first + _ROUNDING), math.ceil(end - _ROUNDING))

    def time(self, frame: int) -> Fraction:
        """The media time of a frame."""
        return self.origin + frame / self.ratio


@dataclass(frozen=True)
class Growth:
    """An extension that can be made: `from_handles` media frames of it are there, `job` makes the rest, None for none.

    `plays` are the frames of its file that the clip plays as it is. Of those that are made, `for_join` are what a
    transition shows beyond the cut.
    """

    clip: CutClip
    side: Side
    frames: int
    axis: Axis
    from_handles: int
    plays: FrameRange
    job: ClipJob | None
    for_join: int = 0

    @property
    def kept_frames(self) -> int:
        """How many of the clip's own frames play or stay as handles, beside those that come from its handle."""
        return self.job.kept_frames - self.from_handles if self.job else len(self.plays)

    def media(self, path: str, sounds: bool, take: str = "", start_frames: int = 0) -> NewMedia:
        """The job's new media, for the edit."""
        assert self.job is not None
        first, count = self.job.moved_frames, self.job.kept_frames + self.job.new_frames
        at = self.axis.time
        (kept,) = (part.frames for part in self.job.parts if part.source is not None)
        real = at(kept.start), at(kept.end)
        return NewMedia(path, at(first), at(first + count), *real, sounds, take, start_frames)

    def extension(self, mode: Mode, over_neighbour: bool, media: NewMedia | None) -> Extension:
        """The step in the edit."""
        return Extension(self.clip.address, self.clip.state, self.side, self.frames, mode, over_neighbour, media)


def growth(clip: CutClip, source: Source, side: Side, frames: int, use_handles: bool = True) -> Growth:
    """How a clip comes to play so many record frames more at one side, and what a transition there shows beyond them.

    With `frames` 0 that is what the transition lacks. Without `use_handles` all is made. Raises RefusedError where the
    clip's speed changes over time, MediaError where the file has not what the clip plays.
    """
    axis = Axis.of(clip, source)
    plays = axis.frames(clip.plays())
    if clip.speed == 0:
        return Growth(clip, side, frames, axis, 0, plays, None)
    if not axis.there.start <= plays.start < plays.end <= axis.there.end:
        raise MediaError(
            f"{clip.name} plays frames {plays.start} to {plays.end} of {source.path.name}, which has "
            f"{len(axis.there)}.",
            "Relink it to the media that it was cut from.",
        )
    at_end = clip.grows_at_end(side)

    def beyond(stretch: FrameRange) -> int:
        return stretch.end - plays.end if at_end else plays.start - stretch.start

    asked = beyond(axis.frames(clip.plays(side, frames)))
    shown = beyond(axis.frames(clip.plays(side, frames + clip.joined_frames(side))))
    real = min(shown, beyond(axis.there)) if use_handles else 0
    handle = _other_handle(clip, side, axis, plays)
    kept = FrameRange(plays.start - handle, plays.end + real)
    if not at_end:
        kept = FrameRange(plays.start - real, plays.end + handle)
    grown = extend_tail if at_end else extend_head
    known = known_frames(source, len(plays) + real)
    job = grown(source, shown - real, kept, known) if shown > real else None
    return Growth(clip, side, frames, axis, min(real, asked), plays, job, min(shown - asked, shown - real))


def _other_handle(clip: CutClip, side: Side, axis: Axis, plays: FrameRange) -> int:
    """The frames kept beyond the cut that stays: up to 12, more where a transition there shows more."""
    other: Side = "head" if side == "tail" else "tail"
    shows = math.ceil(clip.joined_frames(other) * abs(clip.speed or _NOTHING) * axis.ratio - _ROUNDING)
    there = plays.start - axis.there.start if clip.grows_at_end(side) else axis.there.end - plays.end
    return min(there, max(HANDLE_FRAMES, shows))


def bridge_over(gap: CutGap, before: Source, after: Source) -> tuple[ClipJob, int]:
    """The job that fills a gap exactly, made anew from cut to cut, and how many frames of the first clip lead in.

    Raises RefusedError where one of the clips is retimed or does not run at the film's rate.
    """
    for clip, source in ((gap.before, before), (gap.after, after)):
        if clip.speed != 1 or not source.info.rate.relabels(clip.rate):
            raise RefusedError(
                f"{clip.name} does not play its media frame by frame.",
                "Render it at the film's rate and at its speed first, then bridge.",
            )
    early, late = (
        Axis.of(clip, source).frames(clip.plays()) for clip, source in ((gap.before, before), (gap.after, after))
    )
    job = bridge(before, after, len(gap.record), early, late).with_handles(HANDLE_FRAMES)
    return job, min(HANDLE_FRAMES, len(early))
