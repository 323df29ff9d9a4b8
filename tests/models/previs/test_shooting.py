"""Chunks: what is known comes back, frames pass between anchors, restyling keeps forms."""

import cv2
import numpy as np
import pytest
from shotwright.core.models.previs.model import PrevisModel
from shotwright.core.models.previs.shooting import Known, Shooting, anchors_of, weight_of

_COUNT = 10


def _known(seed: int = 0) -> np.ndarray:
    frames = np.random.default_rng(seed).integers(0, 256, (_COUNT, 9, 16, 3), np.uint8)
    return np.stack([np.repeat(np.repeat(frame, 4, 0), 4, 1) for frame in frames])


def _flags(*true: int) -> np.ndarray:
    flags = np.zeros(_COUNT, np.bool_)
    flags[list(true)] = True
    return flags


def _told(frames: np.ndarray, held: np.ndarray, drawn: np.ndarray) -> Known:
    return Known(frames.shape[2:0:-1], dict(enumerate(frames)), held, drawn, np.ones(len(held), np.float32))


def _shot(tiny: PrevisModel, rate: float = 6.0) -> Shooting:
    return Shooting(tiny, "a red car", rate, 3, 2, 2.0)


def _quiet(*_: object) -> None:
    pass


@pytest.mark.parametrize(
    ("held", "drawn", "anchors"),
    [
        ((), (), []),
        ((0, 1, 2), (), [2]),
        ((8, 9), (), [8]),
        ((0, 1, 8, 9), (), [1, 8]),
        ((4,), (), [4]),
        ((), (0, 5), [0, 5]),
        ((0, 1), (1, 6), [1, 6]),
        (tuple(range(_COUNT)), (), []),
    ],
)
def test_layers_start_where_the_unknown_begins(
    held: tuple[int, ...], drawn: tuple[int, ...], anchors: list[int]
) -> None:
    assert anchors_of(_flags(*held), _flags(*drawn)) == anchors


def test_frames_pass_from_one_anchor_to_the_next() -> None:
    weights = [weight_of(i, 2, 8) for i in range(2, 9)]
    assert weights[0] == 0
    assert weights[-1] == 1
    assert weights == sorted(weights)


@pytest.mark.parametrize("held", [(), (0, 1), (9,), (0, 9), (4,), tuple(range(_COUNT))])
def test_known_frames_come_back_and_the_rest_is_made(tiny: PrevisModel, held: tuple[int, ...]) -> None:
    known = _known()
    frames = _shot(tiny).frames(_told(known, _flags(*held), _flags()), _quiet)
    assert frames.shape == known.shape
    for i in range(_COUNT):
        assert np.array_equal(frames[i], known[i]) == (i in held)


def test_a_frame_beside_a_known_one_shows_its_pixels(tiny: PrevisModel) -> None:
    known = np.full((_COUNT, 36, 64, 3), (200, 60, 40), np.uint8)
    frames = _shot(tiny).frames(_told(known, _flags(0), _flags()), _quiet)
    assert np.abs(frames[1].astype(int) - known[0]).mean() < 30


def test_the_first_frames_go_on_as_the_last_known_ones_moved(tiny: PrevisModel) -> None:
    rng = np.random.default_rng(2)
    wide = cv2.GaussianBlur(rng.integers(0, 256, (36, 120, 3), np.uint8), (0, 0), 2.0)
    moving = np.stack([wide[:, 4 * i : 4 * i + 64] for i in range(_COUNT)])
    frames = _shot(tiny, 24.0).frames(_told(moving, _flags(0, 1, 2, 3), _flags()), _quiet)
    inner = slice(4, -4), slice(8, -8)
    assert np.abs(frames[4][inner].astype(int) - moving[4][inner]).mean() < 4
    alone = _shot(tiny, 24.0).frames(_told(moving, _flags(3), _flags()), _quiet)
    assert np.abs(alone[4][inner].astype(int) - moving[4][inner]).mean() > 8


def test_progress_runs_over_all_anchors(tiny: PrevisModel) -> None:
    seen: list[tuple[int, int]] = []
    _shot(tiny).frames(_told(_known(), _flags(0, 9), _flags()), lambda done, steps, _: seen.append((done, steps)))
    assert seen == [(i, 12) for i in range(1, 13)]


@pytest.mark.parametrize("rate", [6.0, 60.0, 1.0])
def test_short_and_long_chunks_are_made(tiny: PrevisModel, rate: float) -> None:
    assert _shot(tiny, rate).frames(_told(_known(), _flags(), _flags(3)), _quiet).shape == (_COUNT, 36, 64, 3)


@pytest.mark.parametrize(
    ("held", "drawn"), [((), ()), ((), (0, 9)), ((0, 1, 2), ()), ((7, 8, 9), ()), ((0, 1), (5,)), ((0, 9), (4,))]
)
@pytest.mark.parametrize("rate", [24.0, 0.5])  # the second is a take of 18 s
def test_a_take_is_the_same_in_windows(
    tiny: PrevisModel, held: tuple[int, ...], drawn: tuple[int, ...], rate: float
) -> None:
    shot, told = _shot(tiny, rate), _told(_known(), _flags(*held), _flags(*drawn))
    windows = [shot.frames(told, _quiet, range(start, end)) for start, end in ((0, 3), (3, 8), (8, 10))]
    assert np.array_equal(np.concatenate(windows), shot.frames(told, _quiet))


def test_a_window_needs_no_pictures_beyond_its_anchors(tiny: PrevisModel) -> None:
    frames = _known()
    told = _told(frames, _flags(0, 1), _flags(5, 9))
    near = Known(told.size, {at: frames[at] for at in (5, 9)}, told.held, told.drawn, told.keep)
    window = range(6, 9)
    assert np.array_equal(_shot(tiny).frames(near, _quiet, window), _shot(tiny).frames(told, _quiet, window))


def test_restyling_keeps_what_is_held_and_forms(tiny: PrevisModel) -> None:
    known = _known(1)
    keep = np.full(_COUNT, 0.5, np.float32)
    keep[0] = 1.0
    frames = _shot(tiny).restyled(known, keep, _quiet)
    assert np.array_equal(frames[0], known[0])
    changed = frames[5].astype(float) - known[5]
    assert np.abs(changed).mean() > 0.5
    across = np.abs(np.diff(changed, axis=1)).mean()
    assert across < 0.2 * np.abs(np.diff(known[5].astype(float), axis=1)).mean()
