"""The first frames after known ones go on as the last one moved, and then are the made ones."""

import cv2
import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.seam.momentum import Momentum

from .conftest import SIZE, Clip

_OF = 3


def _away(one: Frame, other: Frame, margin: int = 12) -> float:
    inner = slice(margin, -margin), slice(margin, -margin)
    return float(np.abs(one[inner].astype(np.float32) - other[inner]).mean())


def _still(clip: Clip) -> Frame:
    """What a model makes that takes the last known frame for a still."""
    return clip.frame(clip.KNOWN - 1)


@pytest.mark.parametrize("pan", [(0.0, 0.0), (2.5, 0.0), (-1.3, 0.8), (0.0, -6.0)])
def test_the_first_frame_goes_on_as_the_last_one_moved(pan: tuple[float, float]) -> None:
    clip = Clip(pan=pan)
    before, last, first = (clip.frame(clip.KNOWN + n) for n in (-2, -1, 0))
    found = Momentum(before, last).onto(_still(clip), 1, _OF)
    assert _away(found, first) < 1.5
    assert pan == (0.0, 0.0) or _away(found, first) < 0.25 * _away(_still(clip), first)


def test_what_moves_before_a_still_ground_bares_what_was_made_there() -> None:
    clip = Clip(disc=(7.0, 0.0))
    before, last, first = (clip.frame(clip.KNOWN + n) for n in (-2, -1, 0))
    made = np.zeros_like(last)
    found = Momentum(before, last).onto(made, 1, _OF)
    bared = (clip.disc_share(clip.KNOWN - 1) > 0.99) & (clip.disc_share(clip.KNOWN) < 0.01)
    there = cv2.erode((clip.disc_share(clip.KNOWN) > 0.99).astype(np.uint8), np.ones((9, 9))) > 0
    assert found[bared].mean() < 0.4 * first[bared].mean()
    assert np.abs(found[there].astype(np.float32) - first[there]).mean() < 4


def test_it_hands_over_to_what_was_made() -> None:
    clip = Clip(pan=(2.0, 0.0))
    momentum = Momentum(clip.frame(clip.KNOWN - 2), clip.frame(clip.KNOWN - 1))
    made = clip.frame(clip.KNOWN + 5)
    away = [_away(momentum.onto(made, steps, _OF), made) for steps in (1, 2, 3, 4)]
    assert away[0] > away[2]
    assert away[3] == 0


def test_what_differs_changes_at_once_and_never_shows_twice() -> None:
    last = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    last[60:120, 100:160] = 220
    made = np.full_like(last, 60)
    made[60:120, 180:240] = 220
    momentum = Momentum(last, last)
    for steps in (1, 2, 3):
        found = momentum.onto(made, steps, _OF)[80:100]
        between = (found > 80) & (found < 200)
        assert between.mean() < 0.06  # edges alone


@pytest.mark.parametrize("size", [(16, 16), (17, 40), (90, 33)])
def test_small_frames_are_carried_too(size: tuple[int, int]) -> None:
    frame = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    assert Momentum(frame, frame).onto(frame, 1, _OF).shape == frame.shape
