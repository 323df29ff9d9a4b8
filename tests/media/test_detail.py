import numpy as np
from shotwright.core.media.detail import cells_of, guided, shaded, shading_of, within_lines


def _drawing() -> np.ndarray:
    drawing = np.full((90, 160, 3), 230, np.uint8)
    drawing[40:43] = 20
    return drawing


def test_lines_of_the_drawing_stand_in_the_frame_in_the_frames_own_colour() -> None:
    frame = np.full((90, 160, 3), (200, 100, 50), np.uint8)
    drawn = shaded(frame, shading_of(_drawing())).astype(int)
    assert drawn[41].mean() < 0.6 * drawn[10].mean()
    assert abs(drawn[41, 80, 0] / drawn[41, 80, 1] - 2) < 0.1
    assert np.abs(drawn[:10] - (200, 100, 50)).max() <= 2


def test_plain_paper_and_no_share_change_nothing() -> None:
    frame = np.random.default_rng(0).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    assert np.array_equal(shaded(frame, shading_of(np.full_like(frame, 200))), frame)
    assert np.array_equal(shaded(frame, shading_of(_drawing(), 0.0)), frame)


def _two_areas() -> np.ndarray:
    """Light paper, and a grey box in its middle with a dark outline that has a gap."""
    drawing = np.full((180, 320, 3), 235, np.uint8)
    drawing[50:130, 110:210] = 20
    drawing[52:128, 112:208] = 150
    drawing[50:52, 160:162] = 150
    return drawing


def test_colours_that_ran_over_a_line_go_back_behind_it() -> None:
    frame = np.full((180, 320, 3), (60, 90, 200), np.uint8)
    frame[60:140, 140:226] = (220, 40, 30)  # meant for the box, and some of it beside it
    frame[54:126, 114:206] = (220, 40, 30)
    held = within_lines(frame, cells_of(_two_areas()), 1.0, (320, 180)).astype(int)
    assert np.abs(held[90, 160] - (220, 40, 30)).max() < 12
    assert held[90, 218, 0] - 60 < 0.5 * (220 - 60)
    assert held[90, 200, 0] - held[90, 218, 0] > 70  # an edge where the drawing has one


def test_areas_keep_light_that_changes_across_them() -> None:
    across = np.linspace(40, 220, 320).astype(np.uint8)
    frame = np.broadcast_to(across[None, :, None], (180, 320, 3)).copy()
    held = within_lines(frame, cells_of(np.full((180, 320, 3), 220, np.uint8)), 1.0, (320, 180)).astype(int)
    assert held[90, 300].mean() - held[90, 20].mean() > 100
    assert np.array_equal(within_lines(frame, cells_of(_two_areas()), 0.0, (320, 180)), frame)


def test_specks_of_paper_are_no_areas() -> None:
    drawing = _two_areas()
    drawing[10:170:20, 10:100:20] = 60
    cells = cells_of(drawing)
    assert len(cells.areas) == 2
    frame = np.full((180, 320, 3), 128, np.uint8)
    assert np.abs(within_lines(frame, cells, 1.0, (320, 180)).astype(int) - 128).max() <= 1


def test_what_is_guided_ends_where_its_guide_does() -> None:
    guide = np.zeros((60, 80), np.float32)
    guide[:, 40:] = 0.5
    rng = np.random.default_rng(0)
    values = np.where(guide[..., None] > 0, 100, -50) + rng.normal(0, 20, (60, 80, 3))
    even = guided(values.astype(np.float32), guide, 6, 0.02)
    for side, level in ((slice(8, 38), -50), (slice(42, 72), 100)):
        assert np.abs(even[8:-8, side].mean() - level) < 3
        assert even[8:-8, side].std() < 5  # evened, up to two pixels from the edge
