"""Where nothing can be followed the model has its say; everywhere else known frames are carried on."""

import cv2
import numpy as np
import pytest
from shotwright.core.media.seam.fill import filled
from shotwright.core.media.seam.onward import Side, onward

SIZE = (320, 180)
KNOWN = 13


def _texture(seed: int, sigma: float, size: tuple[int, int] = SIZE) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, (size[1], size[0], 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), sigma)
    return np.clip(128 + 50 * smooth / smooth.std(), 0, 255).astype(np.uint8)


GROUND = _texture(0, 4)
COATS = [_texture(seed, 3, (60, 80)) // 2 + tint for seed, tint in ((1, 0), (2, 110))]


def _walker(number: int) -> np.ndarray:
    """Something that travels three pixels a frame and looks different at every other step."""
    frame = GROUND.copy()
    x = 60 + 3 * number
    frame[60:140, x : x + 60] = COATS[number // 2 % 2]
    return frame


def _rigid(number: int) -> np.ndarray:
    frame = GROUND.copy()
    frame[60:140, 60 + 3 * number : 120 + 3 * number] = COATS[0]
    return frame


def _swaying(number: int) -> np.ndarray:
    frame = GROUND.copy()
    frame[60:140, 60:120] = COATS[number // 2 % 2]
    return frame


@pytest.mark.parametrize(("kind", "unsure"), [(_walker, True), (_rigid, False), (_swaying, False)])
def test_only_what_travels_and_can_not_be_followed_is_doubted(kind: object, unsure: bool) -> None:
    side = Side(0, [kind(number) for number in range(KNOWN)])  # type: ignore[operator]
    doubt = side.doubt(1)
    assert (doubt is not None) == unsure
    if doubt is not None:
        x = 60 + 3 * (KNOWN - 1)
        assert doubt[70:130, x + 5 : x + 55].mean() > 0.7
        assert doubt[:, :30].max() == doubt[:30].max() == 0
        later = side.doubt(8)
        assert later is not None
        assert later.sum() > doubt.sum()


def test_the_model_moves_on_what_known_frames_would_leave_standing() -> None:
    side = Side(0, [_walker(number) for number in range(KNOWN)])
    true = _walker(KNOWN + 5)
    new = onward([side], 6, true, model_leads=False)
    assert np.abs(new.astype(int) - true).mean() < 3
    elsewhere = onward([side], 6, np.full_like(true, 90), model_leads=False)
    assert np.abs(elsewhere[:, 250:].astype(int) - GROUND[:, 250:]).mean() < 3  # far from it, the ground is carried


def test_a_model_has_no_say_where_everything_is_followed() -> None:
    side = Side(0, [_rigid(number) for number in range(KNOWN)])
    new = onward([side], 3, np.full((*SIZE[::-1], 3), 90, np.uint8), model_leads=False)
    assert np.abs(new.astype(int) - _rigid(KNOWN + 2))[5:-5, 30:-30].mean() < 6


@pytest.mark.parametrize("rate", [24.0, 60.0])
def test_seconds_away_a_model_leads_that_does_not_lead_at_first(rate: float) -> None:
    side = Side(0, [_rigid(number) for number in range(KNOWN)], rate)
    made = np.full((*SIZE[::-1], 3), 90, np.uint8)
    made[:, :160] = side.carrier.at(round(4 * rate), True).picture[:, :160]  # it agrees with half of what is carried
    soon, late = (onward([side], round(seconds * rate), made, model_leads=False) for seconds in (2, 4))
    assert np.abs(soon[:, 200:].astype(int) - 90).mean() > 20
    assert np.abs(late[:, 200:].astype(int) - 90).mean() < 8
    assert np.abs(late[10:-10, 10:140].astype(int) - made[10:-10, 10:140]).mean() < 3
    far_from_both = [side, Side(round(8 * rate), side.frames, rate)]
    assert np.abs(onward(far_from_both, round(7 * rate), made, model_leads=False)[:, 200:] - soon[:, 200:]).mean() < 60


def _gliding(number: int) -> np.ndarray:
    """A coat that glides before an even wall; a tree stands beside its way."""
    frame = np.full((SIZE[1], SIZE[0], 3), (120, 150, 180), np.uint8)
    frame[30:150, 250:262] = (40, 90, 40)
    frame[60:140, 60 + 3 * number : 120 + 3 * number] = COATS[0]
    return frame


def test_no_picture_of_a_model_that_does_not_lead_stands_where_a_piece_was() -> None:
    known = [_gliding(number) for number in range(KNOWN)]
    side = Side(0, known)
    stood, now = 60 + 3 * (KNOWN - 1), 60 + 3 * (KNOWN + 11)
    new = onward([side], 12, known[-1], model_leads=False)  # whose model did not see it leave
    true = _gliding(KNOWN + 11)
    assert np.abs(new[70:130, stood + 3 : now - 3].astype(int) - true[70:130, stood + 3 : now - 3]).max() < 40
    assert np.abs(new[70:130, now + 6 : now + 54].astype(int) - true[70:130, now + 6 : now + 54]).mean() < 12
    led = onward([side], 12, np.full_like(true, 230), model_leads=True)  # one that leads has its say there
    assert led[80:120, stood + 6 : stood + 24].mean() > 200


def test_a_piece_ends_sharply_before_what_was_made() -> None:
    side = Side(0, [_rigid(number) for number in range(KNOWN)])
    made = np.full((SIZE[1], SIZE[0], 3), 250, np.uint8)
    picture, shown, front = side.carrier.at(12)
    new = filled(picture, shown, made, front)
    inner = cv2.erode((front > 0.99).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert inner.sum() > 3000
    assert np.abs(new[inner].astype(int) - picture[inner]).max() <= 1


@pytest.mark.parametrize("around", [0, 255])
def test_a_matte_behind_a_piece_is_as_it_is_around_it(around: int) -> None:
    known = []
    for number in range(KNOWN):
        matte = np.full((SIZE[1], SIZE[0], 1), around, np.uint8)
        matte[60:140, 60 + 3 * number : 120 + 3 * number] = 255
        known.append(np.dstack([_gliding(number), matte]))
    stood, now = 60 + 3 * (KNOWN - 1), 60 + 3 * (KNOWN + 11)
    new = onward([Side(0, known)], 12, known[-1][..., :3], model_leads=False)
    assert np.abs(new[70:130, stood + 3 : now - 3, 3].astype(int) - around).max() < 30
    assert new[70:130, now + 6 : now + 54, 3].min() > 225
