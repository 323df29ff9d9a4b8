"""What a model can do, as data: the planner reads nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass

from ..timing import Rate

FIRST, BOTH = "first", "both"


@dataclass(frozen=True)
class ModelLimits:
    """A model's own sizes, rates and chunk lengths.

    `sizes` are the (width, height) it was made for, in pixels; where `size_multiple` is above 0 it takes any size up
    to the largest of them whose sides are multiples of it. `rates` are its native rates. A chunk has
    `frame_step` * k + `frame_offset` frames, `shortest_chunk` to `longest_chunk`; `overlap` frames of it are known from
    the chunk before (0: the model can't be chained). `roles` are the kinds of known frames it honours; `partial_keep`
    says whether it can hold a frame in part; `leads_footage` whether its frames go on from real footage so well that
    they decide what is seen, or else known frames carried on along their motion do. `stills` is for one that knows no
    frames but those at its own ends, and needs them: the FIRST alone, or BOTH, as it is asked; empty for any other.
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
    stills: frozenset[str] = frozenset()
    partial_keep: bool = False
    leads_footage: bool = True
    default_steps: int = 8
    default_guidance: float = 3.0
    seconds_a_step: float = 1.0
    memory_bytes: int = 2_000_000_000

    def chunk_frames(self, wanted: int) -> int:
        """The shortest chunk the model can make of at least `wanted` frames, or its longest."""
        steps = max(0, -(-(wanted - self.frame_offset) // self.frame_step))
        least = self.frame_step * steps + self.frame_offset
        return min(max(least, self.shortest_chunk), self.longest_chunk)
