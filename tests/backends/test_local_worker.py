"""The engine's side of a worker, with a real process: takes, stops, deaths, and no orphan."""

import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from shotwright.core.backends.local import LocalWorker, WorkerDiedError
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.timing import FrameRange

Order = dict[str, Any]
NEVER = threading.Event()


def _stopped_after(seconds: float) -> threading.Event:
    stop = threading.Event()
    threading.Timer(seconds, stop.set).start()
    return stop


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_take_is_made_shown_and_recorded(worker: LocalWorker, order: Callable[..., Order]) -> None:
    heard: list[dict[str, Any]] = []
    made = order()
    event = worker.make(made, NEVER, heard.append)
    attempt = Path(made["attempt"])
    assert event["event"] == "done"
    assert probe(attempt / event["mezzanine"]).frames == 24
    assert (attempt / "recipe.json").is_file()
    shares = [progress["progress"] for progress in heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert any(progress.get("preview") for progress in heard)
    assert not list(attempt.rglob("*.part*"))


def test_the_model_stays_warm_between_takes_and_goes_with_the_worker(
    worker: LocalWorker, order: Callable[..., Order]
) -> None:
    worker.make(order(), NEVER, lambda _: None)
    pid = worker.pid
    assert pid is not None
    worker.make(order(job="second"), NEVER, lambda _: None)
    assert worker.pid == pid
    worker.end()
    assert worker.pid is None
    assert not psutil.pid_exists(pid)


def test_a_stop_ends_a_take_within_a_step_and_the_next_goes_on(
    worker: LocalWorker, order: Callable[..., Order]
) -> None:
    worker.make(order(job="warm"), NEVER, lambda _: None)
    begun = time.monotonic()
    assert worker.make(order("slow", 240), _stopped_after(0.3), lambda _: None)["event"] == "stopped"
    assert time.monotonic() - begun < 2
    assert worker.pid is not None
    assert worker.make(order("", 24, attempt=2), NEVER, lambda _: None)["event"] == "done"


def test_a_worker_that_hears_no_stop_is_killed_within_2_seconds(
    worker: LocalWorker, order: Callable[..., Order]
) -> None:
    worker.make(order(job="warm"), NEVER, lambda _: None)
    stop = _stopped_after(0.2)
    begun = time.monotonic()
    assert worker.make(order("deaf"), stop, lambda _: None)["event"] == "stopped"
    assert time.monotonic() - begun < 2.2
    assert worker.pid is None


def test_a_dead_worker_is_told_of_and_followed_by_another(worker: LocalWorker, order: Callable[..., Order]) -> None:
    with pytest.raises(WorkerDiedError):
        worker.make(order("die"), NEVER, lambda _: None)
    assert worker.make(order("", attempt=2), NEVER, lambda _: None)["event"] == "done"


@pytest.mark.parametrize(("prompt", "words"), [("break", "tensors do not meet"), ("memory", "out of memory")])
def test_a_broken_model_is_a_sentence_and_the_worker_lives(
    worker: LocalWorker, order: Callable[..., Order], prompt: str, words: str
) -> None:
    event = worker.make(order(prompt), NEVER, lambda _: None)
    assert event["event"] == "failed"
    assert words in event["error"]["message"]
    assert worker.pid is not None


def test_what_was_done_otherwise_than_planned_is_told_at_once_and_kept(
    worker: LocalWorker, order: Callable[..., Order]
) -> None:
    heard: list[dict[str, Any]] = []
    made = order("leaner")
    assert worker.make(made, NEVER, heard.append)["event"] == "done"
    told = [event for event in heard if event.get("notice")]
    assert [event["notice"] for event in told] == ["Made by a leaner plan."]
    assert told[0]["progress"] < 0.9
    recipe = json.loads((Path(made["attempt"]) / "recipe.json").read_text())
    assert recipe["plan"]["notices"] == ["Made by a leaner plan."]
    again = order("", job="second")
    worker.make(again, NEVER, lambda _: None)
    assert json.loads((Path(again["attempt"]) / "recipe.json").read_text())["plan"]["notices"] == []


def test_a_resumed_take_is_the_same_take(worker: LocalWorker, order: Callable[..., Order], tmp_path: Path) -> None:
    def pictures(attempt: int) -> list[bytes]:
        folder = tmp_path / "job" / f"attempt-{attempt}"
        return [
            frame.tobytes()
            for name, frames in (("take.mov", 600), ("take.head.mkv", 9), ("take.tail.mkv", 9))
            for frame in read_frames(folder / name, FrameRange(0, frames))
        ]

    whole = order("", 600)
    worker.make(whole, NEVER, lambda _: None)
    chunks = sorted((tmp_path / "job" / "chunks").iterdir())
    assert len(chunks) > 2
    told = [path.read_bytes() for path in chunks]
    for path in chunks[2:]:
        path.unlink()
    worker.end()
    worker.make(order("", 600, attempt=2), NEVER, lambda _: None)
    assert [path.read_bytes() for path in chunks] == told
    assert pictures(1) == pictures(2)


@pytest.mark.parametrize("last_words", [b"", b'{"do": "make", "job": "ha'])
def test_a_worker_ends_by_itself_when_its_pipe_closes(fake_worker: list[str], last_words: bytes) -> None:
    process = subprocess.Popen(fake_worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    assert b"ready" in process.stdout.readline()
    process.stdin.write(last_words)
    process.stdin.close()
    process.wait(5)
    process.stdout.close()


def test_a_killed_worker_is_noticed_while_it_works(worker: LocalWorker, order: Callable[..., Order]) -> None:
    def kill() -> None:
        _until(lambda: worker.pid is not None)
        time.sleep(0.3)
        psutil.Process(worker.pid).kill()

    threading.Thread(target=kill).start()
    with pytest.raises(WorkerDiedError):
        worker.make(order("slow", 240), NEVER, lambda _: None)
