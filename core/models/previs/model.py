"""The previs model ready for use: from words and what is known to layers. No world, no captioner.

First the moves are planned, with the elements where a known picture shows them; then the plate is painted for them,
then each element for its moves and the plate's light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .eye import Eye, placed
from .hops import Hop, hop_of
from .layers import ELEMENT, HOPPING, MOVE_NUMBERS, NEAREST, PLATE, POSES, SLOTS, Box, Layers, Moves, said
from .mover import Mover
from .painter import Painter
from .reader import Heard, Reader
from .sampler import guided, levels, solve
from .telling import (
    Floats,
    element_box,
    element_told,
    glimpse_of,
    known_element,
    known_plate,
    known_view,
    moment_told,
    plate_told,
)
from .text import Vocabulary
from .weight_files import FOLDER, PARTS, read_part, read_vocabulary

OnStep = Callable[[int, int, npt.NDArray[np.uint8]], None]
STAGES = 3
_FAINT = 0.06  # of a matte: what is left of the noise that it was made of
_MIDDLE = 0.5  # the reference moment of a take of which no frame is known
_UNMEANT = 0.06  # of a camera track, from end to end: noise leaves 0.04 of one that stands, the least drawn is 0.09
# Of the guidance, for moves: they obey without it, and sizes are exaggerated by it (measured: 1.5 times at 1, 2 at 2).
_MOVES_GUIDED = 0.2


@dataclass(frozen=True)
class Seen:
    """A picture of VIEW's rows, 0 to 1, known of a take at a moment: the frame itself, a drawing of it, or its depth,
    as `known_view` has them."""

    moment: float
    picture: Floats
    kind: str


class _Run:
    """One take's way through the networks: its words, its noise, and how far it is."""

    def __init__(self, heard: Heard, seed: int, path: list[float], guidance: float, on_step: OnStep | None) -> None:
        self.heard, self.guidance = heard, guidance
        self._path, self._steps, self._on_step = path, len(path) - 1, on_step
        self._generator = torch.Generator().manual_seed(seed)
        self._begun = 0
        self.shown = np.zeros((*PLATE, 3), np.uint8)

    def made(self, network: Any, shape: tuple[int, ...], known: Floats, told: Floats, guidance: float) -> Tensor:
        """What a network makes of noise; shape, known and told (batch, …)."""
        device = self.heard.whole.device
        noise = torch.randn(shape, generator=self._generator).to(device)
        seen, numbers = (torch.from_numpy(given).to(device) for given in (known, told))
        predict = guided(network, self.heard.each(len(known)), seen, numbers, guidance)
        clean = solve(predict, noise, self._path, self._tell)
        self._begun += self._steps
        return clean

    def skip(self) -> None:
        """A stage that has nothing to make."""
        self._begun += self._steps
        self._tell(0, None)

    def _tell(self, done: int, clean: Tensor | None) -> None:
        if clean is not None and clean.shape[1:] == (4, *PLATE):
            self.shown = (_unit(clean[0, :3]).transpose(1, 2, 0) * 255 + 0.5).astype(np.uint8)
        if self._on_step is not None:
            self._on_step(self._begun + done, STAGES * self._steps, self.shown)


