"""Teaching the reader, before the network learns: what a scene is, and how it looks on average, from its words alone.

The network hears words only through noise, and learns them slowly: after 74,000 samples it told times of day apart and
little else. Without noise, on words alone, tens of thousands of captions a minute can be learnt from.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..reader import Reader
from ..text import Vocabulary
from ..world.caption import caption
from ..world.scene import ACTIONS, COLOURS, KINDS, MOVES, PLACES, SIZES, TIMES, WEATHERS, World, mirrored
from .batches import smaller
from .pool import Pool, world_of

_ACTED = tuple(sorted({action for acts in ACTIONS.values() for action in acts}))
_SUBJECTS = 2
_NOTHING = "nothing"
# What is asked of a scene, and the answers there are.
_ASKED: dict[str, tuple[str, ...]] = {
    "place": PLACES,
    "time": TIMES,
    "weather": WEATHERS,
    "size": SIZES,
    "move": MOVES,
    **{f"kind {i}": (*KINDS, _NOTHING) for i in range(_SUBJECTS)},
    **{f"colour {i}": (*COLOURS, _NOTHING) for i in range(_SUBJECTS)},
    **{f"action {i}": (*_ACTED, _NOTHING) for i in range(_SUBJECTS)},
    **{f"way {i}": ("left", "right", "neither") for i in range(_SUBJECTS)},
}
_RATE = 0.001
_NO_WORDS = 0.05
_HELD_BACK = 16  # one clip in so many is never learnt from: it shows what is understood and what learnt by heart
_PICTURE_WEIGHT = 12.0  # the mean squared error of a suggestion is near 0.06, an answer's loss near 1


def _answers(world: World) -> list[int]:
    given: dict[str, str] = {name: getattr(world, name) for name in ("place", "time", "weather", "size", "move")}
    for i in range(_SUBJECTS):
        who = world.subjects[i] if i < len(world.subjects) else None
        way = float(who.x[-1] - who.x[0]) if who else 0.0
        given[f"kind {i}"] = who.kind if who else _NOTHING
        given[f"colour {i}"] = who.colour if who else _NOTHING
        given[f"action {i}"] = who.action if who else _NOTHING
        given[f"way {i}"] = "neither" if abs(way) < 0.1 else "right" if way > 0 else "left"
    return [options.index(given[name]) for name, options in _ASKED.items()]


class Lessons:
    """Captions with their scenes' answers and average pictures, all of a pool's."""

    def __init__(self, pool: Pool, vocabulary: Vocabulary, height: int) -> None:
        self._vocabulary = vocabulary
        self._scenes: list[World] = []
        pictures = []
        for slot in np.flatnonzero(np.array(pool.seeds)):
            world = world_of(int(pool.seeds[slot]))
            if world is not None:
                self._scenes.append(world)
                pictures.append(smaller(pool.clip(int(slot)), height).mean(0).round().astype(np.uint8))
        self._pictures = np.stack(pictures).transpose(0, 3, 1, 2)
        kept = np.arange(len(self._scenes)) % _HELD_BACK == 0
        self._choices = np.flatnonzero(~kept), np.flatnonzero(kept)

    def batch(self, size: int, rng: np.random.Generator, held_back: bool = False) -> tuple[Tensor, Tensor, Tensor]:
        """Words (size, LONGEST), answers (size, questions), pictures (size, 3, rows, columns)."""
        words, answers, pictures = [], [], []
        for index in rng.choice(self._choices[held_back], size):
            world, picture = self._scenes[index], self._pictures[index]
            if rng.random() < 0.5:
                world, picture = mirrored(world), picture[..., ::-1]
            words.append(self._vocabulary.encode(caption(world, rng) if rng.random() > _NO_WORDS else ""))
            answers.append(_answers(world))
            pictures.append(picture)
        return torch.tensor(words), torch.tensor(answers), torch.from_numpy(np.stack(pictures)).float() / 127.5 - 1


def _losses(reader: Reader, tell: nn.Linear, words: Tensor, answers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The answers' mean loss, the share that is right for each question, and the suggested pictures."""
    heard = reader(words)
    told = tell(heard.whole).float().split([len(options) for options in _ASKED.values()], 1)
    loss = torch.stack([functional.cross_entropy(t, a) for t, a in zip(told, answers.T, strict=True)]).mean()
    right = torch.stack([(t.argmax(1) == a).float().mean() for t, a in zip(told, answers.T, strict=True)])
    return loss, right, heard.picture


def teach(reader: Reader, pool: Pool, vocabulary: Vocabulary, device: str, steps: int, batch: int = 96) -> None:
    """Teaches a reader in so many steps of `batch` scenes; says how it fares on its way with those held back."""
    lessons = Lessons(pool, vocabulary, reader.down.shape[1])
    rng = np.random.default_rng(5)
    tell = nn.Linear(reader.places.shape[1], sum(len(options) for options in _ASKED.values())).to(device)
    reader.to(device).train()
    optimizer = torch.optim.AdamW([*reader.parameters(), *tell.parameters()], _RATE, weight_decay=0.05)
    begun = time.monotonic()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / 100, 3 * (steps - step) / steps)
        words, answers, pictures = (tensor.to(device) for tensor in lessons.batch(batch, rng))
        with torch.autocast(device, torch.bfloat16):
            loss, _, suggested = _losses(reader, tell, words, answers)
        away = reader.waves_of(suggested - pictures).square().sum((1, 2, 3)).mean()
        (loss + _PICTURE_WEIGHT * away / pictures[0].numel()).backward()
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % 250 == 0:
            _report(reader, tell, lessons, f"step {step + 1}, {time.monotonic() - begun:.0f} s", device)
    reader.eval()


@torch.no_grad()
def _report(reader: Reader, tell: nn.Linear, lessons: Lessons, when: str, device: str) -> None:
    words, answers, pictures = (t.to(device) for t in lessons.batch(512, np.random.default_rng(9), held_back=True))
    loss, right, suggested = _losses(reader, tell, words, answers)
    shares = " ".join(f"{name} {float(share):.2f}" for name, share in zip(_ASKED, right, strict=True))
    away = float((suggested - pictures).square().mean())
    print(f"{when}: answers {float(loss):.3f}, pictures {away:.4f}; right: {shares}", flush=True)  # noqa: T201
