"""Drawings and sounds brought into a film: each copied once, each with its shot, each that has none reported."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import ProjectError
from ..film import ProjectSettings, Shot
from .panels import match_panels, picture_files

_BOARDS_SUFFIX = ".storyboarder"


class Copies:
    """Pictures and sounds copied into a film, each once, under names of their own."""

    def __init__(self, film: Path) -> None:
        self.film = film
        self.copied: dict[Path, str] = {}
        self.taken: set[str] = set()

    def add(self, source: Path, folder: str) -> str:
        """Copies a file and returns its path in the film; raises ProjectError where it is missing."""
        if source in self.copied:
            return self.copied[source]
        if not source.is_file():
            raise ProjectError(
                f"“{source.name}” is missing.", "Put it where the boards look for it, or remove it there."
            )
        path, count = f"{folder}/{source.name}", 2
        while path.casefold() in self.taken or (self.film / path).exists():  # several boards may have one of that name
            path, count = f"{folder}/{source.stem}_{count}{source.suffix}", count + 1
        target = self.film / path
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, target)
        self.taken.add(path.casefold())
        self.copied[source] = path
        return path


def with_board_files(shots: Sequence[Shot], boards: Path, copies: Copies) -> list[Shot]:
    """Copies the shots' pictures and sounds, given beside the folder `boards`, and points the shots at the copies.

    Raises PictureError and ProjectError.
    """
    found_at = {panel.path: _picture_of(boards / panel.path) for shot in shots for panel in shot.panels}
    _check_pictures(list(found_at.values()))
    found = []
    for shot in shots:
        panels = (replace(panel, path=copies.add(found_at[panel.path], "panels")) for panel in shot.panels)
        audio = copies.add(boards / shot.audio, "sound") if shot.audio else ""
        found.append(replace(shot, panels=tuple(panels), audio=audio))
    return found


def _picture_of(path: Path) -> Path:
    """The file of a board's picture: Storyboarder keeps its layers apart and all of them together as a poster frame."""
    poster = path.with_name(f"{path.stem}-posterframe.jpg")
    return poster if not path.is_file() and poster.is_file() else path


def _check_pictures(paths: Sequence[Path]) -> None:
    """Opens every picture once, so that a broken one is named now and not by a failed take."""
    from ..media.pictures import read_picture

    for path in paths:
        read_picture(path)


def is_boards(path: Path) -> bool:
    """Whether a path is a `.storyboarder` file."""
    return path.is_file() and path.suffix.lower() == _BOARDS_SUFFIX


def with_drawings(
    shots: list[Shot], panels: Path, copies: Copies, settings: ProjectSettings
) -> tuple[list[Shot], list[str]]:
    """The shots with their drawings and what to tell the user: by board where there are boards, else by name or order.

    `panels` is a `.storyboarder` file, a folder with one, or a folder of pictures. Raises PictureError, ScriptError and
    ProjectError.
    """
    boards = [panels] if is_boards(panels) else [path for path in sorted(panels.iterdir()) if is_boards(path)]
    if boards:
        if len(boards) > 1:
            raise ProjectError(
                f"“{panels.name}” has {len(boards)} storyboards.", "Give the one .storyboarder file itself."
            )
        return _with_boards(shots, boards[0], copies, settings)
    pictures = picture_files(panels)
    _check_pictures(pictures)
    match = match_panels([path.name for path in pictures], shots, settings.rate)
    placed = {picture.name: copies.add(picture, "panels") for picture in pictures}
    drawn = []
    for shot in shots:
        own = match.panels.get(shot.name)
        own = own and tuple(replace(panel, path=placed[Path(panel.path).name]) for panel in own)
        drawn.append(replace(shot, panels=own or shot.panels))
    notices = list(match.notices)
    others = [path.name for path in sorted(panels.iterdir()) if path.is_file() and path not in pictures]
    if visible := [name for name in others if not name.startswith(".")]:
        notices.append(
            f"Files beside the panels that are no pictures: {', '.join(visible[:5])} ({len(visible)} in all)."
        )
    return drawn, notices


def _with_boards(
    shots: list[Shot], boards: Path, copies: Copies, settings: ProjectSettings
) -> tuple[list[Shot], list[str]]:
    from ..script import apply_boards, read_script

    found, notices = apply_boards(shots, read_script(boards).boards, settings)
    drawn = []
    for before, shot in zip(shots, found, strict=True):
        if shot == before:
            drawn.append(shot)
            continue
        own_sound = shot.audio if shot.audio != before.audio else ""  # what the shot had before is copied already
        (copied,) = with_board_files([replace(shot, audio=own_sound)], boards.parent, copies)
        drawn.append(replace(copied, audio=copied.audio or before.audio))
    return drawn, list(notices)
