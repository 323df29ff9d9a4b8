"""The desk with a real worker: jobs in turn, cancelled, retried, moved, paused, and what a dead engine left."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from shotwright.core.engine.desk import Desk
from shotwright.core.errors import NotFoundError, StateError
from shotwright.core.protocol import Delivery, JobRecord, Known, MediaRange, Prompt, TakeRequest
from shotwright.core.protocol.jobs import CANCELLED, DONE, ENDED, FAILED, QUEUED, RUNNING
from shotwright.core.timing import FrameRange, Rate

TAKE = TakeRequest((Prompt(""),), 12, Rate.parse(12), (128, 72))
LONG = replace(TAKE, prompts=(Prompt("slow"),), frames=240)
H264 = Delivery(codec="h264")


def _until(desk: Desk, job: str, states: tuple[str, ...] = ENDED, seconds: float = 20) -> JobRecord:
    deadline = time.monotonic() + seconds
    while (record := desk.job(job)).state not in states:
        assert time.monotonic() < deadline, record
        time.sleep(0.02)
    return record


def test_a_job_becomes_a_folder_with_all_its_files(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk()
    job = desk.submit(TAKE, H264)
    done = _until(desk, job.id)
    assert (done.state, done.progress, done.error) == (DONE, 1, None)
    assert Path(done.output or "") == tmp_path / "takes" / job.id / "take.mov"
    assert sorted(path.suffix for path in (tmp_path / "takes" / job.id).iterdir()) == sorted(
        [".mov", ".mp4", ".png", ".mkv", ".mkv", ".json"]
    )
    desk.close()
    assert not (tmp_path / "work" / job.id).exists()


def test_cancelling_what_runs_takes_2_seconds_and_a_retry_goes_on(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    job = desk.submit(LONG, H264).id
    _until(desk, job, (RUNNING,))
    while desk.job(job).progress < 0.1:
        time.sleep(0.05)
    begun = time.monotonic()
    assert desk.cancel(job).state == CANCELLED
    assert time.monotonic() - begun < 2
    with pytest.raises(StateError):
        desk.cancel(job)
    reached: list[float] = []
    desk.retry(job)
    while desk.job(job).state != RUNNING or not desk.job(job).progress:
        time.sleep(0.02)
    reached.append(desk.job(job).progress)
    assert reached[0] >= 0.05
    desk.cancel(job)


def test_a_deaf_worker_does_not_hold_a_cancel_up(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    job = desk.submit(replace(TAKE, prompts=(Prompt("deaf"),)), H264).id
    _until(desk, job, (RUNNING,))
    begun = time.monotonic()
    assert desk.cancel(job).state == CANCELLED
    assert time.monotonic() - begun < 2


def test_jobs_wait_their_turn_and_may_be_cancelled_or_hurried_there(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.set_paused(True)
    first, second, third = (desk.submit(TAKE, H264).id for _ in range(3))
    desk.first(third)
    assert desk.cancel(second).state == CANCELLED
    desk.set_paused(False)
    assert _until(desk, first).state == DONE
    begun = [desk.job(job).started or 0 for job in (third, first)]
    assert begun == sorted(begun)
    assert desk.job(second).attempts == 0


def test_failures_are_told_and_the_next_job_runs(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    broken = desk.submit(replace(TAKE, prompts=(Prompt("break"),)), H264).id
    after = desk.submit(TAKE, H264).id
    assert "tensors" in (_until(desk, broken).error or {})["message"]
    assert _until(desk, after).state == DONE


def test_a_job_that_kills_the_worker_is_given_up(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    job = desk.submit(replace(TAKE, prompts=(Prompt("die"),)), H264).id
    failed = _until(desk, job)
    assert (failed.state, failed.attempts) == (FAILED, 3)
    assert "3 times" in (failed.error or {})["message"]


def test_media_must_be_there_before(open_desk: Callable[..., Desk]) -> None:
    known = Known(FrameRange(0, 1), MediaRange("0" * 64))
    with pytest.raises(NotFoundError):
        open_desk().submit(replace(TAKE, known=(known,)), H264)


def test_closing_puts_the_running_job_back_and_the_next_desk_makes_it(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    job = desk.submit(LONG, H264).id
    _until(desk, job, (RUNNING,))
    begun = time.monotonic()
    desk.close()
    assert time.monotonic() - begun < 4
    again = open_desk()
    again.set_paused(True)
    assert again.job(job).state in (RUNNING, QUEUED, "paused")
    again.cancel(job)


def test_what_was_published_before_the_engine_died_is_found_again(open_desk: Callable[..., Desk]) -> None:
    """Killed between the take's rename and its row: the file is there, the job still runs."""
    desk = open_desk()
    job = desk.submit(TAKE, H264).id
    output = _until(desk, job).output
    desk.table._base.execute("UPDATE jobs SET state = 'running', output = NULL")
    desk.close()
    told: list[JobRecord] = []
    again = open_desk(told.append)
    found = _until(again, job)
    assert (found.state, found.output) == (DONE, output)
    assert [record.output for record in told] == [output]


def test_a_folder_of_others_at_the_takes_place_is_never_touched(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk()
    desk.set_paused(True)
    job = desk.submit(TAKE, H264).id
    mine = tmp_path / "takes" / job / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    desk.set_paused(False)
    assert (_until(desk, job).error or {})["kind"] == "state"
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]


def test_the_model_is_put_away_when_idle_and_when_asked(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(warm_seconds=0.5)
    _until(desk, desk.submit(TAKE, H264).id)
    deadline = time.monotonic() + 5
    while desk._worker.pid is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    desk._warm = 600
    _until(desk, desk.submit(TAKE, H264).id)
    assert desk._worker.pid is not None
    assert desk.unload()
    assert desk._worker.pid is None


def test_many_threads_ask_at_once(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.set_paused(True)
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend(desk.submit(TAKE, H264, "same").id for _ in range(5)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 40
    assert len(set(made)) == 1


def test_work_and_pictures_that_nobody_needs_are_cleared_in_time(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = open_desk()
    desk.set_paused(True)
    pictures = [tmp_path / name for name in ("needed", "old", "new")]
    for picture in pictures:
        picture.write_text(picture.name)
    needed, old, new = (desk.media.add(picture) for picture in pictures)
    for sha256 in (needed, old):
        os.utime(tmp_path / "media" / sha256, (0, 0))
    desk.submit(replace(TAKE, known=(Known(FrameRange(0, 1), MediaRange(needed)),)), H264)
    desk.close()
    again = open_desk()
    again.close()
    assert [again.media.has(sha256) for sha256 in (needed, old, new)] == [True, False, True]
