"""Licences of models: which bind their user to conditions, and which of those this user has accepted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from ...errors import InputError, storage_error
from ...storage import replace_file
from ..families import Licence

_ACCEPTED = "licences.json"
# SPDX names, as cards of models write them, of licences that let anybody make films of any kind.
_FREE = frozenset({"apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "zlib", "unlicense", "cc0-1.0"})


def is_free(licence: Licence) -> bool:
    """Whether nothing has to be accepted."""
    return licence.name.lower() in _FREE


def of_card(name: str, link: str, repository: str) -> Licence:
    """The licence that a repository's card names; one without a name of its own is that repository's alone."""
    if name.lower() in _FREE:
        return Licence(name, link)
    named = name if name not in ("", "other", "unknown") else f"the licence of {repository}"
    return Licence(named, link, "Its limits are not known to Shotwright: read its text.")


def is_accepted(licence: Licence, state: Path) -> bool:
    """Whether nothing is left to accept; raises InputError, StorageError."""
    return is_free(licence) or licence.name in _read(state)


def accept(licence: Licence, model: str, state: Path) -> None:
    """Remembers that the user accepted a licence, for which model, and when; raises StorageError."""
    row = {"accepted": datetime.now(UTC).isoformat(timespec="seconds"), "model": model, "text": licence.url}
    told = json.dumps({**_read(state), licence.name: row}, indent=1, ensure_ascii=False)
    replace_file(state / _ACCEPTED, told + "\n", "remembering that you accepted the licence")


def _read(state: Path) -> dict[str, object]:
    path = state / _ACCEPTED
    try:
        told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        if not isinstance(told, dict):
            raise ValueError
    except ValueError:
        raise InputError("The list of licences that you accepted is broken.", f"Delete {path}.") from None
    except OSError as error:
        raise storage_error(error, "reading which licences you accepted") from error
    return told
