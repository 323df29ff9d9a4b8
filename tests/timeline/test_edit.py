"""The edit on its own: written, read, changed, and opened as any program opens an OTIO file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import opentimelineio as otio
import pytest
from shotwright.core.errors import NotFoundError, ProjectError
from shotwright.core.film import ProjectSettings, Shot, Take, Transition
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.listing import listing
from shotwright.core.timing import FrameRange, Rate

GOLDEN = Path(__file__).parent / "golden"
MakeTake = Callable[..., Take]


def _cuts(edit: Edit) -> list[tuple[str, FrameRange, int]]:
    return [
        (event.shot_id, event.record, event.axis_frame(event.record.start) - event.cut_in) for event in edit.events()
    ]


def test_an_edit_reads_like_this(settings: ProjectSettings, shots: list[Shot], make_take: MakeTake) -> None:
    edit = Edit.from_shots(settings, shots)
    for shot, number in ((shots[0], 1), (shots[0], 2), (shots[2], 1)):
        edit = edit.with_take(shot.shot_id, make_take(shot, number))
    edit = edit.circle("SC010_SH0010", "TK02")
    assert listing(edit) == (GOLDEN / "edit.txt").read_text(encoding="utf-8")


def test_any_program_opens_it(
    settings: ProjectSettings, shots: list[Shot], make_take: MakeTake, tmp_path: Path
) -> None:
    edit = Edit.from_shots(settings, shots).with_take("shot1", make_take(shots[0], 1))
    edit.write(tmp_path / "edit.otio")
    timeline = otio.adapters.read_from_file(str(tmp_path / "edit.otio"))
    assert timeline.global_start_time.rate == 24000 / 1001
    assert timeline.global_start_time.value == 86400
    assert timeline.duration().value == sum(shot.frames for shot in shots)
    clips = timeline.video_tracks()[0].find_clips()
    assert [clip.name for clip in clips] == [shot.name for shot in shots]
    assert [clip.active_media_reference_key for clip in clips] == ["TK01", "SLATE", "PANEL", "SLATE"]
    assert {clip.source_range.start_time.rate for clip in clips} == {24000 / 1001}
    for clip in clips:
        assert clip.available_range().contains(clip.source_range)
        assert clip.metadata["shotwright"]["shot_id"]
    urls = [ref.target_url for clip in clips for ref in clip.media_references().values() if hasattr(ref, "target_url")]
    assert [unquote(url) for url in urls if "panels" in url] == ["panels/a b.png", "panels/ü.png", "panels/c.png"]
    assert not any(url.startswith(("/", "file:")) for url in urls)
    assert otio.algorithms.flatten_stack(timeline.video_tracks()).duration() == timeline.duration()


def test_it_comes_back_as_it_was(
    settings: ProjectSettings, shots: list[Shot], make_take: MakeTake, tmp_path: Path
) -> None:
    edit = Edit.from_shots(settings, shots).with_take("shot3", make_take(shots[2], 1)).circle("shot3", "TK01")
    edit.write(tmp_path / "edit.otio")
    again = Edit.read(tmp_path / "edit.otio")
    assert again.rate == Rate.parse("24000/1001")
    assert again.start_frames == settings.start_frames
    assert (again.events(), again.takes(), again.sounds()) == (edit.events(), edit.takes(), edit.sounds())
    assert again.subtitles() == edit.subtitles()
    assert again.takes()[0] == replace(make_take(shots[2], 1), active=True, circled=True)


def test_only_a_shots_first_take_plays_by_itself(
    settings: ProjectSettings, shots: list[Shot], make_take: MakeTake
) -> None:
    edit = Edit.from_shots(settings, shots).with_take("shot1", make_take(shots[0], 1))
    more = edit.with_take("shot1", make_take(shots[0], 2))
    assert [(take.key, take.active) for take in more.takes()] == [("TK01", True), ("TK02", False)]
    assert more.with_take("shot1", make_take(shots[0], 2)) is more
    assert edit.takes() != more.takes()
    assert more.next_take_number("shot1") == 3
    assert more.next_take_number("shot2") == 1


def test_switching_takes_of_any_handles_moves_no_cut(
    settings: ProjectSettings, shots: list[Shot], make_take: MakeTake
) -> None:
    edit = Edit.from_shots(settings, shots)
    before = _cuts(edit)
    for number, handle in enumerate((12, 8, 20, 0), 1):
        edit = edit.with_take("shot2", make_take(shots[1], number, handle))
    for number, handle in enumerate((12, 8, 20, 0), 1):
        shown = edit.activate("sc010_sh0020", f"TK{number:02}")
        assert _cuts(shown) == before
        event = shown.events()[1]
        # The media's frame at the cut is the one right behind its own head handle.
        assert event.axis_frame(event.record.start) - event.available.start == handle
        assert len(event.available) == 36 + 2 * handle
    assert edit.activate("shot1", "PANEL").events()[0].shows == "panel"


def test_dissolves_are_held_by_handles_and_fades_by_the_shot(settings: ProjectSettings, shots: list[Shot]) -> None:
    events = Edit.from_shots(settings, shots).events()
    assert (events[1].late_frames, events[2].early_frames) == (6, 6)
    assert (events[0].fade_in_frames, events[3].fade_out_frames) == (8, 15)
    bare = Edit.from_shots(replace(settings, handle_frames=0), shots).events()
    assert (bare[1].late_frames, bare[2].early_frames) == (0, 0)
    assert bare[-1].record.end == events[-1].record.end


def test_a_shot_list_changes_the_cut_and_keeps_the_takes(
    settings: ProjectSettings, shots: list[Shot], make_shot: Callable[..., Shot], make_take: MakeTake, tmp_path: Path
) -> None:
    edit = Edit.from_shots(settings, shots).with_take("shot1", make_take(shots[0], 1))
    edit = edit.with_take("shot3", make_take(shots[2], 1)).with_take("shot3", make_take(shots[2], 2))
    longer = replace(shots[2], frames=60, name="SC010_SH0030A")
    changed = edit.with_shots(settings, [longer, make_shot(5), shots[1]])
    assert [(e.shot, len(e.record)) for e in changed.events()] == [
        ("SC010_SH0030A", 60),
        ("SC010_SH0050", 24),
        ("SC010_SH0020", 36),
    ]
    assert [(take.shot, take.key) for take in changed.takes()] == [("SC010_SH0030A", "TK01"), ("SC010_SH0030A", "TK02")]
    assert changed.next_take_number("shot1") == 2
    changed = changed.with_take("shot1", make_take(shots[0], 2))  # made while its shot was out of the cut
    changed.write(tmp_path / "edit.otio")
    back = Edit.read(tmp_path / "edit.otio").with_shots(settings, shots)
    assert [take.key for take in back.takes() if take.shot == "SC010_SH0010"] == ["TK01", "TK02"]
    assert _cuts(back) == _cuts(edit)


def test_what_an_editor_did_by_hand_stays(settings: ProjectSettings, shots: list[Shot], tmp_path: Path) -> None:
    path = tmp_path / "edit.otio"
    Edit.from_shots(settings, shots).write(path)
    timeline = otio.adapters.read_from_file(str(path))
    track, rate = timeline.video_tracks()[0], 24000 / 1001

    def span(start: int, frames: int) -> otio.opentime.TimeRange:
        return otio.opentime.TimeRange(
            otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(frames, rate)
        )

    razored = track[0].clone()
    track[0].source_range = span(15, 5)
    razored.source_range = span(20, 10)
    track.insert(1, razored)
    track.insert(2, otio.schema.Clip("titles", otio.schema.ExternalReference("file:///titles/one.mov"), span(0, 48)))
    track.insert(3, otio.schema.Gap(source_range=span(0, 7)))
    timeline.metadata["other_program"] = {"colour": "teal"}
    music = otio.schema.Track("A2", kind=otio.schema.TrackKind.Audio)
    music.append(otio.schema.Clip("song", otio.schema.ExternalReference("sound/song.wav"), span(24, 40)))
    timeline.tracks.append(music)
    otio.adapters.write_to_file(timeline, str(path))

    edit = Edit.read(path).with_shots(settings, [shots[3], *shots[:3]])
    assert [(event.shot, len(event.record), event.shows) for event in edit.events()[:5]] == [
        ("SC010_SH0040", 30, "slate"),
        ("SC010_SH0010", 5, "panel"),
        ("SC010_SH0010", 10, "panel"),
        ("titles", 48, "media"),
        ("", 7, "black"),
    ]
    assert len({event.occurrence_id for event in edit.events() if event.shot_id}) == 5
    assert edit.events()[3].media == "/titles/one.mov"
    assert ("sound/song.wav", 24) in [(sound.media, sound.skip_frames) for sound in edit.sounds()]
    edit.write(path)
    written = otio.adapters.read_from_file(str(path))
    assert written.metadata["other_program"]["colour"] == "teal"


def test_pruned_takes_go_and_their_numbers_with_them(
    settings: ProjectSettings, shots: list[Shot], make_take: MakeTake
) -> None:
    edit = Edit.from_shots(settings, shots)
    for number in (1, 2, 3):
        edit = edit.with_take("shot2", make_take(shots[1], number))
    edit = edit.circle("shot2", "TK02")
    assert [take.key for take in edit.prunable()] == ["TK03"]
    pruned = edit.prune()
    assert [take.key for take in pruned.takes()] == ["TK01", "TK02"]
    assert pruned.next_take_number("shot2") == 4
    assert pruned.prune() is pruned
    astray = edit.with_take("shot2", replace(make_take(shots[1], 4), media="media/SC010_SH0020/all.mov"))
    assert "TK04" not in [take.key for take in astray.prunable()]
    assert [take.key for take in edit.uncircle("shot2", "TK02").prunable()] == ["TK02", "TK03"]


def test_unknown_shots_and_takes_are_said(settings: ProjectSettings, shots: list[Shot]) -> None:
    edit = Edit.from_shots(settings, shots)
    for change in (
        lambda: edit.activate("SC099_SH0010", "TK01"),
        lambda: edit.activate("SC010_SH0010", "TK01"),
        lambda: edit.circle("SC010_SH0010", "PANEL"),
    ):
        with pytest.raises(NotFoundError):
            change()
    with pytest.raises(ProjectError, match="24000/1001"):
        edit.with_shots(replace(settings, rate=Rate.parse(25)), shots)


def test_a_take_that_is_a_sequence_is_one_reference(
    settings: ProjectSettings, shots: list[Shot], make_take: MakeTake, tmp_path: Path
) -> None:
    take = replace(make_take(shots[1], 1), media="media/SC010_SH0020/TK01/SC010_SH0020_TK01")
    (tmp_path / take.media).mkdir(parents=True)
    (tmp_path / take.media / "SC010_SH0020_TK01.0989.exr").touch()
    Edit.from_shots(settings, shots).write(tmp_path / "edit.otio")
    edit = Edit.read(tmp_path / "edit.otio").with_take("shot2", take)
    edit.write(tmp_path / "edit.otio")
    clip = otio.adapters.read_from_file(str(tmp_path / "edit.otio")).video_tracks()[0].find_clips()[1]
    assert (tmp_path / clip.media_reference.target_url_for_image_number(0)).is_file()
    assert edit.takes()[0].media == take.media


def test_fade_and_dissolve_lengths_of_nothing_are_cuts(
    settings: ProjectSettings, make_shot: Callable[..., Shot]
) -> None:
    shots = [
        make_shot(1, 1, transition_out=Transition("dissolve", 0)),
        make_shot(2, 1, transition_in=Transition("fade in", 9)),
    ]
    edit = Edit.from_shots(settings, shots)
    assert [(e.early_frames, e.late_frames, e.fade_in_frames) for e in edit.events()] == [(0, 0, 0), (0, 0, 0)]


def test_drop_frame_starts_where_its_label_says(settings: ProjectSettings, shots: list[Shot], tmp_path: Path) -> None:
    video = replace(settings, rate=Rate.parse("29.97"), drop_frame=True, start_timecode="01:00:00;00")
    Edit.from_shots(video, shots).write(tmp_path / "edit.otio")
    assert Edit.read(tmp_path / "edit.otio").start_frames == 107_892


@pytest.mark.parametrize(
    ("written", "meant"), [(23.976, "24000/1001"), (29.97, "30000/1001"), (25.0, "25"), (12.5, "25/2")]
)
def test_an_edit_of_another_program_has_the_rate_that_it_means(written: float, meant: str, tmp_path: Path) -> None:
    timeline = otio.schema.Timeline("theirs", global_start_time=otio.opentime.RationalTime(3600, written))
    track = otio.schema.Track("Video 1", kind="Video")
    span = otio.opentime.TimeRange(otio.opentime.RationalTime(100, written), otio.opentime.RationalTime(50, written))
    track.append(otio.schema.Clip("a", otio.schema.ExternalReference("a.mov"), span))
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "edit.otio"))
    edit = Edit.read(tmp_path / "edit.otio")
    assert (edit.rate, edit.frames, edit.events()[0].shows) == (Rate.parse(meant), 50, "media")
