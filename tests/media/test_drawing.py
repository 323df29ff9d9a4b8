"""Drawings of lines: where, how wide and in which colours they are, at any size."""

import numpy as np
import pytest
from shotwright.core.media.drawing import drawn
from shotwright.core.protocol import Stroke

RED, BLUE = (1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 0.5)


@pytest.mark.parametrize("size", [(160, 90), (1280, 720), (4096, 2304)])
def test_a_line_is_as_wide_as_it_says_and_nothing_else_is_drawn(size: tuple[int, int]) -> None:
    width, height = size
    picture = drawn([Stroke(((-1.0, 0.5, 0.1), (2.0, 0.5, 0.1)), RED)], size)
    assert picture.shape == (height, width, 3)
    ink = 1 - picture[:, width // 2, 1].astype(float) / 255
    assert ink.sum() == pytest.approx(0.1 * height, abs=0.6)
    assert (np.flatnonzero(ink).min() + np.flatnonzero(ink).max() + 1) / 2 == pytest.approx(height / 2, abs=0.6)
    assert (picture[: height // 3] == 255).all()
    assert (picture[height // 2] == (255, 0, 0)).all()


def test_lines_taper_and_the_thinnest_are_seen() -> None:
    picture = drawn([Stroke(((0.1, 0.5, 0.0), (0.5, 0.5, 0.2), (0.9, 0.5, 0.0)), RED)], (320, 180))
    ink = (1 - picture[:, :, 1].astype(float) / 255).sum(axis=0)
    assert ink[160] > ink[100] > ink[40] > 0.5
    assert ink[160] == pytest.approx(ink[159], abs=2)
    assert drawn([Stroke(((0.1, 0.5, 0.0), (0.9, 0.5, 0.0)), RED)], (320, 180))[:, 160, 1].min() < 120


def test_what_is_above_is_laid_over_what_is_below_by_its_cover() -> None:
    box = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0))
    picture = drawn([Stroke(box, fill=RED), Stroke(box, fill=BLUE)], (64, 36), (0.0, 1.0, 0.0, 1.0))
    assert (abs(picture.astype(int) - (128, 0, 128)) <= 1).all()
    assert (drawn([], (64, 36), (0.0, 1.0, 0.0, 1.0)) == (0, 255, 0)).all()


def test_closed_lines_single_points_and_those_outside() -> None:
    corner = ((0.2, 0.2, 0.02), (0.8, 0.2, 0.02), (0.8, 0.8, 0.02))
    open_, closed = (drawn([Stroke(corner, RED, closed=each)], (160, 90)) for each in (False, True))
    assert tuple(open_[45, 80]) == (255, 255, 255)
    assert tuple(closed[45, 80]) == (255, 0, 0)
    dot = drawn([Stroke(((0.5, 0.5, 0.2),), RED)], (160, 90))
    assert (255 - dot[:, :, 1]).sum() / 255 == pytest.approx(np.pi * 9**2, rel=0.1)
    for points in ((), ((5.0, 5.0, 0.1), (6.0, 7.0, 0.1)), ((-900.0, 0.0, 0.0), (-900.0, 900.0, 0.0))):
        assert (drawn([Stroke(points, RED, RED)], (160, 90)) == 255).all()
