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
_LEAST_BRIDGE = Fraction(1, 2)  # seconds of a gap that are made where it is so long
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
        heard = [part.replaces or part for part in self.job.parts]
        real = [part.frames for part in heard if part.source is not None]
        return NewMedia(
            path, at(first), at(first + count), at(real[0].start), at(real[-1].end), sounds, take, start_frames
        )

    def extension(self, mode: Mode, over_neighbour: bool, media: NewMedia | None, above: bool = False) -> Extension:
        """The step in the edit."""
        clip = self.clip
        return Extension(clip.address, clip.state, self.side, self.frames, mode, over_neighbour, media, above)


def growth(clip: CutClip, source: Source, side: Side, frames: int, use_handles: bool = True) -> Growth:
    """How a clip comes to play so many record frames more at one side, and what a transition there shows beyond them.

    With `frames` 0 that is what the transition lacks. Without `use_handles` all is made. Raises RefusedError where the
    clip's speed changes over time, MediaError where the file has not what the clip plays.
    """
    axis, plays = played(clip, source)
    if clip.speed == 0:
        return Growth(clip, side, frames, axis, 0, plays, None)
    at_end = clip.grows_at_end(side)

    def beyond(stretch: FrameRange) -> int:
        return stretch.end - plays.end if at_end else plays.start - stretch.start

    asked = beyond(axis.frames(clip.plays(side, frames)))
    shown = beyond(axis.frames(clip.plays(side, frames + clip.joined_frames(side))))
    real = min(shown, beyond(axis.there)) if use_handles else 0
    handle = handle_at(clip, "head" if side == "tail" else "tail", axis, plays)
    kept = FrameRange(plays.start - handle, plays.end + real)
    if not at_end:
        kept = FrameRange(plays.start - real, plays.end + handle)
    grown = extend_tail if at_end else extend_head
    known = known_frames(source, len(plays) + real)
    job = grown(source, shown - real, kept, known) if shown > real else None
    return Growth(clip, side, frames, axis, min(real, asked), plays, job, min(shown - asked, shown - real))


def played(clip: CutClip, source: Source) -> tuple[Axis, FrameRange]:
    """A clip's axis, and the frames of its file that it plays.

    Raises MediaError where the file has not all of them, RefusedError where the clip's speed changes over time.
    """
    axis = Axis.of(clip, source)
    plays = axis.frames(clip.plays())
    if clip.speed != 0 and not axis.there.start <= plays.start < plays.end <= axis.there.end:
        raise MediaError(
            f"{clip.name} plays frames {plays.start} to {plays.end} of {source.path.name}, which has "
            f"{len(axis.there)}.",
            "Relink it to the media that it was cut from.",
        )
    return axis, plays


def handle_at(clip: CutClip, side: Side, axis: Axis, plays: FrameRange) -> int:
    """The frames kept beyond a cut that stays: up to 12, more where a transition there shows more."""
    shows = math.ceil(clip.joined_frames(side) * abs(clip.speed or _NOTHING) * axis.ratio - _ROUNDING)
    there = axis.there.end - plays.end if clip.grows_at_end(side) else plays.start - axis.there.start
    return min(there, max(HANDLE_FRAMES, shows))


def check_frame_by_frame(clip: CutClip, source: Source) -> None:
    """Raises RefusedError where a clip is retimed or its media do not run at the film's rate."""
    if clip.speed != 1 or not source.info.rate.relabels(clip.rate):
        raise RefusedError(
            f"{clip.name} does not play its media frame by frame.",
            "Render it at the film's rate and at its speed first, then ask again.",
        )


@dataclass(frozen=True)
class Bridging:
    """A gap that `job` fills: behind `handle_frames` of the first clip, and with `from_handles` that the clips have."""

    job: ClipJob
    handle_frames: int
    from_handles: int


def bridge_over(gap: CutGap, before: Source, after: Source, use_handles: bool = True) -> Bridging:
    """How a gap is filled exactly: with what the clips have beyond their cuts, and between them with new frames.

        A |===real+++|+++++++|+++real===| B        at least half a second is made, or all where the gap is shorter:
                                                   two clips that meet are a cut, and no bridge

    Raises RefusedError where one of the clips is retimed or does not run at the film's rate.
    """
    for clip, source in ((gap.before, before), (gap.after, after)):
        check_frame_by_frame(clip, source)
    (axis, early), (other, late) = played(gap.before, before), played(gap.after, after)
    behind, ahead = axis.there.end - early.end, late.start - other.there.start
    room = max(0, gap.frames - gap.before.rate.frames(_LEAST_BRIDGE)) if use_handles else 0
    first = min(behind, max(room - ahead, -(-room // 2)))
    second = min(ahead, room - first)
    job = bridge(
        before,
        after,
        gap.frames - first - second,
        FrameRange(early.start, early.end + first),
        FrameRange(late.start - second, late.end),
    )
    job = job.with_handles(HANDLE_FRAMES + first, HANDLE_FRAMES + second)
    return Bridging(job, min(HANDLE_FRAMES, len(early)), first + second)


def runs_on(gap: CutGap, before: Source, after: Source) -> bool:
    """Whether what was cut out between two clips of one medium is just what the gap between them lacks."""
    if before.path != after.path or gap.opened_frames or gap.before.place[0] != gap.after.place[0]:
        return False
    clips = gap.before, gap.after
    if any(clip.speed != 1 for clip in clips):
        return False
    (axis, early), (_, late) = (played(clip, source) for clip, source in zip(clips, (before, after), strict=True))
    return axis.ratio == 1 and late.start - early.end == len(gap.record)
