"""A film's edit exchanged with another program: both sides' changes come together, nothing is lost, one undo."""

import json
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from shotwright.core.errors import ProjectError, RefusedError, StateError, UsageError
from shotwright.core.film import ProjectSettings, Take
from shotwright.core.project import folder as folders
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.project.snapshots import KEPT, keep_snapshot
from shotwright.core.project.sync import Exchange
from shotwright.core.timeline.carriers.files import read_carrier, write_carrier
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.operations import ripple
from shotwright.core.timing import Rate

SCRIPT = "INT. KITCHEN - DAY\n\nAnna pours tea.\n\nEXT. STREET - NIGHT\n\nA car.\n\nINT. HALL - DAY\n\nA door opens.\n"
KILLER = Path(__file__).parent.parent / "fakes" / "killed_sync.py"


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """Three shots with two takes each, of which the first plays."""
    (tmp_path / "s.fountain").write_text(SCRIPT)
    made = create_film(tmp_path / "Film", tmp_path / "s.fountain", ProjectSettings(rate=Rate.parse(24), size=(128, 72)))

    def with_takes(edit: Edit) -> Edit:
        for shot in made.shots:
            for number in (1, 2):
                key = f"TK{number:02}"
                media = f"media/{shot.name}/{key}/{shot.name}_{key}.mov"
                handles, start = made.film.settings().handle_frames, 86400 + 2400 * number
                take = Take(shot.name, key, media, shot.frames, handles, start, "previs", 1, "0" * 8)
                edit = edit.with_take(shot.shot_id, take)
        return edit

    made.film.change_edit(with_takes)
    return made.film


def _in_the_program(exchange: Exchange, change: Callable[[Any], Any]) -> Path:
    """Opens the program's file there, changes it, and saves it with nothing that only we know."""
    file = exchange.status().file
    timeline = change(read_carrier(file, Rate.parse(24), 86400))
    for thing in (timeline, timeline.tracks, *timeline.tracks.find_children()):
        thing.metadata.pop("shotwright", None)
    write_carrier(timeline, file, Rate.parse(24))
    return file


def _trimmed(place: int, frames: int) -> Callable[[Any], Any]:
    return lambda timeline: ripple(timeline, (0, place), 0, -frames, linked=False).timeline


def _lengths(film: Film) -> list[int]:
    return [len(event.record) for event in film.edit().events() if event.shot]


@pytest.mark.parametrize("host", ["resolve", "xml", "edl", "hiero", "finalcut", "otio"])
def test_what_both_did_comes_together(film: Film, host: str) -> None:
    before = _lengths(film)
    exchange = Exchange(film, host)
    assert exchange.status().state == "never"
    assert exchange.push().state == "in step"
    _in_the_program(Exchange(film, host), _trimmed(1, 5))
    film.change_edit(lambda edit: edit.activate(film.shot_list().shots[0].name, "TK02"))
    assert Exchange(film, host).status().state == "both"
    pulled = Exchange(film, host).pull()
    assert [change.text.split(" ", 1)[1] for change in pulled.applied if change.kind == "trimmed"] == [
        "trimmed 5 frames at the tail"
    ]
    assert pulled.conflicts == ()
    assert _lengths(film) == [before[0], before[1] - 5, before[2]]
    assert [take.key for take in film.edit().takes() if take.active] == ["TK02", "TK01", "TK01"]
    assert len(film.edit().takes()) == 6
    assert Exchange(film, host).status().state == "ours"
    assert Exchange(film, host).push().state == "in step"
    assert Exchange(film, host).pull().applied == ()


