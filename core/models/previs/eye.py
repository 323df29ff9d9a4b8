"""The network that finds elements in a known picture: where its main subject stands in a panel, and the second one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from .hops import Hop
from .layers import GLIMPSE, HOPPING, SLOTS, Box, Moves, arc, box_at, distance_at
from .painter import KNOWN
from .reader import Heard

CELL = 4  # pixels of the glimpse, down and across, of a place where an element's middle may be
GRID = (GLIMPSE[0] // CELL, GLIMPSE[1] // CELL)
NOWHERE = math.prod(GRID)
_SIDES = 4
_SAME = 0.5  # of two boxes that share so much, one is taken


@dataclass(frozen=True)
class Shape:
    """What the weights were made for."""

    width: int = 96
    words: int = 256


class Eye(nn.Module):
    """Looks at a glimpse of a known picture with the words in mind."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.fine = nn.Conv2d(KNOWN, 32, 3, padding=1)
        self.halved = nn.Conv2d(32, 64, 3, 2, padding=1)
        self.hear = nn.Linear(shape.words, 64)
        self.forms = nn.Conv2d(64, 64, 3, padding=1)
        self.coarse = nn.Conv2d(64, width, 3, 2, padding=1)
        self.hear_again = nn.Linear(shape.words, width)
        self.around = nn.ModuleList(nn.Conv2d(width, width, 3, padding=d, dilation=d) for d in (1, 2, 4))
        self.spots = nn.Parameter(torch.zeros(width, *GRID))
        self.tell = nn.Conv2d(width, SLOTS * (1 + _SIDES), 1)
        self.nowhere = nn.Linear(width, SLOTS)

    def forward(self, known: Tensor, heard: Heard) -> tuple[Tensor, Tensor]:
        """Logits of where each element's middle is, nowhere last, (batch, SLOTS, NOWHERE + 1), and its box there,
        (batch, SLOTS, 4, *GRID): its middle from the place's, the logarithms of its sides."""
        x = functional.gelu(self.fine(known))
        x = functional.gelu(self.halved(x) + self.hear(heard.whole)[..., None, None])
        x = x + functional.gelu(self.forms(x))
        x = functional.gelu(self.coarse(x) + self.hear_again(heard.whole)[..., None, None] + self.spots)
        for look in self.around:
            x = x + functional.gelu(look(x) + x.mean((2, 3), keepdim=True))
        told = self.tell(x).float().unflatten(1, (SLOTS, 1 + _SIDES))
        logits = torch.cat([told[:, :, 0].flatten(2), self.nowhere(x.mean((2, 3))).float()[..., None]], 2)
        return logits, told[:, :, 1:]

    @torch.inference_mode()
    def boxes(self, known: Tensor, heard: Heard) -> list[Box | None]:
        """Each slot's box in one known picture (1, KNOWN, *GLIMPSE), left, top, right, bottom in frame heights; None
        where none is seen."""
        logits, sides = self(known, heard.first(1))
        found: list[Box | None] = []
        for place, side in zip(logits[0].argmax(1).tolist(), sides[0], strict=True):
            if place == NOWHERE:
                found.append(None)
                continue
            row, column = divmod(place, GRID[1])
            x, y, across, down = side[:, row, column].tolist()
            at_x, at_y = middle_of(place)
            half_x, half_y = math.exp(min(across, 2.5)) / 2, math.exp(min(down, 2.5)) / 2
            found.append((at_x + x - half_x, at_y + y - half_y, at_x + x + half_x, at_y + y + half_y))
        return found


def middle_of(place: int) -> tuple[float, float]:
    """The middle of a place, in frame heights."""
    row, column = divmod(place, GRID[1])
    return ((column + 0.5) * CELL - GLIMPSE[1] / 2) / GLIMPSE[0], ((row + 0.5) * CELL - GLIMPSE[0] / 2) / GLIMPSE[0]


def place_of(box: Box) -> int:
    """The place of the middle of what the view shows of a box; NOWHERE where it shows nothing."""
    wide = GLIMPSE[1] / GLIMPSE[0] / 2
    left, top, right, bottom = max(box[0], -wide), max(box[1], -0.5), min(box[2], wide), min(box[3], 0.5)
    if right - left < 0.01 or bottom - top < 0.01:
        return NOWHERE
    row = min(int(((top + bottom) / 2 + 0.5) * GLIMPSE[0] / CELL), GRID[0] - 1)
    return row * GRID[1] + min(int(((left + right) / 2 + wide) * GLIMPSE[0] / CELL), GRID[1] - 1)


def _shared(one: Box, other: Box) -> float:
    """How much of the smaller of two boxes lies in the other, 0 to 1."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(0.0, across) * max(0.0, down) / max(least, 1e-6)


def placed(
    moves: Moves, boxes: Sequence[Box | None], moment: float, seconds: float, hops: Mapping[int, Hop] | None = None
) -> Moves:
    """The same moves of so many seconds, their elements in these boxes of the view at a moment; left out where none is
    seen that should be.

    `hops` are those that known frames tell of, by slot, and then nothing else hops. Where only one picture is known,
    None, what should hop and is seen above its ground is in the air, on its way up.
    """
    boxes = [hops[slot].box if hops and slot in hops else box for slot, box in enumerate(boxes)]
    wide = GLIMPSE[1] / GLIMPSE[0] / 2
    elements = list(moves.elements)
    for slot, box in enumerate(boxes):
        element = elements[slot]
        if element is None:
            continue
        left, top, right, bottom = box_at(moves, slot, moment)
        if box is not None and any(_shared(box, other) > _SAME for other in boxes[:slot] if other is not None):
            elements[slot] = None  # one thing, seen twice
            continue
        if box is None:
            inside = right > -wide and left < wide and bottom > -0.5 and top < 0.5
            elements[slot] = None if inside else element
            continue
        distance = distance_at(moves, slot, moment)
        if hops is None:
            hop, often = (element.hop if element.hop > HOPPING else 0.0), element.cadence
            higher = min(max((bottom - box[3]) * distance, 0.0), hop)
            over = (1 - math.sqrt(1 - higher / hop)) / 2 if higher else 0.0  # `arc` turned round
        else:
            told = hops.get(slot, Hop(0.0, element.cadence, 0.0, box))
            hop, often, over = told.height * distance, told.often, told.over
            higher = hop * arc(over)
        elements[slot] = replace(
            element,
            x=element.x + (box[0] + box[2] - left - right) / 2 * distance,
            foot=element.foot - (box[3] - bottom) * distance - higher,
            width=(box[2] - box[0]) * distance,
            height=(box[3] - box[1]) * distance,
            hop=hop,
            cadence=often,
            begun=over - often * moment * seconds,
        )
    return replace(moves, elements=tuple(elements))
