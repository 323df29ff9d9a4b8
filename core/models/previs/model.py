"""The previs model ready for use: from words and what is known to frames. No world, no captioner.

First the moves are planned, with the elements where a known picture shows them; then the plate is painted for them,
then each element for its moves and the plate's light. What comes of it is composited, at any size and rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..device import bfloat16_is_fast
from .eye import Eye
from .layers import ELEMENT, MOVE_NUMBERS, NEAREST, PLATE, POSES, SLOTS, Layers, Moves, placed
from .mover import Mover
from .painter import Painter
from .reader import Heard, Reader
from .sampler import solve
from .telling import (
    Floats,
    element_box,
    element_told,
    known_element,
    known_plate,
    known_view,
    moment_told,
    plate_told,
)
from .text import Vocabulary
from .weight_files import FOLDER, read_part, read_vocabulary

OnStep = Callable[[int, int, npt.NDArray[np.uint8]], None]
_MIDDLE = 0.5  # the reference moment of a take of which no frame is known
STAGES = 3
# Of the guidance, for moves: they obey without it, and sizes are exaggerated by it (measured: 1.5 times at 1, 2 at 2).
_MOVES_GUIDED = 0.2


@dataclass(frozen=True)
class Seen:
    """A picture (*VIEW, 3), 0 to 1, known of a take at a moment: the frame itself, or a drawing of it."""

    moment: float
    picture: Floats
    drawing: bool


class PrevisModel:
    """The built-in model, loaded."""

    def __init__(self, folder: Path | None = None) -> None:
        """Of a weights' folder, the package's own without one."""
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._half = bfloat16_is_fast(self.device.type)
        self.vocabulary: Vocabulary = read_vocabulary(folder or FOLDER)
        self.reader: Reader = self._part("reader", folder)
        self.eye: Eye = self._part("eye", folder)
        self.mover: Mover = self._part("moves", folder)
        self.plates: Painter = self._part("plate", folder)
        self.elements: Painter = self._part("elements", folder)

    def _part(self, name: str, folder: Path | None) -> Any:
        return read_part(name, folder or FOLDER)[0].to(self.device)

    @torch.inference_mode()
    def layers(
        self,
        prompt: str,
        seconds: float,
        seen: Seen | None,
        seed: int,
        steps: int,
        guidance: float,
        on_step: OnStep | None = None,
    ) -> Layers:
        """A take's layers. `on_step(done, steps, picture)` sees the plate as it forms; what it raises ends the take
        within that step. The same seed gives the same layers."""
        heard = self.reader(torch.tensor([self.vocabulary.encode(prompt), self.vocabulary.encode("")]).to(self.device))
        generator = torch.Generator().manual_seed(seed)
        shown = np.zeros((PLATE[0], PLATE[1], 3), np.uint8)
        begun = 0

        def tell(done: int, clean: Tensor) -> None:
            nonlocal shown
            if clean.ndim == 4 and clean.shape[1] == 4:
                shown = ((_unit(clean[0, :3]).transpose(1, 2, 0)) * 255 + 0.5).astype(np.uint8)
            if on_step is not None:
                on_step(begun + done, STAGES * steps, shown)

        def run(network: Any, shape: tuple[int, ...], known: Floats, told: Floats, drawn_by: float = 1.0) -> Tensor:
            noise = torch.randn(shape, generator=generator).to(self.device)
            fixed = torch.from_numpy(known).to(self.device), torch.from_numpy(told).to(self.device)
            strength = 1 + drawn_by * (guidance - 1)
            return solve(self._guided(network, heard, *fixed, strength), noise, steps, tell)

        reference = _MIDDLE if seen is None else seen.moment
        view = known_view(None, False) if seen is None else known_view(seen.picture, seen.drawing)
        when = moment_told(reference, seconds)
        scaled = run(self.mover, (1, MOVE_NUMBERS), view[None], when[None], _MOVES_GUIDED)
        moves = Moves.from_numbers(self.mover.unscaled(scaled)[0].float().cpu().numpy())
        if seen is not None:
            boxes = self.eye.boxes(torch.from_numpy(view)[None].to(self.device), heard)
            moves = placed(moves, boxes, reference)
        own = self.mover.scaled(torch.from_numpy(moves.to_numbers())[None].to(self.device))
        numbers = (own[0].float().cpu().numpy() * moves.said()).astype(np.float32)

        begun = steps
        told = plate_told(numbers, reference, seconds)
        made = run(self.plates, (1, 4, *PLATE), known_plate(view)[None], told[None])
        plate = _unit(made[0]).transpose(1, 2, 0)
        plate[..., 3] *= NEAREST

        begun = 2 * steps
        layers = np.zeros((SLOTS, POSES, *ELEMENT, 4), np.float32)
        there = [slot for slot in range(SLOTS) if moves.elements[slot] is not None]
        if there:
            known = np.stack([known_element(view, element_box(moves, slot, reference)) for slot in there])
            stories = np.stack([element_told(numbers, slot, plate) for slot in there])
            drawn = run(self.elements, (len(there), POSES * 4, *ELEMENT), known, stories)
            layers[there] = _unit(drawn).reshape(len(there), POSES, 4, *ELEMENT).transpose(0, 1, 3, 4, 2)
        elif on_step is not None:
            on_step(STAGES * steps, STAGES * steps, shown)
        return Layers(plate, layers, moves, reference, seconds)

    def _guided(
        self, network: Any, heard: Heard, known: Tensor, told: Tensor, guidance: float
    ) -> Callable[[Tensor, Tensor], Tensor]:
        """A network's prediction drawn away from what it would be without words (classifier-free guidance, Ho &
        Salimans, 2022)."""

        def predict(noisy: Tensor, level: Tensor) -> Tensor:
            count = len(noisy)
            both = Heard(*(tensor.repeat_interleave(count, 0) for tensor in heard))
            twice = (torch.cat([tensor] * 2) for tensor in (known, told))
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self._half):
                worded, bare = network(torch.cat([noisy] * 2), torch.cat([level] * 2), both, *twice).chunk(2)
            return torch.as_tensor(bare + guidance * (worded - bare)).clamp(-6, 6)

        return predict


def _unit(values: Tensor) -> Floats:
    """-1 to 1 as 0 to 1."""
    return ((values.float().clamp(-1, 1) + 1) / 2).cpu().numpy()
