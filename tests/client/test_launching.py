"""Finding and starting the engine: stale addresses, two callers at once, one that can't start."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from shotwright.core.client import EngineClient, ensure_engine, find_engine
from shotwright.core.errors import EngineError, TokenError

ENGINE = (sys.executable, str(Path(__file__).parent.parent / "fakes" / "engine.py"), "0")


@pytest.fixture(autouse=True)
def _no_engine_stays(state_folder: Path) -> Iterator[None]:
    yield
    address = state_folder / "engine.json"
    if address.exists():
        process = psutil.Process(json.loads(address.read_text())["pid"])
        process.terminate()
        process.wait(10)


def test_none_runs_in_a_new_state_folder() -> None:
    assert find_engine() is None


def test_two_callers_at_once_get_the_same_engine(state_folder: Path) -> None:
    found: list[EngineClient] = []
    threads = [threading.Thread(target=lambda: found.append(ensure_engine(command=ENGINE))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert {client.url for client in found} == {json.loads((state_folder / "engine.json").read_text())["url"]}


def test_the_address_of_a_killed_engine_is_none_and_a_new_one_starts(state_folder: Path) -> None:
    first = ensure_engine(command=ENGINE)
    psutil.Process(json.loads((state_folder / "engine.json").read_text())["pid"]).kill()
    deadline = time.monotonic() + 5
    while find_engine() is not None:
        assert time.monotonic() < deadline
    with pytest.raises(EngineError):
        first.jobs()
    assert ensure_engine(command=ENGINE).health()["version"]


def test_one_that_can_not_start_is_told_of_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(EngineError, match="did not start"):
        ensure_engine(command=(sys.executable, "-c", "raise SystemExit(1)"))
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("address", ["", "{}", "[]", '{"url": "file:///etc/passwd", "token_file": "engine.json"}'])
def test_a_broken_address_is_none(state_folder: Path, address: str) -> None:
    (state_folder / "engine.json").write_text(address)
    assert find_engine() is None
    (state_folder / "engine.json").unlink()


def test_a_wrong_token_is_its_own_error(state_folder: Path) -> None:
    client = ensure_engine(command=ENGINE)
    with pytest.raises(TokenError):
        EngineClient(client.url, "wrong").jobs()
