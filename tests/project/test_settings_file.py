from pathlib import Path

import pytest
from shotwright.core.errors import ProjectError, ShotwrightError
from shotwright.core.film import ProjectSettings
from shotwright.core.film.settings import parse_size
from shotwright.core.project.settings_file import parse_settings, read_settings, settings_text
from shotwright.core.timing import Rate


def test_settings_come_back_as_they_were_written() -> None:
    settings = ProjectSettings(
        title='The "Lighthouse" — Œuvre\n2',
        rate=Rate.parse("29.97"),
        drop_frame=True,
        start_timecode="10:00:00;00",
        size=(1080, 1920),
        mask="2.39",
        cast={"MARA": "30s, red raincoat"},
    )
    assert parse_settings(settings_text(settings)) == settings


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nrate = 0",
        "[project]\nrate = true",
        "[project]\nsize = '641x360'",
        "[project]\nsizes = '640x360'",
        "[project]\nmask = 'wide'",
        "[project]\ndrop_frame = true",
        "[project]\nhandle_frames = -1",
        "[project]\npanel_fit = 'squeeze'",
        "[other]\nx = 1",
        "project = 3",
        "not toml",
    ],
)
def test_settings_that_can_not_be_used_say_where_they_stand(text: str) -> None:
    with pytest.raises(ProjectError) as refused:
        parse_settings(text)
    assert refused.value.hint


def test_a_file_of_bytes_is_no_settings(tmp_path: Path) -> None:
    path = tmp_path / "shotwright.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProjectError):
        read_settings(path)


@pytest.mark.parametrize("text", ["", "x", "640", "640x", "-2x4", "1e3x4", "99999999x2", "640x361", "4x4"])
def test_sizes_that_can_not_be_made(text: str) -> None:
    with pytest.raises(ShotwrightError):
        parse_size(text)
