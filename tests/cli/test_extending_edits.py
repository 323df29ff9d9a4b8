"""`extend` and `bridge` on edits, end to end: the real engine and worker, with the fake model."""

import json
import shutil
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
from shotwright.core.film import ProjectSettings
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.writing import MovieWriter
from shotwright.core.project.creation import create_film
from shotwright.core.storage import sample_of
from shotwright.core.timing import Rate

from ..timeline.operations.drawing import drawn, film, span
from .conftest import Command

SCRIPT = """Title: Two

INT. KITCHEN - DAY

A kettle stands on the stove.

EXT. ROAD - NIGHT

A car drives away.
"""
KEYS = {
    "output",
    "frames_kept",
    "frames_new",
    "frames_from_handles",
    "rate",
    "size",
    "start_timecode",
    "seam",
    "edit",
    "mode",
    "notices",
}


@pytest.fixture
def engine(start_engine: Callable[..., Any]) -> None:
    start_engine()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a film is made once, for tests to copy."""
    return tmp_path_factory.mktemp("films")


@pytest.fixture
def project(films: Path, engine: None, shotwright: Command, tmp_path: Path) -> Path:
    """A film of two shots with a take each, handles of 4 frames."""
    made = films / "Two"
    if not made.exists():
        script = films / "s.fountain"
        script.write_text(SCRIPT)
        settings = ProjectSettings(rate=Rate.parse(12), size=(128, 72), handle_frames=4)
        create_film(made, script, settings)
        assert shotwright("generate", made, "--json").code == 0
    return Path(shutil.copytree(made, tmp_path / "Two"))


def edit_of(path: Path) -> Any:
    return otio.adapters.read_from_file(str(path))


def lengths(timeline: Any) -> list[int]:
    return [int(clip.trimmed_range().duration.value) for clip in timeline.tracks[0].find_clips()]


def test_a_shot_of_a_film_gets_a_take_more_and_its_edit_one_step(shotwright: Command, project: Path) -> None:
    before = (project / "edit.otio").read_bytes()
    was = lengths(edit_of(project / "edit.otio"))
    name = edit_of(project / "edit.otio").tracks[0][0].name
    first = project / "media" / name / "TK01" / f"{name}_TK01.mov"
    done = shotwright("extend", project, "--clip", name, "--tail", "10", "--mode", "ripple", "--json")
    assert done.code == 0, done.err
    answer = done.answer
    assert answer.keys() >= KEYS
    numbers = (answer["frames_kept"], answer["frames_from_handles"], answer["frames_new"])
    assert numbers == (was[0] + 4, 4, 6)
    assert (answer["take"], answer["mode"], answer["notices"]) == ("TK02", "ripple", [])
    folder = project / "media" / name / "TK02"
    assert answer["output"] == str(folder / f"{name}_TK02.mov")
    assert {path.name for path in folder.iterdir()} == {
        f"{name}_TK02{ending}" for ending in (".mov", ".proxy.mp4", ".poster.png", ".head.mkv", ".tail.mkv")
    } | {"recipe.json"}
    recipe = json.loads((folder / "recipe.json").read_text())
    counts = {"frames_kept": was[0] + 8, "frames_new": 6}
    assert recipe["extends"] == {"take": "TK01", "sample": sample_of(first), **counts}
    assert recipe["files"]["mezzanine"] == f"{name}_TK02.mov"
    found = probe(folder / f"{name}_TK02.mov")
    assert found.frames == was[0] + 14
    assert found.start_frames == (probe(first).start_frames or 0) + 3600 * 12  # each take has an hour of its own
    old, new = list(read_frames(first)), list(read_frames(folder / f"{name}_TK02.mov"))
    assert all(np.array_equal(a, b) for a, b in zip(old, new, strict=False))  # copied, not written anew
    after = edit_of(project / "edit.otio")
    assert lengths(after) == [was[0] + 10, *was[1:]]
    assert after.tracks[0][0].active_media_reference_key == "TK02"
    takes = shotwright("takes", project, name, "--json").answer["takes"]
    assert [(take["key"], take["active"], take["stale"]) for take in takes] == [
        ("TK01", False, False),
        ("TK02", True, False),
    ]
    # One step: what stood before is the one snapshot more, bit by bit.
    newest = max((project / ".shotwright" / "snapshots").glob("edit-*.otio"))
    assert newest.read_bytes() == before
    assert not list((project / ".shotwright" / "work").iterdir())
    assert shotwright("generate", project, "--shot", name, "--json").answer["shots"] == [
        {"name": name, "takes": ["TK03"]}
    ]


def test_a_handle_that_is_long_enough_asks_no_model(shotwright: Command, project: Path) -> None:
    was = lengths(edit_of(project / "edit.otio"))
    done = shotwright(
        "extend", project / "edit.otio", "--clip", "SC020_SH0010", "--head", "3", "--mode", "ripple", "--json"
    )
    assert done.code == 0, done.err
    answer = done.answer
    assert (answer["frames_from_handles"], answer["frames_new"], answer["take"]) == (3, 0, "")
    assert answer["output"].endswith("SC020_SH0010_TK01.mov")
    assert lengths(edit_of(project / "edit.otio")) == [was[0], was[1] + 3]
    assert not (project / "media" / "SC020_SH0010" / "TK02").exists()
    assert len(shotwright("jobs", "--json").answer["jobs"]) in (0, 2)  # none of this film's but those that made it


def test_what_can_not_be_done_is_refused_before_the_work(shotwright: Command, project: Path) -> None:
    first = "SC010_SH0010"
    before = (project / "edit.otio").read_bytes()

    def refused(*more: str) -> dict[str, str]:
        said = shotwright("extend", project, *more, "--json")
        assert said.code in (1, 2)
        found: dict[str, str] = said.answer["error"]
        return found

    told = refused("--clip", first, "--tail", "10")
    assert told["message"] == f"There is free space of 0 frames behind {first} on V1; 10 were asked."
    told = refused("--clip", first, "--tail", "10", "--mode", "overwrite")
    assert (told["message"], told["kind"]) == ("SC020_SH0010 on V1 loses 10 frames, at its head.", "refused")
    assert "--over-neighbour" in told["hint"]
    assert refused("--clip", "Nobody", "--tail", "10")["hint"] == "Choose one of: SC010_SH0010, SC020_SH0010."
    assert refused("--tail", "10")["hint"] == "Say which of its clips: --clip NAME."
    assert refused("--clip", first, "--tail", "1", "--head", "1")["kind"] == "usage"
    assert (project / "edit.otio").read_bytes() == before
    assert not (project / "media" / first / "TK02").exists()


@pytest.fixture
def cut(engine: None, tmp_path: Path) -> Path:
    """An edit of two movies whose frames tell which they are, of 38 frames each, in a folder of its own."""
    folder = tmp_path / "cut"
    folder.mkdir()
    timeline = film("V1 A:24{8,6} .:15 B:24{8,6}", "A1 A:24{8,6} .:39")
    with wave.open(str(tmp_path / "hum.wav"), "wb") as hum:
        hum.setparams((1, 2, 48000, 0, "NONE", ""))
        hum.writeframes(np.random.default_rng(0).integers(-90, 90, 38 * 2000, np.int16).tobytes())
    for name in "AB":
        sound = tmp_path / "hum.wav"
        with MovieWriter(folder / f"{name}.mov", (128, 72), Rate.parse(24), "prores", 92, sound=sound) as movie:
            for number in range(38):
                movie.write(np.full((72, 128, 3), 16 + 2 * number, np.uint8))
    otio.adapters.write_to_file(timeline, str(folder / "cut.otio"))
    return folder / "cut.otio"


def test_any_edit_is_written_beside_the_users(shotwright: Command, cut: Path) -> None:
    before = cut.read_bytes()
    done = shotwright("extend", cut, "--clip", "A", "--tail", "10", "--json")
    assert done.code == 0, done.err
    answer = done.answer
    numbers = (answer["frames_kept"], answer["frames_from_handles"], answer["frames_new"])
    assert (*numbers, answer["mode"]) == (32, 6, 4, "gap")
    assert answer["edit"] == str(cut.with_name("cut_extended.otio"))
    assert answer["output"] == str(cut.with_name("A_tail10.mov"))
    assert cut.read_bytes() == before
    after = edit_of(Path(answer["edit"]))
    assert drawn(after) == ["V1 A[0-34) .[34-39) B[39-63)", "A1 A[0-34) .[34-63)"]
    assert after.tracks[1][0].media_reference.target_url == "A_tail10.mov"
    references = after.tracks[0][0].media_references()
    assert {key: reference.target_url for key, reference in references.items()} == {
        "DEFAULT_MEDIA": "A.mov",
        "EXTENDED01": "A_tail10.mov",
    }
    assert references["EXTENDED01"].available_range == span(92, 42)
    found = probe(cut.with_name("A_tail10.mov"))
    assert (found.frames, found.start_frames, found.has_sound) == (42, 92, True)
    again = shotwright(
        "extend",
        answer["edit"],
        "--clip",
        "A",
        "--head",
        "2",
        "--mode",
        "ripple",
        "-o",
        cut.parent / "x" / "y.otio",
        "--json",
    )
    assert again.code == 0, again.err
    assert again.answer["frames_from_handles"] == 2
    moved = edit_of(cut.parent / "x" / "y.otio")
    assert drawn(moved) == ["V1 A-2[0-36) .[36-41) B[41-65)", "A1 A-2[0-36) .[36-65)"]
    assert moved.tracks[0][2].media_reference.target_url == (cut.parent / "B.mov").as_uri()
    assert shotwright("extend", cut, "--clip", "A", "--tail", "1", "-o", cut, "--json").code == 2


def test_the_gap_behind_a_clip_is_bridged_exactly(shotwright: Command, cut: Path) -> None:
    done = shotwright("bridge", cut, "--after", "A", "--json")
    assert done.code == 0, done.err
    numbers = (done.answer["frames_new"], done.answer["frames_from_handles"], done.answer["frames_kept"])
    assert numbers == (12, 3, 24)
    assert drawn(edit_of(Path(done.answer["edit"])))[0] == "V1 A[0-24) A to B-88[24-39) B[39-63)"
    levels = [round(float(frame.mean())) for frame in read_frames(Path(done.answer["output"]), own_colour=True)]
    assert levels[:14] == [16 + 2 * number for number in range(20, 34)]
    assert levels[-13:] == [16 + 2 * number for number in range(7, 20)]
    ignored = shotwright("bridge", cut, "--after", "A", "--handles", "ignore", "--json")
    assert (ignored.answer["frames_new"], ignored.answer["frames_from_handles"]) == (15, 0)


def test_what_was_cut_out_of_a_clip_comes_back(shotwright: Command, cut: Path) -> None:
    timeline = film("V1 A:8{8,22} .:10 B:12{8,18}", "A1 A:8{8,22} .:10 B:12{8,18}")
    for track in timeline.tracks:
        track[2].media_reference.target_url = "A.mov"
        track[2].source_range = span(118, 12)
    otio.adapters.write_to_file(timeline, str(cut))
    done = shotwright("bridge", cut, "--after", "A", "--json")
    assert done.code == 0, done.err
    assert (done.answer["frames_new"], done.answer["frames_from_handles"]) == (0, 10)
    assert drawn(edit_of(Path(done.answer["edit"]))) == [f"{name} A[0-18) B+18[18-30)" for name in ("V1", "A1")]
    assert not list(cut.parent.glob("A_to_B*"))


def test_a_shot_that_plays_a_slate_is_refused(shotwright: Command, film: Path) -> None:
    said = shotwright("extend", film, "--clip", "SC010_SH0010", "--tail", "10", "--json")
    assert said.answer["error"]["message"] == "SC010_SH0010 has no media to go on from."


def test_the_missing_handles_of_a_dissolve_are_made_and_nothing_else(
    engine: None, shotwright: Command, tmp_path: Path
) -> None:
    for name in "AB":
        with MovieWriter(tmp_path / f"{name}.mov", (128, 72), Rate.parse(24), "prores", 92) as movie:
            for number in range(38):
                movie.write(np.full((72, 128, 3), 16 + 2 * number, np.uint8))
    cut = tmp_path / "cut.otio"
    otio.adapters.write_to_file(film("V1 A:24{8,6} /4+9/ B:24{8,6}"), str(cut))
    done = shotwright("extend", cut, "--clip", "A", "--tail", "handles", "--json")
    assert done.code == 0, done.err
    assert (done.answer["frames_new"], done.answer["frames_from_handles"]) == (3, 0)
    after = edit_of(Path(done.answer["edit"]))
    assert drawn(after) == drawn(edit_of(cut))
    assert after.tracks[0][0].media_reference.available_range == span(92, 41)
    none = shotwright("extend", cut, "--clip", "B", "--head", "handles", "--json")
    assert none.code == 1
    assert "lacks no frames" in none.answer["error"]["message"]


@pytest.mark.parametrize("suffix", ["edl", "xml", "fcpxml"])
def test_edits_of_other_programs_are_gone_on_from(
    suffix: str, engine: None, shotwright: Command, cut: Path, tmp_path: Path
) -> None:
    timeline = film("V1 A:24{8,6} .:15 B:24{8,6}")
    given = cut.with_name(f"given.{suffix}")
    otio.adapters.write_to_file(timeline, str(given))
    before = given.read_bytes()
    done = shotwright("extend", given, "--clip", "A", "--tail", "10", "--json")
    assert done.code == 0, done.err
    assert (done.answer["frames_from_handles"], done.answer["frames_new"]) == (6, 4)
    after = edit_of(Path(done.answer["edit"]))
    clips = list(after.find_clips())
    assert [int(clip.trimmed_range().duration.value) for clip in clips] == [34, 24]
    assert clips[0].media_reference.target_url.endswith("A_tail10.mov")
    assert given.read_bytes() == before


def test_what_is_asked_under_one_key_is_done_once(shotwright: Command, project: Path) -> None:
    words = ("extend", project, "--clip", "SC010_SH0010", "--tail", "3", "--mode", "ripple", "--json")
    was = lengths(edit_of(project / "edit.otio"))
    for key, longer in (("one", 3), ("one", 3), ("other", 6), ("other", 6), ("one", 6)):
        said = shotwright(*words, "--key", key)
        assert said.code == 0, said.err
        assert lengths(edit_of(project / "edit.otio")) == [was[0] + longer, *was[1:]]
    assert said.answer == {"edit": str(project / "edit.otio"), "notices": []}
    again = ("generate", project, "--shot", "SC020_SH0010", "--json", "--key")
    made = [shotwright(*again, key).answer["shots"][0]["takes"] for key in ("a", "a", "b", "a")]
    assert made == [["TK02"], ["TK02"], ["TK03"], ["TK02"]]
