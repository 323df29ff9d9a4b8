"""A new project folder from a script: all of it or none of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import NotFoundError, ProjectError, storage_error
from ..film import ProjectSettings, Shot
from ..storage import sync_folder, temporary_beside
from . import settings_file, shots_file
from .drawings import Copies, is_boards, with_board_files, with_drawings
from .folder import Film

# Names that Windows keeps for devices, with any suffix: a project called so could never be copied there.
_DEVICE_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
SHOT_LIST_SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True)
class NewFilm:
    """A film that was just made, and what its user should be told."""

    film: Film
    shots: tuple[Shot, ...]
    notices: tuple[str, ...]


def check_folder(folder: Path) -> Path:
    """The folder as an absolute path, when a project can be made there; raises ProjectError."""
    folder = Path(folder).expanduser().absolute()
    name = folder.name
    if name in ("", ".", "..") or name.split(".")[0].strip().casefold() in _DEVICE_NAMES:
        raise ProjectError(f"A project can't be called “{name}”.", "Choose another name: some systems keep that one.")
    if any(ord(letter) < 32 for letter in name) or len(name.encode("utf-8", "replace")) > 200:
        raise ProjectError("That name can't be used for a folder.", "Choose a shorter one without control characters.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"“{name}” exists already.", "Choose another name; nothing there was changed.")
    return folder


def create_film(folder: Path, script: Path, settings: ProjectSettings, panels: Path | None = None) -> NewFilm:
    """Makes a project folder from a script or shot list, with panels matched to its shots.

    Raises ScriptError, PictureError, ProjectError or StorageError; then nothing is left behind.
    """
    folder = check_folder(folder)
    script, panels = Path(script).expanduser(), Path(panels).expanduser() if panels else None
    if not script.is_file():
        raise NotFoundError(f"There is no script “{script.name}”.", "Check the path given to --script.")
    if panels is not None and not panels.is_dir() and not is_boards(panels):
        raise NotFoundError(
            f"There is no folder of panels “{panels.name}”.",
            "Give --panels a folder of pictures or a .storyboarder file.",
        )
    work = temporary_beside(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir()
        made = _fill(work, script, settings, panels)
        sync_folder(work)
        if folder.exists():
            folder.rmdir()  # empty: checked above; rename replaces no folder on Windows
        work.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise storage_error(error, f"making the project “{folder.name}”") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return NewFilm(Film(folder), made.shots, made.notices)


def _fill(work: Path, script: Path, settings: ProjectSettings, panels: Path | None) -> NewFilm:
    from ..script import break_down, read_script, read_shot_list
    from ..timeline.edit import Edit

    notices: list[str] = []
    if script.suffix.lower() in SHOT_LIST_SUFFIXES:
        scenes, found = read_shot_list(script, settings)
        shots = list(found)
    else:
        breakdown = break_down(read_script(script), settings)
        scenes, shots = breakdown.scenes, list(breakdown.shots)
        notices += breakdown.notices
        if breakdown.title and settings.title == ProjectSettings.title:
            settings = replace(settings, title=breakdown.title)
    (work / "panels").mkdir()
    copies = Copies(work)
    shots = with_board_files(shots, script.parent, copies)
    if panels is not None:
        shots, said = with_drawings(shots, panels, copies, settings)
        notices += said
    film = Film(work)
    film.private.mkdir()
    for folder in (work, film.private):
        shutil.copyfile(script, folder / f"script{script.suffix.lower()}")
    settings_file.write_settings(work / settings_file.FILE_NAME, settings)
    shots_file.write_shot_list_file(work / shots_file.FILE_NAME, scenes, shots)
    Edit.from_shots(settings, shots).write(work / "edit.otio")
    return NewFilm(film, tuple(shots), tuple(notices))
