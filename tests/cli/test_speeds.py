"""Draft, normal and final, through a real engine and worker, with a tiny model of real classes."""

import json
from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.usefixtures("engine_ends")


def test_a_draft_is_made_in_fewer_steps_and_what_it_took_is_learned(
    shotwright: Command, pipelines: dict[str, Path], state_folder: Path, tmp_path: Path
) -> None:
    assert shotwright("models", "add", pipelines["wan-2.1-t2v"], "--name", "wan", "--json").code == 0
    words = ("shot", "A red car.", "--frames", "9", "--rate", "16", "--size", "64x64", "--model", "wan", "--json")
    normal = shotwright(*words, "-o", tmp_path / "normal.mp4")
    draft = shotwright(*words, "-o", tmp_path / "draft.mp4", "--speed", "draft")
    assert (normal.code, draft.code) == (0, 0), normal.err + draft.err
    assert (tmp_path / "normal.mp4").read_bytes() != (tmp_path / "draft.mp4").read_bytes()
    (run,) = json.loads((state_folder / "timings.json").read_text())
    assert (run["model"], run["size"], run["frames"]) == ("wan", [64, 64], 9)

    wrong = shotwright(*words, "-o", tmp_path / "fast.mp4", "--speed", "fast")
    assert (wrong.code, wrong.answer["error"]["kind"]) == (2, "usage")


def test_drafts_of_a_film_are_made_so_and_are_not_stale_for_it(
    shotwright: Command, pipelines: dict[str, Path], tmp_path: Path
) -> None:
    assert shotwright("models", "add", pipelines["ltx-0.9.5"], "--name", "ltx", "--json").code == 0
    script, film = tmp_path / "one.fountain", tmp_path / "Film"
    script.write_text("INT. ROOM - DAY\n\nAnna waits.\n")
    assert shotwright("new", film, "--script", script, "--size", "64x64", "--rate", "24", "--json").code == 0
    made = shotwright("generate", film, "--model", "ltx", "--speed", "draft", "--json")
    assert made.code == 0, made.err
    (take,) = shotwright("takes", film, "--json").answer["takes"]
    recipe = json.loads((film / "media" / take["shot"] / take["key"] / "recipe.json").read_text())
    assert (recipe["request"]["sampling"]["speed"], take["stale"]) == ("draft", False)
    wrong = shotwright("generate", film, "--speed", "fast", "--json")
    assert (wrong.code, wrong.answer["error"]["kind"]) == (2, "usage")


def test_the_built_in_model_has_a_draft_too(shotwright: Command, tmp_path: Path) -> None:
    words = ("shot", "A red car.", "--frames", "9", "--size", "128x72", "--json")
    made = {speed: tmp_path / f"{speed}.mp4" for speed in ("draft", "normal", "final")}
    for speed, path in made.items():
        assert shotwright(*words, "-o", path, "--speed", speed).code == 0
    draft, normal, final = (path.read_bytes() for path in made.values())
    assert draft != normal == final