class PrevisModel:
    """The built-in model, loaded."""

    def __init__(
        self,
        networks: Mapping[str, Any],
        vocabulary: Vocabulary,
        device: torch.device,
        path: Callable[[int], list[float]] = levels,
    ) -> None:
        """Of networks by `weight_files.PARTS`, the reader's words, and the noise levels of so many steps."""
        self.device, self.vocabulary, self._path = device, vocabulary, path
        self.reader: Reader = networks["reader"].to(device)
        self.eye: Eye = networks["eye"].to(device)
        self.mover: Mover = networks["moves"].to(device)
        self.plates: Painter = networks["plate"].to(device)
        self.elements: Painter = networks["elements"].to(device)

    @classmethod
    def load(cls, folder: Path = FOLDER) -> PrevisModel:
        """Of a weights' folder, the package's own without one."""
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return cls({part: read_part(part, folder)[0] for part in PARTS}, read_vocabulary(folder), device)

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
        beside: Mapping[float, Floats] | None = None,
    ) -> Layers:
        """A take's layers. `on_step(done, steps, picture)` sees the plate as it forms; what it raises ends the take
        within that step. The same seed gives the same layers. `beside` are further known frames, by how many seconds
        they come after the one that is `seen`."""
        words = torch.tensor([self.vocabulary.encode(prompt), self.vocabulary.encode("")])
        run = _Run(self.reader(words.to(self.device)), seed, self._path(steps), guidance, on_step)
        reference = _MIDDLE if seen is None else seen.moment
        view = known_view(None) if seen is None else known_view(seen.picture, seen.kind)
        moves = self._moves(run, view, reference, seconds)
        if seen is not None:
            boxes = self._boxes(view, run.heard)
            moves = placed(moves, boxes, reference, seconds, self._hops(run.heard, moves, boxes, beside))
        numbers = moves.to_numbers()
        scaled = self.mover.scaled(torch.from_numpy(numbers).to(self.device)).cpu().numpy() * said(numbers)
        plate = self._plate(run, view, plate_told(scaled, reference, seconds))
        where = {
            slot: element_box(moves, slot, reference, move.up(reference * seconds))
            for slot, move in enumerate(moves.elements)
            if move is not None
        }
        return Layers(plate, self._elements(run, view, where, scaled, plate), moves, reference, seconds)

    @torch.inference_mode()
    def seen(self, prompt: str, pictures: Sequence[Seen]) -> list[list[Box | None]]:
        """Where each slot's element of a prompt is seen in each picture, in frame heights."""
        heard = self.reader(torch.tensor([self.vocabulary.encode(prompt)]).to(self.device))
        return [self._boxes(known_view(each.picture, each.kind), heard) for each in pictures]

    def _boxes(self, view: Floats, heard: Heard) -> list[Box | None]:
        return self.eye.boxes(torch.from_numpy(glimpse_of(view))[None].to(self.device), heard)

    def _hops(
        self, heard: Heard, moves: Moves, here: list[Box | None], beside: Mapping[float, Floats] | None
    ) -> dict[int, Hop] | None:
        """How elements that should hop do, by slot, in known frames beside one where they are seen `here`; None where
        there are no others."""
        if not beside:
            return None
        should = [slot for slot, move in enumerate(moves.elements) if move is not None and move.hop > HOPPING]
        every = [here, *(self._boxes(known_view(picture), heard) for picture in beside.values() if should)]
        found: dict[int, Hop] = {}
        for slot in should:
            move = moves.elements[slot]
            assert move is not None  # it is one that should hop
            hop = hop_of([0.0, *beside], [boxes[slot] for boxes in every], move.cadence)
            if hop is not None:
                found[slot] = hop
        return found

    def _moves(self, run: _Run, view: Floats, reference: float, seconds: float) -> Moves:
        told = moment_told(reference, seconds)[None]
        guidance = 1 + _MOVES_GUIDED * (run.guidance - 1)
        planned = run.made(self.mover, (1, MOVE_NUMBERS), glimpse_of(view)[None], told, guidance)
        return Moves.from_numbers(self.mover.unscaled(planned)[0].float().cpu().numpy()).steadied(_UNMEANT)

    def _plate(self, run: _Run, view: Floats, told: Floats) -> Floats:
        made = run.made(self.plates, (1, 4, *PLATE), known_plate(view)[None], told[None], run.guidance)
        plate = _unit(made[0]).transpose(1, 2, 0)
        plate[..., 3] *= NEAREST
        return plate

    def _elements(self, run: _Run, view: Floats, where: Mapping[int, Box], scaled: Floats, plate: Floats) -> Floats:
        elements = np.zeros((SLOTS, POSES, *ELEMENT, 4), np.float32)
        there = list(where)
        if not there:
            run.skip()
            return elements
        known = np.stack([known_element(view, box) for box in where.values()])
        told = np.stack([element_told(scaled, slot, plate) for slot in there])
        drawn = run.made(self.elements, (len(there), POSES * 4, *ELEMENT), known, told, run.guidance)
        elements[there] = _cut_clean(_unit(drawn).reshape(len(there), POSES, 4, *ELEMENT).transpose(0, 1, 3, 4, 2))
        return elements


def _cut_clean(elements: Floats) -> Floats:
    """Elements (…, 4) without what noise left around them: a matte that is all but 0 or 1 is, and no colour is brighter
    than its matte lets it be, which would glow at the edges."""
    matte = elements[..., 3:]
    clean = np.clip((matte - _FAINT) / (1 - 2 * _FAINT), 0, 1)
    colours = np.minimum(elements[..., :3], matte) * (clean / np.maximum(matte, _FAINT))
    return np.concatenate([colours, clean], -1)


def _unit(values: Tensor) -> Floats:
    """-1 to 1 as 0 to 1."""
    return ((values.float().clamp(-1, 1) + 1) / 2).cpu().numpy()
