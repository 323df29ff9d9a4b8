"""A camera's motion: fitted exactly, whatever moves on its own, and done over any number of times."""

import cv2
import numpy as np
import pytest
from shotwright.core.media.seam import camera
from shotwright.core.media.seam.hold import ways_back

WAY = np.array([[1.01, -0.004, 2.5], [0.003, 0.992, -1.25], [0, 0, 1]])


def test_a_fit_is_exact_though_a_quarter_moves_on_its_own() -> None:
    flow = camera.displaced(WAY, 90, 160)
    flow[20:65, 30:110] += (6.0, -3.0)
    fitted = camera.fitted(flow, np.ones((90, 160), np.float32))
    assert np.abs(camera.displaced(fitted, 90, 160) - camera.displaced(WAY, 90, 160)).max() < 0.01


def test_a_fit_looks_only_where_it_is_told_to() -> None:
    flow = camera.displaced(WAY, 90, 160)
    weight = np.ones((90, 160), np.float32)
    flow[:, 50:], weight[:, 50:] = 40.0, 0
    assert np.abs(camera.fitted(flow, weight) - WAY).max() < 0.01


def test_powers_add_up() -> None:
    twice = camera.power(WAY, 2)
    assert np.allclose(twice, WAY @ WAY, atol=1e-6)
    half = camera.power(WAY, 0.5)
    assert np.allclose(half @ half, WAY, atol=1e-6)
    assert np.allclose(camera.power(WAY, -1) @ WAY, np.eye(3), atol=1e-6)
    assert np.allclose(camera.power(WAY, 0), np.eye(3))


def test_a_larger_picture_moves_alike() -> None:
    rng = np.random.default_rng(0)
    small = cv2.GaussianBlur(rng.uniform(0, 255, (90, 160)).astype(np.float32), (0, 0), 4)
    large = cv2.resize(small, (320, 180), interpolation=cv2.INTER_LINEAR)
    one = camera.laid(small, WAY, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    other = camera.laid(large, camera.scaled(WAY, 2), cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    shrunk = cv2.resize(other, (160, 90), interpolation=cv2.INTER_AREA)
    assert np.abs(one - shrunk)[5:-5, 5:-5].max() < 1.5


def test_a_patch_is_a_part_of_the_whole() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    whole = camera.laid(picture, WAY, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE).astype(int)
    box = slice(10, 50), slice(33, 120)
    part = camera.patch(picture, WAY, box, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    assert np.abs(whole[box] - part).max() <= 8  # both round places to a thirty-second of a pixel
    assert np.abs(whole[box] - part).mean() < 1


@pytest.mark.parametrize(
    ("pan", "zoom", "grain"), [((1.3, -0.4), 0.0, 2.5), ((0, 0), 0.004, 0.0), ((-0.8, 0), -0.003, 2.5)]
)
def test_a_camera_is_found_back(clip, pan, zoom, grain) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=pan, zoom=zoom, grain=grain, disc=(-1.5, 0.5))
    way = ways_back(shot.known()[-7:])[6]
    middle = np.array((160, 90, 1.0))
    scale = (1 + zoom) ** 6
    # Where the middle of the last frame, (160, 90), was six frames earlier.
    assert np.abs((way @ middle)[:2] - (middle[:2] + 6 * np.array(pan) / scale)).max() < 0.1
    assert abs(way[0, 0] - 1 / scale) < 0.001
    assert max(abs(way[0, 1]), abs(way[1, 0])) < 0.001


@pytest.mark.parametrize("grain", [0.0, 3.0])
def test_a_camera_that_stands_stands_exactly(clip, grain: float) -> None:  # type: ignore[no-untyped-def]
    ways = ways_back(clip(grain=grain, disc=(2, 0)).known()[-13:])
    assert all(np.array_equal(way, np.eye(3)) for way in ways)


def test_a_large_figure_before_plain_ground_is_not_taken_for_the_ground():
    """A crane over a meadow: hills rise in the picture, what is nearer sinks, and dark legs cross below."""
    rng = np.random.default_rng(3)
    hills = np.cumsum(rng.standard_normal(800)) * 1.5

    def frame(n):
        rows, columns = np.mgrid[:270, :480].astype(np.float32)
        row = (rows - 130) / (1 + 0.002 * n) + 130 + 0.5 * n  # where each place was at first
        ground = row > 60 + hills[columns.astype(int)]
        picture = np.where(ground[..., None], (90, 130, 60), (135, 145, 105)).astype(np.uint8)
        for leg in range(2):
            picture[150 + n // 4 : 235 + n // 4, 60 + 50 * leg + 2 * n : 85 + 50 * leg + 2 * n] = (20, 20, 30)
        return cv2.GaussianBlur(picture, (0, 0), 1)

    way = ways_back([frame(n) for n in range(13)])[6]
    across = (way - np.eye(3))[0]
    assert np.abs(across[:2]).max() < 1e-3
    assert abs(across[2]) < 0.3
