"""New frames beside known ones: what these show of them, carried on, and elsewhere what a model made.

known frames ──► carried on (carry.py) ───────────────► picture, and how much of each place it shows
     └─► what travels there and is none of the pieces that are followed (objects.unfollowed)
                     └─► doubt, which grows frame by frame: there the model's frame is seen where it differs
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..frame import Frame
from .camera import Affine
from .carry import LOOKED_BACK, Carried, Carrier, Share
from .drops import Drops, drops_in
from .falling import Falling
from .fill import agreement, filled
from .grain import Grain, grain_of
from .hold import ways_back

GRAIN_FRAMES = 7
LEAST = 3  # known frames in a row that tell a motion; a single still leaves it to the model
_LEADS = 2.5, 3.0  # seconds from known frames, between which a model comes to lead that does not from the first
_SPREADS = 0.02  # of the width, each frame, by which a place that is doubted grows: what moved there moves on


@dataclass
class Side:
    """Known frames beside a gap, (height, width, 3 or 4 with alpha), the one at the seam last.

    `at` is its place on the take's axis, of so many frames a second.
    """

    at: int
    frames: Sequence[Frame]
    rate: float = 24.0

    @cached_property
    def carrier(self) -> Carrier:
        """Their pictures, carried along; without drops of rain or snow."""
        if self._drops is not None:
            return Carrier(self._drops.bare, self.grain, self.rate)  # whose ways no drop has led astray
        return Carrier(self._pictures, self.grain, self.rate, self._ways)

    @cached_property
    def matte(self) -> Carrier:
        """Their alpha, carried along as they are."""
        return self.carrier.of([np.repeat(frame[..., 3:], 3, 2) for frame in self.frames[-1 - LOOKED_BACK :]])

    @cached_property
    def grain(self) -> Grain:
        """What is to be laid on what is carried."""
        return grain_of([frame[..., :3] for frame in self.frames[-GRAIN_FRAMES:]])

    def grained(self, picture: Frame, seed: int) -> Frame:
        """A new picture, (height, width, 3), with their grain on it, as far as what is carried has it no more."""
        return self.grain.on(picture, seed, self.carrier.grain_left)

    @cached_property
    def falling(self) -> Falling | None:
        """The drops that fall on from them; None where none fall."""
        return None if self._drops is None else Falling(self._drops)

    @cached_property
    def _pictures(self) -> list[Frame]:
        return [frame[..., :3] for frame in self.frames[-1 - LOOKED_BACK :]]

    @cached_property
    def _ways(self) -> list[Affine]:
        return ways_back(self._pictures)

    @cached_property
    def _drops(self) -> Drops | None:
        if self.frames[-1].shape[2] == 4:  # no matte tells of them
            return None
        return drops_in(self._pictures, self._ways, float(self.grain.spread.max()))

    def doubt(self, steps: float) -> Share | None:
        """Where what is carried so many frames beyond the seam is not to be relied on, (height, width), 0 or 1."""
        import cv2

        away = self._from_unfollowed
        if away is None:
            return None
        height, width = self.frames[-1].shape[:2]
        grown = (away <= round(_SPREADS * away.shape[1] * (steps + 2))).astype(np.float32)
        return np.asarray(cv2.resize(grown, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)

    @cached_property
    def _from_unfollowed(self) -> Share | None:
        """How many pixels of its own each place lies from what could not be followed; None where all could."""
        import cv2

        moved = self.carrier.unfollowed
        if moved is None:
            return None
        return np.asarray(cv2.distanceTransform((moved < 0.5).astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def onward(sides: Sequence[Side], at: int, made: Frame, model_leads: bool) -> Frame:
    """A new frame at a place of the take's axis, without grain; with alpha where the sides have it.

    `made` is the model's, (height, width, 3). One that leads decides what is seen, and gets detail where it agrees; any
    other has that say only where the sides are in doubt, and none behind pieces: it may not have seen them leave. Some
    seconds away from all that is known it leads, too: what does not go on for ever as it went, only a model can tell.
    """
    guessing = not model_leads
    carried = [(side.at, side.carrier.at(abs(at - side.at), guessing)) for side in sides]
    picture, shown, front = _between(at, carried)
    if model_leads:
        trusted = agreement(picture, made)
        shown, front = shown * trusted, front * trusted
    elif (doubted := _doubted(sides, at)) is not None:
        trusted = 1 - doubted * (1 - agreement(picture, made))
        shown, front = shown * trusted, front * trusted
    new = filled(picture, shown, made, front)
    if not model_leads:  # one that does makes its own
        new = _rained_on(new, sides, at)
    if sides[0].frames[-1].shape[2] == 3:
        return new
    matte, known, front = _between(at, [(side.at, side.matte.at(abs(at - side.at), guessing)) for side in sides])
    return np.dstack([new, filled(matte, known, np.zeros_like(matte), front)[..., 0]])


def _rained_on(new: Frame, sides: Sequence[Side], at: int) -> Frame:
    """A new frame with the drops that fall on from both sides: nearer to one, more are its."""
    away = [abs(at - side.at) for side in sides]
    begin = 0.0
    for side, steps in zip(sides, away, strict=True):
        end = begin + (1.0 if len(sides) == 1 else 1 - steps / sum(away))
        if side.falling is not None:
            new = side.falling.on(new, steps, (begin, end))
        begin = end
    return new


def _doubted(sides: Sequence[Side], at: int) -> Share | None:
    """Where, and how far, 0 to 1, what is carried to a place is not to be relied on; None for nowhere.

    Of frames with alpha it always is: a model tells no matte.
    """
    if sides[0].frames[-1].shape[2] == 4:
        return None
    away = min(abs(at - side.at) / side.rate for side in sides)
    first, last = _LEADS
    led = np.float32(min(max((away - first) / (last - first), 0.0), 1.0))
    doubts = [doubt for side in sides if (doubt := side.doubt(abs(at - side.at))) is not None]
    if not doubts and led == 0:
        return None
    height, width = sides[0].frames[-1].shape[:2]
    return np.asarray(np.max([*doubts, np.full((height, width), led)], axis=0), np.float32)


def _between(at: int, sides: Sequence[tuple[int, Carried]]) -> Carried:
    """What known frames, each at its place, show of a new one, of what each side shows."""
    if len(sides) == 1:
        return sides[0][1]
    (far, (one, seen, front)), (near, (other, seen_too, front_too)) = [(abs(at - place), c) for place, c in sides]
    # Whoever is nearer in time counts more, and only what it shows.
    weights = seen * _eased(near / (near + far)), seen_too * _eased(far / (near + far))
    total = np.maximum(weights[0] + weights[1], 1e-4)
    share = np.asarray(weights[1] / total, np.float32)
    picture = one + (other.astype(np.float32) - one) * share[..., None]
    return Carried(
        (picture + 0.5).astype(np.uint8), np.maximum(seen, seen_too), front * (1 - share) + front_too * share
    )


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)
