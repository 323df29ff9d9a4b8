"""Extensions judged where they begin: whether the first new frame moves on as the drawn scene does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..world.draw import draw_world
from ..world.scene import World
from . import looks
from .cases import Case, Frames

RATE = 24
GIVEN = 24  # known frames of an extension: as many as a clip's extension shows the model
NEW = 24
SIZE = (128, 72)
_NEAR, _SLOW = 0.1, 0.15  # how far from the true one, as a share of it and in pixels, the motion at a seam may be
_SEEN_MOVING = 0.3  # pixels a frame: slower motion has no direction to judge
_FEWEST = 48  # pixels of a subject whose motion is judged, or else the whole picture's


@dataclass(frozen=True)
class Seam:
    """Known frames (GIVEN, 72, 128, 3) of a case in the order of time, the true frame that follows, or comes before
    them at a head; and where its subject is in the known frame beside that one."""

    case: Case
    known: Frames
    true: npt.NDArray[np.uint8]
    region: npt.NDArray[np.bool_]
    head: bool

    @property
    def beside(self) -> npt.NDArray[np.uint8]:
        """The known frame beside the new one."""
        return np.asarray(self.known[0 if self.head else -1])

    def motion(self, new: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """How far the subject, or the whole picture, moves from the known frames to a new one, in pixels."""
        return looks.shift(self.beside, new, self.region)


def seam_of(case: Case, head: bool) -> Seam:
    """The seam in the middle of a case's scene, at 24 frames a second."""
    world: World = case.world.over(round(case.world.seconds * RATE) + 1)
    middle = world.frames // 2
    chosen = range(middle - 1, middle + GIVEN) if head else range(middle - GIVEN + 1, middle + 2)
    frames, mask = draw_world(world.at(chosen), SIZE[1], SIZE[0])
    known, true, beside = (frames[1:], frames[0], mask[1]) if head else (frames[:-1], frames[-1], mask[-2])
    subject = beside > 0.5
    alone = case.way != 0 and subject.sum() > _FEWEST
    return Seam(case, known, true, subject if alone else np.ones_like(subject), head)


def verdicts(seam: Seam, new: npt.NDArray[np.uint8]) -> tuple[bool, bool | None, bool]:
    """Whether the motion from the known frames to a new one is as fast as the true one; whether it goes its way, None
    where that is too slow to say; and whether it is the true motion, its way as exact as its speed.

    The motion is the subject's where it moves on its own, or else the whole picture's.
    """
    true, found = (seam.motion(frame) for frame in (seam.true, new))
    speed = float(np.hypot(*true))
    off = max(_NEAR * speed, _SLOW)
    as_fast, the_same = abs(float(np.hypot(*found)) - speed) <= off, float(np.hypot(*(found - true))) <= off
    return as_fast, bool(found @ true > 0) if speed >= _SEEN_MOVING else None, the_same
