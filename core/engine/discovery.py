"""How others find the engine: `engine.json` and the token beside it, for their user's eyes only; one engine a user."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..client.state_folder import DISCOVERY
from ..errors import StateError, storage_error
from ..storage import publish, temporary_beside

TOKEN = "engine.token"
LOCK = "engine.lock"


@contextlib.contextmanager
def only_engine(state: Path) -> Iterator[None]:
    """Holds the user's one engine lock, which the system frees however the process ends; raises StateError."""
    from filelock import FileLock, Timeout

    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(state / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise StateError("An engine runs already.", "Other commands find it by themselves; stop it first.") from None
    except OSError as error:
        raise storage_error(error, "locking the state folder") from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class Discovery:
    """Where the engine is, as `engine.json` says it; `token` itself is only in `token_file`."""

    state: Path
    url: str
    token: str

    def to_json(self) -> dict[str, str | int]:
        """`url, token_file, pid, version`."""
        return {"url": self.url, "token_file": str(self.state / TOKEN), "pid": os.getpid(), "version": __version__}

    def announce(self) -> None:
        """Writes both files, the token first; raises StorageError."""
        _write_private(self.state / TOKEN, self.token)
        _write_private(self.state / DISCOVERY, json.dumps(self.to_json()) + "\n")

    def stands(self) -> bool:
        """Whether the files still lead here; where they were deleted, nobody will ever find this engine again."""
        try:
            told = json.loads((self.state / DISCOVERY).read_text(encoding="utf-8"))
            return bool(told["pid"] == os.getpid())
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def withdraw(self) -> None:
        """Removes the files, unless they are another engine's."""
        if self.stands():
            for name in (DISCOVERY, TOKEN):
                with contextlib.suppress(OSError):
                    (self.state / name).unlink()


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(32)


def _write_private(path: Path, text: str) -> None:
    """A file that only its user may read, from its first byte on."""
    temporary = temporary_beside(path)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        publish(temporary, path)
    except OSError as error:
        raise storage_error(error, "telling where the engine is") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
