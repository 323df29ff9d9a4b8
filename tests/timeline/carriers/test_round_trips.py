"""Edits sent by each carrier and taken back: what is lost is what was announced, and all of it comes back.

`tests/data/editorial` has an edit for each thing that an editor does; `editorial.py` writes them.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shotwright.core.errors import RefusedError
from shotwright.core.protocol import HostEdit
from shotwright.core.timeline.carriers import host_json
from shotwright.core.timeline.carriers.exchange import came_back, lost_there, send
from shotwright.core.timeline.carriers.features import features_of
from shotwright.core.timeline.carriers.files import SUFFIXES, read_carrier, write_carrier
from shotwright.core.timeline.carriers.homing import Home
from shotwright.core.timeline.carriers.losses import ANY, drop, losses, programs
from shotwright.core.timeline.carriers.outbound import outbound
from shotwright.core.timeline.comparing import changes_between
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.identities import with_identities
from shotwright.core.timeline.merging.items import own_id, whole
from shotwright.core.timeline.operations import insert, remove, ripple, slice_at, slide, slip, trim
from shotwright.core.timeline.reading import timeline_of
from shotwright.core.timeline.references import file_name
from shotwright.core.timing import Rate

from . import editorial

PLAIN = programs()["otio"]
AT_HOME = {"other takes", "metadata of others", "slate", "long name"}  # brought home before anything is compared


def _edit(name: str) -> Edit:
    """A film of a test's own: media paths start where no media are."""
    return with_identities(Edit.read(editorial.FOLDER / f"{name}.otio", Path("/films/Film")))


def _written(edit: Edit, path: Path) -> Path:
    write_carrier(timeline_of(outbound(edit)), path, edit.rate)
    return path


def _json(edit: Edit) -> Any:
    return json.loads(edit._timeline.to_json_string())


def _refused(name: str, carrier: str) -> bool:
    has = features_of(_edit(name)._timeline)
    return any(row.refuses and carrier in row.carriers and row.feature in has for row in losses())


def test_the_files_are_what_their_names_say() -> None:
    for name in editorial.NAMES:
        written = json.loads((editorial.FOLDER / f"{name}.otio").read_text())
        assert written == json.loads(editorial.case(name).to_json_string()), name


@pytest.mark.parametrize("carrier", SUFFIXES)
@pytest.mark.parametrize("name", editorial.NAMES)
def test_what_comes_back_unchanged_is_the_edit_that_was_sent(name: str, carrier: str, tmp_path: Path) -> None:
    edit = _edit(name)
    if _refused(name, carrier):
        with pytest.raises(RefusedError, match=r"EDL|\.edl"):
            _written(edit, tmp_path / f"film{carrier}")
        assert list(tmp_path.iterdir()) == []
        return
    path = _written(edit, tmp_path / f"film{carrier}")
    assert _json(came_back(path, edit, path, PLAIN)) == _json(edit)


def _told(changes: list[Any]) -> set[str]:
    """What a carrier's own file says differently; that media are not there to go into a bundle is no loss of it."""
    return {f"{change.kind}: {change.text}" for change in changes if "DEFAULT_MEDIA" not in change.text}


def _known(value: Any) -> set[tuple[str, str]]:
    """All that has an ID of ours, by its kind: a carrier that keeps none has a marker or a dissolve made anew."""
    if isinstance(value, list):
        return set().union(*map(_known, value))
    if not isinstance(value, dict):
        return set()
    own = {(str(value["OTIO_SCHEMA"]), own_id(value))} if "metadata" in value and own_id(value) else set()
    return own.union(*map(_known, value.values()))


def _announced(edit: Edit, carrier: str) -> set[tuple[str, str]]:
    rows = {row.feature for row in losses() if row.program == ANY and carrier in row.carriers}
    has = features_of(edit._timeline)
    return {(feature, item) for feature in rows & set(has) for item in has[feature]}


@pytest.mark.parametrize("carrier", SUFFIXES)
@pytest.mark.parametrize("name", editorial.NAMES)
def test_nothing_is_lost_that_was_not_announced(name: str, carrier: str, tmp_path: Path) -> None:
    edit, cuts = _edit(name), _edit("cuts")
    if _refused(name, carrier):
        return
    lost = []
    for each in (edit, cuts):
        file = _written(each, tmp_path / f"film{carrier}")
        parts = Home(each, outbound(each)).brings(read_carrier(file, each.rate, each.start_frames))
        back = Edit(timeline_of(whole(parts)), each.folder)
        nameless = {kind for kind, _ in _known(_json(each)) - _known(_json(back))}
        lost.append(_told(changes_between(each, back)) | nameless)
        shutil.rmtree(tmp_path / f"film{carrier}") if carrier == ".otiod" else None
    told, always = _announced(edit, carrier), _announced(cuts, carrier)
    if lost[0] - lost[1]:
        assert told - always, lost[0] - lost[1]
    else:
        assert {feature for feature, _ in told - always} <= AT_HOME
    if lost[1]:
        assert always, lost[1]


