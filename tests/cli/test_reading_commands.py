"""Commands that read and compute in-process; what others rely on is in the wire's document, kept exact here."""

from pathlib import Path

import numpy as np
import opentimelineio as otio
from shotwright.core.media.pictures import write_picture
from shotwright.core.media.probe import probe

from .conftest import Command


def test_a_new_film_is_told(shotwright: Command, script: Path, tmp_path: Path) -> None:
    said = shotwright("new", tmp_path / "Film", "--script", script, "--rate", "23.976", "--json")
    assert said.code == 0
    assert said.answer["project"] == str(tmp_path / "Film")
    assert said.answer["shots"] == ["SC010_SH0010", "SC010_SH0020", "SC020_SH0010"]


def test_breakdown_tells_scenes_and_shots(shotwright: Command, film: Path) -> None:
    answer = shotwright("breakdown", film, "--json").answer
    assert [(scene["number"], scene["heading"]) for scene in answer["scenes"]] == [
        ("010", "INT. KITCHEN - DAY"),
        ("020", "EXT. HARBOUR - NIGHT"),
    ]
    assert answer["scenes"][0]["lines"] == [3, 8]
    keys = {"name", "scene", "heading", "text", "prompt", "frames", "lines", "shot_size", "camera_move", "cast"}
    assert all(keys <= set(shot) for shot in answer["shots"])
    assert answer["shots"][1]["cast"] == ["MARA"]
    assert "yellow coat" in answer["shots"][1]["prompt"]


def test_a_bare_script_is_broken_down_too(shotwright: Command, script: Path) -> None:
    said = shotwright("breakdown", script)
    assert said.code == 0
    assert "2 scenes, 3 shots" in said.out


def test_the_list_goes_out_and_makes_the_same_film(shotwright: Command, film: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "shots.csv"
    assert shotwright("breakdown", film, "--csv", sheet).code == 0
    assert shotwright("new", tmp_path / "Again", "--script", sheet, "--size", "128x72").code == 0
    first, again = (shotwright("breakdown", each, "--json").answer for each in (film, tmp_path / "Again"))
    assert again["shots"] == first["shots"]


def test_the_reel_plays_before_any_take_is_made(shotwright: Command, film: Path, tmp_path: Path) -> None:
    reel, contact = tmp_path / "reel.mp4", tmp_path / "contact.png"
    said = shotwright("render", film, "-o", reel, "--burn-in", "--contact", contact, "--json")
    assert said.code == 0
    frames = int(otio.adapters.read_from_file(str(film / "edit.otio")).duration().value)
    assert said.answer["frames"] == frames == probe(reel).frames
    assert said.answer["rate"] == "24"
    assert contact.is_file()


def test_panels_are_matched_and_strangers_told(shotwright: Command, script: Path, tmp_path: Path) -> None:
    grey = np.full((90, 160, 3), 120, np.uint8)
    for name in ("SC010_SH0010.png", "SC010_SH0010@1s.png", "beach.png"):
        write_picture(tmp_path / "drawings" / name, grey)
    said = shotwright("new", tmp_path / "Film", "--script", script, "--panels", tmp_path / "drawings", "--json")
    assert any("beach.png" in notice for notice in said.answer["notices"])
    shots = shotwright("breakdown", tmp_path / "Film", "--json").answer["shots"]
    assert [panel["at_frames"] for panel in shots[0]["panels"]] == [0, 24]


def test_takes_of_a_film_without_any(shotwright: Command, film: Path) -> None:
    assert shotwright("takes", film, "--json").answer == {"takes": [], "bridges": []}


def test_models_and_doctor_answer(shotwright: Command) -> None:
    previs, *others = shotwright("models", "--json").answer["models"]
    for row in (previs, *others):
        assert {"name", "family", "jobs", "limits", "licence", "fits", "state", "bytes"} <= set(row)
    assert {row["state"] for row in others} == {"to be got"}
    assert "previs" in previs["domain"]
    checks = {check["name"]: check for check in shotwright("doctor", "--json").answer["checks"]}
    assert checks["ffmpeg"]["ok"]
    assert all(check["hint"] for check in checks.values() if not check["ok"])


def test_jobs_start_no_engine(shotwright: Command) -> None:
    assert shotwright("jobs", "--json").answer == {"jobs": []}
