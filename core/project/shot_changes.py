"""A changed shot list brought into the project: list and edit together, with snapshots of both before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..errors import InputError
from ..film import ProjectSettings, Scene, Shot
from . import shots_file
from .folder import Film
from .snapshots import keep_snapshot

if TYPE_CHECKING:
    from ..timeline.edit import Edit


def replace_shots(film: Film, scenes: Sequence[Scene], shots: Sequence[Shot]) -> None:
    """Makes `shots` the film's list and brings the edit after it; takes stay with their shots.

    The edit is written first: should the machine stop in between, the same call made again ends the same.
    Raises InputError on an empty list or a name used twice.
    """
    if not shots:
        raise InputError("The new shot list has no shots.", "Nothing was changed; give a list with at least one row.")
    names = [shot.name.casefold() for shot in shots]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice:
        raise InputError(f"The new shot list names {twice.upper()} twice.", "Give each shot a name of its own.")
    with film.locked():
        write_shots(film, film.settings(), scenes, shots)


def write_shots(
    film: Film,
    settings: ProjectSettings,
    scenes: Sequence[Scene],
    shots: Sequence[Shot],
    change: Callable[[Edit], Edit] = lambda edit: edit,
) -> None:
    """Writes a new list and the edit after it, `change`d before, in a film that is locked."""
    shots_path = film.path / shots_file.FILE_NAME
    snapshots = film.private / "snapshots"
    edit = change(film.edit())
    keep_snapshot(film.edit_path, snapshots)
    keep_snapshot(shots_path, snapshots)
    edit.with_shots(settings, shots).write(film.edit_path)
    shots_file.write_shot_list_file(shots_path, scenes, shots)
