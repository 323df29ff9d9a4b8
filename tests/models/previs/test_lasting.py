"""Plans of some seconds over takes that last longer: told slowly, or gone on with."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from shotwright.core.models.previs.lasting import continued, stretched
from shotwright.core.models.previs.layers import (
    CAMERA_TRACKS,
    ELEMENT,
    KNOTS,
    PLATE,
    POSES,
    SLOTS,
    ElementMove,
    Layers,
    Moves,
    at_moment,
)

_EVEN = np.linspace(0, 1, KNOTS)
_WALKER = ElementMove(_EVEN * 2 - 1, np.ones(KNOTS), np.ones(KNOTS), 0.2, 0.1, 0.3, 1.8, 0.0)
_BALL = replace(_WALKER, x=np.zeros(KNOTS), hop=0.3)
_SECONDS = 10.0


def _layers(reference: float = 0.2) -> Layers:
    tracks = dict.fromkeys(CAMERA_TRACKS, _EVEN - 0.2)
    plate, elements = np.zeros((*PLATE, 4), np.float32), np.zeros((SLOTS, POSES, *ELEMENT, 4), np.float32)
    return Layers(plate, elements, Moves(**tracks, elements=(_WALKER, _BALL)), reference, _SECONDS)


def test_a_plan_told_slowly_ends_where_it_ended_and_limbs_keep_about_their_pace() -> None:
    slow = stretched(_layers(), 60)
    assert slow.seconds == 60
    walker, ball = slow.moves.elements
    assert walker is not None
    assert ball is not None
    assert np.array_equal(walker.x, _WALKER.x)
    assert 1.0 < walker.cadence < _WALKER.cadence
    assert (ball.cadence, ball.hop) == (_BALL.cadence, _BALL.hop)


@pytest.mark.parametrize("lasting", [stretched, continued])
def test_a_hop_is_as_far_at_the_reference_moment(lasting: Callable[[Layers, float], Layers]) -> None:
    plan = _layers(0.23)
    long = lasting(plan, 60)
    before, after = plan.moves.elements[1], long.moves.elements[1]
    assert before is not None
    assert after is not None
    for since in (0.0, 0.2, -0.3):
        assert after.up(0.23 * 60 + since) == pytest.approx(before.up(0.23 * _SECONDS + since))


@pytest.mark.parametrize("reference", [0.0, 0.2, 1.0])
def test_what_goes_on_is_the_plan_around_its_reference_moment(reference: float) -> None:
    plan, long = _layers(reference), continued(_layers(reference), 60)
    for seconds in (-1.5, 0.0, 1.5):
        short, take = reference + seconds / _SECONDS, reference + seconds / 60
        if 0 <= short <= 1:
            walker = long.moves.elements[0]
            assert walker is not None
            assert at_moment(walker.x, take) == pytest.approx(at_moment(_WALKER.x, short), abs=0.02)
            assert at_moment(long.moves.pan, take) == pytest.approx(at_moment(plan.moves.pan, short), abs=0.02)


def test_beyond_the_plan_a_walker_walks_on_and_the_camera_comes_to_rest() -> None:
    long = continued(_layers(0.0), 60)
    walker = long.moves.elements[0]
    assert walker is not None
    assert at_moment(walker.x, 0.5) == pytest.approx(-1 + 0.2 * 30, abs=0.05)
    assert at_moment(long.moves.pan, 0.5) == pytest.approx(at_moment(long.moves.pan, 1.0), abs=1e-3)
    assert np.all(np.diff(long.moves.pan) >= 0)
    assert at_moment(walker.pose, 1.0) == 1
    assert len(walker.x) == len(long.moves.pan) == 6 * KNOTS
