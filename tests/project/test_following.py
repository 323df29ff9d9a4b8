"""A take that follows a blocking: which shot, which record frames are drawn of it, and what a model is asked for."""

from dataclasses import replace
from pathlib import Path

import pytest
from shotwright.core.errors import NotFoundError, RefusedError
from shotwright.core.film import Panel, ProjectSettings, Shot
from shotwright.core.models.previs_model import LIMITS
from shotwright.core.planner import ModelLimits, plan
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.project.following import Blocking, blocked_shot, follow_request
from shotwright.core.timing import FrameRange, Rate

PICTURES, DEPTH, PANEL = ("a" * 64, "b" * 64, "c" * 64)
SETTINGS = ProjectSettings(rate=Rate.parse(24), size=(128, 72), handle_frames=4)
SHOT = Shot("id", "SC010_SH0010", "010", "INT. KITCHEN", "She waits.", "INT. KITCHEN. She waits.", 20, (1, 1))
READS_DEPTH = replace(LIMITS, roles=frozenset({"depth", "panel"}), partial_keep=False)


def _asked(blocking: Blocking, limits: ModelLimits, shot: Shot = SHOT) -> list[tuple[str, str, FrameRange, float]]:
    request = follow_request(SETTINGS, shot, blocking, limits, 7, lambda _path: PANEL, "some")
    assert (request.frames, request.size, request.rate) == (
        blocking.frames + 2 * blocking.handle_frames,
        (128, 72),
        SETTINGS.rate,
    )
    plan(request, limits)
    return [(known.role, known.media.sha256, known.frames, known.keep) for known in request.known]


def test_a_model_is_given_what_it_can_follow() -> None:
    both = Blocking(20, 4, PICTURES, DEPTH, keep=0.3)
    assert _asked(both, READS_DEPTH) == [("depth", DEPTH, FrameRange(0, 28), 1.0)]
    pictures, depth = ("frame", PICTURES, FrameRange(0, 28), 0.3), ("depth", DEPTH, FrameRange(0, 28), 1.0)
    assert _asked(both, LIMITS) == [depth, pictures]
    assert _asked(replace(both, keep=0.0), LIMITS) == [depth]
    assert _asked(both, replace(LIMITS, roles=frozenset({"frame"}))) == [pictures]
    assert _asked(replace(both, keep=0.0), replace(LIMITS, roles=frozenset({"frame"}))) == [(*pictures[:3], 0.4)]
    assert _asked(replace(both, depth="", keep=0.7), replace(LIMITS, roles=frozenset({"frame", "depth"}))) == [
        ("frame", PICTURES, FrameRange(0, 28), 0.7)
    ]
    for roles, held in ((frozenset({"frame"}), ""), (frozenset({"panel"}), "each")):
        with pytest.raises(RefusedError, match="can't follow a blocking"):
            _asked(both, replace(LIMITS, roles=roles, partial_keep=held))


def test_panels_stay_where_they_stand_in_the_shot() -> None:
    shot = replace(SHOT, panels=(Panel("panels/a.png", 0), Panel("panels/b.png", 16)))
    found = _asked(Blocking(12, 6, PICTURES, DEPTH), READS_DEPTH, shot)
    assert found[:2] == [("panel", PANEL, FrameRange(6, 7), 1.0), ("panel", PANEL, FrameRange(22, 23), 1.0)]


def test_depth_is_refused_where_a_model_does_not_list_it() -> None:
    request = follow_request(SETTINGS, SHOT, Blocking(20, 4, PICTURES, DEPTH), READS_DEPTH, 7, lambda _: PANEL, "some")
    with pytest.raises(RefusedError, match="known frames of the kind “depth”"):
        plan(request, replace(LIMITS, roles=frozenset({"frame", "panel"})))


def test_what_is_drawn_covers_the_clip_in_the_cut(tmp_path: Path) -> None:
    script = tmp_path / "s.fountain"
    script.write_text("INT. KITCHEN - DAY\n\nA kettle.\n\nEXT. ROAD - NIGHT\n\nA car drives away.\n")
    film = create_film(tmp_path / "film", script, SETTINGS).film
    first, second = film.shot_list().shots
    asked = blocked_shot(film, ["", "Camera", second.name.lower()], 0, 9)
    wanted = {"handle_frames": 4, "size": [128, 72]}
    assert asked == {"shot": second.name, "first": first.frames, "frames": second.frames, **wanted}
    with pytest.raises(NotFoundError, match="no shot “Camera”"):
        blocked_shot(film, ["Camera", "Cube"], 0, 9)
    for trimmed, frames, handle in ((6, second.frames, 4), (-3, second.frames, 7)):
        _play_from(film, second.name, trimmed)
        asked = blocked_shot(film, [second.name], 0, 9)
        assert (asked["first"], asked["handle_frames"]) == (first.frames - trimmed, handle)
        assert asked["first"] + asked["frames"] == first.frames + frames
    film.change_edit(lambda edit: edit.with_shots(SETTINGS, [first]))
    assert (blocked_shot(film, [second.name], 5, 9)["first"], blocked_shot(film, [second.name], 5, 9)["frames"]) == (
        5,
        9,
    )


def _play_from(film: Film, name: str, frames: int) -> None:
    """Has a shot's clip begin so many frames behind its cut-in, as long as it is."""
    from shotwright.core.timeline.edit import Edit
    from shotwright.core.timeline.spans import span_of

    def slipped(edit: Edit) -> Edit:
        timeline = edit._timeline.clone()
        clip = next(clip for clip in timeline.find_clips() if clip.name == name)
        length = int(clip.source_range.duration.value)
        first = SETTINGS.handle_frames + frames
        clip.source_range = span_of(FrameRange(first, first + length), SETTINGS.rate)
        return Edit(timeline, edit.folder)

    film.change_edit(slipped)
