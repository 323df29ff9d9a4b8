"""Every editorial case against a breakdown that a person has read; goldens.py says how they are renewed."""

from pathlib import Path

import pytest

from .goldens import SCRIPTS, golden_of, readable


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_breaks_down_as_it_was_read(script: Path) -> None:
    assert readable(script) == golden_of(script).read_text(encoding="utf-8")


def test_no_breakdown_is_left_without_its_script() -> None:
    kept = {path.name for path in golden_of(SCRIPTS[0]).parent.iterdir()}
    assert kept == {golden_of(script).name for script in SCRIPTS}
