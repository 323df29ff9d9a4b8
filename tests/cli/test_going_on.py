"""A film that goes on elsewhere and whose script is rewritten, as commands through a real engine."""

from pathlib import Path

import opentimelineio as otio
import pytest
from shotwright.core.project.replaying import frames_that_differ

from .conftest import SCRIPT, Command

pytestmark = pytest.mark.usefixtures("engine_ends")


def test_an_edit_goes_to_another_program_and_comes_back(shotwright: Command, film: Path) -> None:
    never = shotwright("sync", film, "status", "--host", "edl", "--json")
    assert (never.code, never.answer["state"], never.answer["carrier"]) == (0, "never", ".edl")
    assert {"state", "applied", "conflicts", "lost"} <= set(never.answer)
    pushed = shotwright("sync", film, "push", "--host", "resolve", "--json")
    assert (pushed.code, pushed.answer["state"]) == (0, "in step")
    timeline = otio.adapters.read_from_file(pushed.answer["file"])
    clip = timeline.tracks[0][0]
    clip.source_range = otio.opentime.TimeRange(
        clip.source_range.start_time, clip.source_range.duration - otio.opentime.RationalTime(5, 24)
    )
    otio.adapters.write_to_file(timeline, pushed.answer["file"])
    before = (film / "edit.otio").read_bytes()
    pulled = shotwright("sync", film, "pull", "--host", "resolve", "--json")
    # Resolve drops subtitles: they stayed here, and go along with the picture.
    assert [(change["kind"], change["track"]) for change in pulled.answer["applied"]] == [
        ("trimmed", "V1"),
        ("space", "Subtitles"),
    ]
    assert pulled.answer["conflicts"] == []
    undone = shotwright("sync", film, "undo", "--host", "resolve", "--json")
    assert (undone.code, undone.answer["state"]) == (0, "theirs")
    assert (film / "edit.otio").read_bytes() == before
    assert shotwright("sync", film, "pull", "--host", "edl", "--json").code == 1
    assert shotwright("sync", film, "push", "--host", "avid").code == 2
    assert "subtitles are left out" in shotwright("sync", film, "push", "--host", "edl").err.replace("\n", " ")


def test_a_script_is_rewritten(shotwright: Command, film: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.fountain"
    draft.write_text(SCRIPT + "\nRain falls on the pier.\n")
    updated = shotwright("script", film, "update", draft, "--json")
    assert updated.code == 0, updated.err
    assert updated.answer["added"] == ["SC020_SH0020"]
    assert (updated.answer["changed"], updated.answer["omitted"]) == ([], [])
    assert shotwright("script", film, "lock", "--json").answer["locked"] is True
    assert shotwright("script", film, "timing", "--json").answer == {"changed": []}
    assert shotwright("script", film, "update").code == 2
    assert shotwright("script", film, "update", tmp_path / "nothing").code == 1
    assert shotwright("takes", "replay", film, "SC020_SH0010", "TK01").code == 1


def test_movies_of_other_lengths_differ_at_the_end(shotwright: Command, tmp_path: Path) -> None:
    for name, frames in (("a", "8"), ("b", "9")):
        words = ("shot", "EXT. SEA - DAY.", "--frames", frames, "--size", "64x64", "-o", tmp_path / f"{name}.mov")
        assert shotwright(*words).code == 0
    assert frames_that_differ(tmp_path / "a.mov", tmp_path / "a.mov") == []
    assert frames_that_differ(tmp_path / "a.mov", tmp_path / "b.mov")[-1] == 8
