"""What is carried on: a camera's motion and a subject's, whole and where they should be; nothing that stands still."""

import cv2
import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.seam.carry import Carrier, gone_on
from shotwright.core.media.seam.grain import grain_of


def away(one: Frame, other: Frame, where: np.ndarray | slice = slice(None)) -> float:
    """How far two frames differ, in code values."""
    return float(np.abs(one.astype(float) - other)[where].mean())


@pytest.mark.parametrize(
    ("pan", "zoom", "grain"), [((1.3, -0.4), 0.0, 2.0), ((-2.5, 0), 0.0, 0.0), ((0, 0), 0.005, 2.0)]
)
def test_a_camera_s_motion_goes_on(clip, pan, zoom, grain) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=pan, zoom=zoom, grain=grain)
    known = shot.known()
    carrier = Carrier(known, grain_of(known[-7:]))
    for steps in (1, 8, 24):
        truth = shot.frame(24 + steps, grain=False)
        picture, shown, _ = carrier.at(steps)
        assert away(picture, truth, shown > 0.99) < min(3.0, 0.35 * away(known[-1], truth) + 0.5)


def test_a_camera_goes_on_for_some_seconds_and_comes_to_rest_where_nothing_else_is_known(clip) -> None:  # type: ignore[no-untyped-def]
    carrier = Carrier(clip(pan=(2, 0)).known(), rate=8.0)
    early, late, later = (carrier.at(round(seconds * 8), guessing=True).picture for seconds in (2, 14, 15))
    assert np.array_equal(early, carrier.at(16).picture)
    assert np.abs(late.astype(int) - later).mean() < 1
    assert not np.array_equal(carrier.at(14 * 8).picture, carrier.at(15 * 8).picture)


def test_seconds_gone_on_for_are_their_own_up_to_three_and_never_more_than_five() -> None:
    seconds = np.array([-60.0, -2.0, 0.0, 1.0, 3.0, 4.0, 60.0])
    assert gone_on(seconds) == pytest.approx([-5, -2, 0, 1, 3, 3.787, 5], abs=1e-3)


def test_what_no_known_frame_shows_is_told(clip) -> None:  # type: ignore[no-untyped-def]
    shown = Carrier(clip(pan=(2, 0)).known()).at(10)[1]
    assert shown[:, :298].min() > 0.9
    assert shown[:, 302:].max() < 0.1


@pytest.mark.parametrize(
    ("rough", "pan", "speed"),
    [
        (True, (0, 0), (2, 0.5)),
        (False, (0, 0), (-5, 0)),
        (False, (0, 0), (0.4, 0)),
        (True, (0, 0), (-0.4, 0)),
        (False, (1.5, 0), (1, 1)),
    ],
)
def test_a_subject_arrives_whole(clip, rough, pan, speed) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=pan, disc=speed, rough=rough)
    carrier = Carrier(shot.known())
    for steps in (4, 16):
        picture, shown, _ = carrier.at(steps)
        truth, inside = shot.frame(24 + steps), shot.disc_share(24 + steps) > 0.99
        assert shown[inside].min() > 0.5
        # Not torn: the subject's own colour all over, but for a rim where its speed is off by a fraction of a pixel.
        inner = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert np.quantile(np.abs(picture.astype(int) - truth)[inner].max(1), 0.97) < 45
        assert away(picture, truth, inside) < 0.4 * max(8.0, away(shot.frame(24), truth, inside))
        # And once only: where it stood the ground shows, or is left to others.
        left = (shot.disc_share(24) > 0.99) & (shot.disc_share(24 + steps) == 0) & (shown > 0.9)
        if not any(pan) and left.sum() > 50:
            assert away(picture, truth, left) < 12


def test_grain_does_not_hide_a_subject(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip(disc=(2, 0), grain=2.5)
    known = shot.known()
    picture, *_ = Carrier(known, grain_of(known[-7:])).at(12)
    inside = shot.disc_share(36) > 0.99
    assert away(picture, shot.frame(36, grain=False), inside) < 6


def test_what_stands_still_stays_exactly(clip) -> None:  # type: ignore[no-untyped-def]
    known = clip().known()
    for steps in (1, 24):
        picture, shown, _ = Carrier(known, grain_of(known[-7:])).at(steps)
        assert np.array_equal(picture, known[-1])
        assert shown.min() == 1


def test_a_light_that_flickers_goes_nowhere(clip) -> None:  # type: ignore[no-untyped-def]
    known = clip().known()
    for number, frame in enumerate(known):
        frame[60:100, 100:160] = 120 + round(60 * np.sin(number * 2.4))
    assert np.array_equal(Carrier(known).at(24)[0], known[-1])


def test_a_still_and_a_pair_are_enough(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=(2, 0))
    known = shot.known()
    assert np.array_equal(Carrier(known[-1:]).at(5)[0], known[-1])
    picture, shown, _ = Carrier(known[-2:]).at(5)
    assert away(picture, shot.frame(29), shown > 0.99) < 3


@pytest.mark.parametrize(("rough", "speed"), [(True, (2, 0.5)), (False, (0.4, 0)), (True, (-6, 0))])
def test_at_the_seam_itself_nothing_changes(clip, rough, speed) -> None:  # type: ignore[no-untyped-def]
    known = clip(disc=speed, rough=rough).known()
    carrier = Carrier(known)
    picture, shown, front = carrier.at(0, guessing=True)
    assert front.max() > 0.99
    assert shown.min() > 0.99
    assert np.quantile(np.abs(picture.astype(int) - known[-1]), 0.999) <= 2


def test_behind_a_piece_is_guessed_what_is_around_it_where_that_is_asked(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip(disc=(1.5, 0))
    carrier = Carrier(shot.known())
    left = (shot.disc_share(24) > 0.99) & (shot.disc_share(48) == 0)
    told, guessed = carrier.at(24), carrier.at(24, guessing=True)
    assert (told.shown[left] < 0.5).mean() > 0.2
    assert guessed.shown[left].min() > 0.99
    coat = np.abs(guessed.picture.astype(int) - (215, 60, 50)).max(2)
    assert (coat[left] < 30).mean() < 0.05  # none of the disc stays there


def test_beside_a_piece_none_of_another_one_is_seen(clip) -> None:  # type: ignore[no-untyped-def]
    """One box leaves the place that another comes to: what was dark there goes with the first."""
    rng, ground, at_seam = np.random.default_rng(1), clip().frame(24), (90, 200)
    boxes = [np.clip(rng.uniform(-30, 30, (44, 40, 3)) + tone, 0, 255) for tone in (30, (220, 90, 60))]

    def frame(number: int) -> Frame:
        drawn = ground.copy()
        for left, box in zip(at_seam, boxes, strict=True):
            at = left - 4 * (number - 24)
            drawn[70:114, at : at + 40] = cv2.GaussianBlur(box, (0, 0), 1)[:, : max(0, 320 - at)]
        return drawn

    steps = 27  # after which the second is where the first stood, but for two pixels
    carried = Carrier([frame(number) for number in range(25)]).at(steps, guessing=True)
    assert carried.front[90, 110] > 0.99
    around = carried.picture[64:120, 86:138].astype(int)
    assert (np.abs(around - 30).max(2) >= 30).all()
