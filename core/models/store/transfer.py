"""One file of the hub, fetched so that an interruption costs nothing and a wrong byte is never kept."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...errors import NetworkError
from ...storage import publish
from . import hub
from .hub import HubFile

PART = ".part"
_BLOCK = 1 << 20
_WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0)  # before it is tried again where nothing came; then it gives up
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")

OnBytes = Callable[[int], None]
Say = Callable[[str], None]


def fetch_file(repository: str, commit: str, file: HubFile, place: Path, on_bytes: OnBytes, say: Say) -> None:
    """Fetches a file to `place`, going on with what an earlier call left beside it; there only when its hash is right.

    `on_bytes(count)` is told of bytes that come, and of those that are given up (below 0). Raises as `hub.asking`;
    NetworkError where nothing comes any more, or what came is not what the hub says it is; OSError.
    """
    for again in (True, False):
        with _Part(place, file) as part:
            on_bytes(part.size - part.found)
            _fill(part, hub.file_url(repository, commit, file.path), repository, on_bytes, say)
            if part.is_right():
                break
            on_bytes(-part.size)
            part.restart()
        if again:
            say(f"{file.path} arrived damaged and is fetched anew.")
    else:
        raise NetworkError(
            f"{file.path} arrives damaged each time: its checksum is wrong.",
            "Try again later; something between here and the hub may change what passes.",
        )
    publish(part.path, place)


def part_of(place: Path) -> Path:
    """Where a file is while it comes."""
    return place.with_name(place.name + PART)


class _Part:
    """What has come of a file, beside its place, with its hash as far as it goes. Bytes are on the disk at once."""

    def __init__(self, place: Path, file: HubFile) -> None:
        self.path, self.file, self.size = part_of(place), file, 0
        place.parent.mkdir(parents=True, exist_ok=True)
        self._open = self.path.open("a+b", buffering=0)
        self._digest = self._fresh()
        self._open.seek(0)
        while block := self._open.read(_BLOCK):
            self._digest.update(block)
            self.size += len(block)
        self.found = self.size
        if self.size > file.size:
            self.restart()

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def append(self, block: bytes) -> None:
        while block:  # unbuffered files may take less than they are given
            taken = self._open.write(block)
            self._digest.update(block[:taken])
            self.size += taken
            block = block[taken:]

    def restart(self) -> None:
        self._open.truncate(0)
        self._digest, self.size = self._fresh(), 0

    def is_right(self) -> bool:
        return self.size == self.file.size and self._digest.hexdigest() == (self.file.sha256 or self.file.blob)

    def _fresh(self) -> Any:
        if self.file.sha256:
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self.file.size, usedforsecurity=False)


def _fill(part: _Part, url: str, repository: str, on_bytes: OnBytes, say: Say) -> None:
    """Asks for what lacks until it is there, waiting longer each time that nothing came."""
    import httpx2

    tries = 0
    while part.size < part.file.size:
        had = part.size
        try:
            _go_on(part, url, repository, on_bytes, say)
            failed = NetworkError(
                f"The hub sent only {part.size} of the {part.file.size} bytes of {part.file.path}.",
                "Run the same command again: it goes on where it stopped.",
            )
        except httpx2.RequestError as error:
            failed = hub.unreachable(error)
        if part.size >= part.file.size:
            return
        tries = 0 if part.size > had else tries + 1
        if tries > len(_WAITS_SECONDS):
            raise failed
        time.sleep(_WAITS_SECONDS[max(0, tries - 1)])


def _go_on(part: _Part, url: str, repository: str, on_bytes: OnBytes, say: Say) -> None:
    """One answer's bytes, appended; from the beginning where the server can't begin in the middle."""
    wanted = {"range": f"bytes={part.size}-"} if part.size else {}
    with hub.asking(url, repository, headers=wanted) as answer:
        told = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if part.size and not (answer.status_code == 206 and told and int(told[1]) == part.size):
            say(f"The server can't go on in the middle of {part.file.path}; it begins anew.")
            on_bytes(-part.size)
            part.restart()
            if answer.status_code != 200:
                return
        for block in answer.iter_bytes():
            part.append(block)
            on_bytes(len(block))
            if part.size > part.file.size:
                return
