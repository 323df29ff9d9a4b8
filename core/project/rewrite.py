"""A film whose script goes on: a rewrite merged into shots and edit, numbers locked, the cut's timing taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NotFoundError, ProjectError
from ..film import ProjectSettings, Shot
from ..storage import remove_file, replace_file
from . import settings_file
from .creation import SHOT_LIST_SUFFIXES
from .drawings import Copies, with_board_files
from .folder import Film
from .shot_changes import write_shots
from .snapshots import keep_snapshot

if TYPE_CHECKING:
    from ..script import Breakdown

Answer = dict[str, Any]


def update_script(film: Film, script: Path) -> Answer:
    """Merges a rewritten script into the film; the names of shots `added`, `changed`, `omitted` and `kept`.

    Takes, boards and cuts stay with their shots, whatever people changed too. The film's own script, written on where
    it lies, is a rewrite too. Raises NotFoundError, ScriptError, ProjectError where the film has no script.
    """
    from ..script import rewritten

    script = script.expanduser()
    if not script.is_file():
        raise NotFoundError(f"There is no script “{script.name}”.", "Check its path.")
    with film.locked():
        settings, shot_list, merged = film.settings(), film.shot_list(), film.merged_script()
        if merged is None:
            raise ProjectError("The film has no script of its own to compare with.", "Put the old one there again.")
        before, after = _broken_down(merged, settings), _broken_down(script, settings)
        rewrite = rewritten(
            before,
            shot_list.scenes,
            shot_list.shots,
            after,
            settings.naming,
            settings.numbers_locked,
            _names_used(film, shot_list.shots),
        )
        added = [shot for shot in rewrite.shots if shot.name in rewrite.added]
        with_files = {shot.shot_id: shot for shot in with_board_files(added, script.parent, Copies(film.path))}
        shots = [with_files.get(shot.shot_id, shot) for shot in rewrite.shots]
        write_shots(film, settings, rewrite.scenes, shots)
        _keep_script(film, script)
    told = {name: list(getattr(rewrite, name)) for name in ("added", "changed", "omitted", "kept")}
    return {**told, "notices": list(after.notices)}


def lock_numbers(film: Film) -> Answer:
    """Locks the numbers of scenes and shots: how many there are, of `scenes` and `shots`."""
    with film.locked():
        settings_file.change_settings(film.path / settings_file.FILE_NAME, numbers_locked=True)
        shot_list = film.shot_list()
    return {"locked": True, "scenes": len(shot_list.scenes), "shots": len(shot_list.shots)}


def take_timing(film: Film) -> Answer:
    """Gives shots, panels and lines the timing that they have in the cut; the names of those `changed`."""
    from ..timeline.shot_timing import timed

    with film.locked():
        settings, shot_list = film.settings(), film.shot_list()
        edit, shots = timed(film.edit(), shot_list.shots)
        changed = [new.name for old, new in zip(shot_list.shots, shots, strict=True) if old != new]
        if changed:
            write_shots(film, settings, shot_list.scenes, shots, lambda _: edit)
    return {"changed": changed}


def _broken_down(script: Path, settings: ProjectSettings) -> Breakdown:
    from ..script import Breakdown, break_down, read_script, read_shot_list

    if script.suffix.lower() in SHOT_LIST_SUFFIXES:
        return Breakdown("", *read_shot_list(script, settings), ())
    return break_down(read_script(script), settings)


def _names_used(film: Film, shots: tuple[Shot, ...]) -> list[str]:
    """Names that shots once had: those of takes' folders and of clips in the attic."""
    media = film.path / "media"
    folders = [path.name for path in media.iterdir()] if media.is_dir() else []
    own = {shot.name for shot in shots}
    return [name for name in [*folders, *film.edit().names_put_away()] if name not in own]


def _keep_script(film: Film, script: Path) -> None:
    """Makes the rewrite the film's own script, and the one merged; the one before is kept among the snapshots."""
    own, merged, words = film.script_path(), film.merged_script(), script.read_bytes()
    different = {path.read_bytes(): path for path in (merged, own) if path is not None and path != script}
    for old in different.values():
        keep_snapshot(old, film.private / "snapshots")
    for folder, there in ((film.path, own), (film.private, merged)):
        target = folder / f"script{script.suffix.lower()}"
        replace_file(target, words, f"writing {target.name}")
        if there is not None and there.parent == folder and there != target:
            remove_file(there, f"removing {there.name}")
