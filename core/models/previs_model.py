"""The built-in previs model as one model among the others."""

from __future__ import annotations

import hashlib

from ..planner.limits import ModelLimits
from ..timing import Rate
from .base import ChunkRequest, Frames, OnStep

NAME = "previs"
STEPS = 20
GUIDANCE = 2.5
LIMITS = ModelLimits(
    sizes=((64, 36),),
    rates=(Rate.parse(6),),
    frame_step=4,
    frame_offset=0,
    shortest_chunk=12,
    longest_chunk=12,
    overlap=4,
    roles=frozenset({"frame", "panel"}),
    partial_keep=True,
    leads_footage=False,
    default_steps=STEPS,
    default_guidance=GUIDANCE,
    seconds_a_step=0.1,
    memory_bytes=1_300_000_000,
)


class Previs:
    """VideoModel over `previs.model.PrevisModel`."""

    def __init__(self) -> None:
        from .previs.model import PrevisModel
        from .previs.weight_files import CONFIG, FOLDER

        self.name = NAME
        self.limits = LIMITS
        self.fingerprint = hashlib.sha256((FOLDER / CONFIG).read_bytes()).hexdigest()[:16]
        self._model = PrevisModel.load()

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """As VideoModel.make_chunk."""
        return self._model.generate(
            request.prompt,
            request.known,
            request.frame_known,
            request.panel_known,
            request.keep,
            request.seed,
            request.steps or STEPS,
            GUIDANCE if request.guidance is None else request.guidance,
            on_step,
        )
