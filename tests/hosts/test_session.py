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
from shotwright.core.errors import EngineError, ShotwrightError, StateError, UsageError
from shotwright.core.hosts import Flow, Session
from shotwright.core.project.folder import Film
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
    tie = host.tie()
    assert tie is not None
    assert tie.film == film
    assert [step for step, _ in host.undo] == ["Import script"]


def test_takes_are_made_while_the_user_goes_on_cutting(session: Session, host: FakeHost, film: Path) -> None:
    flow = session.command("Generate", "generate", {"missing": True})
    longest, cut = 0.0, False
    while flow.state == "running":
        begun = time.perf_counter()
        session.tick()
        longest = max(longest, time.perf_counter() - begun)
        if not cut and flow.answer is None and host.shown and host.shown[-1][0] == "Generate":
            _cut_by(host, 7)
            cut = True
        time.sleep(0.01)
    assert flow.state == "done", flow.error
    assert cut
    items = host.read_edit().tracks[0].items
    assert all(item.media.endswith("_TK01.mov") for item in items)
    assert items[0].frames == items[1].start - 7  # cut meanwhile, and kept
    assert longest < 0.5


def _cut_by(host: FakeHost, frames: int) -> None:
    """The user trims the first clip."""
    edit = host.read_edit()
    first, *rest = edit.tracks[0].items
    items = replace(first, frames=first.frames - frames), *rest
    host.change(replace(edit, tracks=(replace(edit.tracks[0], items=items), *edit.tracks[1:])))


def _lengths(host: FakeHost) -> list[int]:
    return [item.frames for item in host.read_edit().tracks[0].items]


def test_a_pull_takes_nothing_away_that_was_cut_here(session: Session, host: FakeHost, film: Path) -> None:
    before = _lengths(host)
    _cut_by(host, 5)
    session.run_to_end(session.pull())
    assert _lengths(host) == [before[0] - 5, before[1]]
    assert [len(event.record) for event in Film(film).edit().events() if event.shot] == _lengths(host)


def test_what_is_cut_while_the_engine_answers_is_taken_in_before_it_shows(
    session: Session, host: FakeHost, film: Path
) -> None:
    before, applied, cut = _lengths(host), len(host.undo), 0
    flow = session.pull()
    while session.tick():
        if cut < 3 and flow._waiting is not None and flow._waiting.is_alive():
            _cut_by(host, 1)
            cut += 1
            flow._waiting.join()
    assert flow.state == "done", flow.error
    assert cut == 3
    assert len(host.undo) == applied + 1
    assert _lengths(host) == [before[0] - 3, before[1]]


def test_a_timeline_that_was_put_away_is_compared_with_what_it_showed(
    session: Session, host: FakeHost, film: Path
) -> None:
    """Two timelines of one film: what the first shows is older, and takes nothing of the second's back."""
    other = FakeHost(Rate.parse(24))
    second = Session(other, session._engine._connect)
    second.run_to_end(second.open_film(film))
    before = _lengths(host)
    _cut_by(other, 5)
    second.run_to_end(second.push())
    session.run_to_end(session.push())  # nothing was cut here, and nothing is
    session.run_to_end(session.pull())
    assert _lengths(host) == [before[0] - 5, before[1]]
    with pytest.raises(StateError, match="shows a film already"):
        session.run_to_end(session.open_film(film))


def test_what_was_undone_here_is_undone_in_the_film(session: Session, host: FakeHost, film: Path) -> None:
    before = _lengths(host)
    _cut_by(host, 5)
    session.run_to_end(session.pull())
    edit = host.read_edit()
    host.change(replace(edit, tracks=(replace(edit.tracks[0], items=edit.tracks[0].items[:1]), *edit.tracks[1:])))
    session.run_to_end(session.pull())
    assert _lengths(host) == [before[0] - 5]
    host.undo_last()
    host.undo_last()
    session.run_to_end(session.pull())
    assert _lengths(host) == [before[0] - 5, before[1]]
    assert [len(event.record) for event in Film(film).edit().events() if event.shot] == _lengths(host)


def test_an_edit_older_than_any_kept_is_told(session: Session, host: FakeHost, film: Path) -> None:
    tie = host.tie()
    assert tie is not None
    host.set_tie(replace(tie, exchange=9999))
    with pytest.raises(StateError, match="older than any"):
        session.run_to_end(session.pull())


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
