"""What holds for every test: hypothesis without timing checks (machines are noisy), state in a folder of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("shotwright", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shotwright")


@pytest.fixture(autouse=True)
def state_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of the test's own, so that no test ever meets the user's engine."""
    with tempfile.TemporaryDirectory(prefix="shotwright-state-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("SHOTWRIGHT_STATE", folder)
        yield Path(folder)
