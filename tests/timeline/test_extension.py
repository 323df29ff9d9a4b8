"""A clip's extension in its edit: found by name, its new media beside the old ones, one step; the old edit stays."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from shotwright.core.errors import NotFoundError, ProjectError, RefusedError, StateError, UsageError
from shotwright.core.film import ProjectSettings, Shot, Take
from shotwright.core.timeline.cut_clips import cut_clips
from shotwright.core.timeline.cutting import (
    bridged,
    clip_of,
    extended,
    gap_behind,
    missing_handles,
    with_whole_paths,
)
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.reading import edl_rate
from shotwright.core.timeline.steps import Bridge, Extension, NewMedia
from shotwright.core.timing import FrameRange

from .operations.drawing import drawn, film, span


def step(edit: Edit, name: str, frames: int, media: NewMedia | None, **more: Any) -> Extension:
    clip = clip_of(edit, name)
    return Extension(clip.address, clip.state, more.pop("side", "tail"), frames, media=media, **more)


def media(first: int, end: int, real_first: int, real_end: int, **more: Any) -> NewMedia:
    return NewMedia("new.mov", Fraction(first), Fraction(end), Fraction(real_first), Fraction(real_end), **more)


def test_a_clip_is_plain_data() -> None:
    clip = clip_of(Edit(film("V1 .:10 A:24{10,20}x1/2 /3+6/ B:24", "A1 A:24")), "a")
    assert (clip.name, clip.track, clip.place, clip.media) == ("A", "V1", (0, 1), "A.mov")
    assert (clip.record, clip.speed, clip.early_frames, clip.late_frames) == (FrameRange(10, 34), Fraction(1, 2), 0, 6)
    assert (clip.start, clip.available) == (100, (90, 132))
    assert clip.plays() == (100, 112)
    assert clip.plays("tail", 10) == (100, 117)
    assert clip.plays("head", 10) == (95, 112)
    backwards = clip_of(Edit(film("V1 A:24x-1")), "A")
    assert (backwards.plays("tail", 5), backwards.plays("head", 5)) == ((95, 124), (100, 129))
    assert clip_of(Edit(film("V1 A:24x0")), "A").plays("tail", 5) == (100, 100)
    with pytest.raises(RefusedError, match="The speed of A changes over time"):
        clip_of(Edit(film("V1 A:24x?")), "A").plays()


def test_names_that_are_none_or_several_are_told() -> None:
    edit = Edit(film("V1 A:24 B:24 A:24", "V2 C:10"))
    assert clip_of(edit, "A@01:00:02:00").record == FrameRange(48, 72)
    assert clip_of(edit, "id of b").name == "B"
    with pytest.raises(NotFoundError) as lost:
        clip_of(edit, "D")
    assert lost.value.hint == "Choose one of: A, B, C."
    with pytest.raises(UsageError) as several:
        clip_of(edit, "A")
    assert several.value.message == "2 clips are called “A”."
    assert several.value.hint == "Choose one of: A@01:00:00:00, A@01:00:02:00."


def test_new_media_stand_beside_the_old_and_sound_with_them() -> None:
    before = film("V1 A:24{12,4} B:24", "A1 A:24{12,4} b:24", "A2! m:48")
    edit = Edit(before)
    written = before.to_json_string()
    new = media(88, 136, 88, 128, sounds=True)
    after, notices = extended(edit, step(edit, "A", 12, new, mode="ripple"))
    assert drawn(after._timeline) == ["V1 A[0-36) B[36-60)", "A1 A[0-36) b[36-60)", "A2 m[0-48)"]
    assert notices == ()
    assert before.to_json_string() == written  # undoing is taking the old edit again
    for track in after._timeline.tracks[:2]:
        references = track[0].media_references()
        assert list(references) == ["DEFAULT_MEDIA", "EXTENDED01"]
        assert track[0].active_media_reference_key == "EXTENDED01"
        assert references["DEFAULT_MEDIA"].is_equivalent_to(before.tracks[0][0].media_reference)
        assert references["EXTENDED01"].target_url == "new.mov"
        assert references["EXTENDED01"].available_range == span(88, 48)
    again, _ = extended(after, step(after, "A", 6, media(88, 142, 88, 136), mode="ripple"))
    assert again._timeline.tracks[0][0].active_media_reference_key == "EXTENDED02"


def test_sound_that_the_new_media_have_not_keeps_its_own() -> None:
    edit = Edit(film("V1 A:24{12,4} B:24", "A1 A:24{12,4} b:24"))
    after, notices = extended(edit, step(edit, "A", 12, media(88, 136, 88, 128), mode="ripple"))
    assert list(after._timeline.tracks[1][0].media_references()) == ["DEFAULT_MEDIA"]
    assert drawn(after._timeline)[1] == "A1 A[0-24) .[24-36) b[36-60)"
    assert not notices  # it belonged to the picture by its media alone
    later = Edit(film("V1 A:24{12,9}#7 B:24", "A1 A:30{12,3}#7 b:18"))
    after, notices = extended(later, step(later, "A", 12, media(88, 136, 88, 124, sounds=True), mode="ripple"))
    assert drawn(after._timeline)[1] == "A1 A[0-24) .[24-36) A+24[36-42) b[42-60)"
    assert notices == ("A on A1 did not grow with its picture: its media have 3 frames more.",)


@pytest.mark.parametrize(
    ("line", "side", "frames", "new", "expected"),
    [
        ("V1 A:24{4,0} B:24", "head", 10, (90, 130, 96, 130), "V1 A-10[0-34) B[34-58)"),
        ("V1 A:24{0,0}x1/2 B:24", "tail", 10, (100, 117, 100, 112), "V1 A[0-34) B[34-58)"),
        ("V1 A:24{0,0}x2 B:24", "tail", 10, (100, 168, 100, 148), "V1 A[0-34) B[34-58)"),
        ("V1 A:24{0,0}x-1 B:24", "tail", 10, (90, 124, 100, 124), "V1 A-10[0-34) B[34-58)"),
        ("V1 A:24{0,0}x-1 B:24", "head", 10, (100, 134, 100, 124), "V1 A[0-34) B[34-58)"),
    ],
)
def test_retimed_clips_grow_in_their_media(
    line: str, side: str, frames: int, new: tuple[int, ...], expected: str
) -> None:
    edit = Edit(film(line))
    after, _ = extended(edit, step(edit, "A", frames, media(*new), side=side, mode="ripple"))
    assert drawn(after._timeline) == [expected]


def test_a_clip_that_changed_meanwhile_is_left_alone() -> None:
    edit = Edit(film("V1 A:24{0,20} .:30 B:24"))
    old = step(edit, "A", 6, None)
    after, _ = extended(edit, old)
    with pytest.raises(StateError, match="A plays something else"):
        extended(after, old)


# -- a film's shots -----------------------------------------------------------------------------------------------

MakeTake = Callable[..., Take]


@pytest.fixture
def cut(settings: ProjectSettings, shots: list[Shot], make_take: MakeTake) -> Edit:
    """The film of one of everything, each shot with a take."""
    edit = Edit.from_shots(settings, shots)
    for shot in shots:
        edit = edit.with_take(shot.shot_id, make_take(shot, 1))
    return edit


def _take(key: str, first: int, end: int) -> NewMedia:
    path = f"media/SC010_SH0020/{key}/SC010_SH0020_{key}.mov"
    span = Fraction(first), Fraction(end)
    return NewMedia(path, *span, *span, take=key, start_frames=2 * 86400)


def _references(edit: Edit, name: str) -> dict[str, tuple[float, float]]:
    clip = next(clip for clip in edit._timeline.find_clips() if clip.name == name)
    spans = {key: reference.available_range for key, reference in clip.media_references().items()}
    return {key: (span.start_time.value, span.duration.value) for key, span in spans.items()}


def test_an_extension_is_the_shots_next_take(cut: Edit) -> None:
    name = "SC010_SH0020"
    after, notices = extended(cut, step(cut, name, 24, _take("TK02", 0, 78), mode="ripple"))
    assert notices == ()
    takes = [take for take in after.takes() if take.shot == name]
    assert [(take.key, take.active, take.frames) for take in takes] == [("TK01", False, 36), ("TK02", True, 60)]
    assert (takes[1].model, takes[1].seed, takes[1].request_hash) == (takes[0].model, takes[0].seed, "hash1")
    assert takes[1].start_frames == 2 * 86400
    assert [len(event.record) for event in after.events()] == [24, 60, 48, 30]
    assert _references(after, name) == {"TK01": (0, 60), "TK02": (0, 78)}
    assert after.next_take_number("shot2") == 3
    records = [event.record for event in after.activate(name, "TK01").events()]
    assert records == [event.record for event in after.events()]  # switching moves no cut
    assert [event.late_frames for event in after.events()] == [0, 6, 0, 0]  # the dissolve stays


def test_a_longer_head_moves_the_axis_and_nothing_on_it(cut: Edit) -> None:
    name = "SC010_SH0020"
    clip = next(clip for clip in cut._timeline.find_clips() if clip.name == name)
    clip.markers.append(otio.schema.Marker("here", clip.source_range))
    after, _ = extended(cut, step(cut, name, 20, _take("TK02", -8, 60), side="head", mode="ripple"))
    assert _references(after, name) == {"TK01": (8, 60), "TK02": (0, 68)}
    event = next(event for event in after.events() if event.shot == name)
    assert (event.source, event.cut_in, event.record) == (FrameRange(0, 56), 20, FrameRange(24, 80))
    grown = next(clip for clip in after._timeline.find_clips() if clip.name == name)
    assert grown.markers[0].marked_range.start_time.value == 20
    with pytest.raises(StateError, match="has a TK02 already"):
        extended(after, step(after, name, 1, _take("TK02", -1, 68), side="head", mode="ripple"))


def test_other_pieces_of_the_shot_have_the_take_too_and_play_what_they_played(cut: Edit) -> None:
    timeline = cut._timeline.clone()
    timeline.tracks[0].append(timeline.tracks[0][1].clone())
    edit = Edit(timeline)
    new = step(edit, "SC010_SH0020@01:00:01:00", 20, _take("TK02", -8, 60), side="head", mode="ripple")
    after, _ = extended(edit, new)
    pieces = [c for c in after._timeline.tracks[0].find_clips() if c.name == "SC010_SH0020"]
    assert [piece.active_media_reference_key for piece in pieces] == ["TK02", "TK01"]
    assert all(set(piece.media_references()) == {"TK01", "TK02"} for piece in pieces)
    assert len({int(piece.metadata["shotwright"]["cut_in"]) for piece in pieces}) == 1


# -- gaps and dissolves -------------------------------------------------------------------------------------------


def test_a_bridge_fills_exactly_the_gap() -> None:
    edit = Edit(film("V1 A:24 .:10 .:5 B:24", "A1 a:63"))
    gap = gap_behind(edit, "A")
    assert gap.record == FrameRange(24, 39)
    new = Bridge(gap.before.address, gap.state, "new.mov", 39, 12)
    after, notices = bridged(edit, new)
    assert drawn(after._timeline) == ["V1 A[0-24) A to B-88[24-39) B[39-63)", "A1 a[0-63)"]
    assert notices == ()
    with pytest.raises(RefusedError, match="There is no gap behind A on V1"):
        bridged(after, new)
    for line, words in (("V1 A:24 B:24", "There is no gap behind A"), ("V1 A:24 .:9", "Nothing follows A on V1")):
        with pytest.raises(RefusedError, match=words):
            gap_behind(Edit(film(line)), "A")
    other = Edit(film("V1 A:24 .:14 B:24"))
    with pytest.raises(StateError):
        bridged(other, replace(new, after=clip_of(other, "A").address))


def _bridged(lines: list[str], other: str, frames: int) -> list[str]:
    edit = Edit(film(*lines))
    gap = gap_behind(edit, "A", other, frames)
    behind = gap.after.address, gap.opened_frames
    after, _ = bridged(edit, Bridge(gap.before.address, gap.state, "new.mov", gap.frames + 24, 12, *behind))
    return drawn(after._timeline)


def test_a_bridge_leads_to_another_track_and_makes_room_where_it_is_asked() -> None:
    across = ["V1 A:24 .:30 C:10", "V2 .:40 B:24"]
    assert _bridged(across, "B", 0) == ["V1 A[0-24) A to B-88[24-40) .[40-54) C[54-64)", "V2 .[0-40) B[40-64)"]
    taken = ["V1 A:24 D:6 C:10", "V2 .:40 B:24"]  # D is in the way, V2 is free there
    assert _bridged(taken, "B", 0) == ["V1 A[0-24) D[24-30) C[30-40)", "V2 .[0-24) A to B-88[24-40) B[40-64)"]
    both = ["V1 A:24 D:6 C:10", "V2 .:30 E:2 .:8 B:24", "A1 a:64"]
    assert _bridged(both, "B", 0)[1:3] == ["V2 .[0-30) E[30-32) .[32-40) B[40-64)", "V3 .[0-24) A to B-88[24-40)"]
    room = _bridged(["V1 A:24 B:24 C:10", "A1 a:58"], "B", 8)
    assert room[0] == "V1 A[0-24) A to B-88[24-32) B[32-56) C[56-66)"
    assert _bridged(["V1 A:24 .:5 B:24"], "", 8) == ["V1 A[0-24) A to B-88[24-32) B[32-56)"]
    for lines, other, frames, words in (
        (["V1 A:24 .:9 B:24"], "B", 4, "9 frames long; 4 were asked"),
        (["V1 A:24 C:9 B:24"], "B", 0, "C stands between A and B"),
        (["V1 B:24 A:24"], "B", 0, "B begins before A ends"),
        (["V1 A:24", "V2 .:20 B:9"], "B", 0, "B begins before A ends"),
    ):
        with pytest.raises(RefusedError, match=words):
            gap_behind(Edit(film(*lines)), "A", other, frames)


def test_a_copy_above_plays_the_new_media_and_leaves_all_else(tmp_path: Path) -> None:
    for lines, wanted in (
        (["V1 X:9 A:24{8,8} B:24", "A1 .:9 A:24{8,8}"], ["V2 .[0-9) new[9-33)"]),
        (["V1 X:9 A:24{8,8} B:24", "V2 .:9 C:4"], ["V2 .[0-9) C[9-13)", "V3 .[0-9) new[9-33)"]),
        (["V1 X:9 A:24{8,8}x2 B:24", "V2 .:40 C:4"], ["V2 .[0-9) new[9-33) .[33-40) C[40-44)"]),
    ):
        before = film(*lines)
        edit = Edit(before)
        after, notices = extended(edit, step(edit, "A", 0, media(92, 160, 92, 160), above=True))
        found = drawn(after._timeline)
        assert found[1 : 1 + len(wanted)] == wanted
        assert [found[0], *found[1 + len(wanted) :]] == [row for row in drawn(before) if not row.startswith("V2")]
        assert notices == ()
        (new,) = (clip for clip in after._timeline.find_clips() if clip.name == "new")
        assert new.metadata["shotwright"]["parent_occurrence_id"] == "id of A"
        assert new.metadata["shotwright"]["occurrence_id"] not in ("", "id of A")
        assert list(new.media_references()) == ["DEFAULT_MEDIA"]
    longer = Edit(film("V1 A:24{8,8} B:24"))
    after, _ = extended(longer, step(longer, "A", 6, media(92, 130, 92, 124), above=True))
    assert drawn(after._timeline) == ["V1 A[0-24) B[24-48)", "V2 new[0-30)"]


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("V1 A:24{0,8} /6+8/ B:24{6,0}", []),
        ("V1 A:24{0,5} /6+8/ B:24{4,0}", [(24, "A", "B", 3, 2)]),
        ("V1 A:24{0,2}x1/2 /6+8/ B:24{6,0}x2", [(24, "A", "B", 4, 3)]),
        ("V1 A:24{2,9}x-1 /6+8/ B:24{9,1}x-1", [(24, "A", "B", 6, 5)]),
        ("V1 A:24 /6+8/ B:24x0", []),
        ("V1 /0+8/ A:24{0,0} /6+4/ .:10", [(24, "A", "the gap", 4, 0)]),
        ("V1 X:10 A:24{0,0} /6+0/ B:24{6,0} /4+4/ C:24{0,0}", [(58, "B", "C", 4, 4)]),
    ],
)
def test_what_a_dissolve_lacks_on_either_side(line: str, lacks: list[tuple[int, str, str, int, int]]) -> None:
    found = missing_handles(Edit(film(line)))
    assert [(lack.at, lack.before, lack.behind, lack.tail_frames, lack.head_frames) for lack in found] == lacks


# -- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["edl", "xml", "fcpxml"])
def test_edits_of_other_kinds_are_read(suffix: str, tmp_path: Path) -> None:
    otio.adapters.write_to_file(film("V1 A:24{8,8} B:20{8,12} C:24{8,8}"), str(tmp_path / f"cut.{suffix}"))
    edit = Edit.read(tmp_path / f"cut.{suffix}")
    assert str(edit.rate) == "24"
    assert [(clip.name, len(clip.record)) for clip in cut_clips(edit._timeline)] == [("A", 24), ("B", 20), ("C", 24)]


@pytest.mark.parametrize(
    ("labels", "mode", "rate"),
    [
        ("01:00:00:23", "", "24"),
        ("01:00:00:24", "", "25"),
        ("01:00:00:29", "", "30"),
        ("01:00:00;29", "", "30000/1001"),
        ("01:00:00:10", "FCM: DROP FRAME", "30000/1001"),
        ("01:00:00:10", "FCM: NON-DROP FRAME", "24"),
        ("01:00:00:59", "", "60"),
    ],
)
def test_an_edl_counts_as_its_timecodes_do(labels: str, mode: str, rate: str) -> None:
    assert str(edl_rate(f"TITLE: X\n{mode}\n001 A V C 00:00:00:00 {labels} 00:00:00:00 {labels}\n")) == rate


@pytest.mark.parametrize("suffix", ["xml", "fcpxml"])
def test_entities_in_an_xml_are_refused(suffix: str, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xmeml version="5">&b;</xmeml>'
    (tmp_path / f"cut.{suffix}").write_text(bomb)
    with pytest.raises(ProjectError, match="entities"):
        Edit.read(tmp_path / f"cut.{suffix}")


@pytest.mark.parametrize("text", ["", "TITLE: CUT", "<xmeml>", "\0\0", "001 A V C 99:99:99:99 x"])
@pytest.mark.parametrize("suffix", ["edl", "xml", "fcpxml"])
def test_what_only_looks_like_an_edit_is_one_sentence(suffix: str, text: str, tmp_path: Path) -> None:
    (tmp_path / f"cut.{suffix}").write_text(text)
    with pytest.raises(ProjectError) as refused:
        Edit.read(tmp_path / f"cut.{suffix}")
    assert refused.value.message


def test_an_edit_in_another_folder_finds_its_media(tmp_path: Path) -> None:
    edit = Edit(film("V1 A:24 B:24"), tmp_path / "ä b")
    whole = with_whole_paths(edit)
    assert whole._timeline.tracks[0][0].media_reference.target_url == (tmp_path / "ä b" / "A.mov").as_uri()
    assert clip_of(whole, "A").media == str(tmp_path / "ä b" / "A.mov")
    assert edit._timeline.tracks[0][0].media_reference.target_url == "A.mov"
