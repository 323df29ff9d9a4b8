"""Takes of the cases, from words alone or with what is known of them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch

from ...previs_model import GUIDANCE, STEPS
from ..layers import VIEW
from ..model import PrevisModel
from ..shooting import Shooting
from ..training.batches import sketch
from .cases import FRAMES, RATE, Case, Frames
from .judges import GIVEN

_MIDDLE = FRAMES // 2
_SIZE = (256, 144)


class Taker:
    """Asks a model for one take a case; the case's number is its seed."""

    def __init__(self, model: PrevisModel) -> None:
        self._model = model

    def _takes(
        self, cases: Sequence[Case], known: Sequence[Frames], frames: Sequence[int] = (), panels: Sequence[int] = ()
    ) -> list[Frames]:
        held, drawn = np.zeros(FRAMES, np.bool_), np.zeros(FRAMES, np.bool_)
        held[list(frames)], drawn[list(panels)] = True, True
        takes = []
        for seed, (case, shown) in enumerate(zip(cases, known, strict=True)):
            shot = Shooting(self._model, case.words, RATE, seed, STEPS, GUIDANCE)
            large = np.stack([cv2.resize(frame, _SIZE, interpolation=cv2.INTER_CUBIC) for frame in shown])
            made = shot.frames(large, held, drawn, np.ones(FRAMES, np.float32), lambda *_: None)
            takes.append(np.stack([cv2.resize(f, VIEW[::-1], interpolation=cv2.INTER_AREA) for f in made]))
        return takes

    def from_words(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes of the words alone."""
        return self._takes(cases, [np.zeros_like(case.frames) for case in cases])

    def from_panels(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes of the words and a drawing of the middle frame."""
        known = []
        for seed, case in enumerate(cases):
            drawing = sketch(case.frames[_MIDDLE] / np.float32(255), np.random.default_rng(seed))
            known.append(np.broadcast_to((drawing * 255 + 0.5).astype(np.uint8), case.frames.shape).copy())
        return self._takes(cases, known, panels=(_MIDDLE,))

    def after(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes whose first frames are the drawn scenes'."""
        return self._takes(cases, [case.frames for case in cases], range(GIVEN))

    def before(self, cases: Sequence[Case]) -> list[Frames]:
        """Takes whose last frames are the drawn scenes'."""
        return self._takes(cases, [case.frames for case in cases], range(FRAMES - GIVEN, FRAMES))


def shuffle_weights(model: PrevisModel) -> None:
    """Exchanges every weight for another of its tensor: what is left is no model."""
    generator = torch.Generator().manual_seed(0)
    for network in (model.reader, model.eye, model.mover, model.plates, model.elements):
        for tensor in network.parameters():
            flat = tensor.data.flatten()
            tensor.data = flat[torch.randperm(len(flat), generator=generator)].view_as(tensor)
