"""The ground behind what moves: as frames in which it stood elsewhere show it, but for limbs that swing out of it."""

import numpy as np
import pytest
from shotwright.core.media.seam.ground import ground_behind
from shotwright.core.media.seam.objects import Piece

SPEED, COUNT = 3, 13


@pytest.mark.parametrize("youngest", [True, False])
def test_a_foot_that_steps_ahead_leaves_nothing_on_the_ground(youngest: bool) -> None:
    rng = np.random.default_rng(0)
    ground = (120 + 20 * np.sin(np.arange(160) / 9)[None, :, None] + rng.uniform(-2, 2, (90, 160, 3))).astype(np.uint8)
    body, foot = (slice(30, 60), slice(100, 112)), (slice(56, 60), slice(104, 110))
    frames = []
    for back in range(COUNT - 1, -1, -1):
        frame, at = ground.copy(), body[1].start - SPEED * back
        if 3 <= back <= 5:  # it stands there before its body comes, and after that is within it
            frame[foot] = 20
        frame[body[0], at : at + 12] = 60
        frames.append(frame)
    cover = np.zeros(ground.shape[:2], np.float32)
    cover[body] = 1
    piece = Piece(cover, np.array([[1.0, 0, SPEED], [0, 1, 0], [0, 0, 1]]))
    found, known = ground_behind(frames, [np.eye(3)] * COUNT, [piece], frames[-1], youngest)
    assert known[body].min() > 0.5
    assert np.abs(found[body].astype(int) - ground[body]).max() < 12
