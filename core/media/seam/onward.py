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
from .carry import LOOKED_BACK, Carried, Carrier, Share
from .fill import agreement, filled
from .grain import Grain, grain_of

GRAIN_FRAMES = 7
LEAST = 3  # known frames in a row that tell a motion; a single still leaves it to the model
_SPREADS = 0.02  # of the width, each frame, by which a place that is doubted grows: what moved there moves on


@dataclass
class Side:
    """Known frames beside a gap, (height, width, 3 or 4 with alpha), the one at the seam last.

    `at` is its place on the take's axis.
    """

    at: int
    frames: Sequence[Frame]

    @cached_property
    def carrier(self) -> Carrier:
        """Their pictures, carried along."""
        return Carrier([frame[..., :3] for frame in self.frames[-1 - LOOKED_BACK :]], self.grain)

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

    def doubt(self, steps: float) -> Share | None:
        """Where what is carried so many frames beyond the seam is not to be relied on, (height, width), 0 or 1."""
        import cv2

        moved = self.carrier.unfollowed
        if moved is None or self.frames[-1].shape[2] == 4:
            return None
        height, width = self.frames[-1].shape[:2]
        reach = 2 * round(_SPREADS * moved.shape[1] * (steps + 2)) + 1
        grown = cv2.dilate(moved, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
        return np.asarray(cv2.resize(grown, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def onward(sides: Sequence[Side], at: int, made: Frame, model_leads: bool) -> Frame:
    """A new frame at a place of the take's axis, without grain; with alpha where the sides have it.

    `made` is the model's, (height, width, 3). One that leads decides what is seen, and gets detail where it agrees; any
    other has that say only where the sides are in doubt, and none behind pieces: it may not have seen them leave.
    """
    guessing = not model_leads
    carried = [(side.at, side.carrier.at(abs(at - side.at), guessing)) for side in sides]
    picture, shown, front = _between(at, carried)
    if model_leads:
        trusted = agreement(picture, made)
        shown, front = shown * trusted, front * trusted
    elif doubts := [doubt for side in sides if (doubt := side.doubt(abs(at - side.at))) is not None]:
        trusted = 1 - np.max(doubts, axis=0) * (1 - agreement(picture, made))
        shown, front = shown * trusted, front * trusted
    new = filled(picture, shown, made, front)
    if sides[0].frames[-1].shape[2] == 3:
        return new
    matte, known, front = _between(at, [(side.at, side.matte.at(abs(at - side.at), guessing)) for side in sides])
    return np.dstack([new, filled(matte, known, np.zeros_like(matte), front)[..., 0]])


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
