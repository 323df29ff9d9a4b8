"""What is thin, light, and seen in one frame alone: drops of rain, flakes of snow, and little else.

frame -2   '   .  '     others, laid over a frame along the camera's motion, lack what it has
frame -1  .  '   '
frame  0    '  .   '
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..frame import Frame
from . import camera

Marks = npt.NDArray[np.uint8]  # 1 or 0 for each place
Grey = npt.NDArray[np.uint8]

_WIDEST = 960  # it is sought at this width
_THIN = 0.016  # of the width: what is wider all ways is not thin
_LONGEST = 0.12  # of the width
_LEAST = 3  # pixels
_LIGHTER = 12.0  # code values
_OF_GRAIN = 6.0  # times its spread: less is grain
_APART, _OTHERS = 2, 4  # frames from one to the nearest that it is held against, and how many those are
_UNSEEN = 255  # what stands for a place that another frame does not see
_ABOUT = 0.012  # of the width, around what moves otherwise, in which the thin may be a part of that
_STANDS = 0.3  # of what is told, that may lie in there
_FAINTER = 0.5  # of what tells one: as far as that, it reaches


class Lone:
    """Frames (height, width, 3) that follow each other, and the `ways` that lead back from the last (`ways_back`).

    `grain` is its spread in code values. A frame is told by how many frames `back` from the last it is.
    """

    def __init__(self, frames: Sequence[Frame], ways: Sequence[camera.Affine], grain: float) -> None:
        self._frames, self.lighter = frames[::-1], max(_LIGHTER, _OF_GRAIN * grain)
        height, width = frames[-1].shape[:2]
        shrunk = min(1.0, _WIDEST / max(height, width))
        self._size = max(16, round(width * shrunk)), max(16, round(height * shrunk))
        self._ways = [camera.scaled(way, shrunk) for way in ways]
        self._looks: dict[int, tuple[Grey, Grey]] = {}

    def beside(self, back: int) -> list[int]:
        """The frames that one is held against: near, and yet such that what falls has moved on in them."""
        others = [other for other in range(len(self._frames)) if abs(other - back) >= _APART]
        return sorted(others, key=lambda other: abs(other - back))[:_OTHERS]

    def marked(self, back: int, guessing: bool = False) -> tuple[Marks, Grey]:
        """Where a frame has what half of the others lack, at the width that it is sought at; and the frame in grey,
        white where that can't be told. `guessing`, what they do not see is told by being thin and light alone."""
        import cv2

        grey, thin = self._look(back)
        others = [self._laid(other, back) for other in self.beside(back)]
        whole = [each for each, _ in others]
        usual, usual_thin = (_second(each, cv2.min, cv2.max) for each in (whole, [each for _, each in others]))
        most = _second(whole, cv2.max, cv2.min)
        if guessing:
            usual, usual_thin, most = (
                np.where(each == _UNSEEN, guess, each)
                for each, guess in ((usual, grey - thin), (usual_thin, np.zeros_like(thin)), (most, grey))
            )
        lighter = cv2.subtract(grey, usual)
        sure = cv2.min(lighter, cv2.subtract(thin, usual_thin))
        moved = self._moved(cv2.max(cv2.subtract(most, grey), cv2.subtract(lighter, thin)))
        return self._fitting(sure, moved), np.asarray(cv2.max(usual, moved * 255), np.uint8)

    def _fitting(self, sure: Grey, moved: Marks) -> Marks:
        """What is thin, light and alone by so many code values, as far as it reaches; where it has a drop's size, and
        nothing else moves."""
        import cv2

        faint = (sure > self.lighter * _FAINTER).astype(np.uint8)
        _, names, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
        count, longest = len(stats), _LONGEST * self._size[0]
        fits = (stats[:, 4] >= _LEAST) & (stats[:, 2] <= longest) & (stats[:, 3] <= longest)
        fits &= np.bincount(names[sure > self.lighter], minlength=count) > 0
        fits &= np.bincount(names[moved > 0], minlength=count) <= _STANDS * stats[:, 4]
        fits[0] = False
        return np.asarray(fits[names], np.uint8)

    def _moved(self, differs: Grey) -> Marks:
        """Around what differs otherwise than by something thin and light: the scene moves there on its own."""
        import cv2

        changed = (differs > self.lighter).astype(np.uint8)
        opened = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
        return np.asarray(cv2.dilate(opened, np.ones((2 * round(_ABOUT * self._size[0]) + 1,) * 2, np.uint8)), np.uint8)

    def _look(self, back: int) -> tuple[Grey, Grey]:
        """A frame in grey, and by how much its thin places are lighter than what is around them."""
        import cv2

        if back not in self._looks:
            small = cv2.resize(self._frames[back], self._size, interpolation=cv2.INTER_AREA)
            grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
            side = round(_THIN * self._size[0]) | 1
            self._looks[back] = grey, cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, np.ones((side, side), np.uint8))
        return self._looks[back]

    def _laid(self, other: int, back: int) -> tuple[Grey, Grey]:
        """How another frame looks, laid over one, its thin places a little wider; what it does not see is white."""
        import cv2

        way = self._ways[other] @ np.linalg.inv(self._ways[back])
        grey, thin = self._look(other)
        wider = cv2.dilate(thin, np.ones((3, 3), np.uint8))
        whole, narrow = (
            camera.laid(each, way, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, _UNSEEN) for each in (grey, wider)
        )
        return whole, narrow


def _second(four: Sequence[Grey], less: Any, more: Any) -> Grey:
    """The second least of four pictures, place by place, or with both the other way round the second most."""
    a, b, c, d = four
    return np.asarray(less(more(less(a, b), less(c, d)), less(more(a, b), more(c, d))), np.uint8)
