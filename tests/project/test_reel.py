"""The reel, rendered and read back: as long as the edit, and at each frame what the edit says."""

import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import ProjectError, UsageError
from shotwright.core.film import DialogueLine, Panel, ProjectSettings, Shot, Take, Transition
from shotwright.core.media.frame import Frame
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.project.reel import render_reel
from shotwright.core.timeline.edit import Edit

MakeShot = Callable[..., Shot]
WriteTake = Callable[..., Take]
WritePanel = Callable[..., Panel]


def _played(path: Path) -> list[Frame]:
    return list(read_frames(path))


def _level(frame: Frame) -> float:
    return float(np.median(frame))


def test_takes_panels_and_slates_play_where_the_edit_has_them(
    settings: ProjectSettings, make_shot: MakeShot, write_take: WriteTake, write_panel: WritePanel, tmp_path: Path
) -> None:
    shots = [
        make_shot(1),
        make_shot(2, 10, panels=(write_panel("a.png", 200), write_panel("b.png", 90, 6))),
        make_shot(3, 8),
    ]
    edit = Edit.from_shots(settings, shots).with_take("shot1", write_take(shots[0]))
    counts: list[tuple[int, int]] = []
    notices: list[str] = []
    output = tmp_path / "reel.mp4"
    frames = render_reel(
        edit, settings, tmp_path, output, on_progress=lambda *c: counts.append(c), on_notice=notices.append
    )
    assert frames == edit.frames == 30
    assert counts[-1] == (30, 30)
    assert notices == []
    info = probe(output)
    assert (info.frames, info.rate, info.size, info.start_frames) == (30, settings.rate, settings.size, 86400)
    assert (info.primaries, info.matrix, info.range) == ("bt709", "bt709", "tv")
    assert not info.has_sound
    played = _played(output)
    for number in range(12):  # the take begins behind its head handle of 4
        assert _level(played[number]) == pytest.approx(40 + 4 * (number + 4), abs=2)
    assert [_level(frame) for frame in played[12:18]] == pytest.approx([200] * 6, abs=2)
    assert [_level(frame) for frame in played[18:22]] == pytest.approx([90] * 4, abs=2)
    assert max(_level(frame) for frame in played[22:]) < 60
    assert played[25].max() > 150  # the slate's words
    assert not list(tmp_path.glob(".*.part*"))


def test_a_dissolve_plays_the_handles_and_fades_reach_black(
    settings: ProjectSettings, make_shot: MakeShot, write_take: WriteTake, write_panel: WritePanel, tmp_path: Path
) -> None:
    dissolve = Transition("dissolve", 6)
    panel = write_panel("a.png", 240)
    shots = [
        make_shot(1, 12, transition_in=Transition("fade in", 4), transition_out=dissolve),
        make_shot(2, 12, panels=(panel,), transition_in=dissolve, transition_out=Transition("fade out", 4)),
    ]
    edit = Edit.from_shots(settings, shots).with_take("shot1", write_take(shots[0]))
    render_reel(edit, settings, tmp_path, tmp_path / "reel.mp4")
    played = [_level(frame) for frame in _played(tmp_path / "reel.mp4")]
    assert len(played) == 24
    take = [40 + 4 * (number + 4) for number in range(16)]
    assert played[0] == pytest.approx(0, abs=2)
    assert played[2] == pytest.approx(take[2] / 2, abs=3)
    assert played[8] == pytest.approx(take[8], abs=2)
    for number in range(9, 15):  # three frames of the panel's head, three of the take's tail handle
        share = (number - 8) / 7
        assert played[number] == pytest.approx(take[number] * (1 - share) + 240 * share, abs=3)
    assert played[15] == pytest.approx(240, abs=2)
    assert played[23] == pytest.approx(0, abs=2)


def test_missing_damaged_and_short_media_are_slates_and_said(
    settings: ProjectSettings, make_shot: MakeShot, write_take: WriteTake, write_panel: WritePanel, tmp_path: Path
) -> None:
    shots = [
        *(make_shot(number) for number in (1, 2, 3)),
        make_shot(4, panels=(Panel("panels/gone.png"),)),
        make_shot(5, audio="sound/gone.wav"),
    ]
    takes = [write_take(shots[0]), write_take(shots[1]), write_take(shots[2], frames=4)]
    (tmp_path / takes[0].media).unlink()
    (tmp_path / takes[1].media).write_bytes(b"no movie at all")
    edit = Edit.from_shots(settings, shots)
    for shot, take in zip(shots, takes, strict=False):
        edit = edit.with_take(shot.shot_id, take)
    notices: list[str] = []
    assert render_reel(edit, settings, tmp_path, tmp_path / "reel.mp4", True, True, on_notice=notices.append) == 60
    assert len(_played(tmp_path / "reel.mp4")) == 60
    said = "\n".join(notices)
    assert len(notices) == 5
    for words in ("SC010_SH0010 TK01 is offline", "SC010_SH0020 TK01 can't be read", "SH0030 TK01 is shorter"):
        assert words in said
    assert "panel of SC010_SH0040" in said
    assert "sound is offline" in said


