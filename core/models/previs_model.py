"""The built-in previs model as one model among the others."""

from __future__ import annotations

import numpy as np

from ..planner.limits import EACH, ModelLimits
from ..timing import Rate
from .base import ChunkRequest, Frames, OnStep

NAME = "previs"
STEPS, DRAFT_STEPS = 20, 4  # a draft has forms and colours, coarser edges, and takes a third of the time
GUIDANCE = 1.5
LIMITS = ModelLimits(
    sizes=((1024, 576),),
    size_multiple=2,
    rates=tuple(Rate.parse(rate) for rate in (24, 25, 30, 12, 15, 48, 50, 60)),
    frame_step=1,
    frame_offset=0,
    shortest_chunk=2,
    longest_chunk=192,
    overlap=8,
    windows=True,
    roles=frozenset({"frame", "panel", "depth"}),
    partial_keep=EACH,
    leads_footage=False,
    heeds_negative=False,
    default_steps=STEPS,
    default_guidance=GUIDANCE,
    steps_by_speed={"draft": DRAFT_STEPS, "normal": STEPS, "final": STEPS},
    seconds_a_step=0.15,
    memory_bytes=1_000_000_000,
)


class Previs:
    """VideoModel over `previs.model.PrevisModel`."""

    def __init__(self) -> None:
        from .fingerprints import of_previs
        from .previs.model import PrevisModel

        self.name = NAME
        self.limits = LIMITS
        self.notices: list[str] = []
        self.fingerprint = of_previs()
        self._model = PrevisModel.load()

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """As VideoModel.make_chunk; known frames come back as they were given."""
        from .previs.shooting import Known, Shooting

        guidance = GUIDANCE if request.guidance is None else request.guidance
        rate = float(request.rate.fraction)
        shot = Shooting(self._model, request.prompt, rate, request.seed, request.steps or STEPS, guidance)
        held = request.frame_known & (request.keep >= 1)
        partly = request.frame_known & ~held
        if partly.any():
            return shot.restyled(request.known, np.where(partly, request.keep, 1), on_step, request.depth)
        told = request.window
        if told is None:
            pictures = dict(enumerate(request.known))
            known = Known(request.size, pictures, held, request.panel_known, request.keep, request.depth)
            return shot.frames(known, on_step)
        known = Known(request.size, told.pictures, told.frame_known, told.panel_known, told.keep)
        return shot.frames(known, on_step, range(told.start, told.start + request.frames))
