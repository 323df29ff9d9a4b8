"""`kill -9` of engine, worker and client at random moments: no job is lost, and no half file has a final name."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from shotwright.core.jobs import JobTable
from shotwright.core.media.probe import probe

CLIENT = Path(__file__).parent.parent / "fakes" / "client.py"
VICTIMS = ("engine", "worker", "client")
_SECONDS_BETWEEN = (0.0, 1.2)


class Theatre:
    """Engine, worker and client on one state folder; whatever is killed comes back as it would for a user."""

    def __init__(self, state: Path, jobs: int) -> None:
        self.state, self.jobs = state, jobs
        self.acknowledged = state / "acknowledged.txt"
        self.killed = dict.fromkeys(VICTIMS, 0)
        self._client: subprocess.Popen[bytes] | None = None

    def client(self) -> subprocess.Popen[bytes]:
        """The client; a new one where the last was killed."""
        if self._client is None or self._client.poll() not in (None, 0):
            command = [sys.executable, str(CLIENT), str(self.acknowledged), str(self.jobs)]
            with (self.state / "client.log").open("ab") as log:
                self._client = subprocess.Popen(command, stdout=log, stderr=log)
        return self._client

    def _engine(self) -> psutil.Process | None:
        try:
            return psutil.Process(json.loads((self.state / "engine.json").read_text())["pid"])
        except (OSError, ValueError, psutil.Error):
            return None

    def kill(self, victim: str) -> bool:
        """Kills one of them; False where it is not there just now."""
        engine = self._engine()
        if victim == "client":
            self.client().kill()
            self.client().wait()
            return True
        if engine is None:
            return False
        try:
            workers = engine.children()
            if victim == "worker":
                for worker in workers:
                    worker.kill()
                return bool(workers)
            engine.kill()
        except psutil.NoSuchProcess:
            return False
        # No orphan: a worker ends by itself when its engine is gone.
        assert not psutil.wait_procs(workers, timeout=10)[1]
        return True

    def close(self) -> None:
        """Ends all of them."""
        engine = self._engine()
        for process in (self._client, engine):
            if process is not None and psutil.pid_exists(process.pid):
                process.kill()
        if self._client is not None:
            self._client.wait()


@pytest.fixture
def theatre(state_folder: Path, request: pytest.FixtureRequest) -> Iterator[Theatre]:
    made = Theatre(state_folder, request.param)
    yield made
    made.close()


def _check_takes(state: Path, all_frames: bool) -> int:
    """Every take that has its final name is whole; how many there are."""
    folders = list((state / "takes").iterdir()) if (state / "takes").is_dir() else []
    for folder in folders:
        recipe = json.loads((folder / "recipe.json").read_text())
        assert recipe["job"] == folder.name
        files = recipe["files"]
        wanted = {files["mezzanine"], files["proxy"], files["poster"], *files["edges"], "recipe.json"}
        assert {path.name for path in folder.iterdir()} == wanted
        assert all((folder / name).stat().st_size > 0 for name in wanted)
        if all_frames:
            assert probe(folder / files["mezzanine"]).frames == 40
            assert probe(folder / files["proxy"]).frames == 40
    return len(folders)


def _play(theatre: Theatre, kills: int, seed: int, seconds: float) -> None:
    chance, deadline = random.Random(seed), time.monotonic() + seconds
    done = 0
    while done < kills:
        assert time.monotonic() < deadline, theatre.killed
        theatre.client()
        time.sleep(chance.uniform(*_SECONDS_BETWEEN))
        victim = chance.choice(VICTIMS)
        if theatre.kill(victim):
            theatre.killed[victim] += 1
            done += 1
        _check_takes(theatre.state, all_frames=False)
    while theatre.client().poll() is None:
        assert time.monotonic() < deadline, theatre.killed
        time.sleep(0.2)
    assert theatre.client().wait() == 0


def _check_all(theatre: Theatre) -> None:
    table = JobTable(theatre.state / "jobs.sqlite")
    try:
        jobs = {job.record.id: job.record for job in table.all()}
    finally:
        table.close()
    told = {tuple(line.split()) for line in theatre.acknowledged.read_text().splitlines()}
    assert len(told) == theatre.jobs  # every key had one job, however often it was asked for
    assert {job for _, job in told} == set(jobs)
    assert {record.state for record in jobs.values()} == {"done"}
    assert all(Path(record.output or "").is_file() for record in jobs.values())
    assert _check_takes(theatre.state, all_frames=True) == theatre.jobs


@pytest.mark.parametrize("theatre", [4], indirect=True)
def test_five_kills_lose_nothing(theatre: Theatre) -> None:
    _play(theatre, 5, seed=3, seconds=60)
    _check_all(theatre)


@pytest.mark.long
@pytest.mark.parametrize("theatre", [80], indirect=True)
def test_a_hundred_kills_lose_nothing(theatre: Theatre, capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.monotonic()
    _play(theatre, 100, seed=20, seconds=1500)
    _check_all(theatre)
    cut_off = (theatre.state / "engine.log").read_text().count("The worker died")
    with capsys.disabled():
        sys.stdout.write(
            f"\n100 kills {theatre.killed}, {theatre.jobs} jobs: 0 lost, 0 half files; {cut_off} attempts cut off by "
            f"a worker's death; {time.monotonic() - begun:.0f} s\n"
        )
