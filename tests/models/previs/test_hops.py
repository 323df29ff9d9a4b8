"""Hops are told by where something was, and nothing else is taken for one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.models.previs.hops import hop_of
from shotwright.core.models.previs.layers import arc

_SECONDS = -np.arange(1, 37) / 24


@given(st.floats(0.05, 0.8), st.floats(0.7, 1.8), st.floats(0, 0.99), st.sampled_from([-1, 1]))
def test_a_hop_goes_on_as_it_was_seen(height: float, often: float, over: float, way: int) -> None:
    seconds = way * _SECONDS

    def higher(at: np.ndarray) -> np.ndarray:
        return height * (arc(over + often * at) - arc(over))

    noise = np.random.default_rng(0).normal(0, 0.004, len(seconds))
    hop = hop_of(seconds, higher(seconds) + noise, 1.2)
    assert hop is not None
    on = -seconds[:24]
    told = hop.height * (arc(hop.over + hop.often * on) - arc(hop.over))
    assert np.abs(told - higher(on)).mean() < 0.15 * height + 0.01


@pytest.mark.parametrize(
    "higher",
    [0 * _SECONDS, 0.3 * _SECONDS, 0.2 * np.sin(_SECONDS * 40), np.random.default_rng(1).normal(0, 0.1, 36)],
    ids=["still", "climbs", "trembles", "noise"],
)
def test_what_is_no_hop_is_none(higher: np.ndarray) -> None:
    assert hop_of(_SECONDS, higher, 1.2) is None


def test_too_little_of_one_tells_none() -> None:
    assert hop_of(_SECONDS[:4], 0.3 * arc(0.2 + 1.2 * _SECONDS[:4]), 1.2) is None
