"""What every model is to the rest of the program: limits, and chunks made of words and known frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..planner.limits import ModelLimits
from ..timing import Rate

Frames = npt.NDArray[np.uint8]
OnStep = Callable[[int, int, Frames | None], None]


@dataclass(frozen=True)
class Window:
    """Which frames of a take a chunk is: from `start` on, of so many `frames`; and what is known of all of it.

    `frame_known`, `panel_known` and `keep` are as a chunk's, of the whole take. `pictures` are those of the known
    frames within the chunk and of the nearest before and behind it, by frame of the take.
    """

    start: int
    frames: int
    pictures: Mapping[int, npt.NDArray[np.uint8]]
    frame_known: npt.NDArray[np.bool_]
    panel_known: npt.NDArray[np.bool_]
    keep: npt.NDArray[np.float32]


@dataclass(frozen=True)
class ChunkRequest:
    """One chunk at the model's own size and rate.

    `known` are pictures, (frames, height, width, 3) uint8 R'G'B'; what stands in them counts only where `frame_known`
    or `panel_known`, (frames,) bool each, say so. `keep` is 0 to 1, (frames,) float32, for the known frames. `depth`,
    shaped as `known`, is how far away all of it is, white being near, and mid grey where that is not known. `window`
    is there where the chunk is one of a plan's windows; all of a take's have one seed.
    `rate` is one of the model's rates. `steps` and `guidance` are None for the model's own. A `draft` may take
    shortcuts that change what is seen a little.
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
    depth: Frames | None = None
    window: Window | None = None
    steps: int | None = None
    guidance: float | None = None
    draft: bool = False


class VideoModel(Protocol):
    """A model, loaded and warm."""

    name: str
    limits: ModelLimits
    notices: list[str]  # what was done instead of what was planned; whoever tells it takes it off the list

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same request would give other frames: the weights, the code's version."""
        ...

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """The chunk's frames, (frames, height, width, 3) uint8.

        `on_step(done, of, preview)` is called after each step, and while frames are decoded, which counts as some steps
        more; `preview` is (height, width, 3) or None. What it raises ends the chunk within that step. Known frames come
        back as the model drew them, not pasted.
        """
        ...
