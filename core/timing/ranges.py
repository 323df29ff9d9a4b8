"""Stretches of frames, end exclusive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import UsageError


@dataclass(frozen=True, order=True)
class FrameRange:
    """Frames `start` … `end` - 1; never negative in length."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(f"Frames {self.start} to {self.end} run backwards.", "Give the earlier frame first.")

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.end))

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.start <= frame < self.end

    def intersection(self, other: FrameRange) -> FrameRange:
        """What both cover; empty, standing at the later start, where they do not meet."""
        start = max(self.start, other.start)
        return FrameRange(start, max(start, min(self.end, other.end)))

    def shifted(self, frames: int) -> FrameRange:
        """The same stretch, moved by so many frames."""
        return FrameRange(self.start + frames, self.end + frames)

    def widened(self, frames: int) -> FrameRange:
        """The stretch with so many frames of handle added at head and tail."""
        return FrameRange(self.start - frames, self.end + frames)
