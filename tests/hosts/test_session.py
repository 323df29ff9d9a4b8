"""What a host asks for, through a real engine: nothing waits on its main thread, and nothing of its user's is lost."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from shotwright.core.client import ensure_engine
from shotwright.core.errors import EngineError, ShotwrightError, UsageError
from shotwright.core.hosts import Flow, Session
from shotwright.core.timing import Rate

from ..fakes.host import FakeHost

FAKES = Path(__file__).parent.parent / "fakes"
SCRIPT = "INT. KITCHEN - DAY\n\nAnna pours tea.\n\nEXT. STREET - NIGHT\n\nA car.\n"


@pytest.fixture
def host() -> FakeHost:
    return FakeHost(Rate.parse(24))


@pytest.fixture
def session(host: FakeHost, start_engine: Callable[..., Popen[str]]) -> Session:
    start_engine()
    return Session(host, lambda: ensure_engine(command=(sys.executable, str(FAKES / "engine.py"), "0")))


@pytest.fixture
def film(session: Session, host: FakeHost, tmp_path: Path) -> Path:
    script = tmp_path / "tea.fountain"
    script.write_text(SCRIPT)
    session.run_to_end(session.new_film(tmp_path / "Tea", script, None, "24", "128x72"))
    return tmp_path / "Tea"


def _names(host: FakeHost) -> list[str]:
    return [item.name for item in host.read_edit().tracks[0].items]


def test_a_script_stands_on_the_timeline(session: Session, host: FakeHost, film: Path) -> None:
    assert _names(host) == ["SC010_SH0010", "SC020_SH0010"]
    assert host.film() == film
    assert [step for step, _ in host.undo] == ["Import script"]


def test_takes_are_made_while_the_user_goes_on_cutting(session: Session, host: FakeHost, film: Path) -> None:
    flow = session.command("Generate", "generate", {"missing": True})
    longest, cut = 0.0, False
    while flow.state == "running":
        begun = time.perf_counter()
        session.tick()
        longest = max(longest, time.perf_counter() - begun)
        if not cut and flow.answer is None and host.shown and host.shown[-1][0] == "Generate":
            edit = host.read_edit()
            first, *rest = edit.tracks[0].items
            host.change(
                replace(
                    edit,
                    tracks=(
                        replace(edit.tracks[0], items=(replace(first, frames=first.frames - 7), *rest)),
                        *edit.tracks[1:],
                    ),
                )
            )
            cut = True
        time.sleep(0.01)
    assert flow.state == "done", flow.error
    assert cut
    items = host.read_edit().tracks[0].items
    assert all(item.media.endswith("_TK01.mov") for item in items)
    assert items[0].frames == items[1].start - 7  # cut meanwhile, and kept
    assert longest < 0.5


def test_another_take_plays_and_comes_round(session: Session, host: FakeHost, film: Path) -> None:
    session.run_to_end(session.command("Generate", "generate", {"shot": ["SC010_SH0010"], "takes": 2}))
    played = [session.run_to_end(session.next_take("SC010_SH0010")).answer for _ in range(3)]
    assert played == ["TK02", "TK01", "TK02"]
    assert host.read_edit().tracks[0].items[0].media.endswith("TK02.mov")


def test_an_action_is_stopped_and_asked_for_again(session: Session, host: FakeHost, film: Path) -> None:
    flow = session.command("Generate", "generate", {"missing": True})
    for _ in range(20):
        session.tick()
        time.sleep(0.02)
    session.cancel_all()
    session.run_to_end(flow)
    assert flow.state in ("cancelled", "done")
    assert session.run_to_end(session.command("Generate", "generate", {"missing": True})).state == "done"


def test_an_engine_that_dies_is_followed_by_another(session: Session, film: Path, state_folder: Path) -> None:
    flow = session.command("Generate", "generate", {"missing": True})
    killed = False
    while flow.state == "running":
        session.tick()
        time.sleep(0.02)
        if not killed and session._port.shown and session._port.shown[-1][0]:  # type: ignore[attr-defined]
            os.kill(json.loads((state_folder / "engine.json").read_text())["pid"], signal.SIGKILL)
            killed = True
    assert killed
    assert flow.state == "done", flow.error


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("demo", {}),
        ("generate", {"out": "x"}),
        ("generate", {"takes": "2"}),
        ("extend", {"mode": "over"}),
        ("extend", {"clip": 3}),
        ("generate", {"shot": "SC010"}),
    ],
)
def test_what_is_not_on_the_list_is_refused(
    session: Session, film: Path, command: str, options: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        session.run_to_end(session.command("Odd", command, options))


def test_a_value_is_never_an_option(session: Session, host: FakeHost, film: Path) -> None:
    with pytest.raises(ShotwrightError):
        session.run_to_end(session.command("Odd", "extend", {"clip": "--joined", "tail": "8"}))
    assert _names(host) == ["SC010_SH0010", "SC020_SH0010"]


def test_a_timeline_without_a_film_says_so(session: Session, host: FakeHost) -> None:
    with pytest.raises(UsageError, match="no film"):
        session.run_to_end(session.push())
    flow = session.pull()
    while session.tick():
        time.sleep(0.01)
    assert flow.state == "failed"
    sentence = "This timeline belongs to no film yet. Import a script, or choose a project folder."
    assert host.told == [(sentence, True)] * 2


def test_what_breaks_in_a_thread_is_told(session: Session, host: FakeHost) -> None:
    def steps() -> Any:
        yield lambda: 1 / 0

    with pytest.raises(EngineError, match="broke off"):
        session.run_to_end(session._started("Odd", steps))
    assert isinstance(session._started("Odd", steps), Flow)
