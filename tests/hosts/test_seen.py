"""What a host sees of a film: what there is, pictures as they form, and drawings that become panels."""

import time
from dataclasses import asdict, replace
from pathlib import Path

from shotwright.core.client import find_engine
from shotwright.core.hosts import Place, Session
from shotwright.core.hosts.pictures import Pictures
from shotwright.core.media.pictures import read_picture_bytes
from shotwright.core.project.folder import Film
from shotwright.core.protocol import Board, Stroke

from ..fakes.host import FakeHost
from .test_session import film, host, session

__all__ = ["film", "host", "session"]
SHOT = "SC010_SH0010"


def test_a_look_tells_what_there_is(session: Session, film: Path) -> None:
    session.run_to_end(session.look())
    assert session.film["model"] == "previs"
    assert [(shot["name"], shot["panels"]) for shot in session.film["shots"]] == [(SHOT, 0), ("SC020_SH0010", 0)]
    assert (session.film["takes"], session.film["missing"]["takes"]) == ([], 2)
    assert session.film["missing"]["seconds"] > 0
    assert session.is_seen
    session.run_to_end(session.command("Generate", "generate", {"shot": [SHOT]}))
    assert not session.is_seen
    session.run_to_end(session.look())
    (take,) = session.film["takes"]
    assert (take["shot"], take["key"], take["active"], session.film["missing"]["takes"]) == (SHOT, "TK01", True, 1)
    poster = Path(take["poster"])
    assert (poster.name, poster.stat().st_mtime_ns) == (f"{SHOT}_TK01.poster.png", take["poster_written"])
    poster.unlink()
    session.run_to_end(session.look())
    assert session.film["takes"][0]["poster"] == ""


def test_a_model_that_is_gone_hides_nothing_else(session: Session, film: Path) -> None:
    toml = film / "shotwright.toml"
    toml.write_text(toml.read_text().replace('model = "previs"', 'model = "nobody"'))
    session.run_to_end(session.look())
    assert session.film["model"] == "nobody"
    assert len(session.film["shots"]) == 2
    assert "nobody" in session.film["missing"]["error"]["message"]


def test_a_take_is_chosen(session: Session, host: FakeHost, film: Path) -> None:
    session.run_to_end(session.command("Generate", "generate", {"shot": [SHOT], "takes": 2}))
    session.run_to_end(session.choose_take(SHOT, "TK02"))
    assert host.read_edit().tracks[0].items[0].media.endswith("TK02.mov")


def test_drawings_become_panels_one_by_one(session: Session, host: FakeHost, film: Path) -> None:
    turns = []

    def boards():  # type: ignore[no-untyped-def]
        for start in (0, 12):
            turns.append(start)
            yield None
            yield Board(start, 8, strokes=(Stroke(((0.1, 0.1, 0.1),), (0.0, 0.0, 0.0, 1.0)),))

    session.run_to_end(session.draw_panels(boards))
    assert turns == [0, 12]
    assert [panel.at_frames for panel in Film(film).shot_list().shots[0].panels] == [0, 12]
    assert host.read_edit().tracks[0].items[0].media.endswith(f"{SHOT}.png")


def _slow(film: Path) -> None:
    shots = Film(film).shot_list()
    body = {
        "film": str(film),
        "scenes": [asdict(scene) for scene in shots.scenes],
        "shots": [asdict(replace(shot, prompt=f"slow {shot.prompt}")) for shot in shots.shots],
    }
    engine = find_engine()
    assert engine is not None
    engine.post("/v1/films/shots", body)


def test_pictures_come_as_they_form_and_go(session: Session, host: FakeHost, film: Path) -> None:
    session.run_to_end(session.pull())
    _slow(film)
    session.run_to_end(session.pull())
    item = host.read_edit().tracks[0].items[0]
    place = Place(item.id, item.name, item.start, item.frames)
    flow = session.command("New take", "generate", {"shot": [SHOT], "takes": 1}, [place])
    longest = 0.0
    while flow.state == "running":
        begun = time.perf_counter()
        session.tick()
        longest = max(longest, time.perf_counter() - begun)
        time.sleep(0.02)
    assert flow.state == "done"
    assert host.pictures
    assert {read_picture_bytes(data).shape for data in host.pictures} == {(72, 128, 3)}
    assert longest < 0.5
    engine = find_engine()
    assert engine is not None


def test_the_files_go_when_nobody_listens(session: Session, film: Path) -> None:
    engine = find_engine()
    assert engine is not None
    pictures = Pictures(find_engine)  # type: ignore[arg-type]
    pictures.listen(film)
    pictures.listen(film)
    time.sleep(0.5)
    body = {"prompt": "slow", "frames": 24, "rate": "24", "size": [128, 72], "seed": 1}
    job = engine.submit(body)["id"]
    path = None
    while path is None and engine.job(job)["state"] in ("queued", "running"):
        path = pictures.of("")
        time.sleep(0.02)
    assert path is not None
    assert pictures.of(SHOT) is None
    assert path.is_file()
    pictures.end()
    until = time.monotonic() + 15  # the engine's next sign of life
    while path.parent.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not path.parent.exists()
    assert pictures.of("") is None


def test_those_of_another_film_are_not_taken(session: Session, film: Path) -> None:
    session.run_to_end(session.pull())
    _slow(film)
    mine, others = Pictures(find_engine), Pictures(find_engine)  # type: ignore[arg-type]
    mine.listen(film)
    others.listen(film.with_name("another"))
    time.sleep(0.5)
    flow = session.command("Generate", "generate", {"shot": [SHOT]})
    found = []
    while flow.state == "running":
        session.tick()
        found += [pictures.of(SHOT) for pictures in (mine, others)]
        time.sleep(0.02)
    assert any(found[::2])
    assert not any(found[1::2])
    for pictures in (mine, others):
        pictures.end()