def test_undo_gives_the_bytes_before_and_the_pull_can_be_done_again(film: Film) -> None:
    Exchange(film, "xml").push()
    before = film.edit_path.read_bytes()
    with pytest.raises(StateError, match="no pull"):
        Exchange(film, "xml").undo()
    _in_the_program(Exchange(film, "xml"), _trimmed(0, 7))
    first = Exchange(film, "xml").pull()
    pulled = film.edit_path.read_bytes()
    assert Exchange(film, "xml").undo().state == "theirs"
    assert film.edit_path.read_bytes() == before
    assert Exchange(film, "xml").pull().applied == first.applied
    assert film.edit_path.read_bytes() == pulled
    film.change_edit(lambda edit: edit.circle(film.shot_list().shots[0].name, "TK01"))
    with pytest.raises(StateError, match="changed since"):
        Exchange(film, "xml").undo()


def test_a_conflict_is_kept_twice_and_reported(film: Film) -> None:
    Exchange(film, "otio").push()
    _in_the_program(Exchange(film, "otio"), _trimmed(0, 7))
    film.change_edit(lambda edit: Edit(_trimmed(0, 9)(edit._timeline), edit.folder))
    name, ours = film.shot_list().shots[0].name, _lengths(film)[0]
    pulled = Exchange(film, "otio").pull()
    (conflict,) = pulled.conflicts
    assert (conflict.kind, conflict.item) == ("trimmed", name)
    assert _lengths(film)[0] == ours + 2
    edit = film.edit()  # held: OTIO's tracks end with the timeline that they are of
    (aside,) = [track for track in edit._timeline.tracks if track.name == "Ours: V1"]
    assert (aside.enabled, aside[0].name, aside[0].duration().value) == (False, name, ours)
    assert pulled.report is not None
    assert conflict.text in pulled.report.read_text()


def test_a_push_takes_no_change_away_that_was_made_there(film: Film) -> None:
    Exchange(film, "edl").push()
    file = _in_the_program(Exchange(film, "edl"), _trimmed(0, 7))
    theirs = file.read_bytes()
    with pytest.raises(StateError, match="was changed by"):
        Exchange(film, "edl").push()
    assert file.read_bytes() == theirs


def test_what_will_be_lost_is_said_before_it_is_sent(film: Film) -> None:
    status = Exchange(film, "edl").status()
    assert not status.file.exists()
    told = {loss.feature: loss.items for loss in status.lost}
    assert told["other takes"] == tuple(shot.name for shot in film.shot_list().shots)
    assert "subtitles" in told
    assert film.edit_path.read_bytes() == film.edit_path.read_bytes()


def test_another_kind_of_file_may_come_back(film: Film) -> None:
    """Sent as OTIO, saved by the program as an EDL: what the EDL can't hold is not taken for deleted."""
    Exchange(film, "resolve").push()
    before = film.edit()
    back = film.path / "exchange" / "from_resolve.edl"
    timeline = read_carrier(Exchange(film, "resolve").status().file, Rate.parse(24), 0)
    write_carrier(_trimmed(1, 5)(timeline), back, Rate.parse(24))
    pulled = Exchange(film, "resolve", back).pull()
    assert [change.kind for change in pulled.applied if change.kind != "moved"] == ["trimmed"]
    assert film.edit().takes() == before.takes()


