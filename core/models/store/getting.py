"""Models fetched, or put together from what is here, so that a part is never taken for a whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import RefusedError, storage_error
from ...storage import replace_file
from .. import catalogue
from ..folder_profile import PROFILE, profile_of
from .soundness import check_folder
from .transfer import OnBytes, Say, fetch_file, part_of
from .vault import Manifest, Vault


def fetch(state: Path, manifest: Manifest, on_bytes: OnBytes, say: Say) -> dict[str, Any]:
    """Fetches what lacks of a model, checks it, gives it its name and registers it; its row as the catalogue has it.

    `on_bytes(count)` is told first how many bytes are here, then of each that comes; `say` of what goes otherwise than
    hoped. Raises as `looking.look`, StateError while another fetches it, StorageError, and InputError where what came
    is no model of a known family.
    """
    vault = Vault(state)
    with vault.alone(manifest.name):
        if not vault.stands(manifest.name):
            partial = vault.partial(manifest.name)
            try:
                here = _bytes_here(partial, manifest)
                vault.make_room(manifest.name, manifest.bytes - here)
                on_bytes(here)
                vault.write(manifest)
                _fetch_files(partial, manifest, on_bytes, say)
            except OSError as error:
                raise storage_error(error, f"fetching {manifest.name}") from error
        return finish(state, manifest.name)


@contextmanager
def making(state: Path, manifest: Manifest, size: int) -> Iterator[Path]:
    """An empty folder in which a model of so many bytes is put together; what is left there then is removed.

    Raises StateError while another does so, RefusedError for a name in use, StorageError.
    """
    vault, name = Vault(state), manifest.name
    with vault.alone(name):
        begun = vault.manifest(name)
        if vault.stands(name) or (begun is not None and begun.files):
            raise RefusedError(f"There is a model “{name}” already, or on its way.", "Choose another with --name.")
        partial = vault.partial(name)
        try:
            vault.make_room(name, size)
            vault.write(manifest)
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            yield partial
        except OSError as error:
            raise storage_error(error, f"putting {name} together") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
            if not vault.whole(name).exists():
                vault.forget(name)


def finish(state: Path, name: str) -> dict[str, Any]:
    """Gives a model that is complete its name, in one rename, and registers it; its row.

    Raises InputError where it is not whole, StorageError.
    """
    vault = Vault(state)
    if not vault.stands(name):
        check_folder(vault.partial(name))
        vault.publish(name)
    return catalogue.register(state, name, vault.whole(name))


def _fetch_files(partial: Path, manifest: Manifest, on_bytes: OnBytes, say: Say) -> None:
    """Settings first: a family that is not known is told of before its weights are fetched."""
    weights = [file for file in manifest.files if file.path.endswith(".safetensors")]
    settings = [file for file in manifest.files if not file.path.endswith(".safetensors")]
    for files in (settings, weights):
        for file in files:
            place = partial / file.path
            if not place.is_file():  # it has its name only since its hash was right
                fetch_file(manifest.repository, manifest.commit, file, place, on_bytes, say)
        if manifest.checkpoint:
            replace_file(partial / PROFILE, f'checkpoint = "{manifest.checkpoint}"\n')
        profile_of(partial)


def _bytes_here(partial: Path, manifest: Manifest) -> int:
    places = [partial / file.path for file in manifest.files]
    found = [path for place in places for path in (place, part_of(place)) if path.is_file()]
    return sum(path.stat().st_size for path in found)
