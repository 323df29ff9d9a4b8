"""Small lists in the state folder: a word by name, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ..errors import InputError, storage_error
from ..storage import replace_file


def read_list(path: Path, what: str) -> dict[str, str]:
    """A list, empty where there is none; `what` it holds, for people. Raises InputError where it is broken,
    StorageError."""
    if not path.is_file():
        return {}
    try:
        return {str(name): str(word) for name, word in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError, TypeError):
        raise InputError(f"The list of {what} is broken.", f"Delete {path.name} in the state folder.") from None
    except OSError as error:
        raise storage_error(error, f"reading the list of {what}") from error


def write_list(path: Path, words: Mapping[str, str], what: str) -> None:
    """Writes it whole; raises StorageError."""
    replace_file(path, json.dumps(dict(words), indent=1) + "\n", f"writing the list of {what}")
