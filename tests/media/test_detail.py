import numpy as np
from shotwright.core.media.detail import shaded, shading_of


def _drawing() -> np.ndarray:
    drawing = np.full((90, 160, 3), 230, np.uint8)
    drawing[40:43] = 20
    return drawing


def test_lines_of_the_drawing_stand_in_the_frame_in_the_frames_own_colour() -> None:
    frame = np.full((90, 160, 3), (200, 100, 50), np.uint8)
    drawn = shaded(frame, shading_of(_drawing(), 12)).astype(int)
    assert drawn[41].mean() < 0.6 * drawn[10].mean()
    assert abs(drawn[41, 80, 0] / drawn[41, 80, 1] - 2) < 0.1
    assert np.abs(drawn[:10] - (200, 100, 50)).max() <= 2


def test_plain_paper_and_no_share_change_nothing() -> None:
    frame = np.random.default_rng(0).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    assert np.array_equal(shaded(frame, shading_of(np.full_like(frame, 200), 12)), frame)
    assert np.array_equal(shaded(frame, shading_of(_drawing(), 12), 0.0), frame)
