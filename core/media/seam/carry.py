"""Known frames carried on along their motion, so that what they show stays as sharp as they show it.

    A-n ... A-1   A | 1   2   3 ...         A: the known frame at the seam; steps count from it, away from the known

What moves is taken apart: the camera, one affine motion (`camera.py`, `hold.py`), and pieces that move on their own
before a camera held still (`movers.py`, `objects.py`). Both go on as they went, the camera for some seconds. What no
known frame shows is left to others, or guessed from what is around it (`ground.py`). Grain is taken off what is carried
(`clean.py`), since it does not move with the picture: it is laid on anew.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from . import camera
from .clean import cleaned
from .forms import brush
from .grain import Grain
from .ground import ground_behind, rim_width
from .hold import ways_back
from .objects import Piece, pieces_of, unfollowed

Share = npt.NDArray[np.float32]

_STOOD = 0.9  # of a place, that a piece covered there: less was its edge
_TOUCHED = 0.02  # of a place, that another one covered there: more, and it shows
LOOKED_BACK = 12  # frames: slow motion, and what stood behind a subject, need as many
_GOES_ON, _RESTS = 3.0, 2.0  # seconds that a camera goes on as it went, and about which it then takes to come to rest
_SPEED_BACK = 6  # frames over which the camera's speed is measured: longer is more exact, and later to see a change


def gone_on(seconds: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
    """For how many seconds at its measured speed a camera has gone by then, either way: what is measured a little wrong
    would lead far astray in the end."""
    beyond = np.maximum(np.abs(seconds) - _GOES_ON, 0)
    slower: npt.NDArray[np.floating[Any]] = _RESTS * (1 - np.exp(-beyond / _RESTS))
    return np.asarray(np.sign(seconds) * (np.minimum(np.abs(seconds), _GOES_ON) + slower))


class Carried(NamedTuple):
    """A picture that known frames tell, (height, width, 3), and of each place, 0 to 1, how much of it they show, and
    how much of that is a piece which lies in front."""

    picture: Frame
    shown: Share
    front: Share


class Carrier:
    """The frames at a seam, (height, width, 3) uint8 each, the one at the seam last; LOOKED_BACK + 1 tell most.

    They are of a `rate` of frames a second. Where their `grain` is given it is taken off what `at` shows, and the same
    amount is to be laid on again. Of its power a share, `grain_left`, is still there.
    `unfollowed` is where something moves that could not be followed, and so is not carried right; None for nowhere.
    The `ways` that lead back from the last (`ways_back`) are sought where they are not given.
    """

    def __init__(
        self,
        frames: Sequence[Frame],
        grain: Grain | None = None,
        rate: float = 24.0,
        ways: Sequence[camera.Affine] | None = None,
    ) -> None:
        self._rate = rate
        frames = [*frames[-1 - LOOKED_BACK :]]
        ways = ways_back(frames) if ways is None else ways
        back = min(len(frames) - 1, _SPEED_BACK)
        self._camera = camera.power(ways[back], -1 / back) if back else np.eye(3)
        self._ways, self._pieces = ways, pieces_of(frames, ways)
        self.unfollowed = unfollowed(frames, ways, self._pieces)
        grainy = grain is not None and grain.seen
        self._face, self.grain_left = frames[-1], 0.0
        if grain is not None:
            self._face, self.grain_left = cleaned(frames, ways, self._pieces, grain)
        self._ground, self._known = self._behind(frames, not grainy)

    def of(self, pictures: Sequence[Frame]) -> Carrier:
        """The same motions, of other pictures of the same frames: their mattes."""
        other = copy.copy(self)
        other._face = pictures[-1]
        other._ground, other._known = other._behind(pictures, True)
        return other

    def _behind(self, frames: Sequence[Frame], youngest: bool) -> tuple[Frame, Share]:
        if not self._pieces:
            return self._face, np.ones(self._face.shape[:2], np.float32)
        return ground_behind(frames, self._ways, self._pieces, self._face, youngest)

    def at(self, steps: float, guessing: bool = False) -> Carried:
        """What they show so many frames beyond the seam; `guessing`, as if they showed what is behind pieces, too, and
        knew when the camera comes to rest."""
        import cv2

        gone = float(gone_on(np.array(steps / self._rate))) * self._rate if guessing else steps
        back = camera.power(self._camera, -gone)
        picture = camera.laid(self._ground, back, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)
        known = np.ones_like(self._known) if guessing else self._known
        shown = camera.laid(known, back, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
        front = np.zeros_like(shown)
        there = [each for piece in self._pieces if (each := self._arrived(piece, steps, back)) is not None]
        for piece, box, _, cover in there:  # under all of them: one's rim is no part of another
            picture[box] = self._with_rim(picture[box], piece, box, back, cover)
        for piece, box, came, cover in there:
            # A piece that was cut by the picture's edge shows no more of itself as it comes in.
            beyond = camera.patch(piece.cover, came, box, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE) - cover
            subject = camera.patch(self._face, came, box, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)
            picture[box] = _mixed(picture[box], subject, cover)
            shown[box] = np.maximum(shown[box] * (1 - np.clip(beyond, 0, 1)), cover)
            front[box] = np.maximum(front[box], cover)
        return Carried(picture, shown, front)

    def _arrived(
        self, piece: Piece, steps: float, back: camera.Affine
    ) -> tuple[Piece, camera.Box, camera.Affine, Share] | None:
        """A piece, the box that it and its rim are in by then, the way back from there, and its cover; None outside."""
        import cv2

        came = camera.power(piece.motion, -steps) @ back
        box = camera.box_after(piece.cover, came)
        if box is None:
            return None
        wide = rim_width(piece.cover.shape[1])
        grown = [
            slice(max(0, side.start - wide), min(end, side.stop + wide))
            for side, end in zip(box, piece.cover.shape, strict=True)
        ]
        box = grown[0], grown[1]
        return piece, box, came, camera.patch(piece.cover, came, box, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)

    def _with_rim(self, ground: Frame, piece: Piece, box: camera.Box, back: camera.Affine, cover: Share) -> Frame:
        """A box of the ground: beside a piece, as long as it is there, as it looks in the frame at the seam."""
        import cv2

        around = brush(2 * rim_width(piece.cover.shape[1]) + 1)
        bare = camera.patch(piece.cover, back, box, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT) < _STOOD
        for other in self._pieces:
            if other is not piece:  # where that one stood, there was nothing beside this one
                stood = camera.patch(other.cover, back, box, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
                bare &= cv2.dilate(stood, around) < _TOUCHED
        beside = cv2.dilate(cover, around) * bare
        return _mixed(ground, camera.patch(self._face, back, box, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE), beside)


def _mixed(under: Any, over: Any, share: Share) -> Frame:
    import cv2

    return np.asarray(cv2.blendLinear(over, np.ascontiguousarray(under), share, 1 - share), np.uint8)
