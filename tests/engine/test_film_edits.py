"""Steps in a film's edit over the wire: a take number is given once, media must lie in the film, a snapshot is kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from shotwright.core.client import EngineClient
from shotwright.core.errors import NotFoundError, StateError, UsageError
from shotwright.core.film import ProjectSettings
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.timeline.cutting import clip_of
from shotwright.core.timeline.steps import Extension, NewMedia, to_json
from shotwright.core.timing import Rate


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A film of one shot without a take, behind which the cut is free."""
    script = tmp_path / "s.fountain"
    script.write_text("INT. KITCHEN - DAY\n\nA kettle stands on the stove.\n")
    settings = ProjectSettings(rate=Rate.parse(12), size=(128, 72), handle_frames=2)
    return create_film(tmp_path / "film", script, settings).film


def test_a_take_number_is_given_once(engine: EngineClient, film: Film) -> None:
    shot = film.shot_list().shots[0]
    body = {"film": str(film.path), "shot_id": shot.shot_id}
    given = [engine.post("/v1/films/takes/next", body) for _ in range(2)]
    assert [answer["take"] for answer in given] == ["TK01", "TK02"]
    assert given[1]["delivery"]["name"] == f"{shot.name}_TK02"
    jobs = engine.post("/v1/films/generate", {"film": str(film.path)})["jobs"]
    assert [job["take"] for job in jobs] == ["TK03"]
    with pytest.raises(NotFoundError):
        engine.post("/v1/films/takes/next", {**body, "shot_id": "nobody"})


def test_an_extension_is_one_step_with_a_snapshot_before_it(engine: EngineClient, film: Film) -> None:
    clip = clip_of(film.edit(), film.shot_list().shots[0].name)
    step = Extension(clip.address, clip.state, "tail", 12)
    was, snapshots = film.edit_path.read_bytes(), film.private / "snapshots"

    def post(changed: Extension) -> dict[str, object]:
        answer: dict[str, object] = engine.post("/v1/films/extend", {"film": str(film.path), **to_json(changed)})
        return answer

    media = NewMedia("media/../../away.mov", *(clip.plays() * 2))
    (film.path.parent / "away.mov").write_bytes(b"")
    with pytest.raises(UsageError, match="in the film's media"):
        post(replace(step, media=media))
    with pytest.raises(StateError):
        post(replace(step, state="old"))
    assert film.edit_path.read_bytes() == was
    assert not list(snapshots.glob("*"))
    assert post(step) == {"edit": str(film.edit_path), "notices": []}
    assert film.edit().frames == len(clip.record) + 12
    (kept,) = snapshots.glob("*")
    assert kept.read_bytes() == was
