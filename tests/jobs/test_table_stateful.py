"""Any sequence of calls, with restarts between them: the table always agrees with a plain model of it."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from shotwright.core.errors import StateError
from shotwright.core.jobs import JobTable
from shotwright.core.jobs.states import FOLLOWS
from shotwright.core.protocol.jobs import CANCELLED, DONE, FAILED, JOB_STATES, PAUSED, QUEUED, RUNNING


class TableMachine(RuleBasedStateMachine):
    """Drives a table and remembers what must be in it: states by ID, and the line."""

    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "jobs.sqlite"
        self.table = JobTable(self.path)
        self.states: dict[str, str] = {}
        self.line: list[str] = []
        self.keys: dict[str, str] = {}
        self.paused = False

    def teardown(self) -> None:
        self.table.close()
        self.folder.cleanup()

    def _waiting(self, state: str) -> str:
        return PAUSED if self.paused and state == QUEUED else state

    @rule(target=jobs, key=st.none() | st.sampled_from(["a", "b"]))
    def add(self, key: str | None) -> str:
        job = self.table.add({}, {}, (Path("w"), Path("t")), key).record.id
        if key in self.keys:
            assert job == self.keys[key]
            return job
        if key is not None:
            self.keys[key] = job
        self.states[job] = self._waiting(QUEUED)
        self.line.append(job)
        return job

    @rule(job=jobs, state=st.sampled_from(JOB_STATES))
    def move(self, job: str, state: str) -> None:
        try:
            self.table.move(job, state)
        except StateError:
            assert state not in FOLLOWS[self.states[job]]
        else:
            assert state in FOLLOWS[self.states[job]]
            self.states[job] = self._waiting(state)

    @rule()
    def claim(self) -> None:
        claimed = self.table.claim_next()
        waiting = [job for job in self.line if self.states[job] == QUEUED]
        assert (claimed.record.id if claimed else None) == (waiting[0] if waiting else None)
        if claimed:
            self.states[claimed.record.id] = RUNNING

    @rule(job=jobs)
    def retry(self, job: str) -> None:
        try:
            self.table.retry(job)
        except StateError:
            assert self.states[job] not in (FAILED, CANCELLED)
        else:
            self.states[job] = self._waiting(QUEUED)

    @rule(job=jobs)
    def first(self, job: str) -> None:
        try:
            self.table.first(job)
        except StateError:
            assert self.states[job] not in (QUEUED, PAUSED)
        else:
            self.line.remove(job)
            self.line.insert(0, job)

    @rule(paused=st.booleans())
    def pause(self, paused: bool) -> None:
        old, new = (QUEUED, PAUSED) if paused else (PAUSED, QUEUED)
        changed = {job.record.id for job in self.table.set_paused(paused)}
        assert changed == {job for job, state in self.states.items() if state == old}
        self.paused = paused
        self.states.update(dict.fromkeys(changed, new))

    @rule()
    def restart(self) -> None:
        self.table.close()
        self.table = JobTable(self.path)

    @invariant()
    def agrees(self) -> None:
        found = self.table.all()
        assert [job.record.id for job in found] == self.line
        assert {job.record.id: job.record.state for job in found} == self.states
        assert all((job.record.progress == 1) == (job.record.state == DONE) for job in found)
        assert sum(self.table.counts().values()) == len(found)


TableMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestTable = TableMachine.TestCase
