"""Frames at other sizes and between others: cleaner than plain interpolation, and fast."""

import cv2
import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.motion import Between
from shotwright.core.media.scaling import enlarge, scale_frame


def scene(shift: float, size: tuple[int, int]) -> Frame:
    """A house before hills, and a ball that moves to the right, drawn large and averaged down."""
    large = np.empty((720, 1280, 3), np.uint8)
    large[:] = np.linspace((90, 130, 190), (150, 170, 170), 720).astype(np.uint8)[:, None]
    cv2.fillPoly(
        large, [np.array([(0, 500), (300, 330), (700, 470), (1280, 350), (1280, 720), (0, 720)])], (60, 110, 70)
    )
    cv2.rectangle(large, (850, 250), (1050, 560), (170, 80, 60), -1)
    for row in range(3):
        cv2.rectangle(large, (890, 290 + 85 * row), (940, 340 + 85 * row), (250, 220, 130), -1)
    cv2.circle(large, (int(250 + shift), 420), 90, (190, 40, 50), -1, cv2.LINE_AA)
    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def distance(one: Frame, other: Frame) -> float:
    return float(((one.astype(float) - other) ** 2).mean())


@pytest.mark.parametrize("size", [(640, 360), (1280, 720)])
def test_enlarged_frames_are_nearer_to_the_scene_than_lanczos(size: tuple[int, int]) -> None:
    small = scene(0, (128, 72))
    grain = np.random.default_rng(0).normal(0, 2, small.shape)
    noisy = np.clip(np.rint(small + grain), 0, 255).astype(np.uint8)
    truth = scene(0, size)
    assert distance(enlarge(noisy, size), truth) < 0.75 * distance(scale_frame(noisy, size), truth)


def test_enlarging_adds_no_halo() -> None:
    small = np.full((72, 128, 3), 60, np.uint8)
    small[:, 64:] = 200
    large = enlarge(small, (640, 360))
    assert (large.min(), large.max()) == (60, 200)
    assert (np.ptp(large[180].astype(int), axis=1) == 0).all()


def test_enlarging_is_the_same_each_time_and_takes_any_size() -> None:
    small = scene(0, (128, 72))
    assert np.array_equal(enlarge(small, (640, 360)), enlarge(small, (640, 360)))
    for size in [(130, 72), (72, 128), (1920, 1080), (64, 64), (128, 72)]:
        assert enlarge(small, size).shape == (size[1], size[0], 3)


def test_real_detail_is_only_scaled() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (256, 448, 3), dtype=np.uint8)
    assert np.array_equal(enlarge(frame, (896, 512)), scale_frame(frame, (896, 512)))


def test_shrinking_averages() -> None:
    checked = np.indices((64, 64)).sum(axis=0) % 2 * 255
    assert np.abs(scale_frame(np.dstack([checked] * 3).astype(np.uint8), (32, 32)).astype(int) - 128).max() <= 1


@pytest.mark.parametrize("shift", [10, 20, 40])
def test_a_frame_between_follows_the_motion(shift: int) -> None:
    size = (128, 72)
    first, second, truth = scene(0, size), scene(shift, size), scene(shift / 2, size)
    faded = np.asarray(cv2.addWeighted(first, 0.5, second, 0.5, 0), dtype=np.uint8)
    assert distance(Between(first, second).at(0.5), truth) < 0.75 * distance(faded, truth)


def test_between_holds_its_ends_and_what_stands_still() -> None:
    first, second = scene(0, (128, 72)), scene(20, (128, 72))
    assert np.array_equal(Between(first, second).at(0), first)
    assert np.array_equal(Between(first, second).at(1), second)
    assert np.array_equal(Between(first, first).at(0.3), first)
    assert np.array_equal(Between(first, second).at(0.25), Between(first, second).at(0.25))


def test_a_cut_between_two_pictures_fades() -> None:
    first, second = scene(0, (128, 72)), np.full((72, 128, 3), 20, np.uint8)
    faded = first * 0.5 + second * 0.5
    assert np.abs(Between(first, second).at(0.5) - faded).mean() < 12
    tiny = np.zeros((8, 8, 3), np.uint8)
    assert Between(tiny, tiny + 100).at(0.5).max() == 50
