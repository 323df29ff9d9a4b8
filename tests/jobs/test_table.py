"""The job table: moves that are allowed, the line, keys, pausing, and what is still there after a restart."""

import sqlite3
from pathlib import Path

import pytest
from shotwright.core.errors import NotFoundError, StateError, StorageError
from shotwright.core.jobs import JobTable
from shotwright.core.protocol.jobs import CANCELLED, DONE, FAILED, PAUSED, QUEUED, RUNNING

FOLDERS = (Path("work"), Path("target"))


@pytest.fixture
def table(tmp_path: Path) -> JobTable:
    return JobTable(tmp_path / "jobs.sqlite")


def _add(table: JobTable, key: str | None = None) -> str:
    return table.add({"seed": 1}, {}, FOLDERS, key).record.id


def test_jobs_start_in_the_order_they_came(table: JobTable) -> None:
    ids = [_add(table) for _ in range(3)]
    assert [
        claimed.record.id for claimed in (table.claim_next(), table.claim_next(), table.claim_next()) if claimed
    ] == ids
    assert table.claim_next() is None


def test_first_goes_before_all_that_wait(table: JobTable) -> None:
    _, last = _add(table), _add(table)
    table.first(last)
    claimed = table.claim_next()
    assert claimed is not None
    assert claimed.record.id == last


def test_the_same_key_gives_the_same_job_and_none_gives_two(table: JobTable) -> None:
    assert _add(table, "a") == _add(table, "a")
    assert _add(table) != _add(table)


def test_pausing_holds_what_waits_and_what_comes(table: JobTable) -> None:
    before = _add(table)
    assert [job.record.id for job in table.set_paused(True)] == [before]
    after = _add(table)
    assert table.claim_next() is None
    assert [table.get(job).record.state for job in (before, after)] == [PAUSED, PAUSED]
    table.set_paused(False)
    assert table.counts() == {QUEUED: 2}


def test_a_job_that_runs_while_the_queue_is_paused_goes_back_to_wait(table: JobTable) -> None:
    job = _add(table)
    table.claim_next()
    table.set_paused(True)
    assert table.move(job, QUEUED).record.state == PAUSED


@pytest.mark.parametrize("state", [QUEUED, RUNNING, DONE, PAUSED])
def test_only_failed_and_cancelled_jobs_are_retried(table: JobTable, state: str) -> None:
    job = _add(table)
    if state in (RUNNING, DONE):
        table.claim_next()
    if state == DONE:
        table.move(job, DONE, output="take.mov")
    if state == PAUSED:
        table.set_paused(True)
    with pytest.raises(StateError):
        table.retry(job)
    assert table.get(job).record.state == state


def test_a_retry_forgets_the_error_and_keeps_counting_attempts(table: JobTable) -> None:
    job = _add(table)
    table.claim_next()
    table.move(job, FAILED, error={"kind": "model", "message": "m", "hint": "h"})
    assert table.retry(job).record.error is None
    claimed = table.claim_next()
    assert claimed is not None
    assert claimed.record.attempts == 2


def test_what_ended_stays_ended(table: JobTable) -> None:
    job = _add(table)
    table.move(job, CANCELLED)
    for state in (RUNNING, DONE, PAUSED):
        with pytest.raises(StateError):
            table.move(job, state)
    with pytest.raises(StateError):
        table.first(job)


def test_everything_is_there_after_a_restart(table: JobTable, tmp_path: Path) -> None:
    job = _add(table, "k")
    table.set_paused(True)
    table.close()
    again = JobTable(tmp_path / "jobs.sqlite")
    assert again.is_paused()
    found = again.with_key("k")
    assert found is not None
    assert (found.record.id, found.work, found.target) == (job, *FOLDERS)


def test_changes_made_together_happen_all_or_not_at_all(table: JobTable) -> None:
    def half() -> None:
        with table.together():
            _add(table)
            table.get("nobody")

    with pytest.raises(NotFoundError):
        half()
    assert table.all() == []
    with table.together():
        _add(table)
        _add(table)
    assert table.counts() == {QUEUED: 2}


def test_unknown_jobs_are_told_of(table: JobTable) -> None:
    with pytest.raises(NotFoundError, match="no job “nobody”"):
        table.get("nobody")


def test_a_table_of_a_newer_program_or_no_table_is_refused(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(StorageError, match="newer"):
        JobTable(newer)
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no table at all" * 100)
    with pytest.raises(StorageError, match="can't be opened"):
        JobTable(broken)
