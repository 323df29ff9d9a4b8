"""Elements led along a drawing's areas."""

import cv2
import numpy as np
import pytest
from shotwright.core.media.detail import cells_of
from shotwright.core.models.previs.tracing import Tracer, recut

_NOWHERE = (9.0, 9.0, 9.5, 9.5)


def _drawing(*boxes, gap=0):
    """Paper with outlined boxes (left, top, right, bottom), each with a gap so wide in its lower side."""
    paper = np.full((180, 320, 3), 220, np.uint8)
    for left, top, right, bottom in boxes:
        cv2.rectangle(paper, (left, top), (right, bottom), (40, 40, 40), 2)
        middle = (left + right) // 2
        paper[bottom - 2 : bottom + 3, middle - gap // 2 : middle + gap - gap // 2] = 220
    return paper


def _cover(left, top, right, bottom):
    cover = np.zeros((180, 320), np.float32)
    cover[top:bottom, left:right] = 1
    return cover


def test_what_is_painted_beside_its_drawing_is_led_to_it():
    found = Tracer(cells_of(_drawing((100, 40, 160, 160)))).traced({1: _cover(110, 60, 180, 170)}, {1: _NOWHERE})
    inside, beside = found[1][44:156, 104:156], found[1][60:170, 170:]
    assert inside.min() > 0.99
    assert beside.max() == 0


def test_an_area_that_two_elements_cover_is_the_one_s_that_covers_more():
    cells = cells_of(_drawing((60, 40, 120, 160), (130, 40, 190, 160)))
    found = Tracer(cells).traced(
        {0: _cover(64, 44, 150, 156), 1: _cover(140, 44, 188, 156)}, {0: _NOWHERE, 1: _NOWHERE}
    )
    assert found[0][50:150, 66:114].min() > 0.99
    assert found[0][50:150, 136:184].max() == 0
    assert found[1][50:150, 136:184].min() > 0.99


def test_an_element_that_lines_do_not_part_from_its_ground_stays_as_it_is_painted():
    cells = cells_of(_drawing((100, 40, 160, 160), gap=30))
    assert Tracer(cells).traced({0: _cover(100, 40, 160, 160)}, {0: _NOWHERE}) == {}


def test_a_drawing_without_lines_tells_nothing():
    assert (
        Tracer(cells_of(np.full((180, 320, 3), 128, np.uint8))).traced({0: _cover(100, 40, 160, 160)}, {0: _NOWHERE})
        == {}
    )
    assert Tracer(cells_of(_drawing((100, 40, 160, 160)))).traced({}, {}) == {}


def test_colours_are_carried_on_to_where_the_body_did_not_reach():
    cover, body = _cover(100, 40, 160, 160), _cover(110, 60, 180, 170)
    element = np.concatenate([body[..., None] * np.array([0.8, 0.1, 0.2]), body[..., None]], -1).astype(np.float32)
    picture = recut(np.full((180, 320, 3), 0.5, np.float32), element, body[..., None], cover)
    assert np.abs(picture[cover > 0] - (0.8, 0.1, 0.2)).max() < 0.01
    assert np.all(picture[cover == 0] == 0.5)


def test_what_is_painted_too_small_is_as_large_as_it_is_drawn():
    drawing = Tracer(cells_of(_drawing((100, 40, 160, 160))))
    left, top, right, bottom = drawing.sized({0: _cover(120, 80, 158, 118)}, {0: (-0.2, -0.05, 0.0, 0.1)})[0]
    assert (left, bottom) == pytest.approx(((101 - 160) / 180, (160 - 90) / 180), abs=0.02)
    assert (right, top) == pytest.approx((0.0, (41 - 90) / 180), abs=0.02)


def test_what_lies_before_a_wall_is_not_as_large_as_the_wall():
    boxes = {0: (-0.2, -0.05, 0.0, 0.1)}
    assert Tracer(cells_of(_drawing((100, 40, 160, 200)))).sized({0: _cover(120, 80, 158, 118)}, boxes) == boxes
    assert Tracer(cells_of(_drawing((100, 40, 160, 160)))).sized({0: _cover(0, 0, 0, 0)}, boxes) == boxes


def test_what_is_painted_over_half_of_the_background_does_not_take_it():
    """The box is the figure; right of it the ground, which reaches the picture's edge."""
    drawing = _drawing((100, 40, 160, 178), (160, 60, 319, 179))
    found = Tracer(cells_of(drawing)).traced({0: _cover(100, 40, 255, 178)}, {0: (-0.4, -0.3, 0.55, 0.5)})
    assert found == {} or found[0][70:170, 270:310].max() < 0.5


def test_a_sleeve_at_the_picture_s_foot_goes_with_its_body_though_it_is_not_painted():
    cells = cells_of(_drawing((100, 40, 160, 185), (160, 60, 190, 185), (230, 40, 300, 185), (160, 10, 190, 50)))
    box = ((95 - 160) / 180, (5 - 90) / 180, (195 - 160) / 180, 0.6)
    found = Tracer(cells).traced({0: _cover(100, 40, 158, 180)}, {0: box})
    assert found[0][66:174, 166:184].min() > 0.99
    assert found[0][:, 232:].max() == 0  # beyond its box
    assert found[0][14:46, 166:184].max() == 0  # a picture on the wall
