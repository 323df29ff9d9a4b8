"""A script rewritten while its film is made: takes, boards and cuts survive, and nothing is written by halves."""

from pathlib import Path

import pytest
from shotwright.core.errors import NotFoundError, ProjectError, ScriptError
from shotwright.core.film import ProjectSettings, Take
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.project.rewrite import lock_numbers, take_timing, update_script
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.operations import ripple
from shotwright.core.timing import Rate

SCRIPT = (
    "INT. KITCHEN - DAY\n\nAnna pours tea.\n\nEXT. STREET - NIGHT\n\nA red car.\n\nINT. HALL - DAY\n\nA door opens.\n"
)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    (tmp_path / "s.fountain").write_text(SCRIPT)
    made = create_film(tmp_path / "Film", tmp_path / "s.fountain", ProjectSettings(rate=Rate.parse(24), size=(128, 72)))
    shot = made.shots[1]
    take = Take(shot.name, "TK01", f"media/{shot.name}/TK01/x.mov", shot.frames, 12, 86400, "previs", 1, "0" * 8)
    made.film.change_edit(lambda edit: edit.with_take(shot.shot_id, take))
    return made.film


def _rewritten(film: Film, text: str) -> Path:
    path = film.path.parent / "second draft.fountain"
    path.write_text(text)
    return path


def test_takes_and_cuts_survive_a_rewrite(film: Film) -> None:
    film.change_edit(lambda edit: Edit(ripple(edit._timeline, (0, 1), 0, -6, linked=False).timeline, edit.folder))
    before = [len(event.record) for event in film.edit().events()]
    answer = update_script(film, _rewritten(film, SCRIPT.replace("A red car.", "A red car stops.\n\nRain falls hard.")))
    assert (answer["added"], answer["changed"]) == (["SC020_SH0020"], ["SC020_SH0010"])
    edit = film.edit()
    assert [take.key for take in edit.takes()] == ["TK01"]
    lengths = [len(event.record) for event in edit.events()]
    assert (lengths[:2], lengths[3]) == (before[:2], before[2])
    assert (film.script_path() or film.path).read_text().count("Rain falls") == 1
    assert list((film.private / "snapshots").glob("script-*.fountain"))
    again = update_script(film, film.path.parent / "second draft.fountain")
    assert (again["added"], again["changed"], again["omitted"]) == ([], [], [])


def test_the_films_own_script_may_be_written_on_where_it_lies(film: Film) -> None:
    own = film.script_path()
    assert own is not None
    own.write_text(SCRIPT.replace("A red car.", "A blue car."))
    assert update_script(film, own)["changed"] == ["SC020_SH0010"]
    assert update_script(film, own)["changed"] == []
    assert film.shot_list().shots[1].text == "A blue car."
    assert "A red car." in "".join(path.read_text() for path in (film.private / "snapshots").glob("script-*"))


def test_what_is_omitted_once_numbers_are_locked_stays_in_the_cut_flagged(film: Film) -> None:
    (film.path / "shotwright.toml").write_text((film.path / "shotwright.toml").read_text() + "\n# a note of mine\n")
    assert lock_numbers(film)["shots"] == 3
    assert "# a note of mine" in (film.path / "shotwright.toml").read_text()
    assert film.settings().numbers_locked
    answer = update_script(film, _rewritten(film, SCRIPT.replace("EXT. STREET - NIGHT\n\nA red car.\n\n", "")))
    assert answer["omitted"] == ["SC020_SH0010"]
    assert [event.shot for event in film.edit().events()] == ["SC010_SH0010", "SC020_SH0010", "SC030_SH0010"]
    edit = film.edit()
    assert edit._timeline.tracks[0][1].metadata["shotwright"]["omitted"] is True
    back = update_script(film, _rewritten(film, SCRIPT))
    assert (back["added"], back["omitted"]) == ([], [])
    assert not any(shot.omitted for shot in film.shot_list().shots)


def test_unlocked_what_left_the_script_waits_with_its_takes(film: Film) -> None:
    update_script(film, _rewritten(film, SCRIPT.replace("EXT. STREET - NIGHT\n\nA red car.\n\n", "")))
    assert film.edit().takes() == ()
    assert film.edit().names_put_away() == ["SC020_SH0010"]


def test_the_cuts_timing_goes_back_into_the_list_and_moves_no_cut(film: Film) -> None:
    film.change_edit(lambda edit: Edit(ripple(edit._timeline, (0, 1), -5, -6, linked=False).timeline, edit.folder))
    before, length = film.edit(), film.shot_list().shots[1].frames
    assert take_timing(film) == {"changed": ["SC020_SH0010"]}
    assert film.shot_list().shots[1].frames == length - 11
    after = film.edit()
    assert [(event.record, event.source) for event in after.events()] == [
        (event.record, event.source) for event in before.events()
    ]
    assert after.events()[1].cut_in == after.events()[1].source.start
    assert take_timing(film) == {"changed": []}


@pytest.mark.parametrize(
    ("text", "error"), [(None, NotFoundError), ("no headings at all", ScriptError), ("", ScriptError)]
)
def test_a_rewrite_that_is_none_changes_nothing(film: Film, text: str | None, error: type) -> None:
    path = _rewritten(film, text) if text is not None else film.path / "nothing.fountain"
    before = {path: path.read_bytes() for path in film.path.glob("*.*") if path.is_file()}
    with pytest.raises(error):
        update_script(film, path)
    assert {path: path.read_bytes() for path in film.path.glob("*.*") if path.is_file()} == before


def test_a_film_without_its_script_says_so(film: Film) -> None:
    draft = _rewritten(film, SCRIPT)
    (film.script_path() or draft).unlink()
    assert update_script(film, draft)["changed"] == []  # what it was made of is kept
    for path in (film.script_path(), film.merged_script()):
        assert path is not None
        path.unlink()
    with pytest.raises(ProjectError, match="no script of its own"):
        update_script(film, draft)