@pytest.mark.parametrize("name", editorial.NAMES)
def test_the_ids_that_a_send_gives_are_no_changes(name: str) -> None:
    before = Edit.read(editorial.FOLDER / f"{name}.otio", Path("/films/Film"))
    after = with_identities(before)
    assert _known(_json(after)) > _known(_json(before))
    assert changes_between(before, after) == changes_between(after, before) == []


@pytest.mark.parametrize("carrier", SUFFIXES)
def test_what_only_the_sidecar_keeps_is_not_in_the_file(carrier: str, tmp_path: Path) -> None:
    for name, feature in (("takes", "other takes"), ("metadata-of-others", "metadata of others")):
        edit = _edit(name)
        back = read_carrier(_written(edit, tmp_path / f"{name}{carrier}"), edit.rate, edit.start_frames)
        for thing in back.find_clips():
            for known in ("cmx_3600", "fcp_xml"):
                thing.metadata.pop(known, None)
        announced = {loss.feature for loss in lost_there(edit, PLAIN, carrier)}
        assert (feature in announced) == (feature not in features_of(back))


def _stranger(edit: Edit) -> Any:
    """The edit as a program saves it that keeps nothing of ours: no IDs, a name and folders of its own."""
    timeline = timeline_of(outbound(edit))
    timeline.name = "Timeline 1"
    for thing in (timeline, timeline.tracks, *timeline.tracks.find_children()):
        thing.metadata.pop("shotwright", None)
    for clip in timeline.find_clips():
        reference = clip.media_reference
        if name := file_name(reference):
            reference.target_url = f"/Volumes/Elsewhere/{name}"
            clip.media_reference = reference
    return timeline


CHANGES: dict[str, Callable[[Any], Any]] = {
    "trimmed at the tail": lambda film: trim(film, (0, 1), 0, -6, linked=False),
    "trimmed at the head": lambda film: trim(film, (0, 1), -6, 0, linked=False),
    "rippled": lambda film: ripple(film, (0, 1), 0, -6, linked=False),
    "extended": lambda film: ripple(film, (0, 2), 0, 6, linked=False),
    "slipped": lambda film: slip(film, (0, 1), 5, linked=False),
    "slid": lambda film: slide(film, (0, 1), 5),
    "razored": lambda film: slice_at(film, (0,), 60),
    "lifted": lambda film: remove(film, (0, 1), False, linked=False),
    "taken out": lambda film: remove(film, (0, 1), True, linked=False),
    "put in": lambda film: insert(film, (0,), 48, editorial.clip("X")),
}


@pytest.mark.parametrize("carrier", SUFFIXES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["cuts", "takes", "ntsc", "clip-marker", "effect", "fade", "disabled-track"])
def test_what_another_program_changed_is_what_changes(name: str, change: str, carrier: str, tmp_path: Path) -> None:
    edit = _edit(name)
    rate = 24000 / 1001 if name == "ntsc" else 24
    if change == "put in" and rate != 24:
        return
    changed = Edit(CHANGES[change](edit._timeline).timeline, edit.folder)
    sent = _written(edit, tmp_path / f"sent{carrier}")
    path = tmp_path / f"returned{carrier}"
    write_carrier(_stranger(changed), path, edit.rate)
    back = came_back(path, edit, sent, PLAIN)
    told = [change.text for change in changes_between(edit, back)]
    assert told == [change.text for change in changes_between(edit, changed)]


def test_sound_that_an_edl_left_out_goes_along_with_the_picture(tmp_path: Path) -> None:
    timeline = _edit("cuts")._timeline
    track = editorial.otio.schema.Track("A1", kind="Audio")
    for name in "ABC":
        gap = editorial.otio.schema.Gap(source_range=editorial.span(0, 12))
        track.extend([editorial.clip(f"sound {name}", frames=36), gap])
    timeline.tracks.append(track)
    edit = with_identities(Edit(timeline))
    changed = Edit(ripple(edit._timeline, (0, 0), 0, -6, linked=False).timeline, edit.folder)
    sent, path = _written(edit, tmp_path / "sent.edl"), tmp_path / "returned.edl"
    write_carrier(_stranger(changed), path, edit.rate)
    back = came_back(path, edit, sent, PLAIN)
    starts = [clip.range_in_parent().start_time.value for clip in back._timeline.tracks[1].find_clips()]
    assert starts == [0, 42, 90]


def test_another_take_chosen_there_is_the_take_that_plays(tmp_path: Path) -> None:
    """A program relinked a clip to another take's file, which has other timecode and lies on the same axis."""
    edit = _edit("takes")
    changed = edit.activate("SC010_SH0020", "TK03")
    for carrier in SUFFIXES:
        sent, path = _written(edit, tmp_path / f"sent{carrier}"), tmp_path / f"returned{carrier}"
        write_carrier(_stranger(changed), path, edit.rate)
        back = came_back(path, edit, sent, PLAIN)
        assert [change.text for change in changes_between(edit, back)] == ["SC010_SH0020 take TK02 -> TK03"]


