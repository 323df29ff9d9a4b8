"""Chained chunks: what a redrawing adds is taken off, what a model carries on is left alone."""

import numpy as np
import pytest
from shotwright.core.backends.worker.anchoring import anchored, look_of, matched


def _frames(seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).integers(40, 200, (10, 9, 16, 3))
    return np.repeat(np.repeat(rows, 8, 1), 8, 2).astype(np.uint8)


@pytest.mark.parametrize("shared", [slice(0, 4), slice(6, None)])
def test_a_redrawings_own_drift_is_taken_off(shared: slice) -> None:
    true = _frames()
    drifted = np.clip(true * 0.95 + 9.0, 0, 255).astype(np.uint8)
    mended = anchored(drifted, shared, true[shared], look_of(true))
    assert np.abs(drifted.astype(int) - true).mean() > 2.5
    assert np.abs(mended.astype(int) - true).mean() < 1.5


def test_frames_that_are_carried_on_are_left_alone() -> None:
    true = _frames()
    brighter = np.clip(_frames(1) * 1.05, 0, 255).astype(np.uint8)
    brighter[:4] = true[:4]
    assert anchored(brighter, slice(0, 4), true[:4], look_of(true)) is brighter


def test_a_change_of_light_is_no_drift() -> None:
    true = _frames()
    dark = (true * 0.4).astype(np.uint8)
    mended = anchored(np.concatenate([true[:4], dark[4:]]), slice(0, 4), true[:4] + 1, look_of(true))
    assert np.abs(mended[4:].astype(int) - dark[4:]).mean() < 3


def test_large_frames_look_like_small_ones() -> None:
    frames = _frames()
    small = look_of(frames[:, ::8, ::8])
    assert np.allclose(look_of(frames).mean, small.mean, atol=2)
    assert np.allclose(look_of(frames).spread, small.spread, atol=2)


def test_a_chunk_has_the_light_of_the_known_frame_that_it_redrew() -> None:
    true = _frames()
    known = np.arange(len(true)) == 0
    drifted = np.clip(true * 0.95 + 9.0, 0, 255).astype(np.uint8)
    mended = matched(drifted, known, true)
    assert np.abs(mended.astype(int) - true).mean() < 1.5
    assert matched(true, known, true) is true
    assert matched(drifted, known & False, true) is drifted
    other = matched(255 - true, known, true)  # what has another picture altogether is no drift, and is bounded
    assert np.abs(other.astype(int) - (255 - true)).max() <= 46
