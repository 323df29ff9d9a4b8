"""A host's boards as panels: over which shot, at which frame, and nothing of anybody's overwritten."""

from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import NotFoundError, ProjectError, UsageError
from shotwright.core.film import ProjectSettings
from shotwright.core.media.pictures import read_picture, write_picture
from shotwright.core.project.boards import add_boards
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.project.overview import overview
from shotwright.core.protocol import Board, Stroke
from shotwright.core.timing import Rate

SCRIPT = "INT. KITCHEN - DAY\n\nAnna pours tea.\n\nEXT. STREET - NIGHT\n\nA car.\n"
LINE = Stroke(((0.0, 0.5, 0.1), (1.0, 0.5, 0.1)), (1.0, 0.0, 0.0, 1.0))


@pytest.fixture
def film(tmp_path: Path) -> Film:
    script = tmp_path / "tea.fountain"
    script.write_text(SCRIPT)
    return create_film(tmp_path / "Tea", script, ProjectSettings(rate=Rate.parse(24), size=(128, 72))).film


def _panels(film: Film) -> list[list[tuple[int, str]]]:
    return [[(panel.at_frames, panel.path) for panel in shot.panels] for shot in film.shot_list().shots]


def _drawing(start: int, frames: int, *strokes: Stroke) -> Board:
    return Board(start, frames, "", (1600, 900), strokes or (LINE,))


def test_each_belongs_to_the_shot_that_it_is_over_longest(film: Film, tmp_path: Path) -> None:
    first, second = film.shot_list().shots
    picture = tmp_path / "mine.png"
    write_picture(picture, np.full((30, 40, 3), 7, np.uint8))
    boards = [
        _drawing(0, 10),
        _drawing(20, 10),
        Board(first.frames - 4, 20, str(picture)),
        _drawing(first.frames + 30, 1),
        _drawing(10_000, 5),
    ]
    answer = add_boards(film, boards)
    assert [(each["shot"], each["at_frames"]) for each in answer["panels"]] == [
        (first.name, 0),
        (first.name, 20),
        (second.name, 0),
        (second.name, 30),
    ]
    assert answer["notices"] == ["1 of 5 drawings stand over no shot, and are no panels."]
    one, other = _panels(film)
    assert one == [(0, f"panels/{first.name}.png"), (20, f"panels/{first.name}@20.png")]
    assert other == [(0, f"panels/{second.name}.png"), (30, f"panels/{second.name}@30.png")]
    assert (film.path / other[0][1]).read_bytes() == picture.read_bytes()
    drawn = read_picture(film.path / one[0][1])
    assert drawn.shape == (72, 128, 3)
    assert tuple(drawn[36, 64]) == (255, 0, 0)
    assert [event.shows for event in film.edit().events()] == ["panel", "panel"]
    assert [shot["panels"] for shot in overview(film)["shots"]] == [2, 2]


def test_the_same_again_changes_nothing_and_another_takes_its_place(film: Film) -> None:
    add_boards(film, [_drawing(0, 10), _drawing(20, 10)])
    before = _panels(film)
    files = {path.name: path.read_bytes() for path in (film.path / "panels").iterdir()}
    add_boards(film, [_drawing(0, 10)])
    assert _panels(film) == before
    name = film.shot_list().shots[0].name
    add_boards(
        film,
        [_drawing(0, 10, LINE, Stroke(LINE.points, fill=(0.0, 0.0, 0.0, 1.0)), Stroke(((0.1, 0.1, 0.1),), LINE.line))],
    )
    assert _panels(film)[0] == [(0, f"panels/{name}_2.png"), before[0][1]]
    assert files.items() <= {path.name: path.read_bytes() for path in (film.path / "panels").iterdir()}.items()


def test_what_can_not_be_is_a_sentence_and_changes_nothing(film: Film, tmp_path: Path) -> None:
    before = film.edit_path.read_bytes(), _panels(film)
    (tmp_path / "words.txt").write_text("no picture")
    for boards, error in (
        ([], UsageError),
        ([_drawing(10_000, 5)], NotFoundError),
        ([Board(0, 5, str(tmp_path / "gone.png"))], ProjectError),
        ([Board(0, 5, str(tmp_path / "words.txt"))], ProjectError),
        ([Board(0, 5, "mine.png")], ProjectError),
    ):
        with pytest.raises(error):
            add_boards(film, boards)
    assert (film.edit_path.read_bytes(), _panels(film)) == before
