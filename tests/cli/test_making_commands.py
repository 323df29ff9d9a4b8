"""Commands that make and change: a real engine, a real worker, the model that comes with the package."""

from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from shotwright.core.media.pictures import read_picture, write_picture
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames

from .conftest import Command

pytestmark = pytest.mark.usefixtures("engine_ends")


def test_one_shot_from_words_is_exact_and_the_same_again(shotwright: Command, tmp_path: Path) -> None:
    still = tmp_path / "still.png"
    write_picture(still, np.full((72, 128, 3), (200, 60, 60), np.uint8))
    words = ("shot", "WIDE. EXT. DESERT - DAY. A red car.", "--frames", "31", "--size", "160x90", "--rate", "23.976")
    first = shotwright(*words, "--image", still, "-o", tmp_path / "a.mov", "--seed", "7", "--json")
    assert first.code == 0, first.err
    keys = {"output", "frames", "rate", "size", "seed", "model", "seconds_elapsed"}
    assert keys <= set(first.answer)
    found = probe(tmp_path / "a.mov")
    assert (found.frames, found.size, str(found.rate)) == (31, (160, 90), "24000/1001")
    again = shotwright(*words, "--image", still, "-o", tmp_path / "b.mov", "--seed", "7", "--json")
    assert again.code == 0
    frames, copies = list(read_frames(tmp_path / "a.mov")), list(read_frames(tmp_path / "b.mov"))
    assert all(np.array_equal(frame, copy) for frame, copy in zip(frames, copies, strict=True))
    other = shotwright(*words, "-o", tmp_path / "c.mov", "--seed", "8", "--json")
    assert other.code == 0
    assert not np.array_equal(frames[15], list(read_frames(tmp_path / "c.mov"))[15])
    # The first frame was given, so it comes back as it was, but for the codec.
    assert np.abs(frames[0].astype(int) - (200, 60, 60)).max() <= 4


def test_a_shot_gets_takes_and_one_of_them_plays(shotwright: Command, film: Path) -> None:
    name = "SC020_SH0010"
    made = shotwright("generate", film, "--shot", name, "--takes", "2", "--json")
    assert made.code == 0, made.err
    assert made.answer["shots"] == [{"name": name, "takes": ["TK01", "TK02"]}]
    assert made.answer["edit"] == str(film / "edit.otio")
    takes = shotwright("takes", film, name, "--json").answer["takes"]
    assert [(take["key"], take["active"], take["stale"]) for take in takes] == [
        ("TK01", True, False),
        ("TK02", False, False),
    ]
    assert all((film / take["media"]).is_file() for take in takes)
    assert shotwright("takes", "activate", film, name, "TK02").code == 0
    assert shotwright("takes", "circle", film, name, "TK01").code == 0
    takes = shotwright("takes", film, name, "--json").answer["takes"]
    assert [(take["active"], take["circled"]) for take in takes] == [(False, True), (True, False)]
    timeline = otio.adapters.read_from_file(str(film / "edit.otio"))
    (clip,) = (clip for clip in timeline.find_clips() if clip.name == name and clip.metadata["shotwright"])
    assert clip.active_media_reference_key == "TK02"
    sheet = shotwright("takes", "compare", film, name, "-o", film / "takes.png", "--json")
    assert (sheet.code, sheet.answer["takes"]) == (0, ["TK01", "TK02"])
    assert read_picture(film / "takes.png").shape[0] > 2 * 180
    again = shotwright("takes", "replay", film, name, "TK02", "--json")
    assert (again.code, again.answer["differing"]) == (0, [])
    assert again.answer["frames"] == probe(film / takes[1]["media"]).frames
    done = shotwright("jobs", "--state", "done", "--json").answer["jobs"]
    assert [job["take"] for job in done] == ["TK01", "TK02", ""]
    assert shotwright("generate", film, "--missing", "--shot", name, "--json").answer["shots"] == []


def test_a_list_brought_back_changes_the_film(shotwright: Command, film: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "shots.csv"
    shotwright("breakdown", film, "--csv", sheet)
    rows = sheet.read_text(encoding="utf-8-sig").splitlines()
    sheet.write_text("\n".join([rows[0], rows[3], rows[1]]) + "\n", encoding="utf-8")
    assert shotwright("breakdown", film, "--from-csv", sheet, "--json").code == 0
    names = [shot["name"] for shot in shotwright("breakdown", film, "--json").answer["shots"]]
    assert names == ["SC020_SH0010", "SC010_SH0010"]
    timeline = otio.adapters.read_from_file(str(film / "edit.otio"))
    assert [clip.name for clip in timeline.video_tracks()[0].find_clips()] == names
    assert list((film / ".shotwright" / "snapshots").glob("edit-*.otio"))
