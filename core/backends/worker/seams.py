"""A take's gaps between known frames, each gone into once, frame by frame."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...media.seam.carry import LOOKED_BACK
from ...media.seam.onward import GRAIN_FRAMES, LEAST, Side, onward
from ...planner import Plan
from .known_media import KnownMedia

Frame = npt.NDArray[np.uint8]


class Seams:
    """New frames beside a take's known ones; `frame` is asked for them in order."""

    def __init__(self, plan: Plan, known: KnownMedia, model_leads: bool) -> None:
        self._plan, self._known, self._model_leads = plan, known, model_leads
        self._originals = known.originals()
        self._gap: tuple[int, int] = (0, 0)
        self._sides: list[Side] = []

    def frame(self, asked: int, made: Frame) -> Frame:
        """A new frame: `made` is the model's, at the asked size."""
        if not self._gap[0] <= asked < self._gap[1]:
            self._enter(asked)
        if not self._sides:
            return self._known.with_matte(made)
        new = onward(self._sides, asked, made, self._model_leads)
        grained = self._sides[0].grained(np.ascontiguousarray(new[..., :3]), self._plan.request.seed * 4096 + asked)
        return np.dstack([grained, new[..., 3:]]) if new.shape[2] == 4 else grained

    def _enter(self, asked: int) -> None:
        start, end = asked, asked + 1
        while start > 0 and start - 1 not in self._originals:
            start -= 1
        while end < self._plan.request.frames and end not in self._originals:
            end += 1
        self._gap = start, end
        self._sides = [side for side in (self._side(start - 1, -1), self._side(end, 1)) if side is not None]

    def _side(self, at: int, way: int) -> Side | None:
        places: list[int] = []
        while at + way * len(places) in self._originals and len(places) < max(GRAIN_FRAMES, LOOKED_BACK + 1):
            places.append(at + way * len(places))
        if len(places) < LEAST:
            return None
        shown = {place: self._known.asked(*self._originals[place]) for place in sorted(places)}  # read in order
        frames = [shown[place] for place in reversed(places)]
        return Side(at, frames, float(self._plan.request.rate.fraction))
