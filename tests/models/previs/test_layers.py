"""Layers: their numbers come back, a drawn scene taken apart and put together again is the scene."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.models.previs.compositing import Compositor
from shotwright.core.models.previs.eye import placed
from shotwright.core.models.previs.layers import (
    CAMERA_TRACKS,
    ELEMENT,
    ELEMENT_NUMBERS,
    KNOTS,
    MOVE_NUMBERS,
    NEAREST,
    PLATE,
    POSES,
    SLOTS,
    ElementMove,
    Layers,
    Moves,
    box_at,
    distance_at,
    in_view,
    said,
)
from shotwright.core.models.previs.model import _cut_clean
from shotwright.core.models.previs.telling import element_box
from shotwright.core.models.previs.training.pool import mirrored_moves, world_of
from shotwright.core.models.previs.world.draw import draw_world
from shotwright.core.models.previs.world.layers import layers_of, unit_of
from shotwright.core.models.previs.world.scene import FRAMES, World, mirrored

_tracks = st.lists(st.floats(-3, 3), min_size=KNOTS, max_size=KNOTS).map(np.array)
_elements = st.builds(
    ElementMove,
    x=_tracks,
    z=_tracks,
    pose=_tracks,
    foot=st.floats(-2, 1),
    width=st.floats(0.05, 4),
    height=st.floats(0.05, 4),
    cadence=st.floats(0, 4),
    hop=st.floats(0, 0.5),
)
_moves = st.builds(
    Moves,
    **dict.fromkeys(CAMERA_TRACKS, _tracks),
    elements=st.tuples(*[st.none() | _elements] * SLOTS),
)


@given(_moves)
def test_moves_come_back_from_their_numbers(moves: Moves) -> None:
    numbers = moves.to_numbers()
    assert numbers.shape == (MOVE_NUMBERS,)
    back = Moves.from_numbers(numbers)
    for name in CAMERA_TRACKS:
        assert np.allclose(getattr(back, name), getattr(moves, name), atol=1e-4)
    for one, other in zip(moves.elements, back.elements, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert np.allclose(one.x, other.x, atol=1e-4)
            assert np.allclose(one.z, other.z, atol=1e-4)
            assert (one.width, one.height) == (
                pytest.approx(other.width, rel=1e-4),
                pytest.approx(other.height, rel=1e-4),
            )
    assert (numbers[said(numbers) == 0] == 0).all()
    assert said(numbers).sum() == MOVE_NUMBERS - moves.elements.count(None) * (ELEMENT_NUMBERS - 1)
    assert np.array_equal(said(np.stack([numbers, numbers])), [said(numbers)] * 2)
    assert np.allclose(mirrored_moves(mirrored_moves(numbers)), numbers)


def _taken_apart(world: World, at: int) -> tuple[Layers, np.ndarray]:
    plate, elements, moves, picture, _ = layers_of(world, at)
    values = plate.astype(np.float32) / 255
    values[..., 3] *= NEAREST
    layers = Layers(values, elements.astype(np.float32) / 255, moves, at / (FRAMES - 1), world.seconds)
    return layers, picture


@pytest.mark.parametrize("move", ["static", "pan right", "tilt up", "push in", "pull out", "track left", "crane up"])
def test_a_scene_taken_apart_and_composited_is_the_scene(move: str) -> None:
    tried = 0
    for seed in range(1, 2000):
        world = world_of(seed)
        near = world.size not in ("wide", "extreme wide") or any(who.y.any() for who in world.subjects)
        fast = world.speed > 0.8 or len(world.subjects) > SLOTS
        if world.move != move or near or fast or world.weather in ("rain", "snow"):
            continue  # what layers don't promise: the phase of steps and jumps, drops, more than is beside the view
        layers, _ = _taken_apart(world, FRAMES // 2)
        drawn, _ = draw_world(world, 144, 256)
        compositor = Compositor(layers, (256, 144))
        for at in (0, FRAMES // 2, FRAMES - 1):
            made = compositor.frame(at / (FRAMES - 1)).astype(int)
            assert np.abs(made - drawn[at]).mean() < 14, (seed, at)
        tried += 1
        if tried == 4:
            return
    pytest.fail("no such scenes")


def test_an_elements_box_holds_its_subject() -> None:
    seen = 0
    for seed in range(1, 200):
        world = world_of(seed)
        if len(world.subjects) != 1 or world.size not in ("wide", "extreme wide"):
            continue
        layers, _ = _taken_apart(world, FRAMES // 2)
        _, mask = draw_world(world.at([FRAMES // 2]), 144, 256)
        ys, xs = np.nonzero(mask[0] > 0.5)
        if not len(xs):
            continue
        up = float(world.subjects[0].y[FRAMES // 2]) / unit_of(world, FRAMES // 2)
        left, top, right, bottom = (value * 144 for value in element_box(layers.moves, 0, layers.reference, up))
        assert left - 3 <= xs.min() - 128
        assert xs.max() - 128 <= right + 3
        assert top - 3 <= ys.min() - 72
        assert ys.max() - 72 <= bottom + 3
        seen += 1
    assert seen > 20


def test_elements_are_placed_where_they_are_seen() -> None:
    world = next(w for seed in range(1, 500) if len((w := world_of(seed)).subjects) == 1 and w.size == "wide")
    moves = layers_of(world, FRAMES // 2)[2]
    seen = (-0.3, -0.2, 0.1, 0.35)
    there = placed(moves, [seen, None], 0.4, 3.0)
    assert box_at(there, 0, 0.4) == pytest.approx(seen)
    before, after = moves.elements[0], there.elements[0]
    assert before is not None
    assert after is not None
    assert np.allclose(np.diff(after.x), np.diff(before.x))
    assert placed(there, [None, None], 0.4, 3.0).elements[0] is None
    twice = replace(moves, elements=(before, before))
    assert placed(twice, [seen, (-0.25, -0.2, 0.12, 0.35)], 0.4, 3.0).elements[1] is None
    assert placed(twice, [seen, (0.2, -0.2, 0.5, 0.35)], 0.4, 3.0).elements[1] is not None
    outside = placed(there, [(3.0, -0.2, 3.4, 0.2), None], 0.4, 3.0)
    assert placed(outside, [None, None], 0.4, 3.0).elements[0] is not None  # it has yet to enter


def test_who_is_seen_above_the_ground_hops_from_there() -> None:
    world = next(w for seed in range(1, 500) if len((w := world_of(seed)).subjects) == 1 and w.size == "wide")
    moves = layers_of(world, FRAMES // 2)[2]
    first = moves.elements[0]
    assert first is not None
    ball = replace(moves, elements=(replace(first, hop=0.5, cadence=1.2), None))
    left, top, right, bottom = box_at(ball, 0, 0.4)
    for higher, up in ((0.2, 0.2), (0.0, 0.0), (-0.1, 0.0)):  # frame heights above where it would stand
        seen = (left, top - higher, right, bottom - higher)
        there = placed(ball, [seen, None], 0.4, 3.0).elements[0]
        assert there is not None
        distance = distance_at(ball, 0, 0.4)
        assert there.up(0.4 * 3.0) == pytest.approx(up * distance, abs=1e-6)
        layers = replace(_taken_apart(world, 0)[0], moves=replace(ball, elements=(there, None)), seconds=3.0)
        assert layers.box(0, 0.4) == pytest.approx(seen)
        assert there.up(0.4 * 3.0 + 0.01) > there.up(0.4 * 3.0)


def test_a_camera_that_hardly_moves_stands_and_any_other_moves_as_planned() -> None:
    wobble, pan = 0.02 * np.sin(np.arange(KNOTS)), np.linspace(0.1, 0.4, KNOTS)
    moves = Moves(wobble, wobble, wobble, pan, 0.2 + wobble, (None,) * SLOTS)
    steady = moves.steadied(0.06)
    assert all(np.ptp(getattr(steady, name)) == 0 for name in ("x", "y", "z", "tilt"))
    assert np.array_equal(steady.pan, pan)
    assert steady.tilt[0] == pytest.approx(0.2, abs=0.01)


def test_a_mirrored_scene_has_the_mirrored_moves() -> None:
    for seed in range(1, 30):
        world = world_of(seed)
        moves = layers_of(world, 0)[2]
        other = layers_of(mirrored(world), 0)[2]
        assert np.allclose(mirrored_moves(moves.to_numbers()), other.to_numbers(), atol=1e-5)


_ALONE = [("person", "stands")]


def test_a_known_frames_own_pixels_are_carried_along() -> None:
    world = next(
        w
        for seed in range(1, 900)
        if (w := world_of(seed)).move == "pan left" and [(who.kind, who.action) for who in w.subjects] == _ALONE
    )
    layers, _ = _taken_apart(world, FRAMES // 2)
    drawn, _ = draw_world(world.at([FRAMES // 2]), 144, 256)
    plain = Compositor(layers, (256, 144))
    carried = Compositor(layers, (256, 144), drawn[0])
    for at, better in ((layers.reference, 0.6), (0.4, 0.9)):
        truth = draw_world(world.at([round(at * (FRAMES - 1))]), 144, 256)[0][0].astype(int)
        without, with_it = (np.abs(c.frame(at).astype(int) - truth).mean() for c in (plain, carried))
        assert with_it < better * without


def test_an_element_that_a_known_frame_does_not_show_is_left_out() -> None:
    world = next(
        w for seed in range(1, 500) if len((w := world_of(seed)).subjects) == 1 and w.size == "wide" and w.time == "day"
    )
    layers, _ = _taken_apart(world, FRAMES // 2)
    empty = (np.clip(layers.plate[in_view()[1:]][..., :3], 0, 1) * 255).astype(np.uint8)
    empty = np.repeat(np.repeat(empty, 4, 0), 4, 1)
    frame = Compositor(layers, empty.shape[1::-1], empty).frame(layers.reference)
    assert np.abs(frame.astype(int) - empty).mean() < 4


def test_what_ends_above_the_frames_lower_edge_is_not_carried_on_to_it() -> None:
    worlds = (world_of(seed) for seed in range(1, 900))
    world = next(w for w in worlds if w.size == "wide" and [who.kind for who in w.subjects] == ["door"])
    layers, _ = _taken_apart(world, FRAMES // 2)
    bare = replace(layers, moves=replace(layers.moves, elements=(None,) * SLOTS))
    frame, empty = (Compositor(each, (256, 144)).frame(layers.reference).astype(int) for each in (layers, bare))
    below = round((layers.box(0, layers.reference)[3] + 0.5) * 144) + 3
    assert below < 136
    assert np.abs(frame[: below - 6] - empty[: below - 6]).max() > 40
    assert np.array_equal(frame[below:], empty[below:])


@pytest.mark.parametrize("size", [(256, 144), (64, 36), (90, 160)])
def test_any_size_is_composited_and_extreme_moves_are_survived(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    plate = rng.random((*PLATE, 4)).astype(np.float32)
    elements = rng.random((SLOTS, POSES, *ELEMENT, 4)).astype(np.float32)
    for scale in (0.0, 1.0, 30.0):
        moves = Moves.from_numbers((rng.standard_normal(MOVE_NUMBERS) * scale).clip(-20, 20).astype(np.float32))
        compositor = Compositor(Layers(plate, elements, moves, 0.5, 4.0), size)
        for moment in (0.0, 0.3, 1.0):
            assert compositor.frame(moment).shape == (size[1], size[0], 3)


def test_elements_are_cut_out_of_the_noise_around_them() -> None:
    made = np.random.default_rng(0).random((2, 8, 8, 4), np.float32)
    made[0, :, :, 3] = 0.05  # where nothing is
    made[1, :, :, 3] = 0.97  # where something is, all of it
    clean = _cut_clean(made)
    assert not clean[0].any()
    assert (clean[1, ..., 3] == 1).all()
    assert (clean[..., :3] <= clean[..., 3:] + 1e-6).all()
    assert np.allclose(clean[1, ..., :3], np.minimum(made[1, ..., :3], 0.97) / 0.97)
