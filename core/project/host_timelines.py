"""A film's edit as a host program's timeline: shown there, and taken in when it was cut there.

A timeline knows which exchange it shows. So one that was put away, undone, or opened twice is compared with what it
showed, and not with what another one was shown since.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..protocol import HostEdit
from ..storage import remove_file, replace_file
from .folder import Film
from .sync import Exchange


def show(film: Film, host: str) -> dict[str, Any]:
    """The edit for a host's timeline: `edit`, which `exchange` it is, and what is `lost` there."""
    with _passing(film, host) as path:
        answer = Exchange(film, host, path).push().to_json()
        return {**answer, "edit": json.loads(path.read_text(encoding="utf-8"))}


def take_in(film: Film, host: str, base: int, edit: HostEdit) -> dict[str, Any]:
    """Brings a host's timeline, which showed the exchange `base`, together with the film's edit.

    `exchange` is the one that the timeline shows from then on; `applied` and `conflicts` are those of a pull.
    """
    with _passing(film, host) as path:
        replace_file(path, json.dumps(edit.to_json(), ensure_ascii=False), "taking in a timeline")
        return Exchange(film, host, path).pull(base).to_json()


@contextmanager
def _passing(film: Film, host: str) -> Iterator[Path]:
    """A file that is there for one call."""
    path = film.private / "exchange" / host / f"{uuid.uuid4().hex}.json"
    try:
        yield path
    finally:
        remove_file(path, "removing what passed")
