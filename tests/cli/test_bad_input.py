"""What users give by mistake: a sentence, an exit code, nothing half made."""

import json
from pathlib import Path

import pytest

from .conftest import SCRIPT, Command


def _refused(said: object, code: int = 1) -> str:
    assert said.code == code, said  # type: ignore[attr-defined]
    error = said.answer["error"]  # type: ignore[attr-defined]
    assert set(error) == {"kind", "message", "hint"}
    assert error["message"].endswith((".", "!", "?", "”"))
    assert error["hint"]
    assert "Traceback" not in said.err  # type: ignore[attr-defined]
    return str(error["message"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n\n",
        b"just words, no scenes\n",
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        b"x" * 10_000_000,
    ],
    ids=["empty", "blank", "no scenes", "binary", "a picture", "10 MB on one line"],
)
def test_what_is_no_script(shotwright: Command, tmp_path: Path, content: bytes) -> None:
    script = tmp_path / "script.fountain"
    script.write_bytes(content)
    _refused(shotwright("new", tmp_path / "Film", "--script", script, "--json"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["script.fountain"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--rate", "0"),
        ("--rate", "24/0"),
        ("--rate", "fast"),
        ("--rate", "1000"),
        ("--size", "641x360"),
        ("--size", "0x0"),
        ("--size", "9999x9999"),
        ("--size", "wide"),
        ("--start-timecode", "25:99:00:00"),
    ],
)
def test_settings_that_make_no_sense(
    shotwright: Command, script: Path, tmp_path: Path, option: str, value: str
) -> None:
    _refused(shotwright("new", tmp_path / "Film", "--script", script, option, value, "--json"), code=2)
    assert not (tmp_path / "Film").exists()


@pytest.mark.parametrize("name", ["CON", "aux.film", "nul"])
def test_names_that_some_systems_keep(shotwright: Command, script: Path, tmp_path: Path, name: str) -> None:
    _refused(shotwright("new", tmp_path / name, "--script", script, "--json"))
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["my film", "🎬 Ünïcødé", "it's “quoted”", "-dash"])
def test_names_that_are_only_unusual(shotwright: Command, script: Path, tmp_path: Path, name: str) -> None:
    assert shotwright("new", "--script", script, "--json", "--", tmp_path / name).code == 0
    assert shotwright("breakdown", tmp_path / name, "--json").code == 0


def test_a_folder_that_holds_something_is_left_alone(shotwright: Command, script: Path, tmp_path: Path) -> None:
    (tmp_path / "Film").mkdir()
    (tmp_path / "Film" / "mine.txt").write_text("precious")
    _refused(shotwright("new", tmp_path / "Film", "--script", script, "--json"))
    assert (tmp_path / "Film" / "mine.txt").read_text() == "precious"


@pytest.mark.parametrize("missing", ["edit.otio", "shots.json", "shotwright.toml"])
@pytest.mark.parametrize("command", [("render", "-o", "reel.mp4"), ("takes",)])
def test_a_half_copied_film(shotwright: Command, film: Path, missing: str, command: tuple[str, ...]) -> None:
    if missing == "shots.json" and command[0] == "render":
        pytest.skip("the reel needs no shot list")
    (film / missing).unlink()
    verb, *rest = command
    rest = [str(film.parent / word) if word.endswith(".mp4") else word for word in rest]
    _refused(shotwright(verb, film, *rest, "--json"))
    assert not (film.parent / "reel.mp4").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"OTIO_SCHEMA": "Timeline.99"}', SCRIPT])
def test_a_broken_edit(shotwright: Command, film: Path, text: str) -> None:
    (film / "edit.otio").write_text(text)
    _refused(shotwright("render", film, "-o", film.parent / "reel.mp4", "--json"))
    assert (film / "edit.otio").read_text() == text


def test_a_reel_where_nothing_can_be_written(shotwright: Command, film: Path) -> None:
    blocked = film.parent / "a file"
    blocked.write_text("x")
    _refused(shotwright("render", film, "-o", blocked / "reel.mp4", "--json"))
    assert blocked.read_text() == "x"


def test_shots_and_films_that_are_not_there(shotwright: Command, film: Path, tmp_path: Path) -> None:
    assert "SC999" in _refused(shotwright("takes", film, "SC999", "--json"))
    _refused(shotwright("breakdown", tmp_path / "nowhere", "--json"))
    _refused(shotwright("render", tmp_path, "-o", "reel.mp4", "--json"))


def test_wrong_usage_is_told_apart(shotwright: Command) -> None:
    assert shotwright("breakdown").code == 2
    assert shotwright("no-such-command").code == 2
    assert _refused(shotwright("jobs", "--state", "asleep", "--json"), code=2)


def test_without_json_the_sentence_is_on_stderr(shotwright: Command, tmp_path: Path) -> None:
    said = shotwright("breakdown", tmp_path / "nowhere")
    assert said.code == 1
    assert said.out == ""
    assert "nowhere" in said.err
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(said.err)
