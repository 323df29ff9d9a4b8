import numpy as np
from shotwright.core.models.previs.world.caption import caption
from shotwright.core.models.previs.world.draw import draw_world
from shotwright.core.models.previs.world.scene import COLOURS, PLACES, World, make_world, mirrored


def _worlds(count: int, seed: int = 0) -> list[World]:
    rng = np.random.default_rng(seed)
    return [make_world(rng) for _ in range(count)]


def test_a_scene_is_drawn_the_same_every_time() -> None:
    world = _worlds(1)[0]
    first, mask = draw_world(world)
    second, _ = draw_world(world)
    assert first.shape == (24, 72, 128, 3)
    assert mask.shape == (24, 72, 128)
    assert np.array_equal(first, second)


def test_every_place_is_drawn_and_no_two_look_alike() -> None:
    means = {}
    for world in _worlds(120, seed=3):
        if world.place not in means and world.time == "day" and world.weather == "clear":
            means[world.place] = draw_world(world)[0].reshape(-1, 3).mean(0)
    assert set(means) == set(PLACES)
    values = list(means.values())
    apart = [np.abs(a - b).sum() for i, a in enumerate(values) for b in values[:i]]
    assert min(apart) > 1


def test_subjects_are_where_the_mask_says() -> None:
    clear = [world for world in _worlds(600, seed=5) if world.time == "day" and world.weather == "clear"]
    alone = [world.subjects for world in clear if len(world.subjects) == 1]
    world = next(w for w in clear if len(w.subjects) == 1 and w.subjects[0].kind == "ball" and w.subjects[0].z[0] < 4)
    frames, mask = draw_world(world)
    paint = np.array(COLOURS[world.subjects[0].colour])
    assert len(alone) > 20
    assert np.abs(np.median(frames[mask > 0.9], 0) / 255 - paint).max() < 0.2


def test_a_mirrored_scene_goes_the_other_way() -> None:
    for world in _worlds(40):
        other = mirrored(world)
        assert mirrored(other).move == world.move
        if "left" in world.move:
            assert "right" in other.move
        for here, there in zip(world.subjects, other.subjects, strict=True):
            assert here.facing == -there.facing


def test_captions_never_lie_about_the_camera() -> None:
    rng = np.random.default_rng(1)
    for world in _worlds(300, seed=9):
        words = caption(world, rng).lower()
        if "pan left" in words:
            assert world.move == "pan left"
        if "int." in words:
            assert world.place == "room"


def test_captions_differ_each_time() -> None:
    rng = np.random.default_rng(2)
    world = _worlds(1, seed=4)[0]
    assert len({caption(world, rng) for _ in range(200)}) > 120


def test_a_scene_of_some_frames_is_those_frames() -> None:
    world = next(world for world in _worlds(50, seed=6) if world.place not in ("sea",) and world.weather == "clear")
    whole, _ = draw_world(world)
    some, _ = draw_world(world.at([0, 7, 20]))
    assert np.abs(some.astype(int) - whole[[0, 7, 20]]).mean() < 1


def test_longer_scenes_move_more_slowly_but_as_far() -> None:
    for seed in range(30):
        short, long = (make_world(np.random.default_rng(seed), seconds) for seconds in (2.0, 8.0))
        assert (short.place, short.move, short.size) == (long.place, long.move, long.size)
        assert np.allclose(short.camera.pan, long.camera.pan)
