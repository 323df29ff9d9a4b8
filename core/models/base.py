"""What every model is to the rest of the program: limits, and chunks made of words and known frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..planner.limits import ModelLimits
from ..timing import Rate

Frames = npt.NDArray[np.uint8]
OnStep = Callable[[int, int, Frames | None], None]


@dataclass(frozen=True)
class ChunkRequest:
    """One chunk at the model's own size and rate.

    `known` are pictures, (frames, height, width, 3) uint8 R'G'B'; what stands in them counts only where `frame_known`
    or `panel_known`, (frames,) bool each, say so. `keep` is 0 to 1, (frames,) float32, for the known frames.
    `rate` is one of the model's rates. `steps` and `guidance` are None for the model's own.
    """

    prompt: str
    negative: str
    size: tuple[int, int]
    rate: Rate
    frames: int
    seed: int
    known: Frames
    frame_known: npt.NDArray[np.bool_]
    panel_known: npt.NDArray[np.bool_]
    keep: npt.NDArray[np.float32]
    steps: int | None = None
    guidance: float | None = None


class VideoModel(Protocol):
    """A model, loaded and warm."""

    name: str
    limits: ModelLimits
    fingerprint: str  # changes whenever the same request would give other frames: the weights, the code's version

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """The chunk's frames, (frames, height, width, 3) uint8.

        `on_step(done, steps, preview)` is called after each step, `preview` being (height, width, 3) or None; what it
        raises ends the chunk within that step. Known frames come back as the model drew them, not pasted.
        """
        ...
