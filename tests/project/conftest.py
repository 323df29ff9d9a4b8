"""A film of a few grey frames: what plays at a frame of the reel can be told from its brightness."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.film import Panel, ProjectSettings, Shot, Take
from shotwright.core.media.frame import Frame
from shotwright.core.media.pictures import write_picture
from shotwright.core.media.writing import MovieWriter
from shotwright.core.timing import Rate

SIZE = (128, 72)


def _grey(value: int, size: tuple[int, int] = SIZE) -> Frame:
    return np.full((size[1], size[0], 3), value, np.uint8)


@pytest.fixture
def settings() -> ProjectSettings:
    return ProjectSettings(title="Tea", rate=Rate.parse("23.976"), size=SIZE, handle_frames=4)


@pytest.fixture
def make_shot() -> Callable[..., Shot]:
    def make(number: int, frames: int = 12, **more: object) -> Shot:
        name = f"SC010_SH{number * 10:04}"
        lines = (number, number)
        return Shot(f"shot{number}", name, "010", "INT. KITCHEN - NIGHT", "He waits.", "", frames, lines, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def write_panel(tmp_path: Path) -> Callable[..., Panel]:
    """A grey panel in the film's folder."""

    def write(name: str, value: int, at_frames: int = 0, size: tuple[int, int] = SIZE) -> Panel:
        write_picture(tmp_path / "panels" / name, _grey(value, size))
        return Panel(f"panels/{name}", at_frames)

    return write


@pytest.fixture
def write_take(tmp_path: Path, settings: ProjectSettings) -> Callable[..., Take]:
    """A take whose frame n, counted from its first, has the brightness 40 + 4 n; as mezzanine or as proxy alone."""

    def write(shot: Shot, number: int = 1, frames: int | None = None, proxy_only: bool = False) -> Take:
        key, handle = f"TK{number:02}", settings.handle_frames
        frames = shot.frames if frames is None else frames
        folder = tmp_path / "media" / shot.name / key
        name = f"{shot.name}_{key}"
        path = folder / (f"{name}.proxy.mp4" if proxy_only else f"{name}.mov")
        with MovieWriter(path, settings.size, settings.rate, "proxy" if proxy_only else "prores") as movie:
            for frame in range(frames + 2 * handle):
                movie.write(_grey(40 + 4 * frame))
        media = f"media/{shot.name}/{key}/{name}.mov"
        return Take(shot.name, key, media, frames, handle, 86400, "previs", number, "hash")

    return write
