"""Boards of a host, drawings and pictures over the cut, as panels of the shots that they stand over.

    shots     [ SC010_SH0010 ][ SC010_SH0020       ]
    boards        [ a ][ b      ]    [ c ]             a, b: the first shot's; c: the second's, some frames in

A board belongs to the shot that it is over longest, and stands where it begins, or at the cut-in. One that comes to the
same frame again takes the other's place; files are never overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NotFoundError, ProjectError, UsageError
from ..film import Panel, ProjectSettings, Shot
from ..protocol import Board
from ..storage import replace_file
from ..timing import FrameRange
from .folder import Film
from .panels import PICTURE_SUFFIXES
from .shot_changes import write_shots

if TYPE_CHECKING:
    from ..timeline.cut_clips import CutClip

FOLDER = "panels"
_MATCHED = "board"
_WIDEST = 4096


def add_boards(film: Film, boards: Sequence[Board]) -> dict[str, Any]:
    """Makes boards panels: `panels`, each with `shot, path, at_frames`, and `notices` on those that are over no shot.

    Raises UsageError without any, NotFoundError where all of them are over no shot, ProjectError for a picture that is
    gone, PictureError for one that can't be read.
    """
    from ..timeline.cutting import clips_of

    if not boards:
        raise UsageError("There is nothing drawn over the shots.", "Draw over them, or put pictures there.")
    data = [_picture_of(board, film.settings()) for board in boards]
    with film.locked():
        settings, listed = film.settings(), film.shot_list()
        shots = {shot.shot_id: shot for shot in listed.shots}
        clips = [clip for clip in clips_of(film.edit()) if clip.shot_id in shots]
        found, lost = [], 0
        for board, (suffix, picture) in zip(boards, data, strict=True):
            clip = _below(board, clips)
            if clip is None:
                lost += 1
                continue
            shot = shots[clip.shot_id]
            at = min(max(0, round(clip.start) - clip.cut_in + board.start - clip.record.start), shot.frames - 1)
            at = 0 if board.start <= clip.record.start else at
            path = _written(film, f"{shot.name}@{at}" if at else shot.name, suffix, picture)
            others = [panel for panel in shot.panels if panel.at_frames != at]
            panels = sorted([*others, Panel(path, at, _MATCHED)], key=lambda panel: panel.at_frames)
            shots[clip.shot_id] = replace(shot, panels=tuple(panels))
            found.append({"shot": shot.name, "path": path, "at_frames": at})
        if not found:
            raise NotFoundError("None of the drawings stands over a shot.", "Put them where shots are in the cut.")
        changed: list[Shot] = [shots[shot.shot_id] for shot in listed.shots]
        write_shots(film, settings, listed.scenes, changed)
    notices = [f"{lost} of {len(boards)} drawings stand over no shot, and are no panels."] if lost else []
    return {"panels": found, "notices": notices}


def _below(board: Board, clips: Sequence[CutClip]) -> CutClip | None:
    """The clip that a board is over longest, the first of such."""
    stands = FrameRange(board.start, board.start + board.frames)

    def together(clip: CutClip) -> int:
        return min(stands.end, clip.record.end) - max(stands.start, clip.record.start)

    best = max(clips, key=together, default=None)
    return best if best is not None and together(best) > 0 else None


def _picture_of(board: Board, settings: ProjectSettings) -> tuple[str, bytes]:
    """A board's picture as a file: its suffix and bytes, a drawing's as large as the film."""
    from ..media.drawing import drawn
    from ..media.pictures import png_bytes, read_picture

    if not board.picture:
        width, height = board.size
        scale = min(_WIDEST, max(settings.size)) / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        return ".png", png_bytes(drawn(board.strokes, size, board.ground))
    path = Path(board.picture)
    if not path.is_absolute() or not path.is_file() or path.suffix.lower() not in PICTURE_SUFFIXES:
        raise ProjectError(f"“{path.name[:80]}” is no picture that is there.", "Put it back, or choose another one.")
    read_picture(path)
    return path.suffix.lower(), path.read_bytes()


def _written(film: Film, name: str, suffix: str, data: bytes) -> str:
    """Where in the film a picture lies of that name; the same one twice lies there once."""
    number = 1
    while True:
        path = film.path / FOLDER / f"{name}{f'_{number}' if number > 1 else ''}{suffix}"
        if not path.exists():
            replace_file(path, data, "writing a panel")
            return path.relative_to(film.path).as_posix()
        if path.read_bytes() == data:
            return path.relative_to(film.path).as_posix()
        number += 1
