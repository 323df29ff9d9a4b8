"""A board drawing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """A drawing that stands at one frame of its shot.

    `path` is relative to the project folder. `at_frames` counts from the cut-in. `matched_by` says why it stands
    here: `name`, `board` or `order`.
    """

    path: str
    at_frames: int = 0
    matched_by: str = "name"
