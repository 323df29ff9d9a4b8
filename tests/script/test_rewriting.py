"""A rewritten script as a diff of shots: what it left alone stays as people made it, numbers and all."""

from dataclasses import replace
from pathlib import Path

import pytest
from shotwright.core.film import Panel, ProjectSettings, Scene, Shot
from shotwright.core.script import Breakdown, Rewrite, break_down, read_script, rewritten

SCRIPT = """INT. KITCHEN - DAY

Anna pours tea.

She looks out of the window at the rain.

EXT. STREET - NIGHT

A red car drives past the house.

INT. HALL - DAY

The door opens slowly.
"""


def _broken_down(tmp_path: Path, text: str) -> Breakdown:
    (tmp_path / "s.fountain").write_text(text)
    return break_down(read_script(tmp_path / "s.fountain"), ProjectSettings())


@pytest.fixture
def rewrite(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(
        text: str,
        shots: tuple[Shot, ...] | None = None,
        locked: bool = False,
        script: str = SCRIPT,
        scenes: tuple[Scene, ...] | None = None,
        used: tuple[str, ...] = (),
    ) -> Rewrite:
        before, after = _broken_down(tmp_path, script), _broken_down(tmp_path, text)
        here = before.shots if shots is None else shots
        return rewritten(before, scenes or before.scenes, here, after, "SC{scene}_SH{shot}", locked, used)

    return run


@pytest.fixture
def shots(tmp_path: Path) -> tuple[Shot, ...]:
    return _broken_down(tmp_path, SCRIPT).shots


def _names(found: Rewrite) -> list[str]:
    return [shot.name for shot in found.shots]


def test_the_same_script_changes_nothing(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    found = rewrite(SCRIPT)
    assert found.shots == shots
    assert (found.added, found.changed, found.omitted) == ((), (), ())
    assert found.kept == tuple(shot.name for shot in shots)


def test_a_new_line_is_a_shot_with_a_number_between(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    found = rewrite(SCRIPT.replace("She looks", "The kettle whistles on the stove.\n\nShe looks"))
    assert found.added == ("SC010_SH0015",)
    assert _names(found) == ["SC010_SH0010", "SC010_SH0015", "SC010_SH0020", "SC020_SH0010", "SC030_SH0010"]
    assert [s.shot_id for s in found.shots if s.name not in found.added] == [shot.shot_id for shot in shots]


def test_a_new_scene_takes_a_number_between(rewrite) -> None:  # type: ignore[no-untyped-def]
    found = rewrite(SCRIPT.replace("EXT. STREET", "EXT. GARDEN - DAY\n\nRoses in the wind.\n\nEXT. STREET"))
    assert [scene.number for scene in found.scenes] == ["010", "015", "020", "030"]
    assert found.added == ("SC015_SH0010",)


def test_once_locked_the_new_ones_get_letters(rewrite) -> None:  # type: ignore[no-untyped-def]
    text = SCRIPT.replace("EXT. STREET", "EXT. GARDEN - DAY\n\nRoses in the wind.\n\nEXT. STREET")
    text = text.replace("She looks", "The kettle whistles on the stove.\n\nShe looks")
    found = rewrite(text, locked=True)
    assert [scene.number for scene in found.scenes] == ["010", "010A", "020", "030"]
    assert found.added == ("SC010_SH0010A", "SC010A_SH0010")


def test_words_that_changed_change_the_shot_and_keep_its_id(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    found = rewrite(SCRIPT.replace("A red car drives past the house.", "A blue car drives past the old house."))
    assert found.changed == ("SC020_SH0010",)
    car = found.shots[2]
    assert car.shot_id == shots[2].shot_id
    assert "blue car" in car.prompt


def test_what_people_changed_stays(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    panel = Panel("panels/car.png", 0)
    mine = replace(shots[2], frames=99, camera_move="crane up", prompt="my own words", panels=(panel,))
    found = rewrite(SCRIPT.replace("A red car", "A blue car"), (*shots[:2], mine, shots[3]))
    car = found.shots[2]
    assert (car.frames, car.camera_move, car.prompt, car.panels) == (99, "crane up", "my own words", (panel,))
    assert car.text == "A blue car drives past the house."


def test_what_the_script_dropped_leaves_the_list_and_once_locked_is_omitted(rewrite) -> None:  # type: ignore[no-untyped-def]
    text = SCRIPT.replace("EXT. STREET - NIGHT\n\nA red car drives past the house.\n\n", "")
    found = rewrite(text)
    assert (found.omitted, _names(found)) == (("SC020_SH0010",), ["SC010_SH0010", "SC010_SH0020", "SC030_SH0010"])
    assert [scene.number for scene in found.scenes] == ["010", "030"]
    locked = rewrite(text, locked=True)
    assert locked.omitted == ("SC020_SH0010",)
    assert [(shot.name, shot.omitted) for shot in locked.shots][2] == ("SC020_SH0010", True)
    assert [(scene.number, scene.heading) for scene in locked.scenes][1] == ("020", "OMITTED")


def test_what_was_omitted_and_comes_back_is_the_same_shot(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    without = SCRIPT.replace("EXT. STREET - NIGHT\n\nA red car drives past the house.\n\n", "")
    gone = rewrite(without, locked=True)
    back = rewrite(SCRIPT, gone.shots, locked=True, script=without, scenes=gone.scenes)
    assert [(shot.name, shot.shot_id, shot.omitted) for shot in back.shots] == [
        (shot.name, shot.shot_id, False) for shot in shots
    ]
    assert [(scene.number, scene.heading) for scene in back.scenes][1] == ("020", "EXT. STREET - NIGHT")


def test_scenes_that_changed_places_keep_their_numbers(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    street, hall = SCRIPT.index("EXT. STREET"), SCRIPT.index("INT. HALL")
    found = rewrite(SCRIPT[:street] + SCRIPT[hall:] + "\n" + SCRIPT[street:hall])
    assert _names(found) == ["SC010_SH0010", "SC010_SH0020", "SC030_SH0010", "SC020_SH0010"]
    assert {shot.shot_id for shot in found.shots} == {shot.shot_id for shot in shots}
    assert (found.added, found.omitted) == ((), ())


def test_a_shot_that_people_put_in_stays_behind_the_one_it_stood_behind(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    own = replace(shots[0], shot_id="mine", name="SC010_SH0012", text="An insert of the cup.")
    found = rewrite(SCRIPT.replace("She looks", "A kettle whistles loudly.\n\nShe looks"), (shots[0], own, *shots[1:]))
    assert _names(found)[:4] == ["SC010_SH0010", "SC010_SH0012", "SC010_SH0016", "SC010_SH0020"]


def test_a_shot_that_people_took_out_stays_out(rewrite, shots) -> None:  # type: ignore[no-untyped-def]
    assert _names(rewrite(SCRIPT, (shots[0], *shots[2:]))) == ["SC010_SH0010", "SC020_SH0010", "SC030_SH0010"]


def test_the_scripts_own_numbers_are_the_films(rewrite, tmp_path) -> None:  # type: ignore[no-untyped-def]
    numbered = SCRIPT.replace("KITCHEN - DAY", "KITCHEN - DAY #1#").replace("STREET - NIGHT", "STREET - NIGHT #2#")
    numbered = numbered.replace("HALL - DAY", "HALL - DAY #3#")
    new = numbered.replace("INT. HALL", "EXT. SEA - DAY #2A#\n\nGrey waves roll in.\n\nINT. HALL")
    found = rewrite(new, script=numbered)
    assert [scene.number for scene in found.scenes] == ["001", "002", "002A", "003"]
    assert found.added == ("SC002A_SH0010",)


def test_a_name_that_was_given_once_is_not_given_again(rewrite) -> None:  # type: ignore[no-untyped-def]
    text = SCRIPT.replace("She looks", "The kettle whistles on the stove.\n\nShe looks")
    assert rewrite(text, used=("SC010_SH0015",)).added != ("SC010_SH0015",)
