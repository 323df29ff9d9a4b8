"""What repeats itself in known frames goes on repeating itself: steps are found, and limbs go on swinging."""

from dataclasses import replace

import numpy as np
import pytest
from shotwright.core.models.previs.compositing import Compositor
from shotwright.core.models.previs.cycles import cycles_of
from shotwright.core.models.previs.layers import NEAREST, Layers
from shotwright.core.models.previs.pace import held_to
from shotwright.core.models.previs.training.pool import world_of
from shotwright.core.models.previs.world.draw import draw_world
from shotwright.core.models.previs.world.layers import layers_of
from shotwright.core.models.previs.world.scene import FRAMES, SECONDS, World

_SIZE = (256, 144)
_WALK = 28  # frames of a stride: 0.9 a second, drawn over 49 frames of two seconds
_KNOWN = 38  # of them: the last is the one that the layers are of


def _walkers(count: int) -> list[World]:
    found = []
    for seed in range(1, 4000):
        world = world_of(seed, SECONDS)
        alone = len(world.subjects) == 1 and world.subjects[0].kind == "person" and world.subjects[0].action == "walks"
        plain = world.time != "night" and world.place != "room"  # before furniture, cuts of so small a figure vary
        if alone and world.size == "wide" and plain and world.move == "static":
            found.append(world)
            if len(found) == count:
                return found
    pytest.fail("no such scenes")


@pytest.fixture(scope="module", params=range(3))
def walk(request: pytest.FixtureRequest) -> tuple[Layers, np.ndarray]:
    """A walker's true layers at its scene's middle, and the scene's frames, 24 a second."""
    world = _walkers(3)[request.param]
    plate, elements, moves, *_ = layers_of(world, FRAMES // 2)
    values = plate.astype(np.float32) / 255
    values[..., 3] *= NEAREST
    frames, _ = draw_world(world.over(2 * FRAMES + 1), _SIZE[1], _SIZE[0])
    middle = (_KNOWN - 1) / (2 * FRAMES)
    return Layers(values, elements.astype(np.float32) / 255, moves, middle, world.seconds), frames


def _earlier(frames: np.ndarray) -> list[tuple[np.ndarray, float]]:
    return [(frames[_KNOWN - 1 - back], back / 24) for back in range(1, _KNOWN)]


def test_steps_are_found_in_known_frames(walk: tuple[Layers, np.ndarray]) -> None:
    layers, frames = walk
    _, own = held_to(layers, frames[_KNOWN - 1], _earlier(frames))
    assert abs(own[0].cycles[0] - _WALK) <= 1


def test_limbs_go_on_swinging(walk: tuple[Layers, np.ndarray]) -> None:
    layers, frames = walk
    known, earlier = frames[_KNOWN - 1], _earlier(frames)
    held, own = held_to(layers, known, earlier)
    stiff = {0: replace(own[0], cycles=())}
    missed = []
    for how in (stiff, own):
        made = Compositor(held, _SIZE, known, how, earlier=earlier)
        shown = [made.frame(layers.reference + step / 24 / layers.seconds) for step in range(1, 13)]
        missed.append(np.mean([np.abs(a.astype(int) - b).mean() for a, b in zip(shown, frames[_KNOWN:], strict=False)]))
    assert missed[1] < 0.8 * missed[0]


@pytest.mark.parametrize(
    ("unlike", "cycles"),
    [
        ([1, 4, 6, 4, 0.5, 4, 6, 4, 1, 4], [5, 9]),
        ([1, 4, 6, 4, 1, 4, 6, 4, 0.2, 4], [9, 5]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 9], []),
        ([3, 3, 3, 3, 2.9, 3, 3, 3, 3, 3], []),
        ([0, 0, 0, 0, 0, 0], []),
        ([1], []),
        ([], []),
    ],
)
def test_a_cycle_is_where_it_looks_the_same_again(unlike: list[float], cycles: list[int]) -> None:
    assert cycles_of(unlike) == cycles


def test_who_comes_to_a_stand_goes_through_no_cycle() -> None:
    world = world_of(172, SECONDS)  # somebody enters, and stands before the scene ends
    assert world.subjects[0].action == "enters"
    plate, elements, moves, *_ = layers_of(world, FRAMES // 2)
    values = plate.astype(np.float32) / 255
    values[..., 3] *= NEAREST
    layers = Layers(values, elements.astype(np.float32) / 255, moves, 0.5, world.seconds)
    frames, _ = draw_world(world.over(2 * FRAMES + 1), _SIZE[1], _SIZE[0])
    later = [(frames[FRAMES + after], -after / 24) for after in range(1, FRAMES)]
    _, own = held_to(layers, frames[FRAMES], later)
    assert own[0].cycles == ()
