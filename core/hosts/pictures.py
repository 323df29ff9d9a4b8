"""Pictures of takes as they form, as files: the engine's previews, heard in a thread of their own."""

from __future__ import annotations

import base64
import contextlib
import itertools
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from ..client import EngineClient
from ..errors import ShotwrightError

_AGAIN_SECONDS = 0.5
_KEPT = 8  # of each shot: a host may be reading the one before


class Pictures:
    """The newest picture of each shot of one film that is being made; `connect` is called in the thread alone."""

    def __init__(self, connect: Callable[[], EngineClient]) -> None:
        self._connect = connect
        self._newest: dict[str, list[Path]] = {}
        self._over = threading.Event()
        self._over.set()

    def of(self, shot: str) -> Path | None:
        """A JPEG of a shot by its name, or of what belongs to no shot by an empty one; None for none yet."""
        found = self._newest.get(shot)
        return found[-1] if found else None

    def listen(self, film: Path) -> None:
        """Begins to listen, unless it does already."""
        if self._over.is_set():
            self._over, self._newest = threading.Event(), {}
            about = str(film), self._over, self._newest
            threading.Thread(target=self._hear, args=about, name="pictures", daemon=True).start()

    def end(self) -> None:
        """Listens no longer; the files go a moment later."""
        self._over.set()

    def _hear(self, film: str, over: threading.Event, newest: dict[str, list[Path]]) -> None:
        with contextlib.suppress(OSError):  # a full disk: no pictures then
            folder = Path(tempfile.mkdtemp(prefix="shotwright-"))
            paths = (folder / f"{number}.jpg" for number in itertools.count())
            try:
                while not over.is_set():
                    with contextlib.suppress(ShotwrightError):  # the engine went, and is to be started again
                        self._write_down(film, over, newest, paths)
                    over.wait(_AGAIN_SECONDS)
            finally:
                newest.clear()
                shutil.rmtree(folder, ignore_errors=True)

    def _write_down(
        self, film: str, over: threading.Event, newest: dict[str, list[Path]], paths: Iterator[Path]
    ) -> None:
        for event in self._connect().events(over.is_set):
            if not event.get("preview") or event.get("film") not in ("", film):
                continue
            path = next(paths)
            path.write_bytes(base64.b64decode(event["preview"]))
            shown = newest.setdefault(str(event.get("shot") or ""), [])
            shown.append(path)
            for old in shown[:-_KEPT]:
                old.unlink(missing_ok=True)
            del shown[:-_KEPT]
