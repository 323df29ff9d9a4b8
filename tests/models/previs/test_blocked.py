"""Moves that follow a depth track: the camera is found where what stands still tells, elements where they are seen."""

from dataclasses import replace

import numpy as np
import pytest
from shotwright.core.models.previs.blocked import SAMPLES, Track, followed
from shotwright.core.models.previs.distance import Scale, scale_of
from shotwright.core.models.previs.layers import CAMERA_TRACKS, KNOTS, NEAREST, Layers, Moves, at_moment, box_at
from shotwright.core.models.previs.model import PrevisModel
from shotwright.core.models.previs.shooting import Known, Shooting
from shotwright.core.models.previs.training.pool import world_of
from shotwright.core.models.previs.world.draw import draw_nearness
from shotwright.core.models.previs.world.layers import layers_of
from shotwright.core.models.previs.world.scene import FRAMES, World

_AT = FRAMES // 2
_REFERENCE = _AT / (FRAMES - 1)


def _layers(world: World) -> Layers:
    plate, elements, moves, *_ = layers_of(world, _AT)
    values = plate.astype(np.float32) / 255
    values[..., 3] *= NEAREST
    return Layers(values, elements.astype(np.float32) / 255, moves, _REFERENCE, world.seconds)


def _still(layers: Layers) -> Layers:
    """The same layers, in which nothing moves."""

    def held(track: np.ndarray) -> np.ndarray:
        return np.full(KNOTS, at_moment(track, _REFERENCE))

    moves = layers.moves
    elements = tuple(each and replace(each, x=held(each.x), z=held(each.z)) for each in moves.elements)
    tracks = {name: held(getattr(moves, name)) for name in CAMERA_TRACKS}
    return replace(layers, moves=replace(moves, **tracks, elements=elements))


def _track(world: World, layers: Layers, far: float = 20.0) -> Track:
    """The depth of a drawn scene in 8 bits, even in the distance, and where its elements are."""
    frames = sorted({*np.linspace(0, FRAMES - 1, SAMPLES).round().astype(int).tolist(), _AT})
    away = 1 / np.maximum(draw_nearness(world)[frames], 1e-6)
    nearest = float(away.min())
    grey = np.clip((far * nearest - away) / ((far - 1) * nearest), 0, 1)
    greys = (np.round(grey * 255) / 255).astype(np.float32)
    moments = np.array(frames) / (FRAMES - 1)
    seen = [[_seen(layers.moves, slot, float(at)) for slot in (0, 1)] for at in moments]
    return Track(frames, moments, list(greys), greys, seen)


def _seen(moves: Moves, slot: int, moment: float) -> tuple[float, float, float, float] | None:
    if moves.elements[slot] is None:
        return None
    box = box_at(moves, slot, moment)
    return box if box[2] > -0.8 and box[0] < 0.8 and box[3] > -0.5 and box[1] < 0.5 else None


def _shift(moves: Moves, moment: float, near: float) -> np.ndarray:
    """Where a place of the plate, so near, is seen."""
    now, then = ([at_moment(getattr(moves, n), m) for n in CAMERA_TRACKS] for m in (moment, _REFERENCE))
    grown = 1 - (now[2] - then[2]) * near
    return np.array(
        [
            (0.3 - then[3] - (now[0] - then[0]) * near) / grown + now[3],
            (0.2 - then[4] + (now[1] - then[1]) * near) / grown + now[4],
        ]
    )


def _missed(moves: Moves, true: Moves) -> float:
    """How far places of the plate are at most from where they should be seen at the ends, in frame heights."""
    return max(float(np.abs(_shift(moves, t, n) - _shift(true, t, n)).max()) for t in (0, 1) for n in (0.1, 0.5))


def _worlds(move: str, place: str, count: int = 3) -> list[World]:
    seeds = (world_of(seed) for seed in range(900_001, 910_000))
    fit = (w for w in seeds if w.move == move and w.place == place and w.size == "wide" and len(w.subjects) == 1)
    return [world for world, _ in zip(fit, range(count), strict=False)]


@pytest.mark.parametrize(
    ("move", "place"),
    [("static", "street"), ("pan right", "street"), ("tilt down", "forest"), ("push in", "room"), ("pan left", "room")],
)
def test_the_camera_is_found_in_depth_alone(move: str, place: str) -> None:
    for world in _worlds(move, place):
        true = _layers(world)
        found = followed(_still(true), _track(world, true), _AT)
        still = _missed(_still(true).moves, true.moves)
        assert _missed(found.moves, true.moves) < max(0.03, 0.35 * still)


def test_elements_are_where_they_are_seen_whatever_the_camera_does() -> None:
    off = []
    for seed in range(900_001, 900_041):
        world = world_of(seed)
        true = _layers(world)
        if not world.subjects or _seen(true.moves, 0, _REFERENCE) is None:
            continue
        found = followed(_still(true), _track(world, true), _AT)
        for moment in (0.0, 0.3, 0.7, 1.0):
            box, there = (box_at(layers.moves, 0, moment) for layers in (true, found))
            if box[0] > -0.7 and box[2] < 0.7:
                off.append(abs(box[0] + box[2] - there[0] - there[2]) / 2)
    assert len(off) > 40
    assert np.percentile(off, 90) < 0.08 * 16 / 9


@pytest.mark.parametrize(("before", "even"), [(0.02, True), (0.3, True), (0.0, False)])
def test_the_scale_of_greys_is_told_from_the_plate(before: float, even: bool) -> None:
    true = Scale(before, 0.4, even)
    grey = np.random.default_rng(0).uniform(0.05, 0.9, (36, 64)).astype(np.float32)
    noisy = true.nearness(grey) * np.random.default_rng(1).lognormal(0, 0.1, grey.shape).astype(np.float32)
    found = scale_of(grey, noisy, np.ones(grey.shape, np.bool_), None)
    assert found.nearness(grey) == pytest.approx(true.nearness(grey), rel=0.25)
    assert not found.nearness(np.zeros((1, 1), np.float32)).any()


def test_a_frame_in_which_the_subject_is_seen_comes_first() -> None:
    box = (0.0, 0.0, 0.1, 0.2)
    seen = [[None, None], [None, None], [None, None], [box, None], [box, None]]
    greys = np.zeros((5, 2, 2), np.float32)
    assert Track([0, 3, 6, 9, 12], np.linspace(0, 1, 5), list(greys), greys, seen).clearest() == 9


@pytest.mark.parametrize("size", [(96, 54), (54, 96), (120, 50)])
@pytest.mark.parametrize("kind", ["noise", "flat", "some", "held", "drawn"])
def test_any_depth_gives_a_take(tiny: PrevisModel, size: tuple[int, int], kind: str) -> None:
    count, rng = 10, np.random.default_rng(0)
    depth = rng.integers(0, 256, (count, size[1], size[0], 3), np.uint8)
    if kind == "flat":
        depth[:] = 128
    if kind == "some":
        depth[:7] = 128
    known = rng.integers(0, 256, depth.shape, np.uint8)
    held, drawn = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    held[:3], drawn[6] = kind == "held", kind == "drawn"
    shot = Shooting(tiny, "a red car", 24, 1, 2, 1.5)
    told = Known(size, dict(enumerate(known)), held, drawn, np.ones(count, np.float32), depth)
    frames = shot.frames(told, lambda *_: None)
    assert frames.shape == known.shape
    assert np.array_equal(frames[held], known[held])
    kept = shot.restyled(known, np.full(count, 0.5, np.float32), lambda *_: None, depth)
    assert kept.shape == known.shape
