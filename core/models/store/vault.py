"""The vault: where models lie that were fetched or put together here, whole or on their way.

`NAME` is a whole model, `.partial/NAME` one on its way (a file on its way ends in `.part`), `.manifests/NAME.json` says
what makes it up. A model gets its name in one rename, and loses it so.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ...errors import RefusedError, StateError, StorageError, storage_error
from ...storage import publish, replace_file
from ..families import Licence
from .hub import HubFile

_SETTING = "SHOTWRIGHT_MODELS"
_PARTIAL, _MANIFESTS, _GONE = ".partial", ".manifests", ".gone"
_SPARE_BYTES = 500_000_000  # of the disk, for everything else that runs


@dataclass(frozen=True)
class Manifest:
    """The files that make up a model, at one commit of its repository; none for one that was put together here.

    `checkpoint` says which of the published weights that the families know it is, empty where none.
    """

    name: str
    repository: str
    commit: str
    licence: Licence
    files: tuple[HubFile, ...]
    checkpoint: str = ""

    @property
    def bytes(self) -> int:
        """All of them together."""
        return sum(file.size for file in self.files)


class Vault:
    """The vault of one state folder, or in SHOTWRIGHT_MODELS where that is set (another disk)."""

    def __init__(self, state: Path) -> None:
        chosen = os.environ.get(_SETTING)
        self.home = Path(chosen).expanduser().absolute() if chosen else state / "models"

    def whole(self, name: str) -> Path:
        """The folder of a model that is whole."""
        return self.home / name

    def partial(self, name: str) -> Path:
        """The folder of one on its way."""
        return self.home / _PARTIAL / name

    def manifest(self, name: str) -> Manifest | None:
        """What a model that is ours is made of; None for one that is not ours, and where its manifest is broken."""
        if Path(name).name != name:
            return None
        try:
            told = json.loads(self._manifest(name).read_text(encoding="utf-8"))
            told["licence"] = Licence(**told["licence"])
            told["files"] = tuple(HubFile(**file) for file in told["files"])
            return Manifest(**told)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, manifest: Manifest) -> None:
        """Makes a model ours; raises StorageError."""
        replace_file(self._manifest(manifest.name), json.dumps(asdict(manifest), indent=1) + "\n")

    def forget(self, name: str) -> None:
        """Makes a model not ours any more."""
        self._manifest(name).unlink(missing_ok=True)

    def stands(self, name: str) -> bool:
        """Whether a model that is ours is whole; raises RefusedError where a folder that is not ours has its name."""
        if not self.whole(name).exists():
            return False
        if self.manifest(name) is None:
            raise RefusedError(f"Among your models lies a folder “{name}” already.", "Choose another with --name.")
        return True

    def publish(self, name: str) -> None:
        """Gives a model that is complete its name; raises StorageError."""
        try:
            publish(self.partial(name), self.whole(name))
        except OSError as error:
            raise storage_error(error, f"putting {name} in its place") from error

    def unfinished(self) -> dict[str, Manifest]:
        """Models on their way, by name."""
        found = (self.manifest(path.stem) for path in sorted((self.home / _MANIFESTS).glob("*.json")))
        return {each.name: each for each in found if each is not None and not self.whole(each.name).exists()}

    def bytes_of(self, name: str) -> int:
        """How much of the disk a model that is ours takes, whole or on its way; 0 for all others."""
        if self.manifest(name) is None:
            return 0
        files = (path for folder in (self.whole(name), self.partial(name)) for path in folder.rglob("*"))
        return sum(path.stat().st_size for path in files if path.is_file())

    def free(self) -> int:
        """How many bytes of its disk are free; raises StorageError."""
        try:
            return shutil.disk_usage(next(folder for folder in (self.home, *self.home.parents) if folder.exists())).free
        except OSError as error:
            raise storage_error(error, "looking at the disk") from error

    def make_room(self, name: str, lacking: int) -> None:
        """Raises StorageError where the disk has not so many bytes more for a model."""
        free = self.free()
        if lacking + _SPARE_BYTES > free:
            raise StorageError(
                f"{name} takes {lacking / 1e9:.1f} GB more, and {free / 1e9:.1f} GB of the disk is free.",
                f"Free some space, or set {_SETTING} to a folder on another disk; what is here already is kept.",
            )

    def discard(self, name: str) -> None:
        """Removes the files of a model that is ours, whole or on its way; others stay. Raises StorageError."""
        if self.manifest(name) is None:
            return
        gone = self.home / _GONE
        with self.alone(name):
            try:
                for folder in (self.whole(name), self.partial(name)):
                    if folder.is_dir():  # out of the way in one step: half a model never stands under its name
                        gone.mkdir(exist_ok=True)
                        folder.replace(gone / uuid.uuid4().hex)
                self.forget(name)
                if gone.is_dir():
                    shutil.rmtree(gone)
            except OSError as error:
                raise storage_error(error, f"removing {name}") from error

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """While one fetches, makes or removes a model, no other does; raises StateError where another is at it."""
        from filelock import FileLock, Timeout

        try:
            (self.home / _MANIFESTS).mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.home / _MANIFESTS / f"{name}.lock", timeout=0)
            lock.acquire()
        except Timeout:
            raise StateError(f"“{name}” is being fetched already.", "Wait for it, or stop the other command.") from None
        except OSError as error:
            raise storage_error(error, f"beginning with {name}") from error
        try:
            yield
        finally:
            lock.release()

    def _manifest(self, name: str) -> Path:
        return self.home / _MANIFESTS / f"{name}.json"
