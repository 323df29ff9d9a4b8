"""Teaching the reader, before the networks learn: what a scene is, from its words alone.

A network hears words only through noise, and learns them slowly: after 74,000 samples one told times of day apart and
little else. Without noise, on words alone, tens of thousands of captions a minute can be learnt from.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..reader import Reader, Shape
from ..text import Vocabulary
from ..weight_files import read_part, read_vocabulary, write_part
from ..world.caption import caption
from ..world.scene import ACTIONS, COLOURS, KINDS, MOVES, PLACES, SIZES, TIMES, WEATHERS, World, mirrored
from .pool import world_of
from .vocabulary import gather_vocabulary

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
_SCENES, _STEPS, _BATCH, _WIDTH = 40_000, 2500, 96, 256


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
    """Captions with their scenes' answers."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._scenes = [world_of(seed) for seed in range(1, _SCENES + 1)]
        kept = np.arange(len(self._scenes)) % _HELD_BACK == 0
        self._choices = np.flatnonzero(~kept), np.flatnonzero(kept)

    def batch(self, size: int, rng: np.random.Generator, held_back: bool = False) -> tuple[Tensor, Tensor]:
        """Words (size, LONGEST) and answers (size, questions)."""
        words, answers = [], []
        for index in rng.choice(self._choices[held_back], size):
            world = self._scenes[index]
            if rng.random() < 0.5:
                world = mirrored(world)
            words.append(self._vocabulary.encode(caption(world, rng) if rng.random() > _NO_WORDS else ""))
            answers.append(_answers(world))
        return torch.tensor(words), torch.tensor(answers)


def _losses(reader: Reader, tell: nn.Linear, words: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
    """The answers' mean loss, and the share that is right for each question."""
    told = tell(reader(words).whole).float().split([len(options) for options in _ASKED.values()], 1)
    loss = torch.stack([functional.cross_entropy(t, a) for t, a in zip(told, answers.T, strict=True)]).mean()
    return loss, torch.stack([(t.argmax(1) == a).float().mean() for t, a in zip(told, answers.T, strict=True)])


def _grown(reader: Reader, words: int) -> Reader:
    """The same reader, of so many words; what it does not know yet means nothing."""
    state = reader.state_dict()
    old = state["words.weight"]
    state["words.weight"] = torch.cat([old, 0.02 * torch.randn(words - len(old), old.shape[1])])
    grown = Reader(Shape(words, reader.shape.width))
    grown.load_state_dict(state)
    return grown


def learn_to_read(folder: Path, device: str, warm: bool = False) -> None:
    """Teaches a reader, says how it fares on its way with scenes held back, and writes its weights.

    A `warm` one goes on from its weights, a few steps at a low rate, and keeps its words beside new ones: the networks
    that were trained with it still understand it.
    """
    torch.manual_seed(0)
    if warm:
        vocabulary = read_vocabulary(folder).with_more(gather_vocabulary().words)
        known, facts = read_part("reader", folder)
        reader = _grown(known, len(vocabulary))
        taught, steps, full_rate = int(facts["captions"]), _STEPS // 3, _RATE / 4
    else:
        vocabulary = gather_vocabulary()
        reader = Reader(Shape(len(vocabulary), _WIDTH))
        taught, steps, full_rate = 0, _STEPS, _RATE
    reader.to(device).train()
    lessons = Lessons(vocabulary)
    rng = np.random.default_rng(5 + taught)
    tell = nn.Linear(reader.shape.width, sum(len(options) for options in _ASKED.values())).to(device)
    optimizer = torch.optim.AdamW([*reader.parameters(), *tell.parameters()], full_rate, weight_decay=0.05)
    begun = time.monotonic()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = full_rate * min(1.0, (step + 1) / 100, 3 * (steps - step) / steps)
        words, answers = (tensor.to(device) for tensor in lessons.batch(_BATCH, rng))
        with torch.autocast(device, torch.bfloat16):
            loss, _ = _losses(reader, tell, words, answers)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % 250 == 0:
            _report(reader, tell, lessons, f"step {step + 1}, {time.monotonic() - begun:.0f} s", device)
    facts = {"words": " ".join(vocabulary.words), "captions": taught + steps * _BATCH}
    write_part(folder, "reader", reader.shape, reader.state_dict(), facts)


@torch.no_grad()
def _report(reader: Reader, tell: nn.Linear, lessons: Lessons, when: str, device: str) -> None:
    words, answers = (t.to(device) for t in lessons.batch(512, np.random.default_rng(9), held_back=True))
    loss, right = _losses(reader, tell, words, answers)
    shares = " ".join(f"{name} {float(share):.2f}" for name, share in zip(_ASKED, right, strict=True))
    print(f"{when}: answers {float(loss):.3f}; right: {shares}", flush=True)  # noqa: T201
