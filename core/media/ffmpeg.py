"""Running ffmpeg: which one, fed through a pipe, never left behind, its complaints turned into sentences."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from ..errors import MediaError, ShotwrightError, storage_error

SETTING = "SHOTWRIGHT_FFMPEG"
_PIPE_BYTES = 1 << 20
_DISK_WORDS = {
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "Read-only file system": errno.EROFS,
    "Permission denied": errno.EACCES,
    "File too large": errno.EFBIG,
}
_PREFIX = re.compile(r"^(\[[^\]]*\]\s*)+")


def executable() -> str:
    """The ffmpeg to run: the one that SHOTWRIGHT_FFMPEG names, or else imageio-ffmpeg's own. Raises MediaError."""
    chosen = os.environ.get(SETTING)
    if chosen:
        if not Path(chosen).is_file():
            raise MediaError(f"{SETTING} names {chosen}, which isn't there.", "Correct or unset it.")
        return chosen
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise MediaError(
            "There is no ffmpeg to write movies with.", f"Reinstall imageio-ffmpeg, or name one in {SETTING}."
        ) from None


def ffmpeg_version() -> str:
    """The version of the ffmpeg that would run, as it says itself; raises MediaError."""
    try:
        said = subprocess.run([executable(), "-version"], capture_output=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise MediaError(
            f"ffmpeg does not run: {error}.", f"Reinstall imageio-ffmpeg, or correct {SETTING}."
        ) from error
    return said.decode("utf-8", "replace").partition(" Copyright")[0].removeprefix("ffmpeg version ")


def _does_not_run(error: Exception) -> MediaError:
    return MediaError(f"ffmpeg does not run: {error}.", f"Reinstall imageio-ffmpeg, or correct {SETTING}.")


class Encoder:
    """A running ffmpeg that reads raw frames from us; `doing` completes “This happened while …”."""

    def __init__(self, arguments: Sequence[str], doing: str) -> None:
        self._doing = doing
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `finish` or `kill`
        # A session of its own: Ctrl-C in the terminal is for us to answer. It ends by itself when the pipe closes.
        try:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                start_new_session=True,
                pipesize=_PIPE_BYTES,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._log.close()
            raise _does_not_run(error) from error

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, data: memoryview) -> None:
        """Feeds one frame; raises StorageError or MediaError where ffmpeg has given up."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
        except OSError as error:  # EPIPE, EINVAL on Windows: it died; why is in its log
            raise self._failure() from error

    def finish(self) -> None:
        """Waits until the file is whole; raises StorageError or MediaError."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError as error:
            raise self._failure() from error
        if self._process.wait() != 0:
            raise self._failure()
        self._log.close()

    def kill(self) -> None:
        """Ends it at once and reaps it; may be called more than once."""
        self._process.kill()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # what was still in the pipe is unwanted now
                self._process.stdin.close()
        self._process.wait()
        self._log.close()

    def _failure(self) -> ShotwrightError:
        code = self._process.wait()
        self._log.seek(0)
        log = self._log.read()[-20_000:].decode("utf-8", "replace")
        for words, number in _DISK_WORDS.items():
            if words in log:
                return storage_error(OSError(number, words), self._doing)
        if code == -getattr(signal, "SIGXFSZ", 0) != 0:
            return storage_error(OSError(errno.EFBIG, "File too large"), self._doing)
        lines = [_PREFIX.sub("", line).strip() for line in log.splitlines() if line.strip()]
        why = lines[0].rstrip(".") if lines else ("it was ended from outside" if code < 0 else "it gave no reason")
        return MediaError(f"ffmpeg stopped while {self._doing}: {why}.", "Try again; another codec may work.")
