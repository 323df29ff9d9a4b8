"""One film on disk: where everything lies, opened with care, written under a lock."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ProjectError, StateError, storage_error
from ..film import ProjectSettings
from . import settings_file, shots_file
from .shots_file import ShotList
from .snapshots import keep_snapshot

if TYPE_CHECKING:
    from ..timeline.edit import Edit

_LOCK_SECONDS = 20


class Film:
    """A project folder; nothing is read until it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Film:
        """The film in a folder; raises ProjectError where the folder is none."""
        path = path.expanduser().absolute()
        if not (path / settings_file.FILE_NAME).is_file():
            if not path.exists():
                raise ProjectError(f"There is no folder “{path.name}”.", "Make one: shotwright new FILM --script S.")
            raise ProjectError(
                f"“{path.name}” is no Shotwright project: it has no {settings_file.FILE_NAME}.",
                "Give the folder that `shotwright new` made, copied whole.",
            )
        return cls(path)

    @property
    def edit_path(self) -> Path:
        """The film itself."""
        return self.path / "edit.otio"

    @property
    def private(self) -> Path:
        """Work in progress, snapshots and locks."""
        return self.path / ".shotwright"

    def settings(self) -> ProjectSettings:
        """What `shotwright.toml` says; raises ProjectError."""
        return settings_file.read_settings(self.path / settings_file.FILE_NAME)

    def shot_list(self) -> ShotList:
        """What `shots.json` says; raises ProjectError."""
        return shots_file.read_shot_list_file(self.path / shots_file.FILE_NAME)

    def edit(self) -> Edit:
        """The edit as it stands on disk; raises ProjectError."""
        from ..timeline.edit import Edit

        if not self.edit_path.is_file():
            raise ProjectError(
                "edit.otio is missing: this project is only half there.",
                "Copy the whole project folder again, or take it from .shotwright/snapshots.",
            )
        return Edit.read(self.edit_path)

    def take_folder(self, shot: str, key: str) -> Path:
        """Where the media of a take lie."""
        return self.path / "media" / shot / key

    def script_path(self) -> Path | None:
        """The project's script, whatever its kind; None where there is none."""
        return _script_in(self.path)

    def merged_script(self) -> Path | None:
        """The script that the shots were made of: a copy of ours, since people write on in their own; that without."""
        return _script_in(self.private) or self.script_path()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every other writer out of the film; raises StateError when one holds it for long."""
        from filelock import FileLock, Timeout

        try:
            self.private.mkdir(exist_ok=True)
            with FileLock(self.private / "lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout:
            raise StateError(
                f"Another program is writing “{self.path.name}”.", "Wait until it is done, then try again."
            ) from None
        except OSError as error:
            raise storage_error(error, f"writing in “{self.path.name}”") from error

    def change_edit(self, change: Callable[[Edit], Edit]) -> Edit:
        """Reads the edit, changes it and writes it back, under the lock and with a snapshot of what stood before."""
        with self.locked():
            bytes_before = self.edit_path.read_bytes()
            before = self.edit()
            after = change(before)
            if after is not before:
                self.check_unchanged(bytes_before)
                keep_snapshot(self.edit_path, self.private / "snapshots")
                after.write(self.edit_path)
            return after

    def check_unchanged(self, before: bytes) -> None:
        """Raises StateError where the edit's file is no longer what was read: some programs know of no lock."""
        if self.edit_path.read_bytes() != before:
            raise StateError("Another program wrote edit.otio meanwhile.", "Try again: nothing was changed.")


def _script_in(folder: Path) -> Path | None:
    return next((path for path in sorted(folder.glob("script.*")) if path.is_file()), None)
