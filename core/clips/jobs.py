"""What each job on clips asks for: the take, which of its frames are known, and how it is cut into the clip.

extend the tail       source [0 ............. n)            take:  known k | new
extend the head           [0 ............. n) source        take:            new | known k
bridge                A [0 .. n)       [0 .. m) B            take:  known k | new | known k
loop                  the same clip at both ends
reroll F to T         source [0 .. F) [T .. n)              take:  known k | new | known k
restyle               all frames known, kept in part         take:  all
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import RefusedError, UsageError
from ..timing import FrameRange
from .source import Source

_KNOWN_SECONDS = 1  # of a clip beside a seam: enough for any model here to see how it moves


@dataclass(frozen=True)
class Given:
    """Frames of a source that the take knows, from frame `at` of the take on; `keep` as `protocol.Known` has it."""

    at: int
    source: Source
    frames: FrameRange
    keep: float = 1.0


@dataclass(frozen=True)
class Part:
    """A stretch of the finished clip: frames of a source, or, with None, frames of the take.

    `replaces` is what of a source frames of the take stand for: its sound goes on under them.
    """

    source: Source | None
    frames: FrameRange
    replaces: Part | None = None


@dataclass(frozen=True)
class ClipJob:
    """A take of `frames`, `given` of them known, and the `parts` of the finished clip in their order.

    `like` is the source that the result takes after: size, rate, codec, colour. `moved_frames` is how much later its
    timecode starts than the source's (earlier: below 0). `seams` are places in the finished clip: the first frame
    behind each cut between known and new.
    """

    like: Source
    frames: int
    given: tuple[Given, ...]
    parts: tuple[Part, ...]
    moved_frames: int = 0

    @property
    def new_frames(self) -> int:
        """How many frames are made."""
        return sum(len(part.frames) for part in self.parts if part.source is None)

    @property
    def kept_frames(self) -> int:
        """How many frames of the sources play in the finished clip."""
        return sum(len(part.frames) for part in self.parts if part.source is not None)

    @property
    def seams(self) -> tuple[int, ...]:
        """Where known and new frames meet in the finished clip."""
        places, at = [], 0
        for part, following in zip(self.parts, self.parts[1:], strict=False):
            at += len(part.frames)
            if (part.source is None) != (following.source is None):
                places.append(at)
        return tuple(places)

    def with_handles(self, early: int, late: int | None = None) -> ClipJob:
        """The same job whose result has the new frames alone, with so many known ones before and behind them.

        As many behind as before where `late` is not given.
        """
        new = next(i for i, part in enumerate(self.parts) if part.source is None)
        parts, moved = [self.parts[new]], self.moved_frames
        played = sum(len(part.frames) for part in self.parts[:new])
        if new > 0:
            before = self.parts[new - 1]
            kept = min(early, len(before.frames))
            parts.insert(0, Part(before.source, FrameRange(before.frames.end - kept, before.frames.end)))
            moved += played - kept
        if new + 1 < len(self.parts):
            after = self.parts[new + 1]
            end = min(after.frames.end, after.frames.start + (early if late is None else late))
            parts.append(Part(after.source, FrameRange(after.frames.start, end)))
        return ClipJob(self.like, self.frames, self.given, tuple(parts), moved)


def extend_tail(source: Source, frames: int, kept: FrameRange | None = None, known: int | None = None) -> ClipJob:
    """So many frames behind the last one `kept` of a clip, all of it without; `known` of those before it are known."""
    kept = kept or source.all
    known = known_frames(source, len(kept)) if known is None else known
    given = Given(0, source, FrameRange(kept.end - known, kept.end))
    parts = Part(source, kept), Part(None, FrameRange(known, known + frames))
    return ClipJob(source, known + frames, (given,), parts, kept.start)


def extend_head(source: Source, frames: int, kept: FrameRange | None = None, known: int | None = None) -> ClipJob:
    """So many frames before the first one `kept` of a clip, as `extend_tail`; its timecode starts so much earlier."""
    kept = kept or source.all
    known = known_frames(source, len(kept)) if known is None else known
    given = Given(frames, source, FrameRange(kept.start, kept.start + known))
    parts = Part(None, FrameRange(0, frames)), Part(source, kept)
    return ClipJob(source, known + frames, (given,), parts, kept.start - frames)


def bridge(
    before: Source, after: Source, frames: int, early: FrameRange | None = None, late: FrameRange | None = None
) -> ClipJob:
    """So many frames between two clips, or what is used of them; raises RefusedError where their rates differ."""
    if not before.info.rate.relabels(after.info.rate):
        raise RefusedError(
            f"{before.path.name} runs at {before.info.rate}, {after.path.name} at {after.info.rate} frames a second.",
            "Bring both to one rate first.",
        )
    early, late = early or before.all, late or after.all
    lead, follow = known_frames(before, len(early)), known_frames(after, len(late))
    given = (
        Given(0, before, FrameRange(early.end - lead, early.end)),
        Given(lead + frames, after, FrameRange(late.start, late.start + follow)),
    )
    parts = Part(before, early), Part(None, FrameRange(lead, lead + frames)), Part(after, late)
    return ClipJob(before, lead + frames + follow, given, parts, early.start)


def loop(source: Source, frames: int, plays: FrameRange | None = None, handle_frames: int = 0) -> ClipJob:
    """A clip with so many frames that lead from its end back to its start, so that it can play round and round.

    `plays` are those that go round, all of it without; so many frames before them are kept as a handle.
    """
    plays = plays or source.all
    round_ = bridge(source, source, frames, plays, plays)
    kept = FrameRange(plays.start - handle_frames, plays.end)
    return ClipJob(source, round_.frames, round_.given, (Part(source, kept), round_.parts[1]), kept.start)


def reroll(source: Source, stretch: FrameRange, kept: FrameRange | None = None) -> ClipJob:
    """A stretch inside of a clip, or of what is `kept` of it, made anew; raises UsageError where it is not inside."""
    kept = kept or source.all
    if not kept.start <= stretch.start < stretch.end <= kept.end or len(stretch) == len(kept):
        of = f", of which frames {kept.start} to {kept.end} are kept" if kept != source.all else ""
        raise UsageError(
            f"Frames {stretch.start} to {stretch.end} are not inside of {source.path.name}, which has "
            f"{source.info.frames}{of}.",
            "Frames count from 0, the end exclusive; leave at least one frame beside them.",
        )
    early = known_frames(source, stretch.start - kept.start)
    late = known_frames(source, kept.end - stretch.end)
    new = FrameRange(early, early + len(stretch))
    given = (
        Given(0, source, FrameRange(stretch.start - early, stretch.start)),
        Given(new.end, source, FrameRange(stretch.end, stretch.end + late)),
    )
    parts = (
        Part(source, FrameRange(kept.start, stretch.start)),
        Part(None, new, Part(source, stretch)),
        Part(source, FrameRange(stretch.end, kept.end)),
    )
    return ClipJob(
        source,
        new.end + late,
        tuple(known for known in given if len(known.frames)),
        tuple(part for part in parts if len(part.frames)),
        kept.start,
    )


def restyle(source: Source, strength: float, kept: FrameRange | None = None) -> ClipJob:
    """All of a clip, or what is `kept` of it, anew, and the less like it the stronger: 0 as it is, 1 nothing of it.

    Raises UsageError.
    """
    if not 0 <= strength <= 1:
        raise UsageError(f"A strength of {strength:g} makes no sense.", "Give 0 (as it is) to 1 (nothing of it).")
    kept = kept or source.all
    given = Given(0, source, kept, 1 - strength)
    made = Part(None, FrameRange(0, len(kept)), Part(source, kept))
    return ClipJob(source, len(kept), (given,), (made,), kept.start)


def known_frames(source: Source, most: int) -> int:
    """How many frames beside a seam the take knows, of so many that there are."""
    return min(most, source.info.rate.frames(_KNOWN_SECONDS) + 1)
