"""What is asked of the model: scenes that no training drew, in wordings that no training used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..training.pool import SLOTS, world_of
from ..world.draw import draw_nearness, draw_world
from ..world.scene import SECONDS, World

Frames = npt.NDArray[np.uint8]
FRAMES = 12
RATE = (FRAMES - 1) / SECONDS
_SHOWN = slice(0, None, 2)  # of a scene's drawn frames
_ROWS = 36
_FIRST_SEED = 1_000_000_000
_TRAINED_SEEDS = SLOTS
_SEEN = 0.004  # of the picture: a subject smaller than that in the middle frame can't be judged

_TIMES = {"dawn": "daybreak", "day": "midday", "sunset": "sundown", "night": "midnight"}
_PLACES = {
    "room": ("an", "office"),
    "street": ("a", "street"),
    "forest": ("the", "woods"),
    "desert": ("the", "desert"),
    "snow": ("a", "snowfield"),
    "sea": ("the", "beach"),
    "hills": ("the", "hills"),
    "city": ("the", "city"),
}
_SIZES = {
    "extreme wide": "a very wide shot",
    "wide": "a wide shot",
    "medium": "a medium shot",
    "close-up": "a close-up",
}
_WEATHERS = {"clear": "", "rain": "in the rain", "snow": "while snow falls", "fog": "in thick fog"}
# None of these orders of words is the captioner's.
_WORDINGS = (
    "{size} in {place}, {time}: {who} {acts}{way}, {weather}, and {camera}.",
    "It is {time}. We see {who} in {place}, {weather}; {who} {acts}{way}. This is {size}, {camera}.",
    "{who}, {place}, {time}. {acts}{way}, {weather}. {camera}; {size}.",
    "As {camera}, {who} {acts}{way} {weather} in {place} at {time} ({size}).",
)


@dataclass(frozen=True)
class Case:
    """One scene asked for: its words, truth, and drawn frames (12, 36, 64, 3) with the subject's mask, 0 to 1."""

    words: str
    world: World
    frames: Frames
    mask: npt.NDArray[np.float32]

    @property
    def way(self) -> int:
        """Which way the subject moves across the ground: -1 left, 1 right, 0 neither."""
        x = self.world.subjects[0].x[_SHOWN]
        gone = float(x[-1] - x[0])
        return 0 if abs(gone) < 0.1 else 1 if gone > 0 else -1


def _called(world: World) -> str:
    who = world.subjects[0]
    coloured = f"{'an' if who.colour == 'orange' else 'a'} {who.colour}"
    return f"{coloured} {who.kind}" if who.kind != "person" else f"a person in {coloured} coat"


def _worded(world: World, number: int) -> str:
    who = world.subjects[0]
    article, place = _PLACES[world.place]
    gone = float(who.x[-1] - who.x[0])
    way = "" if abs(gone) < 0.1 else " from left to right" if gone > 0 else " from right to left"
    moves = "the camera is static" if world.move == "static" else f"the camera does a {world.move}"
    said = _WORDINGS[number % len(_WORDINGS)].format(
        size=_SIZES[world.size],
        place=f"{article} {place}",
        time=_TIMES[world.time],
        who=_called(world),
        acts=who.action,
        way=way,
        weather=_WEATHERS[world.weather],
        camera=moves,
    )
    return re.sub(r"[ ,]*([,;.])", r"\1", re.sub(r" +", " ", said))


def blocked(case: Case) -> Case:
    """The same scene in words that leave all to its depth that depth can tell: size, moves, actions and places."""
    place = " ".join(_PLACES[case.world.place])
    return replace(case, words=f"{_called(case.world)} in {place}, {_TIMES[case.world.time]}.")


def nearness(case: Case) -> npt.NDArray[np.float32]:
    """How near all is in a case's frames, (12, 72, 128), 1 over metres."""
    return draw_nearness(case.world)[_SHOWN]


def combination(world: World) -> tuple[str, ...]:
    """What a scene of one subject shows."""
    who = world.subjects[0]
    return (world.place, world.time, world.weather, world.size, world.move, who.kind, who.colour, who.action)


def smaller(pictures: Frames) -> Frames:
    """(frames, rows, columns, …) averaged over squares, to the measures' rows."""
    frames, rows, columns, *rest = pictures.shape
    times = rows // _ROWS
    squares = pictures.reshape(frames, _ROWS, times, columns // times, times, *rest)
    return np.asarray(squares.mean((2, 4), dtype=np.float32).round().astype(np.uint8))


def drawn(world: World) -> tuple[Frames, npt.NDArray[np.float32]]:
    """A scene at the model's size and rate, and its subjects' mask."""
    frames, mask = draw_world(world)
    small = smaller((mask[_SHOWN] * 255).astype(np.uint8))
    return smaller(frames[_SHOWN]), np.asarray(small / 255, np.float32)


def _alone(seeds: Iterable[int]) -> Iterator[World]:
    for seed in seeds:
        world = world_of(seed, SECONDS)
        if len(world.subjects) == 1:
            yield world


def trained_scenes(count: int) -> list[tuple[World, Frames, npt.NDArray[np.float32]]]:
    """Scenes of one subject from the training's own, drawn: what the measures are fitted to."""
    scenes = []
    for world in _alone(range(1, _TRAINED_SEEDS + 1)):
        frames, mask = drawn(world)
        if mask[FRAMES // 2].mean() >= _SEEN:
            scenes.append((world, frames, mask))
            if len(scenes) == count:
                break
    return scenes


def cases(count: int) -> list[Case]:
    """So many cases, always the same: new scenes whose combination no clip of the training shows."""
    shown = {combination(world) for world in _alone(range(1, _TRAINED_SEEDS + 1))}
    found: list[Case] = []
    seed = _FIRST_SEED
    while len(found) < count:
        for world in _alone(range(seed, seed + 100)):
            if combination(world) in shown or len(found) == count:
                continue
            frames, mask = drawn(world)
            if mask[FRAMES // 2].mean() >= _SEEN:
                found.append(Case(_worded(world, len(found)), world, frames, mask))
        seed += 100
    return found
