"""Hops are told by where something is seen, and nothing else is taken for one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.models.previs.hops import hop_of
from shotwright.core.models.previs.layers import Box, arc

_SECONDS = [-number / 24 for number in range(37)]


def _boxes(lower: np.ndarray, x: np.ndarray | float = 0.0) -> list[Box | None]:
    middle = np.broadcast_to(x, lower.shape)
    return [(m - 0.05, b - 0.12, m + 0.05, b) for m, b in zip(middle.tolist(), lower.tolist(), strict=True)]


@given(st.floats(0.08, 0.8), st.floats(0.8, 1.8), st.floats(0, 0.99), st.sampled_from([-1, 1]))
def test_a_hop_goes_on_as_it_was_seen(height: float, often: float, over: float, way: int) -> None:
    seconds = way * np.array(_SECONDS)
    rng = np.random.default_rng(0)

    def lower(at: np.ndarray) -> np.ndarray:
        return 0.3 - height * arc(over + often * at)

    boxes = _boxes(lower(seconds) + rng.normal(0, 0.006, len(seconds)), 0.2 * seconds)
    boxes[3], boxes[10] = None, (-0.4, 0.1, -0.39, 0.11)  # not seen, and something else seen
    hop = hop_of(seconds.tolist(), boxes, 1.2)
    assert hop is not None
    on = -seconds[:24]
    told = hop.box[3] + hop.height * (arc(hop.over) - arc(hop.over + hop.often * on))
    assert np.abs(told - lower(on)).mean() < 0.15 * height + 0.015
    assert hop.box[2] - hop.box[0] == pytest.approx(0.1)
    assert (hop.box[0] + hop.box[2]) / 2 == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(
    "lower",
    [
        np.zeros(37),
        0.3 * np.array(_SECONDS),
        0.2 * np.sin(np.array(_SECONDS) * 40),
        np.random.default_rng(1).normal(0, 0.1, 37),
    ],
    ids=["still", "climbs", "trembles", "noise"],
)
def test_what_is_no_hop_is_none(lower: np.ndarray) -> None:
    assert hop_of(_SECONDS, _boxes(lower), 1.2) is None


def test_too_little_of_one_tells_none() -> None:
    lower = -0.3 * arc(0.2 + 1.2 * np.array(_SECONDS))
    assert hop_of(_SECONDS[:4], _boxes(lower[:4]), 1.2) is None
    assert hop_of(_SECONDS, [None] * 37, 1.2) is None
