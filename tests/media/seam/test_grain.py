"""Grain: measured, taken off what is carried, and laid on again as it was."""

import numpy as np
import pytest
from shotwright.core.media.seam.carry import Carrier
from shotwright.core.media.seam.grain import grain_of


@pytest.mark.parametrize(("amount", "pan"), [(1.5, (0, 0)), (5.0, (0, 0)), (2.5, (1.5, 0.3))])
def test_grain_is_measured_and_laid_on_alike(clip, amount, pan) -> None:  # type: ignore[no-untyped-def]
    known = clip(pan=pan, grain=amount).known()[-7:]
    grain = grain_of(known)
    assert grain.spread.mean() == pytest.approx(amount, rel=0.15)
    again = [grain.on(clip(pan=pan).frame(number), number) for number in range(7)]
    assert grain_of(again).spread.mean() == pytest.approx(amount, rel=0.15)


@pytest.mark.parametrize("pan", [(0, 0), (1.5, 0.3)])
def test_carried_frames_have_the_source_s_grain_once(clip, pan) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=pan, grain=3.0)
    known = shot.known()
    grain = grain_of(known[-7:])
    carrier = Carrier(known, grain)
    picture, shown, _ = carrier.at(5)
    truth, seen = shot.frame(29, grain=False), shown > 0.99
    smooth = seen & (np.hypot(*np.gradient(truth.mean(2))) < 4)
    left = float((picture.astype(float) - truth)[smooth].std())
    again = float((grain.on(picture, 5).astype(float) - truth)[smooth].std())
    assert left < 0.6 * 3.0
    assert again == pytest.approx(3.0, rel=0.15)
    frames = [grain.on(carrier.at(steps)[0], steps) for steps in range(1, 8)]
    assert grain_of(frames).spread.mean() == pytest.approx(3.0, rel=0.15)


def test_taking_grain_off_keeps_what_is_sharp(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=(1.5, 0.3), grain=2.0, disc=(-2, 0), rough=True)
    known = shot.known()
    picture = Carrier(known, grain_of(known[-7:])).at(0)[0]

    def steep(frame: np.ndarray) -> float:
        return float(np.quantile(np.hypot(*np.gradient(frame.astype(float).mean(2))), 0.98))

    assert steep(picture) > 0.9 * steep(shot.frame(24, grain=False))


def test_a_clip_without_grain_gets_none(clip) -> None:  # type: ignore[no-untyped-def]
    known = clip(disc=(3, 0)).known()[-7:]
    grain = grain_of(known)
    assert not grain.seen
    assert np.array_equal(grain.on(known[-1], 1), known[-1])
    assert np.array_equal(Carrier(known, grain).at(0)[0][:60], known[-1][:60])


def test_the_same_seed_lays_the_same_grain(clip) -> None:  # type: ignore[no-untyped-def]
    known = clip(grain=3).known()[-7:]
    grain = grain_of(known)
    assert np.array_equal(grain.on(known[0], 4), grain.on(known[0], 4))
    assert not np.array_equal(grain.on(known[0], 4), grain.on(known[0], 5))
