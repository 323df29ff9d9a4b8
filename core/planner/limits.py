"""What a model can do, as data: the planner reads nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..timing import Rate

NONE, FIRST, BOTH = "none", "first", "both"
EACH, WHOLE = "each", "whole"
NATIVE, LIFTED = "native", "lifted"
_TO_KNOWN = ("image", "keyframes", "extend", "head", "bridge", "loop", "reroll")
_BY_STILLS = {
    NONE: {"text": NATIVE},
    FIRST: {"image": NATIVE, "extend": LIFTED, "head": LIFTED},
    BOTH: {"bridge": LIFTED, "loop": LIFTED, "reroll": LIFTED},
}


@dataclass(frozen=True)
class ModelLimits:
    """A model's own sizes, rates and chunk lengths.

    `sizes` are the (width, height) it was made for, in pixels; where `size_multiple` is above 0 it takes any size up
    to the largest of them whose sides are multiples of it. `rates` are its native rates. A chunk has
    `frame_step` * k + `frame_offset` frames, `shortest_chunk` to `longest_chunk`; `overlap` frames of it are known from
    the chunk before (0: the model can't be chained). `windows` says that chunks of the same words need none of each
    other where they are told of the whole take, as windows of it. `roles` are the kinds of known frames it honours;
    `partial_keep` says how it holds frames in part: EACH by itself, the WHOLE take alike, or empty for not at all;
    `leads_footage` whether its frames go on from real footage so well that they decide what is seen, or else known
    frames carried on along their motion do. `panels_are_frames` says that a drawn panel is taken for the frame itself.
    `stills` is for one that knows no frames but those at its own ends: NONE of them, the FIRST alone, or BOTH,
    whichever it can do; empty for any other. `heeds_negative` says whether it hears words for what is not to be seen,
    where it is guided by more than 1.
    `steps_by_speed` are how many steps are made as draft, normal and final; empty where there is one speed.
    `seconds_a_step` is a first guess for a chunk, until runs were measured.
    """

    sizes: tuple[tuple[int, int], ...]
    rates: tuple[Rate, ...]
    frame_step: int
    frame_offset: int
    shortest_chunk: int
    longest_chunk: int
    overlap: int
    roles: frozenset[str]
    size_multiple: int = 0
    windows: bool = False
    stills: frozenset[str] = frozenset()
    partial_keep: str = ""
    leads_footage: bool = True
    panels_are_frames: bool = False
    heeds_negative: bool = True
    default_steps: int = 8
    default_guidance: float = 3.0
    steps_by_speed: Mapping[str, int] = field(default_factory=dict)
    seconds_a_step: float = 1.0
    memory_bytes: int = 2_000_000_000

    def chunk_frames(self, wanted: int) -> int:
        """The shortest chunk the model can make of at least `wanted` frames, or its longest."""
        steps = max(0, -(-(wanted - self.frame_offset) // self.frame_step))
        least = self.frame_step * steps + self.frame_offset
        return min(max(least, self.shortest_chunk), self.longest_chunk)

    def steps(self, asked: int | None, speed: str) -> int:
        """How many steps a chunk is made in: as many as are asked for, or those of a speed."""
        return asked or self.steps_by_speed.get(speed, self.default_steps)

    @property
    def jobs(self) -> dict[str, str]:
        """What it can do and how: NATIVE, by itself; or LIFTED, by the planner around it: from stills, or reversed."""
        found: dict[str, str] = {}
        if self.stills:
            for stills, jobs in _BY_STILLS.items():
                found |= jobs if stills in self.stills else {}
        else:
            found["text"] = NATIVE
            found |= dict.fromkeys(_TO_KNOWN, NATIVE) if "frame" in self.roles else {}
        if "panel" in self.roles and (not self.stills or FIRST in self.stills):
            found["panels"] = LIFTED if self.stills else NATIVE
        found |= {"restyle": NATIVE} if self.partial_keep else {}
        return found | ({"follow": NATIVE} if "depth" in self.roles else {})
