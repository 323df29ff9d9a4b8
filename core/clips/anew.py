"""A clip of an edit made anew: a stretch of it, all of it after other words, or led back to its start.

    old media    [====|=== plays ===|====]
    reroll         [h |===+++=======| h]        h: handles, up to 12 frames, more where a transition shows more
    restyle        [+++++++++++++++++++]
    loop           [h |=============|++++]

What comes of it stands on the axis of the old media: no cut moves, and one may switch back.
"""

from __future__ import annotations

from ..errors import UsageError
from ..timeline.cut_clips import CutClip
from ..timing import FrameRange
from .growth import Axis, Growth, check_frame_by_frame, handle_at, played
from .jobs import ClipJob, loop, reroll, restyle
from .source import Source


def rerolled(clip: CutClip, source: Source, stretch: FrameRange) -> Growth:
    """Record frames of a clip, counted from its first one, made anew.

    Raises UsageError where they are not inside of it, else as `played`.
    """
    axis, plays = _moving(clip, source)
    if not 0 <= stretch.start < stretch.end <= len(clip.record):
        raise UsageError(
            f"Frames {stretch.start} to {stretch.end} are not inside of {clip.name}, which plays {len(clip.record)}.",
            "Frames count from the clip's first one, the end exclusive.",
        )
    first, end = clip.plays()
    speed = clip.speed or 0
    times = first + stretch.start * speed, first + stretch.end * speed
    if speed < 0:
        times = end + stretch.end * speed, end + stretch.start * speed
    return _anew(clip, axis, plays, reroll(source, axis.frames(times), _kept(clip, axis, plays)))


def restyled(clip: CutClip, source: Source, strength: float) -> Growth:
    """All that a clip plays, handles too, made anew; strength 0 leaves it as it is. Raises as `played`, UsageError."""
    axis, plays = _moving(clip, source)
    return _anew(clip, axis, plays, restyle(source, strength, _kept(clip, axis, plays)))


def looped(clip: CutClip, source: Source, frames: int, more_frames: int) -> Growth:
    """So many frames behind a clip that lead back to its start, of which `more_frames` play.

    Raises as `played`, and RefusedError where the clip does not play its media frame by frame.
    """
    check_frame_by_frame(clip, source)
    axis, plays = played(clip, source)
    job = loop(source, frames, plays, handle_at(clip, "head", axis, plays))
    return _anew(clip, axis, plays, job, more_frames)


def _moving(clip: CutClip, source: Source) -> tuple[Axis, FrameRange]:
    if clip.speed == 0:
        raise UsageError(f"{clip.name} holds one frame.", "Take the freeze off first.")
    return played(clip, source)


def _kept(clip: CutClip, axis: Axis, plays: FrameRange) -> FrameRange:
    early, late = (handle_at(clip, side, axis, plays) for side in ("head", "tail"))
    if not clip.grows_at_end("tail"):
        early, late = late, early
    return FrameRange(plays.start - early, plays.end + late)


def _anew(clip: CutClip, axis: Axis, plays: FrameRange, job: ClipJob, more_frames: int = 0) -> Growth:
    return Growth(clip, "tail", more_frames, axis, 0, plays, job)
