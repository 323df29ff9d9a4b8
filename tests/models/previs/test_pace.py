"""Moves held to known frames: speeds are found again, elements are cut out where they are."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from shotwright.core.models.previs.compositing import Compositor, Own
from shotwright.core.models.previs.cutting import cut_out
from shotwright.core.models.previs.following import Pair, field_of
from shotwright.core.models.previs.layers import CAMERA_TRACKS, KNOTS, NEAREST, Layers
from shotwright.core.models.previs.pace import held_to
from shotwright.core.models.previs.shooting import beside
from shotwright.core.models.previs.training.pool import world_of
from shotwright.core.models.previs.world.layers import layers_of
from shotwright.core.models.previs.world.scene import FRAMES

_SIZE = (256, 144)
_AT = FRAMES // 2 / (FRAMES - 1)
_APART = 1 / 12


def _photograph(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, (200, 320, 3)).astype(np.float32)
    smooth = sum(cv2.GaussianBlur(noise, (0, 0), sigma) * sigma for sigma in (1.5, 4, 12))
    return np.clip(128 + 40 * np.asarray(smooth), 0, 255).astype(np.uint8)


def _shown(picture: np.ndarray, x: float, y: float = 0) -> np.ndarray:
    motion = np.array([[1, 0, x - 20], [0, 1, y - 20]], np.float32)
    return cv2.warpAffine(picture, motion, _SIZE, flags=cv2.INTER_CUBIC)


@pytest.mark.parametrize("speed", [(0.0, 0.0), (0.3, 0.0), (-4.2, 1.7), (12.0, -3.0)])
@pytest.mark.parametrize("apart", [1 / 12, -1 / 12])
def test_the_speed_of_a_picture_is_found_to_a_tenth_of_a_pixel(speed: tuple[float, float], apart: float) -> None:
    picture = _photograph()
    way = np.sign(apart)
    pair = Pair(_shown(picture, -speed[0] * way, -speed[1] * way), _shown(picture, 0), apart, _SIZE)
    flat = np.ones((144, 256), np.float32)
    fields = [field_of(flat, 0), field_of(0, flat)]
    found = pair.speeds(fields, np.array([0.5, 0.5]), flat) * 144 / 12
    assert found == pytest.approx(np.array(speed), abs=0.1)
    assert pair.missed(fields, found / 12)[20:-20, 20:-20].mean() < 1.5


def _scenes(move: str) -> list[Layers]:
    scenes = []
    for seed in range(1, 3000):
        world = world_of(seed)
        if (
            world.move == move
            and len(world.subjects) == 1
            and world.size == "wide"
            and world.subjects[0].kind != "door"
        ):
            plate, elements, moves, *_ = layers_of(world, FRAMES // 2)
            values = plate.astype(np.float32) / 255
            values[..., 3] *= NEAREST
            scenes.append(Layers(values, elements.astype(np.float32) / 255, moves, _AT, world.seconds))
            if len(scenes) == 3:
                return scenes
    pytest.fail("no such scenes")


@pytest.mark.parametrize("move", ["static", "pan right", "track left", "push in", "tilt up"])
def test_planned_moves_are_held_to_the_motion_of_known_frames(move: str) -> None:
    for seed, drawn in enumerate(_scenes(move)):
        rng = np.random.default_rng(seed)
        gone = np.linspace(0, 1, KNOTS) - _AT
        who = drawn.moves.elements[0]
        assert who is not None
        true = replace(drawn, moves=replace(drawn.moves, elements=(replace(who, hop=0.0), None)))
        planned = {name: getattr(true.moves, name) + rng.normal(0, 0.3) * gone for name in CAMERA_TRACKS}
        elements = (replace(who, x=who.x + rng.normal(0, 0.5) * gone, hop=0.0), None)
        wrong = replace(true, moves=replace(true.moves, **planned, elements=elements))
        before, known, after = (Compositor(true, _SIZE).frame(_AT + n * _APART / true.seconds) for n in (-1, 0, 1))
        held, _ = held_to(wrong, known, [(before, _APART)])
        missed = [_differ(layers, after) for layers in (wrong, held)]
        assert missed[1] < max(0.4 * missed[0], 0.6)


def _differ(layers: Layers, frame: np.ndarray) -> float:
    """How far what layers show next is from a frame, mean code values."""
    shown = Compositor(layers, _SIZE).frame(_AT + _APART / layers.seconds)
    return float(np.abs(shown.astype(int) - frame).mean())


def _disc(x: int, radius: int = 24) -> np.ndarray:
    return cv2.circle(np.zeros((144, 256), np.float32), (x, 72), radius, 1.0, -1)


def test_an_element_is_cut_out_where_it_is_not_where_it_was_expected() -> None:
    disc = _disc(120)
    known = np.where(disc[..., None] > 0, np.array((210, 40, 30)), _photograph()[:144, :256] // 2 + 60).astype(np.uint8)
    cut = cut_out(known, _disc(128, 20), None)
    assert cut is not None
    assert np.minimum(cut, disc).sum() / np.maximum(cut, disc).sum() > 0.9


def test_what_moves_along_belongs_to_an_element() -> None:
    disc, expected = _disc(120), _disc(120, 17)
    known = np.where(disc[..., None] > 0, _photograph(1)[:144, :256], _photograph()[:144, :256])
    plain = cut_out(known, expected, None)
    cut = cut_out(known, expected, np.where(disc > 0, 20, -20).astype(np.float32))
    assert cut is not None
    shares = [
        np.minimum(c, disc).sum() / np.maximum(c, disc).sum() for c in (expected if plain is None else plain, cut)
    ]
    assert shares[1] > max(0.85, shares[0])


@pytest.mark.parametrize("radius", [2, 200])
def test_what_is_too_small_or_everywhere_is_not_cut_out(radius: int) -> None:
    assert cut_out(_photograph()[:144, :256], _disc(128, radius), None) is None


def test_who_is_in_the_air_comes_down_and_stays() -> None:
    rising = Own(np.zeros((2, 2), np.float32), np.array([-1.0, 8.0]), -0.0625, 0.2)
    assert rising.down(0) == 0
    assert rising.down(0.125) == pytest.approx(-0.0625)
    assert rising.down(0.25) == pytest.approx(0)
    assert rising.down(2) == rising.down(3) == 0.2


@pytest.mark.parametrize("speed", [0.4, -0.4])
@pytest.mark.parametrize("side", [1, -1])
def test_what_rises_or_falls_in_known_frames_goes_on(speed: float, side: int) -> None:
    drawn = _scenes("static")[1]  # whose limbs hold still
    who = drawn.moves.elements[0]
    assert who is not None
    true = replace(drawn, moves=replace(drawn.moves, elements=(replace(who, hop=0.0), None)))
    nothing = np.zeros((2, 2), np.float32)
    moving = Compositor(true, _SIZE, own={0: Own(nothing, np.array([speed, 0.0]), -1.0, 1.0)})
    known, *others = (moving.frame(_AT - side * n / 24 / true.seconds) for n in range(4))
    _, own = held_to(true, known, [(other, side * n / 24) for n, other in enumerate(others, 1)])
    assert own[0].down(side / 24) == pytest.approx(side * speed / 24, rel=0.25)


@pytest.mark.parametrize(
    ("held", "at", "apart", "others"),
    [
        (range(5), 4, 1, [3, 2, 1, 0]),
        (range(8), 7, 2, [5, 3, 1]),
        (range(12, 20), 12, 3, [15, 18]),
        ((5,), 5, 2, []),
        ((4, 5), 5, 4, [4]),
        (range(6, 9), 8, 9, [6]),
    ],
)
def test_motion_is_followed_over_the_held_frames_beside(held: range, at: int, apart: int, others: list[int]) -> None:
    flags = np.zeros(20, np.bool_)
    flags[list(held)] = True
    assert beside(flags, at, apart) == others
