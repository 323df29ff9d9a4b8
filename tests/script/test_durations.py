"""How long words and action play: the rule of docs/breakdown.md, its bounds, and what boards say over it."""

from fractions import Fraction

import pytest
from shotwright.core.film import ProjectSettings, Shot
from shotwright.core.script import Board, apply_boards, break_down
from shotwright.core.script.durations import action_seconds, bounds_frames, words_seconds
from shotwright.core.script.fountain import read_fountain
from shotwright.core.timing import Rate


def _shots(text: str, settings: ProjectSettings) -> tuple[Shot, ...]:
    return break_down(read_fountain(text), settings).shots


def test_a_page_of_action_plays_a_minute() -> None:
    paragraphs = [("x" * 58,) * 4] * 11  # 11 times four rows and an empty one: 55 rows
    assert sum(action_seconds(rows) for rows in paragraphs) == 60


def test_a_minute_holds_180_words() -> None:
    assert words_seconds(180) == 60


@pytest.mark.parametrize("rate", ["24", "24000/1001", "25", "30000/1001", "60"])
@pytest.mark.parametrize(("shortest", "longest"), [(1.5, 12.0), (2.0, 2.0), (0.01, 0.02), (3.0, 5.0)])
def test_the_projects_bounds_hold_in_frames(rate: str, shortest: float, longest: float) -> None:
    settings = ProjectSettings(rate=Rate.parse(rate), shortest_seconds=shortest, longest_seconds=longest)
    low, high = bounds_frames(settings)
    text = (
        "INT. A - DAY\n\nTick.\n\n"
        + "Rain falls on the roof. " * 60
        + "\n\nJOE\n"
        + "Well, yes. " * 100
        + "\n\nJOE\nNo.\n"
    )
    assert all(low <= shot.frames <= high for shot in _shots(text, settings))
    if shortest >= 1:
        assert settings.rate.seconds(low) >= Fraction(str(shortest))


def test_dialogue_that_bounds_cut_short_stays_inside_its_shot() -> None:
    settings = ProjectSettings(shortest_seconds=0.5, longest_seconds=1.0)
    for shot in _shots("INT. A - DAY\n\nJOE\nOne two three four five six.\n", settings):
        assert all(said.at_frames + said.frames <= shot.frames for said in shot.dialogue)


def test_a_dissolve_is_at_most_half_of_the_shots_it_joins() -> None:
    settings = ProjectSettings(shortest_seconds=0.5, longest_seconds=1.0)
    first, second = _shots("INT. A - DAY\n\nRain.\n\nDISSOLVE TO:\n\nINT. B - DAY\n\nSun.\n", settings)
    assert first.transition_out == second.transition_in
    assert (first.transition_out.kind, first.transition_out.frames) == ("dissolve", 12)


def _board(shot: str, seconds: Fraction, begins: bool = True) -> Board:
    return Board(f"{shot}.png", shot, begins, seconds)


def test_boards_override_lengths_and_their_rounding_never_drifts() -> None:
    settings = ProjectSettings(rate=Rate.parse("24000/1001"))
    shots = _shots("INT. A - DAY\n\n" + "Rain.\n\n" * 30, settings)
    boards = [_board(str(n), Fraction(1, 3)) for n in range(30)]
    found, notices = apply_boards(shots, boards, settings)
    assert sum(shot.frames for shot in found) == settings.rate.frames(10)
    assert notices == ()


def test_boards_find_their_shots_by_name_then_in_order_and_the_rest_is_told() -> None:
    settings = ProjectSettings()
    shots = _shots("INT. A - DAY\n\nRain.\n\nSun.\n", settings)
    second = _board("SC010_SH0020", Fraction(2))
    boards = [second, _board("x", Fraction(1)), _board("y", Fraction(1)), _board("z", Fraction(1), begins=False)]
    found, notices = apply_boards(shots, boards, settings)
    assert [shot.frames for shot in found] == [24, 48]
    assert "stand nowhere: y" in notices[0]
    found, notices = apply_boards(shots, [second], settings)
    assert [len(shot.panels) for shot in found] == [0, 1]
    assert notices == ("Shots without a board: 1 of 2.",)