def test_a_shot_used_once_more_there_has_all_its_takes(tmp_path: Path) -> None:
    edit = _edit("takes")
    changed = Edit(edit._timeline.clone(), edit.folder)
    changed._timeline.tracks[0].append(changed._timeline.tracks[0][1].clone())
    sent, path = _written(edit, tmp_path / "sent.xml"), tmp_path / "returned.xml"
    write_carrier(_stranger(changed), path, edit.rate)
    (*_, new) = came_back(path, edit, sent, PLAIN)._timeline.tracks[0]
    known = new.metadata["shotwright"]
    assert sorted(new.media_references()) == ["TK01", "TK02", "TK03"]
    assert new.active_media_reference_key == "TK02"
    assert known["shot_id"] == "shot SC010_SH0020"
    assert known["parent_occurrence_id"] == "id of SC010_SH0020"
    assert known["occurrence_id"] != "id of SC010_SH0020"


@pytest.mark.parametrize("name", programs())
def test_each_program_is_sent_what_it_reads(name: str, tmp_path: Path) -> None:
    program = programs()[name]
    for carrier in program.carriers:
        send(_edit("takes"), program, tmp_path / f"film{carrier}")
        text = (tmp_path / f"film{carrier}").read_text() if carrier == ".otio" else ""
        if carrier == ".otio":
            assert ("Clip.1" in text) == program.old_clips
            assert ('"/films/Film' in text) == program.bare_paths


@pytest.mark.parametrize("name", ["clip-marker", "edit-marker", "effect", "fade", "subtitles", "nested-edit"])
@pytest.mark.parametrize("host", ["hiero", "resolve"])
def test_what_a_program_drops_on_its_own_is_not_taken_for_deleted(host: str, name: str, tmp_path: Path) -> None:
    edit, program = _edit(name), programs()[host]
    send(edit, program, tmp_path / "sent.otio")
    timeline = _stranger(Edit(trim(edit._timeline, (0, 0), 0, -6, linked=False).timeline, edit.folder))
    drop(timeline, program, ".otio")
    write_carrier(timeline, tmp_path / "returned.otio", edit.rate)
    back = came_back(tmp_path / "returned.otio", edit, tmp_path / "sent.otio", program)
    assert [change.text for change in changes_between(edit, back)] == ["A trimmed 6 frames at the tail"]


@pytest.mark.parametrize("carrier", [".otio", ".edl", ".json"])
@pytest.mark.parametrize(("name", "clip"), [("speed-200", 1), ("speed-50", 1), ("reverse", 1), ("freeze", 1)])
def test_a_retime_that_was_taken_off_or_changed_there_is_so_here(
    name: str, clip: int, carrier: str, tmp_path: Path
) -> None:
    edit = _edit(name)
    otio = editorial.otio
    for speed in (None, 3.0):
        changed = Edit(edit._timeline.clone(), edit.folder)
        item = changed._timeline.tracks[0][clip]
        assert len(item.effects) == 1
        item.effects.clear()
        if speed:
            item.effects.append(otio.schema.LinearTimeWarp(time_scalar=speed))
        sent, path = _written(edit, tmp_path / f"sent{carrier}"), tmp_path / f"returned{carrier}"
        write_carrier(_stranger(changed), path, edit.rate)
        back = came_back(path, edit, sent, PLAIN)._timeline.tracks[0][clip]
        assert [effect.time_scalar for effect in back.effects] == ([speed] if speed else [])


def test_a_host_has_dissolves_at_gaps_and_ends_too() -> None:
    otio = editorial.otio
    a, b, gap = editorial.clip("A"), editorial.clip("B"), otio.schema.Gap(source_range=editorial.span(0, 12))

    def join(early: int, late: int) -> Any:
        times = {"in_offset": editorial.time(early), "out_offset": editorial.time(late)}
        return otio.schema.Transition(transition_type="SMPTE_Dissolve", **times)

    for things in ((join(0, 4), a, join(3, 5), b, join(4, 0)), (a, join(4, 0), gap, join(0, 4), b), (a, gap, b)):
        timeline = otio.schema.Timeline("film")
        timeline.tracks.append(otio.schema.Track("V1", kind="Video"))
        timeline.tracks[0].extend([thing.clone() for thing in things])
        edit = HostEdit.from_json(json.loads(host_json.written(timeline, Rate.parse(24))))
        joins = [each for item in edit.tracks[0].items for each in (item.head, item.tail) if each]
        wanted = [thing for thing in things if isinstance(thing, otio.schema.Transition)]
        assert [(each.early, each.late) for each in joins] == [
            (each.in_offset.value, each.out_offset.value) for each in wanted
        ]
