"""Placeholders, through a real engine: one undo step with what comes of them, cancelled with it, taken up with it."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from shotwright.core.client import EngineClient, find_engine
from shotwright.core.errors import ShotwrightError
from shotwright.core.hosts import Flow, Place, Session
from shotwright.core.project.folder import Film

from ..fakes.host import FakeHost
from .test_session import film, host, session

__all__ = ["film", "host", "session"]
SHOT = "SC010_SH0010"


def _asked(session: Session, host: FakeHost, title: str = "New take", words: str = "generate") -> Flow:
    item = host.read_edit().tracks[0].items[0]
    place = Place(item.id, item.name, item.start, item.frames)
    return session.command(title, words, {"shot": [SHOT], "takes": 1}, [place])


def _until(session: Session, there: Callable[[], bool]) -> None:
    for _ in range(1000):
        if there():
            return
        session.tick()
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def _engine() -> EngineClient:
    found = find_engine()
    assert found is not None
    return found


def _slow(film: Path) -> None:
    """Has the first shot take its time with the fake model."""
    shots = Film(film).shot_list()
    body = {
        "film": str(film),
        "scenes": [asdict(scene) for scene in shots.scenes],
        "shots": [asdict(replace(shot, prompt=f"slow {shot.prompt}")) for shot in shots.shots],
    }
    _engine().post("/v1/films/shots", body)


def _takes(film: Path) -> list[str]:
    return [take.key for take in Film(film).edit().takes() if take.shot == SHOT]


def test_it_is_one_undo_step_with_what_comes_of_it(session: Session, host: FakeHost, film: Path) -> None:
    before, steps = host.read_edit(), len(host.undo)
    flow = _asked(session, host)
    assert [held.title for held in host.held()] == ["New take"]
    session.run_to_end(flow)
    after = host.read_edit()
    assert (host.held(), after.tracks[0].items[0].media[-8:]) == ((), "TK01.mov")
    assert [step for step, _ in host.undo[steps:]] == ["New take"]
    host.undo_last()
    assert (host.read_edit(), host.held(), session.recover()) == (before, (), [])
    host.redo_last()
    assert len(host.held()) == 1
    (again,) = session.recover()
    assert session.run_to_end(again).state == "done"
    assert (host.read_edit(), host.held(), len(host.undo)) == (after, (), steps + 1)
    assert _takes(film) == ["TK01"]


def test_each_of_two_in_a_row_is_one_step(session: Session, host: FakeHost, film: Path) -> None:
    def playing() -> str:
        for flow in session.recover():
            session.run_to_end(flow)
        return host.read_edit().tracks[0].items[0].media[-8:]

    before = playing()
    for _ in range(2):  # the second one is a choice, and does not play
        session.run_to_end(_asked(session, host))
        assert playing() == "TK01.mov"
    session.run_to_end(session.next_take(SHOT))
    assert playing() == "TK02.mov"
    for go, plays in ((host.undo_last, "TK01.mov"), (host.redo_last, "TK02.mov"), (host.undo_last, "TK01.mov")):
        go()
        assert playing() == plays
    host.undo_last()
    assert playing() == "TK01.mov"
    host.undo_last()
    assert playing() == before
    assert _takes(film) == ["TK01", "TK02"]


def test_undo_cancels_the_job_and_redo_takes_it_up(session: Session, host: FakeHost, film: Path) -> None:
    session.run_to_end(session.pull())
    _slow(film)
    session.run_to_end(session.pull())
    before = host.read_edit()
    flow = _asked(session, host)
    _until(session, lambda: bool(_engine().jobs("running")))
    host.undo_last()
    _until(session, lambda: flow.state != "running")
    assert (flow.state, host.read_edit(), _takes(film)) == ("cancelled", before, [])
    assert [job["state"] for job in _engine().jobs()] == ["cancelled"]
    host.redo_last()
    (again,) = session.recover()
    assert session.run_to_end(again).state == "done"
    assert (host.held(), _takes(film), len(_engine().jobs())) == ((), ["TK01"], 1)


def test_what_was_under_way_when_the_host_was_closed_goes_on(session: Session, host: FakeHost, film: Path) -> None:
    _asked(session, host)
    other = Session(host, session._engine._connect)  # the host was started anew, and opened its file
    (flow,) = other.recover()
    assert other.recover() == []
    assert other.run_to_end(flow).state == "done"
    assert (host.held(), _takes(film)) == ((), ["TK01"])


def test_what_fails_or_is_stopped_leaves_none(session: Session, host: FakeHost, film: Path) -> None:
    before = host.read_edit()
    with pytest.raises(ShotwrightError):
        session.run_to_end(_asked(session, host, "Odd", "extend"))
    flow = _asked(session, host)
    session.cancel_all()
    session.run_to_end(flow)
    assert flow.state == "cancelled"
    assert (host.held(), host.read_edit()) == ((), before)
    host.undo_last()
    host.redo_last()  # it comes back with the undo step, and goes
    assert len(host.held()) == 1
    assert (session.recover(), host.held()) == ([], ())
