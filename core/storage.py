"""Writing so that no reader ever sees half a file: temp beside it, flush, fsync, rename. Standard library only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from .errors import storage_error

_BLOCK = 1 << 20
_SAMPLE = 1 << 16


def temporary_beside(path: Path) -> Path:
    """A name of its own in the same folder, hidden, with the same suffix, that `publish` can rename from."""
    return path.with_name(f".{path.stem[:40]}.{uuid.uuid4().hex[:12]}.part{path.suffix}")


def sync_file(path: Path) -> None:
    """Has the system write a finished file down to the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Has the system write a folder's names down; where it can't (Windows), renames are durable without."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def publish(temporary: Path, path: Path) -> None:
    """Gives a finished temporary file (or folder) its final name, durably; files replace what stood there."""
    if temporary.is_file():
        sync_file(temporary)
    temporary.replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def replacing(path: Path, doing: str = "") -> Iterator[Path]:
    """Yields a temporary name to write to; renamed to `path` when the block ends well, removed when it does not.

    Raises StorageError, naming what was being done, where the disk refuses.
    """
    temporary = temporary_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        publish(temporary, path)
    except OSError as error:
        raise storage_error(error, doing or f"writing {path.name}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes | str, doing: str = "") -> None:
    """Writes a whole file at once (text as UTF-8); raises StorageError."""
    with replacing(path, doing) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)


def remove_file(path: Path, doing: str) -> None:
    """Removes a file where there is one; raises StorageError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, doing) from error


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sample_of(path: Path) -> str:
    """What tells a large file, or a folder of pictures, from another without reading all of it; 16 digits.

    A hash of its size and of 64 KiB each at its beginning, middle and end; of the names and sizes of a folder's files.
    """
    digest = hashlib.sha256()
    if path.is_dir():
        for file in sorted(path.iterdir()):
            digest.update(f"{file.name} {file.stat().st_size}\n".encode())
        return digest.hexdigest()[:16]
    size = path.stat().st_size
    digest.update(str(size).encode())
    with path.open("rb") as opened:
        for at in (0, size // 2, max(0, size - _SAMPLE)):
            opened.seek(at)
            digest.update(opened.read(_SAMPLE))
    return digest.hexdigest()[:16]
