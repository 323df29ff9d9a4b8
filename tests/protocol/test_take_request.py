import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import ShotwrightError, UsageError
from shotwright.core.protocol import Delivery, Known, MediaRange, Prompt, Sampling, TakeRequest
from shotwright.core.protocol.take_request import longest_take
from shotwright.core.timing import FrameRange, Rate

LEAST = {"prompt": "a red car", "frames": 48, "rate": "24000/1001", "size": [640, 360], "seed": 7}
PANEL = "ab" * 32


def test_the_least_request_is_enough() -> None:
    request = TakeRequest.from_json(LEAST)
    assert (request.frames, request.size, request.seed, request.model) == (48, (640, 360), 7, "previs")
    assert request.rate == Rate.parse("23.976")


def test_a_whole_request_comes_back_as_it_went() -> None:
    request = TakeRequest(
        prompts=(Prompt("dawn"), Prompt("rain begins", 20)),
        frames=48,
        rate=Rate.parse("25"),
        size=(1080, 1920),
        seed=3,
        negative="blur",
        known=(
            Known(FrameRange(12, 13), MediaRange(PANEL), "panel", fit="pad"),
            Known(FrameRange(40, 48), MediaRange(PANEL, FrameRange(5, 13), Rate.parse("25")), keep=0.5),
        ),
        model="other",
        sampling=Sampling(12, 4.5, "draft"),
        parents=(PANEL,),
        allow_reversed=True,
    )
    assert TakeRequest.from_json(json.loads(json.dumps(request.to_json()))) == request
    assert request.prompt_at(19) == "dawn"
    assert request.prompt_at(20) == "rain begins"


def test_the_hash_leaves_the_seed_out_and_nothing_else() -> None:
    request = TakeRequest.from_json(LEAST)
    assert request.with_seed(8).hash_without_seed() == request.hash_without_seed()
    assert TakeRequest.from_json({**LEAST, "prompt": "a blue car"}).hash_without_seed() != request.hash_without_seed()
    drafted = TakeRequest.from_json({**LEAST, "sampling": {"speed": "draft"}})
    assert drafted.hash_without_seed() != request.hash_without_seed()


def test_what_was_asked_for_before_there_were_speeds_keeps_its_hash() -> None:
    told = "11e4f75e"
    assert TakeRequest.from_json(LEAST).to_json()["sampling"] == {"steps": None, "guidance": None}
    assert TakeRequest.from_json(LEAST).hash_without_seed().startswith(told)


@pytest.mark.parametrize(
    "change",
    [
        {"frames": 0},
        {"frames": 24 * 65},
        {"frames": 4.5},
        {"frames": True},
        {"size": [641, 360]},
        {"size": [62, 64]},
        {"size": [2200, 2200]},
        {"size": "640x360"},
        {"rate": "0"},
        {"rate": None},
        {"seed": -1},
        {"prompt": 5},
        {"prompt": "x" * 30_000},
        {"promt": "misspelt"},
        {"known": [{"frames": [40, 60], "media": {"sha256": PANEL}}]},
        {"known": [{"frames": [0, 1], "media": {"sha256": "../../etc"}}]},
        {"known": [{"frames": [0, 2], "media": {"sha256": PANEL, "frames": [0, 9], "rate": "24"}}]},
        {"known": "all"},
        {"prompts": [{"at": 90, "text": "late"}]},
        {"sampling": {"steps": 0}},
        {"sampling": {"speed": "fast"}},
        {"allow_reversed": "yes"},
    ],
)
def test_what_can_not_be_made_is_refused_with_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        TakeRequest.from_json({**LEAST, **change})
    assert refused.value.message.endswith(".")
    assert refused.value.hint


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(st.dictionaries(st.sampled_from([*LEAST, "known", "prompts", "sampling", "model"]), _anything))
def test_hostile_json_meets_sentences_not_traces(change: dict[str, Any]) -> None:
    with contextlib.suppress(ShotwrightError):
        assert TakeRequest.from_json({**LEAST, **change}).frames >= 1


@pytest.mark.parametrize("name", ["", "../up", "a b", "x" * 33, "é", ".hidden", "-dash"])
def test_file_names_stay_plain(name: str) -> None:
    with pytest.raises(UsageError):
        Delivery(name)


@pytest.mark.parametrize("rate", ["24", "24000/1001", "60"])
def test_a_minute_and_its_handles_are_a_take_and_more_is_not(rate: str) -> None:
    longest = longest_take(Rate.parse(rate))
    assert longest >= 60 * Rate.parse(rate).fraction + 24
    assert TakeRequest((Prompt("a"),), longest, Rate.parse(rate), (64, 64)).frames == longest
    with pytest.raises(UsageError, match=str(longest + 1)) as refused:
        TakeRequest((Prompt("a"),), longest + 1, Rate.parse(rate), (64, 64))
    assert str(longest) in str(refused.value.hint)
