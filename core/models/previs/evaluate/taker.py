"""Takes of the cases, from words alone or with what is known of them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import torch

from ....media.detail import cells_of
from ...previs_model import GUIDANCE, STEPS
from ..layers import GLIMPSE
from ..model import PrevisModel
from ..shooting import Known, Shooting, after_drawing
from ..training.batches import as_depth, sketch
from .cases import FRAMES, RATE, Case, Frames, nearness
from .seams import GIVEN, NEW, SIZE, Seam
from .seams import RATE as SEAM_RATE

_MIDDLE = FRAMES // 2
_SIZE = (256, 144)


class Taker:
    """Asks a model for one take a case; the case's number is its seed."""

    def __init__(self, model: PrevisModel) -> None:
        self._model = model

    def _takes(
        self, cases: Sequence[Case], known: Sequence[Frames], panels: Sequence[int] = (), depths: Sequence[Frames] = ()
    ) -> list[Frames]:
        held, drawn = np.zeros(FRAMES, np.bool_), np.zeros(FRAMES, np.bool_)
        drawn[list(panels)] = True
        takes = []
        for seed, (case, shown) in enumerate(zip(cases, known, strict=True)):
            shot = Shooting(self._model, case.words, RATE, seed, STEPS, GUIDANCE)
            depth = _large(depths[seed]) if depths else None
            given = dict(enumerate(_large(shown)))
            told = Known(_SIZE, given, held, drawn, np.ones(FRAMES, np.float32), depth)
            made = shot.frames(told, lambda *_: None)
            takes.append(np.stack([cv2.resize(f, GLIMPSE[::-1], interpolation=cv2.INTER_AREA) for f in made]))
        return takes

    def from_words(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes of the words alone."""
        return self._takes(cases, [np.zeros_like(case.frames) for case in cases])

    def from_panels(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes of the words and a drawing of the middle frame."""
        known = [np.broadcast_to(_drawing(seed, case), case.frames.shape).copy() for seed, case in enumerate(cases)]
        return self._takes(cases, known, (_MIDDLE,))

    def from_depth(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes of the words and the depth of all frames."""
        depths = []
        for seed, case in enumerate(cases):
            grey = as_depth(nearness(case), np.random.default_rng(seed))
            depths.append((grey * 255 + 0.5).astype(np.uint8))
        return self._takes(cases, [np.zeros_like(case.frames) for case in cases], depths=depths)

    def drawn_over(self, cases: Sequence[Case]) -> list[Frames]:
        """The drawn scenes, their middle frames with the lines of that drawing, as takes from panels have them."""
        clips = []
        for seed, case in enumerate(cases):
            frame, drawing = (
                cv2.resize(picture, _SIZE, interpolation=cv2.INTER_CUBIC)
                for picture in (case.frames[_MIDDLE], _drawing(seed, case))
            )
            clip = case.frames.copy()
            over = after_drawing(frame, drawing, 1.0, cells_of(drawing))
            clip[_MIDDLE] = cv2.resize(over, GLIMPSE[::-1], interpolation=cv2.INTER_AREA)
            clips.append(clip)
        return clips

    def beyond(self, seams: Sequence[Seam]) -> list[npt.NDArray[np.uint8]]:
        """The first new frame of each seam, at the size of its known ones."""
        count = GIVEN + NEW
        new = []
        for seed, seam in enumerate(seams):
            held = np.zeros(count, np.bool_)
            span = slice(NEW, count) if seam.head else slice(0, GIVEN)
            pictures = dict(zip(range(count)[span], _large(seam.known), strict=True))
            held[span] = True
            shot = Shooting(self._model, seam.case.words, SEAM_RATE, seed, STEPS, GUIDANCE)
            known = Known(_SIZE, pictures, held, np.zeros(count, np.bool_), np.ones(count, np.float32))
            made = shot.frames(known, lambda *_: None)
            first = made[NEW - 1] if seam.head else made[GIVEN]
            new.append(np.asarray(cv2.resize(first, SIZE, interpolation=cv2.INTER_AREA)))
        return new


def _large(frames: Frames) -> Frames:
    return np.stack([cv2.resize(frame, _SIZE, interpolation=cv2.INTER_CUBIC) for frame in frames])


def _drawing(seed: int, case: Case) -> npt.NDArray[np.uint8]:
    """A storyboard artist's drawing of a case's middle frame, of its size."""
    drawing = sketch(case.frames[_MIDDLE] / np.float32(255), np.random.default_rng(seed))
    return (drawing * 255 + 0.5).astype(np.uint8)


def shuffle_weights(model: PrevisModel) -> None:
    """Exchanges every weight for another of its tensor: what is left is no model."""
    generator = torch.Generator().manual_seed(0)
    for network in (model.reader, model.eye, model.mover, model.plates, model.elements):
        for tensor in network.parameters():
            flat = tensor.data.flatten()
            tensor.data = flat[torch.randperm(len(flat), generator=generator)].view_as(tensor)
