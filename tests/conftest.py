"""What holds for every test: hypothesis without timing checks (machines are noisy), state in a folder of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from shotwright.core.media.ffmpeg import executable

if TYPE_CHECKING:
    from .fakes.hub import Hub

settings.register_profile("shotwright", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shotwright")


@pytest.fixture(autouse=True)
def state_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of the test's own, so that no test ever meets the user's engine."""
    with tempfile.TemporaryDirectory(prefix="shotwright-state-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("SHOTWRIGHT_STATE", folder)
        yield Path(folder)


FAKES = Path(__file__).parent / "fakes"


@pytest.fixture
def fake_worker() -> list[str]:
    """The command of a worker whose model needs no weights and no time."""
    return [sys.executable, str(FAKES / "worker.py")]


@pytest.fixture
def start_engine(state_folder: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts engines (real processes with the fake worker) in the test's state folder; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(idle_seconds: float = 0) -> subprocess.Popen[str]:
        """An engine that has said where it is; `first_line` of it is what it said."""
        command = [sys.executable, str(FAKES / "engine.py"), str(idle_seconds)]
        with (state_folder / "engine.log").open("a") as log:
            engine = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        started.append(engine)
        assert engine.stdout is not None
        line = engine.stdout.readline()
        assert not line or json.loads(line)["pid"] == engine.pid
        return engine

    yield start
    for engine in started:
        engine.terminate()
    for engine in started:
        try:
            engine.wait(10)
        finally:
            engine.kill()
            engine.wait()
            if engine.stdout:
                engine.stdout.close()


@pytest.fixture
def run_ffmpeg() -> Callable[..., None]:
    """ffmpeg itself, to make the movies that other programs make."""

    def run(*arguments: object) -> None:
        command = [executable(), "-y", "-loglevel", "error", "-nostdin", *map(str, arguments)]
        subprocess.run(command, check=True, timeout=60)

    return run


@pytest.fixture(scope="session")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of tiny diffusers pipelines, by class."""
    from .fakes.pipelines import save_pipelines

    return save_pipelines(tmp_path_factory.mktemp("pipelines"))


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Hub]":
    """A hub on loopback in place of the real one; it fails the test where it was asked for what that does not serve."""
    from .fakes.hub import serving

    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))  # nothing of this machine's own account
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "SHOTWRIGHT_OFFLINE", "TRANSFORMERS_OFFLINE", "SHOTWRIGHT_MODELS"):
        monkeypatch.delenv(name, raising=False)
    with serving() as found:
        monkeypatch.setenv("HF_ENDPOINT", found.endpoint)
        yield found
    assert found.refused == []
