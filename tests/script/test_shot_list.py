"""Shot lists as CSV: out and in without loss, and lists that people made by hand."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shotwright.core.errors import ScriptError, ShotwrightError
from shotwright.core.film import DialogueLine, Panel, ProjectSettings, Scene, Shot, Transition
from shotwright.core.film.shot import CAMERA_MOVES, CUT, SHOT_SIZES, TRANSITIONS
from shotwright.core.script import break_down, read_script, read_shot_list, write_shot_list
from shotwright.core.timing import Rate

from .goldens import SCRIPTS

_RATES = [Rate.parse(rate) for rate in ("24", "24000/1001", "25", "30000/1001", "60", "240")]
# What cells meet: separators, quotes, formulas, line ends, spaces at the edges, letters of every kind.
_TEXTS = st.text(st.sampled_from([*"aB1 ,;|\t\"'=+-@\n[{:/é😀\r＝"]), max_size=12)
_NAMES = st.text(st.sampled_from("AB é[,/;'"), min_size=1, max_size=6)
_LINES = st.tuples(st.integers(0, 9999), st.integers(-1, 9999))
_FRAMES = st.integers(1, 500)
_FILES = st.text(st.sampled_from("ab é😀'=,"), min_size=1, max_size=8).map(lambda name: f"panels/{name}.png")


@st.composite
def _films(draw: st.DrawFn) -> tuple[tuple[Scene, ...], tuple[Shot, ...]]:
    numbers = draw(st.lists(st.sampled_from(["010", "012A", "A003A", "1000", "I001A"]), unique=True, min_size=1))
    scenes = tuple(Scene(n, draw(_TEXTS), draw(_TEXTS), draw(_TEXTS), draw(_TEXTS), draw(_LINES)) for n in numbers)
    shots = []
    for scene in scenes:
        for ordinal in range(draw(st.integers(0, 3))):
            shots.append(
                Shot(
                    shot_id=f"id-{len(shots)}",
                    name=f"SC{scene.number}_SH{ordinal + 1:03}0",
                    scene=scene.number,
                    heading=draw(st.one_of(st.just(scene.heading), _TEXTS.filter(bool))),
                    text=draw(_TEXTS),
                    prompt=draw(_TEXTS.filter(bool)),
                    frames=draw(_FRAMES),
                    lines=draw(_LINES),
                    shot_size=draw(st.sampled_from(SHOT_SIZES)),
                    camera_move=draw(st.sampled_from(CAMERA_MOVES)),
                    cast=tuple(draw(st.lists(_NAMES, max_size=3))),
                    dialogue=tuple(
                        draw(st.lists(st.builds(DialogueLine, _NAMES, _TEXTS, _FRAMES, _FRAMES, st.booleans())))
                    ),
                    transition_in=draw(st.one_of(st.just(CUT), _TRANSITIONS)),
                    transition_out=draw(st.one_of(st.just(CUT), _TRANSITIONS)),
                    panels=tuple(draw(st.lists(st.builds(Panel, _FILES, _FRAMES), max_size=2))),
                    audio=draw(st.sampled_from(["", "sound/a b.wav"])),
                )
            )
    return scenes, tuple(shots)


_TRANSITIONS = st.builds(Transition, st.sampled_from(TRANSITIONS), _FRAMES, _TEXTS)


@settings(max_examples=60)
@given(_films(), st.sampled_from(_RATES))
def test_a_list_goes_out_and_in_without_loss(film: tuple[tuple[Scene, ...], tuple[Shot, ...]], rate: Rate) -> None:
    project = ProjectSettings(rate=rate)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shots.csv"
        write_shot_list(path, *film, project)
        assert read_shot_list(path, project) == film


@pytest.mark.parametrize("script", [path for path in SCRIPTS if path.suffix != ".csv"], ids=lambda path: path.name)
def test_a_breakdown_goes_out_and_in_without_loss(script: Path, tmp_path: Path) -> None:
    found = break_down(read_script(script), ProjectSettings())
    write_shot_list(tmp_path / "shots.csv", found.scenes, found.shots, ProjectSettings())
    assert read_shot_list(tmp_path / "shots.csv", ProjectSettings()) == (found.scenes, found.shots)


def _read(tmp_path: Path, text: str) -> tuple[Shot, ...]:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_shot_list(path, ProjectSettings())[1]


def test_descriptions_alone_make_a_list(tmp_path: Path) -> None:
    shots = _read(tmp_path, "Description\nMara lights the lamp.\nCLOSE ON the flame.\n")
    assert [shot.name for shot in shots] == ["SC010_SH0010", "SC010_SH0020"]
    assert [shot.shot_size for shot in shots] == ["medium", "close-up"]
    assert all(shot.frames for shot in shots)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_and_common_column_names(tmp_path: Path, separator: str) -> None:
    rows = [["Scene", "Shot", "Size", "Action", "Duration (s)"], ["1A", "5", "wide", "Waves; foam, wind", "2.5"]]
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    (shot,) = read_shot_list(path, ProjectSettings())[1]
    assert (shot.scene, shot.name, shot.frames) == ("001A", "SC001A_SH0005", 60)
    assert shot.text == "Waves; foam, wind"


@pytest.mark.parametrize(
    ("cell", "frames"),
    [("3", 72), ("2.5 s", 60), ("1,5", 36), ("36 f", 36), ("0:03", 72), ("00:00:02:12", 60), ("1 sec", 24)],
)
def test_lengths_as_people_write_them(tmp_path: Path, cell: str, frames: int) -> None:
    (shot,) = _read(tmp_path, f'description,duration\nWaves.,"{cell}"\n')
    assert shot.frames == frames


def test_a_row_put_in_and_a_row_copied_are_new_shots(tmp_path: Path) -> None:
    found = break_down(read_script(SCRIPTS[-1]), ProjectSettings())
    path = tmp_path / "shots.csv"
    write_shot_list(path, found.scenes, found.shots, ProjectSettings())
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, first, *others = csv.reader(file)
    added = ["" if name not in ("scene", "text") else value for name, value in zip(header, first, strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, first, added, first, *others])
    shots = read_shot_list(path, ProjectSettings())[1]
    assert shots[0] == found.shots[0]
    assert len({shot.shot_id for shot in shots}) == len({shot.name for shot in shots}) == len(found.shots) + 2


def test_cells_are_no_formulas_to_a_spreadsheet(tmp_path: Path) -> None:
    shot = Shot("id", "SC010_SH0010", "010", "INT. A", "=1+1", "@SUM(A1)", 24, (1, 1))
    write_shot_list(tmp_path / "shots.csv", [Scene("010", "INT. A", "INT", "A", "", (1, 1))], [shot], ProjectSettings())
    with (tmp_path / "shots.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["text"], row["prompt"]) == ("'=1+1", "'@SUM(A1)")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("colour,weight\nred,3\n", 1),
        ("description\n", 0),
        ("description,duration\nWaves.,soon\n", 2),
        ("description,duration\nWaves.,0\n", 2),
        ("description,duration\nWaves.,999999\n", 2),
        ("description,panels\nWaves.,../../secret.png\n", 2),
        ("description,panels\nWaves.,C:\\secret.png\n", 2),
        ("description,sound\nWaves.,/etc/x.wav\n", 2),
        ('description,dialogue\nWaves.,"[{""x"": 1}]"\n', 2),
        ('description\n"never closed' + "x" * 200_000, 2),
    ],
)
def test_a_list_that_makes_no_sense_says_where(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ScriptError) as caught:
        _read(tmp_path, text)
    assert caught.value.line == line
    assert caught.value.hint


@pytest.mark.parametrize("name", ["CON", "..", "a/b", "😀", "x" * 50, "two words", "sc010_sh0010"])
def test_names_that_no_file_can_have_are_numbered_anew(tmp_path: Path, name: str) -> None:
    first, second = _read(tmp_path, f"shot,description\nSC010_SH0010,A.\n{name},B.\n")
    assert first.name == "SC010_SH0010"
    assert second.name == "SC010_SH0020"


def test_ten_thousand_rows(tmp_path: Path) -> None:
    shots = _read(tmp_path, "scene,description\n" + "".join(f"{n // 50 + 1},Shot {n}.\n" for n in range(10_000)))
    assert len({shot.name for shot in shots}) == 10_000


@given(st.text(max_size=80))
@settings(max_examples=100)
def test_no_table_breaks_the_reader(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(("description,duration,panels,cast\n" + text).encode("utf-8", "replace"))
        try:
            read_shot_list(path, ProjectSettings())
        except ShotwrightError as error:
            assert error.hint  # noqa: PT017  any sentence will do, no other error may come out


def test_a_row_between_two_takes_a_number_between(tmp_path: Path) -> None:
    rows = "shot,scene,description\nSC010_SH0010,010,A.\n,010,B.\n,010,C.\nSC010_SH0020,010,D.\n,010,E.\n"
    assert [shot.name[-4:] for shot in _read(tmp_path, rows)] == ["0010", "0015", "0017", "0020", "0030"]
