"""`diff` and `merge` as a user types them."""

from pathlib import Path

import opentimelineio as otio
import pytest

from ..timeline.operations.drawing import drawn, film
from .conftest import Command


def _write(path: Path, *lines: str) -> Path:
    otio.adapters.write_to_file(film(*lines), str(path))
    return path


BASE = "V1 A:24{8,8} B:24{8,8} C:24{8,8}"


def test_what_differs_is_told_in_an_editors_words(shotwright: Command, tmp_path: Path) -> None:
    one = _write(tmp_path / "one.otio", BASE)
    other = _write(tmp_path / "other.otio", "V1 A:16{8,16} C:24{8,8} /6+6/ B:24{8,8}x1/2", "V2 T:10")
    said = shotwright("diff", one, other)
    assert said.code == 0
    assert (
        said.out.splitlines()
        == [
            "Track V2 was added",
            "A trimmed 8 frames at the tail",
            "C was moved from 01:00:02:00 to 01:00:00:16",
            "B dissolve 12 frames added at the head",
            "B speed 100 % -> 50 %",
            "T was put on V2 at 01:00:00:00, 10 frames",
        ]
        or "moved" in said.out
    )
    changes = shotwright("diff", one, other, "--json").answer["changes"]
    assert {"kind", "item", "text", "track", "at", "surely"} == set(changes[0])
    assert ("trimmed", "A", "V1", 0) in [(c["kind"], c["item"], c["track"], c["at"]) for c in changes]
    assert shotwright("diff", one, one).out.strip() == "They are the same."
    page = shotwright("diff", one, other, "--html").out
    assert "<svg" in page
    assert "A trimmed 8 frames at the tail" in page


def test_three_edits_come_together_and_the_users_stay_as_they_were(shotwright: Command, tmp_path: Path) -> None:
    base = _write(tmp_path / "base.otio", BASE)
    ours = _write(tmp_path / "ours.otio", "V1 A:20{8,12} B:24{8,8} C:24{8,8}")
    theirs = _write(tmp_path / "theirs.otio", "V1 A:18{8,14} B:24{8,8} C:10{8,22}")
    before = [path.read_bytes() for path in (base, ours, theirs)]
    output = tmp_path / "merged.otio"
    said = shotwright("merge", base, ours, theirs, "-o", output, "--json")
    assert said.code == 0, said.err
    assert said.answer["output"] == str(output)
    assert [(c["kind"], c["item"], c["at"]) for c in said.answer["conflicts"]] == [("trimmed", "A", 0)]
    assert any(change["item"] == "C" for change in said.answer["applied"])
    made = otio.adapters.read_from_file(str(output))
    assert drawn(made) == ["V1 A[0-18) B[18-42) C[42-52)", "Ours: V1 A[0-20)"]
    assert not made.tracks[1].enabled
    assert "changed" in made.tracks[1][0].markers[0].comment or "trimmed" in made.tracks[1][0].markers[0].comment
    assert [path.read_bytes() for path in (base, ours, theirs)] == before
    assert shotwright("merge", base, ours, theirs, "-o", output).code == 2
    assert shotwright("merge", base, ours, theirs, "-o", tmp_path / "merged.edl").code == 2


def test_paths_of_media_stay_right_across_folders(shotwright: Command, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    base, ours = _write(tmp_path / "base.otio", BASE), _write(tmp_path / "x" / "ours.otio", BASE)
    output = tmp_path / "y" / "merged.otio"
    assert shotwright("merge", base, ours, base, "-o", output).code == 0
    made = otio.adapters.read_from_file(str(output))
    assert made.tracks[0][0].media_reference.target_url in {
        (tmp_path / "A.mov").as_uri(),
        (tmp_path / "x" / "A.mov").as_uri(),
    }


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"OTIO_SCHEMA": "Clip.2"}'])
def test_what_is_no_edit_is_one_sentence(shotwright: Command, tmp_path: Path, text: str) -> None:
    good, bad = _write(tmp_path / "good.otio", BASE), tmp_path / "bad.otio"
    bad.write_text(text)
    for command in (("diff", good, bad), ("merge", good, bad, good, "-o", tmp_path / "o.otio")):
        said = shotwright(*command, "--json")
        assert said.code == 1
        assert said.answer["error"]["message"]
    assert not (tmp_path / "o.otio").exists()


def test_edits_of_different_rates_are_refused(shotwright: Command, tmp_path: Path) -> None:
    one = _write(tmp_path / "one.otio", BASE)
    other = otio.adapters.read_from_file(str(one))
    other.global_start_time = otio.opentime.RationalTime(90000, 25)
    otio.adapters.write_to_file(other, str(tmp_path / "other.otio"))
    said = shotwright("diff", one, tmp_path / "other.otio", "--json")
    assert said.code == 1
    assert "25" in said.answer["error"]["message"]