def test_subtitles_of_an_earlier_reel_do_not_outlive_their_words(
    settings: ProjectSettings, make_shot: MakeShot, tmp_path: Path
) -> None:
    (tmp_path / "reel.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nGone.\n")
    render_reel(Edit.from_shots(settings, [make_shot(1)]), settings, tmp_path, tmp_path / "reel.mp4")
    assert not (tmp_path / "reel.srt").exists()


def test_the_proxy_plays_where_only_that_is_there(
    settings: ProjectSettings, make_shot: MakeShot, write_take: WriteTake, tmp_path: Path
) -> None:
    shot = make_shot(1)
    edit = Edit.from_shots(settings, [shot]).with_take("shot1", write_take(shot, proxy_only=True))
    notices: list[str] = []
    render_reel(edit, settings, tmp_path, tmp_path / "reel.mp4", on_notice=notices.append)
    played = _played(tmp_path / "reel.mp4")
    assert notices == []
    assert _level(played[5]) == pytest.approx(40 + 4 * 9, abs=3)


def test_burn_in_subtitles_and_mask_are_drawn_by_choice(
    settings: ProjectSettings, make_shot: MakeShot, write_take: WriteTake, tmp_path: Path
) -> None:
    shot = make_shot(1, dialogue=(DialogueLine("MARA", "Nearly there, Otto.", 6, 6),))
    edit = Edit.from_shots(settings, [shot]).with_take("shot1", write_take(shot))
    plain, full = tmp_path / "plain.mp4", tmp_path / "full.mp4"
    render_reel(edit, settings, tmp_path, plain)
    render_reel(edit, replace(settings, mask="2.39"), tmp_path, full, burn_in=True, subtitles=True)
    clean, drawn = _played(plain), _played(full)
    assert np.ptp(clean[8]) < 12
    assert drawn[2][:9].max() > 150  # words over the mask's upper bar
    assert drawn[2][-6:].max() < 12  # its lower bar
    assert drawn[8][40:].max() > drawn[2][40:].max() + 60  # the subtitle, from frame 6 on
    assert plain.with_suffix(".srt").read_text() == "1\n00:00:00,250 --> 00:00:00,501\nNearly there, Otto.\n"


def test_sound_is_mixed_where_its_shot_plays(settings: ProjectSettings, make_shot: MakeShot, tmp_path: Path) -> None:
    (tmp_path / "sound").mkdir()
    with wave.open(str(tmp_path / "sound" / "kettle.wav"), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes((np.sin(np.arange(96_000) / 10) * 12_000).astype("<i2").tobytes())
    edit = Edit.from_shots(settings, [make_shot(1, 24), make_shot(2, 24, audio="sound/kettle.wav"), make_shot(3, 24)])
    output = tmp_path / "reel.mov"
    assert render_reel(edit, settings, tmp_path, output) == 72
    assert probe(output).has_sound
    import av

    with av.open(str(output)) as container:
        parts = [part.to_ndarray().astype(np.float64) for part in container.decode(audio=0)]
    samples = np.concatenate([part.reshape(-1, 2)[:, 0] for part in parts])
    second = round(24 * 1001 / 24000 * 48_000)
    loud = [float(np.abs(samples[second * i + 400 : second * (i + 1) - 400]).mean()) for i in range(3)]
    assert loud[0] == loud[2] == 0
    assert loud[1] > 1000
    assert not list(tmp_path.glob(".*.part*"))


def test_upright_panels_are_fitted_never_squeezed(
    settings: ProjectSettings, make_shot: MakeShot, write_panel: WritePanel, tmp_path: Path
) -> None:
    panel = write_panel("tall.png", 200, size=(40, 120))
    edit = Edit.from_shots(settings, [make_shot(1, 2, panels=(panel,))])
    render_reel(edit, replace(settings, panel_fit="pad"), tmp_path, tmp_path / "reel.mp4")
    assert _level(_played(tmp_path / "reel.mp4")[0]) == pytest.approx(200, abs=2)


def test_what_can_not_be_rendered_is_said(settings: ProjectSettings, make_shot: MakeShot, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="empty"):
        render_reel(Edit.from_shots(settings, []), settings, tmp_path, tmp_path / "reel.mp4")
    edit = Edit.from_shots(settings, [make_shot(1)])
    with pytest.raises(UsageError, match="among the takes"):
        render_reel(edit, settings, tmp_path, tmp_path / "media" / "SC010_SH0010" / "TK01" / "x.mp4")
    assert not list(tmp_path.iterdir())
