"""Every error that Shotwright raises on purpose, as one tree.

    ShotwrightError
    ├── UsageError          a value on the command line or in a request makes no sense
    ├── InputError          something the user gave can't be used
    │   ├── ScriptError         a script, board or shot list (knows its line)
    │   ├── PictureError        a panel or still
    │   ├── MediaError          a movie or sound file
    │   └── ProjectError        a project folder or its settings
    ├── RefusedError        the request is well formed, but no model or state allows it
    │   └── StateError          a job or shot is not in a state for that
    ├── NotFoundError       no such job, shot, take, model or media
    ├── StorageError        the disk is full, read-only or failed
    ├── EngineError         the engine can't be reached, started or talked to
    │   └── TokenError          the token is missing or wrong
    ├── NetworkError        what is fetched from elsewhere can't be reached, or comes damaged
    ├── ModelError          a model could not be loaded or broke while working
    └── StoppedError        the user stopped the work

Each carries a sentence that says what happened (`message`) and one that says what to do (`hint`). Messages are
written for a filmmaker: no class names, no stack, paths only where the user gave them.
"""

from __future__ import annotations

import errno

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_STOPPED = 130


class ShotwrightError(Exception):
    """An error with a sentence for the filmmaker and a hint that mends it."""

    kind = "failed"
    http_status = 500
    exit_code = EXIT_FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def to_json(self) -> dict[str, str]:
        """The error as others read it: `kind`, `message`, `hint`."""
        return {"kind": self.kind, "message": self.message, "hint": self.hint}


class UsageError(ShotwrightError):
    """A value on the command line or in a request makes no sense."""

    kind = "usage"
    http_status = 422
    exit_code = EXIT_USAGE


class InputError(ShotwrightError):
    """Something the user gave can't be used."""

    kind = "input"
    http_status = 422


class ScriptError(InputError):
    """A script, board or shot list can't be read; `line` counts from 1, 0 where no line is to blame."""

    kind = "script"

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        super().__init__(message, hint)
        self.line = line


class PictureError(InputError):
    """A panel or still can't be read."""

    kind = "picture"


class MediaError(InputError):
    """A movie or sound file can't be read or written."""

    kind = "media"


class ProjectError(InputError):
    """A project folder or its settings can't be used."""

    kind = "project"


class RefusedError(ShotwrightError):
    """The request is well formed, but no model or state allows it."""

    kind = "refused"
    http_status = 409


class StateError(RefusedError):
    """A job, shot or queue is not in a state for that."""

    kind = "state"


class NotFoundError(ShotwrightError):
    """No such job, shot, take, model or media."""

    kind = "not_found"
    http_status = 404


class StorageError(ShotwrightError):
    """The disk is full, read-only or failed."""

    kind = "storage"
    http_status = 507


class EngineError(ShotwrightError):
    """The engine can't be reached, started or talked to."""

    kind = "engine"
    http_status = 503


class TokenError(EngineError):
    """The engine's token is missing or wrong."""

    kind = "token"
    http_status = 401


class NetworkError(ShotwrightError):
    """What is fetched from elsewhere can't be reached, or comes damaged."""

    kind = "network"
    http_status = 502


class ModelError(ShotwrightError):
    """A model could not be loaded or broke while working."""

    kind = "model"


class StoppedError(ShotwrightError):
    """The user stopped the work."""

    kind = "stopped"
    http_status = 409
    exit_code = EXIT_STOPPED


_STORAGE_SENTENCES = {
    errno.ENOSPC: ("The disk is full.", "Free some space, then run the same command again."),
    errno.EDQUOT: ("Your disk quota is used up.", "Free some space, then run the same command again."),
    errno.EROFS: ("The disk is read-only.", "Copy the project to a disk you can write to."),
    errno.EACCES: ("You may not write there.", "Change the folder's permissions or choose another folder."),
    errno.EPERM: ("You may not write there.", "Change the folder's permissions or choose another folder."),
}


def storage_error(error: OSError, doing: str) -> StorageError:
    """The sentence for an `OSError` met while `doing` something ("writing the reel")."""
    sentence, hint = _STORAGE_SENTENCES.get(
        error.errno or 0, (f"The system said: {error.strerror or error}.", "Check the disk, then try again.")
    )
    return StorageError(f"{sentence} This happened while {doing}.", hint)


def from_json(data: dict[str, object]) -> ShotwrightError:
    """The error that `to_json` described, as its own class where the kind is known."""
    kinds: dict[str, type[ShotwrightError]] = {}
    stack: list[type[ShotwrightError]] = [ShotwrightError]
    while stack:
        found = stack.pop()
        kinds[found.kind] = found
        stack.extend(found.__subclasses__())
    known = kinds.get(str(data.get("kind", "")), ShotwrightError)
    return known(str(data.get("message", "Something failed.")), str(data.get("hint", "")))
