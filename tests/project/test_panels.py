from shotwright.core.film import Shot
from shotwright.core.project.panels import match_panels, natural
from shotwright.core.timing import Rate

FILM = Rate.parse("24")


def _shot(name: str, frames: int = 96) -> Shot:
    return Shot(name.lower(), name, "010", "EXT. SEA - DAY", "", "", frames, (1, 1))


SHOTS = [_shot("SC010_SH0010"), _shot("SC010_SH0020"), _shot("SC010_SH00200")]


def test_panels_find_their_shots_by_name() -> None:
    match = match_panels(["sc010_sh0020.PNG", "SC010_SH0020_b.png", "SC010_SH00200.jpg"], SHOTS, FILM)
    assert [p.at_frames for p in match.panels["SC010_SH0020"]] == [0, 48]
    assert match.panels["SC010_SH00200"][0].path == "panels/SC010_SH00200.jpg"
    assert match.unmatched == ()
    assert match.notices == ()


def test_panels_stand_at_the_time_in_their_names() -> None:
    match = match_panels(["SC010_SH0010@1.5s.png", "SC010_SH0010@12.png", "SC010_SH0010@999.png"], SHOTS, FILM)
    assert [p.at_frames for p in match.panels["SC010_SH0010"]] == [12, 36, 95]


def test_strangers_are_reported_never_guessed() -> None:
    match = match_panels(["SC010_SH0010.png", "mood.png"], SHOTS, FILM)
    assert list(match.panels) == ["SC010_SH0010"]
    assert match.unmatched == ("mood.png",)
    assert "mood.png" in match.notices[0]


def test_panels_without_names_are_taken_in_order_and_that_is_said() -> None:
    match = match_panels(["board 1.png", "board 2.png", "board 10.png", "board 11.png"], SHOTS, FILM)
    assert match.panels["SC010_SH00200"][0].path == "panels/board 10.png"
    assert match.panels["SC010_SH00200"][0].matched_by == "order"
    assert match.unmatched == ("board 11.png",)
    assert "in order" in match.notices[0]


def test_boards_are_sorted_as_people_count() -> None:
    assert sorted(["b10", "b2", "a1", "10", "9"], key=natural) == ["9", "10", "a1", "b2", "b10"]


def test_a_panel_behind_its_shots_end_is_told() -> None:
    match = match_panels(["SC010_SH0010@5s.png", "SC010_SH0010@3s.png"], SHOTS, FILM)
    assert [p.at_frames for p in match.panels["SC010_SH0010"]] == [72, 95]
    assert match.notices == ("SC010_SH0010@5s.png stands behind the end of its shot: it was put on the last frame.",)