@pytest.mark.parametrize(
    ("host", "file", "error"),
    [
        ("premiere", None, UsageError),
        ("resolve", "cut.doc", UsageError),
        ("resolve", "edit.otio", UsageError),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_nothing(film: Film, host: str, file: str | None, error: type) -> None:
    before = sorted(film.path.rglob("*"))
    with pytest.raises(error):
        Exchange(film, host, film.path / file if file else None).push()
    assert [path for path in sorted(film.path.rglob("*")) if ".shotwright" not in path.parts] == [
        path for path in before if ".shotwright" not in path.parts
    ]
    assert Exchange(film, "resolve").status().state == "never"


def test_a_pull_needs_a_push_and_a_file(film: Film) -> None:
    with pytest.raises(StateError, match="Nothing was sent"):
        Exchange(film, "xml").pull()
    file = Exchange(film, "xml").push().file
    before = film.edit_path.read_bytes()
    for broken in (b"", b"<xmeml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><xmeml>&b;</xmeml>", file.read_bytes()[:900]):
        file.write_bytes(broken)
        with pytest.raises(ProjectError):
            Exchange(film, "xml").pull()
    file.unlink()
    with pytest.raises(ProjectError, match="missing"):
        Exchange(film, "xml").pull()
    assert film.edit_path.read_bytes() == before


def test_two_at_once_one_waits_or_is_told(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    Exchange(film, "otio").push()
    _in_the_program(Exchange(film, "otio"), _trimmed(0, 7))
    with film.locked():
        monkeypatch.setattr(folders, "_LOCK_SECONDS", 0.1)
        with pytest.raises(StateError, match="Another program is writing"):
            Exchange(film, "otio").pull()
    monkeypatch.undo()
    told: list[int] = []
    pulls = [threading.Thread(target=lambda: told.append(len(Exchange(film, "otio").pull().applied))) for _ in "ab"]
    for pull in pulls:
        pull.start()
    for pull in pulls:
        pull.join()
    assert sorted(told)[0] == 0  # one took the change in; for the other there was nothing left
    assert sorted(told)[1] > 0


def test_an_edit_that_changed_meanwhile_is_not_written_over(film: Film) -> None:
    def change(edit: Edit) -> Edit:
        film.edit_path.write_bytes(film.edit_path.read_bytes() + b"\n")  # by somebody who knows of no lock
        return edit.activate(film.shot_list().shots[0].name, "TK02")

    with pytest.raises(StateError, match="meanwhile"):
        film.change_edit(change)


def test_old_snapshots_thin_out_and_the_oldest_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit, clock = tmp_path / "edit.otio", [1_800_000_000.0]
    monkeypatch.setattr("time.gmtime", lambda: __import__("time").localtime(clock[0]))
    for number in range(400):
        edit.write_text(str(number))
        clock[0] += 600
        keep_snapshot(edit, tmp_path / "snapshots")
    kept = [int(path.read_text()) for path in sorted((tmp_path / "snapshots").iterdir())]
    assert len(kept) == KEPT
    assert kept[0] == 0
    assert kept[-20:] == list(range(380, 400))
    holes = [later - earlier for earlier, later in pairwise(kept[:-20])]
    assert max(holes[-10:]) < max(holes[:10])


def _killed(film: Film, times: int) -> dict[str, int]:
    done = run([sys.executable, str(KILLER), str(film.path), str(times)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_killed_in_a_push_or_pull_the_edit_is_the_one_before_or_after(film: Film) -> None:
    found = _killed(film, 12)
    assert found["killed"] == 12


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_killed_a_hundred_times_the_edit_is_the_one_before_or_after(film: Film) -> None:
    found = _killed(film, 100)
    assert found["killed"] == 100
    assert min(found["before"], found["after"]) > 3


def test_what_an_edl_can_not_hold_is_refused(film: Film) -> None:
    import opentimelineio as otio

    def nested(edit: Edit) -> Edit:
        timeline = edit._timeline.clone()
        inside = otio.schema.Track("V1", kind="Video")
        inside.append(timeline.tracks[0][0].clone())
        timeline.tracks[0].append(otio.schema.Stack("nested", [inside]))
        return Edit(timeline, edit.folder)

    film.change_edit(nested)
    with pytest.raises(RefusedError, match="nested"):
        Exchange(film, "edl").push()
    assert not (film.path / "exchange").exists()


@pytest.mark.parametrize("name", ["sent.otio", "carrier.otio"])
def test_what_lies_in_a_film_that_was_copied_here_is_not_trusted(film: Film, name: str) -> None:
    """A folder from elsewhere may hold anything, its private part too: so deep, OTIO's reader would take us down."""
    exchange = Exchange(film, "otio")
    exchange.push()
    _in_the_program(exchange, _trimmed(0, 4))
    (kept,) = film.private.glob(f"exchange/otio/*/{name}")
    kept.write_text('{"OTIO_SCHEMA":"Timeline.1","metadata":' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}")
    with pytest.raises(ProjectError, match="nests too deep"):
        exchange.pull()
