"""New frames beside known ones: carried on from them, filled by the model's, with the clip's own grain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...media.seam.carry import LOOKED_BACK, Carrier, Share
from ...media.seam.fill import agreement, filled
from ...media.seam.grain import Grain, grain_of
from ...planner import Plan
from .known_media import KnownMedia

Frame = npt.NDArray[np.uint8]
_LEAST = 3  # known frames in a row that tell a motion; a single still leaves it to the model
_GRAIN_FRAMES = 7


@dataclass
class _Side:
    """Known frames beside a gap, the one at the seam last; `at` is its place on the take's axis."""

    at: int
    frames: list[Frame]

    @cached_property
    def carrier(self) -> Carrier:
        return Carrier([frame[..., :3] for frame in self.frames[-1 - LOOKED_BACK :]], self.grain)

    @cached_property
    def matte(self) -> Carrier:
        """Their alpha, carried along as they are."""
        return self.carrier.of([np.repeat(frame[..., 3:], 3, 2) for frame in self.frames[-1 - LOOKED_BACK :]])

    @cached_property
    def grain(self) -> Grain:
        return grain_of([frame[..., :3] for frame in self.frames[-_GRAIN_FRAMES:]])


class Seams:
    """A take's gaps between known frames; `frame` is asked for new frames in order."""

    def __init__(self, plan: Plan, known: KnownMedia, model_leads: bool) -> None:
        self._plan, self._known, self._model_leads = plan, known, model_leads
        self._originals = known.originals()
        self._gap: tuple[int, int] = (0, 0)
        self._before: _Side | None = None
        self._after: _Side | None = None

    def frame(self, asked: int, made: Frame) -> Frame:
        """A new frame: `made` is the model's, at the asked size."""
        if not self._gap[0] <= asked < self._gap[1]:
            self._enter(asked)
        sides = [side for side in (self._before, self._after) if side is not None]
        if not sides:
            return self._known.with_matte(made)
        picture, shown = _between(asked, [(side.at, side.carrier) for side in sides])
        if self._model_leads:
            shown = shown * agreement(picture, made)
        new = sides[0].grain.on(filled(picture, shown, made), self._plan.request.seed * 4096 + asked)
        if not self._known.matted:
            return new
        matte, known = _between(asked, [(side.at, side.matte) for side in sides])
        return np.dstack([new, filled(matte, known, np.zeros_like(matte))[..., 0]])

    def _enter(self, asked: int) -> None:
        start, end = asked, asked + 1
        while start > 0 and start - 1 not in self._originals:
            start -= 1
        while end < self._plan.request.frames and end not in self._originals:
            end += 1
        self._gap = start, end
        self._before, self._after = self._side(start - 1, -1), self._side(end, 1)

    def _side(self, at: int, way: int) -> _Side | None:
        places: list[int] = []
        while at + way * len(places) in self._originals and len(places) < max(_GRAIN_FRAMES, LOOKED_BACK + 1):
            places.append(at + way * len(places))
        if len(places) < _LEAST:
            return None
        return _Side(at, [self._known.asked(*self._originals[place]) for place in reversed(places)])


def _between(asked: int, sides: list[tuple[int, Carrier]]) -> tuple[Frame, Share]:
    """What known frames, each at its place, show of a new one, and how much of each place they show."""
    carried = [(abs(asked - at), *carrier.at(abs(asked - at))) for at, carrier in sides]
    if len(carried) == 1:
        return carried[0][1:]
    (far, one, seen), (near, other, seen_too) = carried
    # Whoever is nearer in time counts more, and only what it shows.
    weights = seen * _eased(near / (near + far)), seen_too * _eased(far / (near + far))
    total = np.maximum(weights[0] + weights[1], 1e-4)
    share = (weights[1] / total)[..., None]
    return (one * (1 - share) + other * share + 0.5).astype(np.uint8), np.maximum(seen, seen_too)


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)
