"""What earlier runs tell of later ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.engine.models import ModelShelf
from shotwright.core.models.catalogue import add_model
from shotwright.core.models.running.timings import FILE, Run, Timings
from shotwright.core.protocol import Delivery, Prompt, TakeRequest
from shotwright.core.timing import Rate

RUN = Run("mine", "whole", (640, 352), 49, 2.0, 6.0, 10**9, True)


def test_a_run_is_what_the_next_one_like_it_is_expected_to_take(tmp_path: Path) -> None:
    timings = Timings(tmp_path)
    assert timings.expected("mine", (640, 352), 49) is None
    timings.learn(RUN)
    assert timings.expected("mine", (640, 352), 49) == RUN
    assert timings.expected("another", (640, 352), 49) is None
    timings.learn(Run("mine", "whole", (640, 352), 49, 1.0, 3.0, 10**9, True))
    assert len(timings.runs()) == 1
    assert Timings(tmp_path).expected("mine", (640, 352), 49).step_seconds == 1.0  # type: ignore[union-attr]


def test_how_time_grows_is_learned_from_two_sizes(tmp_path: Path) -> None:
    timings = Timings(tmp_path)
    timings.learn(RUN)
    usual = timings.expected("mine", (1280, 704), 49)
    timings.learn(Run("mine", "whole", (1280, 704), 49, 2.0 * 4**1.5, 24.0, 10**9, True))
    between = timings.expected("mine", (960, 528), 49)
    assert usual is not None
    assert between is not None
    assert usual.step_seconds == pytest.approx(2.0 * 4**1.2)
    assert between.step_seconds == pytest.approx(2.0 * 2.25**1.5, rel=0.01)


def test_what_is_expected_is_of_the_plan_that_ran_last(tmp_path: Path) -> None:
    timings = Timings(tmp_path)
    timings.learn(RUN)
    timings.learn(Run("mine", "groups", (320, 176), 49, 3.0, 6.0, 10**8, True))
    expected = timings.expected("mine", (640, 352), 49)
    assert expected is not None
    assert expected.plan == "groups"
    assert expected.step_seconds > 3.0


@given(st.text(max_size=200) | st.just('[{"model": "mine", "size": [0, 0]}]'))
def test_a_broken_file_is_as_good_as_none(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_text(text, encoding="utf-8")
        timings = Timings(Path(folder))
        assert timings.runs() == []
        timings.learn(RUN)
        assert timings.runs() == [RUN]


def test_the_engine_estimates_from_what_was_learned(pipelines: dict[str, Path], state_folder: Path) -> None:
    add_model(state_folder, pipelines["wan-2.1-t2v"], "mine")
    request = TakeRequest((Prompt("a red car"),), 33, Rate.parse(16), (640, 352), model="mine")
    shelf = ModelShelf(state_folder)
    guessed = shelf.estimate(request, Delivery())
    limits = shelf.limits("mine")
    Timings(state_folder).learn(Run("mine", "cpu", (640, 352), 33, 0.25, 1.5, 123_000_000))
    learned = shelf.estimate(request, Delivery())
    assert learned.memory_bytes == 123_000_000
    assert learned.seconds == pytest.approx(0.25 * limits.default_steps + 1.5, abs=2)
    assert learned.seconds < guessed.seconds
