"""Media by content: each file once, under its SHA-256."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from ..errors import InputError, NotFoundError, UsageError, storage_error
from ..storage import publish, replacing, sha256_of, temporary_beside

LARGEST_BYTES = 8 << 30
_SHA256 = re.compile(r"[0-9a-f]{64}")


class MediaStore:
    """A folder of files named by their hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise UsageError("A medium is named by its SHA-256.", "64 hexadecimal digits, in lower case.")
        return self._folder / sha256

    def find(self, sha256: str) -> Path:
        """Where a medium lies; raises NotFoundError."""
        path = self._place(sha256)
        if not path.is_file():
            raise NotFoundError("The engine has no such medium.", "Send it with PUT first.")
        return path

    def has(self, sha256: str) -> bool:
        """Whether the medium is here."""
        return self._place(sha256).is_file()

    def add(self, source: Path) -> str:
        """Copies a file in unless it is here; its SHA-256. Raises StorageError."""
        try:
            sha256 = sha256_of(source)
            path = self._place(sha256)
            if path.is_file():
                os.utime(path)
            else:
                with replacing(path, "keeping a picture for the take") as temporary:
                    shutil.copyfile(source, temporary)
        except OSError as error:
            raise storage_error(error, f"reading {source.name}") from error
        return sha256

    def forget_old(self, needed: Collection[str], seconds: float) -> None:
        """Removes what was not sent for so long and is not `needed`, and halves of what a dead engine received."""
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            with contextlib.suppress(OSError):
                if path.name not in needed and time.time() - path.stat().st_mtime > seconds:
                    path.unlink()

    async def receive(self, sha256: str, stream: AsyncIterator[bytes]) -> None:
        """Writes what is sent; raises InputError, keeping nothing, when its hash is another or it is too large.

        All that is sent is read even when it can't be kept: only then does the sender hear why.
        """
        path = self._place(sha256)
        digest, size = hashlib.sha256(), 0
        temporary = temporary_beside(path)
        failure: OSError | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                async for part in stream:
                    size += len(part)
                    digest.update(part)
                    if failure is None and size <= LARGEST_BYTES:
                        try:
                            file.write(part)
                        except OSError as error:
                            failure = error
            if failure is not None:
                raise failure
            if size > LARGEST_BYTES:
                raise InputError("That medium is too large.", f"Send at most {LARGEST_BYTES >> 30} GiB.")
            if digest.hexdigest() != sha256:
                raise InputError("What was sent is not what its hash says.", "Send the file again.")
            await asyncio.to_thread(publish, temporary, path)  # waits for the disk
        except OSError as error:
            raise storage_error(error, "receiving a medium") from error
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
