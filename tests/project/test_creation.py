"""A new film from a script and drawings: all of it or none of it, and every drawing accounted for."""

import json
from pathlib import Path

import pytest
from PIL import Image
from shotwright.core.errors import NotFoundError, PictureError, ProjectError, ScriptError, ShotwrightError
from shotwright.core.film import ProjectSettings
from shotwright.core.project.creation import NewFilm, create_film
from shotwright.core.project.folder import Film

_SCRIPT = "Title: The Lamp\n\nINT. ROOM - DAY\n\nA lamp.\n\nCLOSE ON THE FLAME\n\nEXT. SEA - DAY\n\nWaves.\n"
_SMALL = ProjectSettings(size=(64, 64))


def _picture(path: Path, size: tuple[int, int] = (16, 9), orientation: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, "grey")
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(path, **({"exif": exif} if orientation else {}))
    return path


def _made(tmp_path: Path, panels: Path | None = None, script: str = _SCRIPT, name: str = "s.fountain") -> NewFilm:
    (tmp_path / name).write_text(script, encoding="utf-8")
    return create_film(tmp_path / "Film", tmp_path / name, _SMALL, panels)


def _boards(path: Path, boards: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": "2.0.0", "defaultBoardTiming": 2000, "boards": boards}))
    return path


def test_panels_by_name_lie_in_the_film_at_their_times(tmp_path: Path) -> None:
    folder = tmp_path / "drawings"
    for name in ("SC010_SH0010.png", "SC010_SH0010@1.5s.jpg", "sc020_sh0010.webp", "mood.png"):
        _picture(folder / name)
    (folder / "notes.txt").write_text("x")
    made = _made(tmp_path, folder)
    first, _, last = Film.open(tmp_path / "Film").shot_list().shots
    assert [(p.path, p.at_frames) for p in first.panels] == [
        ("panels/SC010_SH0010.png", 0),
        ("panels/SC010_SH0010@1.5s.jpg", 36),
    ]
    assert [p.path for p in last.panels] == ["panels/sc020_sh0010.webp"]
    assert all((tmp_path / "Film" / p.path).is_file() for shot in made.shots for p in shot.panels)
    assert any("mood.png" in notice for notice in made.notices)
    assert any("notes.txt" in notice for notice in made.notices)


def test_boards_give_a_scripts_shots_their_drawings_lengths_and_sounds(tmp_path: Path) -> None:
    path = _boards(
        tmp_path / "boards" / "s.storyboarder",
        [
            {"url": "b1.png", "newShot": True, "duration": 1000, "audio": {"filename": "b1.wav"}},
            {"url": "b2.png", "duration": 500},
            {"url": "b3.png", "newShot": True, "shot": "SC020_SH0010"},
        ],
    )
    for name in ("b1.png", "b2.png", "b3.png"):
        _picture(path.parent / "images" / name)
    (path.parent / "images" / "b1.wav").write_bytes(b"RIFF")
    first, second, third = _made(tmp_path, path.parent).shots
    assert (first.frames, first.audio, [p.at_frames for p in first.panels]) == (36, "sound/b1.wav", [0, 24])
    assert second.panels == ()
    assert (third.frames, third.panels[0].path, third.panels[0].matched_by) == (48, "panels/b3.png", "board")


def test_a_storyboard_alone_is_a_film(tmp_path: Path) -> None:
    _picture(tmp_path / "images" / "b1.png")
    board = {"boards": [{"url": "b1.png", "duration": 500}]}
    (shot,) = _made(tmp_path, script=json.dumps(board), name="s.storyboarder").shots
    assert (shot.frames, shot.panels[0].path) == (12, "panels/b1.png")


def test_a_boards_poster_frame_stands_for_its_layers(tmp_path: Path) -> None:
    _picture(tmp_path / "images" / "b1-posterframe.jpg")
    (shot,) = _made(tmp_path, script=json.dumps({"boards": [{"url": "b1.png"}]}), name="s.storyboarder").shots
    assert shot.panels[0].path == "panels/b1-posterframe.jpg"


def test_pictures_of_one_name_in_two_folders_stay_two(tmp_path: Path) -> None:
    _picture(tmp_path / "a" / "1.png", (16, 9))
    _picture(tmp_path / "b" / "1.png", (9, 16))
    shots = _made(tmp_path, script="description,panels\nA.,a/1.png\nB.,b/1.png\nC.,a/1.png\n", name="s.csv").shots
    assert [shot.panels[0].path for shot in shots] == ["panels/1.png", "panels/1_2.png", "panels/1.png"]


@pytest.mark.parametrize(
    ("name", "data"), [("SC010_SH0010.png", b"not a picture"), ("SC010_SH0010.jpg", b""), ("x.tif", b"II*\0")]
)
def test_a_panel_that_is_no_picture_is_named_and_nothing_is_left(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "drawings").mkdir()
    (tmp_path / "drawings" / name).write_bytes(data)
    with pytest.raises(PictureError, match=name):
        _made(tmp_path, tmp_path / "drawings")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drawings", "s.fountain"]


def test_a_panel_of_30000_pixels_is_refused_with_its_name(tmp_path: Path) -> None:
    _picture(tmp_path / "drawings" / "SC010_SH0010.png", (30_000, 20))
    with pytest.raises(PictureError, match=r"SC010_SH0010.png.*30,000"):
        _made(tmp_path, tmp_path / "drawings")


@pytest.mark.parametrize("orientation", [6, 99])
def test_a_turned_or_wrongly_turned_photograph_is_taken(tmp_path: Path, orientation: int) -> None:
    _picture(tmp_path / "drawings" / "SC010_SH0010.jpg", orientation=orientation)
    assert _made(tmp_path, tmp_path / "drawings").shots[0].panels


@pytest.mark.parametrize("name", ["CON", "nul.film", "Aux", "x" * 201, "a\nb"])
def test_a_folder_that_some_system_can_not_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.fountain").write_text(_SCRIPT)
    with pytest.raises(ProjectError):
        create_film(tmp_path / name, tmp_path / "s.fountain", _SMALL)


@pytest.mark.parametrize("name", ["Two Words", "Filmé 😀", "..film"])
def test_any_other_name_will_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.fountain").write_text(_SCRIPT)
    create_film(tmp_path / name, tmp_path / "s.fountain", _SMALL)
    assert Film.open(tmp_path / name).settings().title == "The Lamp"


def test_what_is_there_already_stays_untouched(tmp_path: Path) -> None:
    (tmp_path / "Film").mkdir()
    (tmp_path / "Film" / "mine.txt").write_text("mine")
    with pytest.raises(ProjectError, match="exists already"):
        _made(tmp_path)
    assert [path.name for path in (tmp_path / "Film").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("script", "panels", "error"),
    [(None, None, NotFoundError), ("prose", None, ScriptError), (_SCRIPT, "nowhere", NotFoundError)],
)
def test_half_a_film_is_never_left(
    tmp_path: Path, script: str | None, panels: str | None, error: type[ShotwrightError]
) -> None:
    if script is not None:
        (tmp_path / "s.fountain").write_text(script)
    with pytest.raises(error):
        create_film(tmp_path / "Film", tmp_path / "s.fountain", _SMALL, tmp_path / panels if panels else None)
    assert not any(path.is_dir() for path in tmp_path.iterdir())
