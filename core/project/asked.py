"""What was asked of a film under a key, and is done: asked again under the same key, it is not done twice.

Programs ask so that may die before they hear the answer, or that ask one which may.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from ..storage import replace_file

_KEPT = 500


def is_done(film: Path, key: str) -> bool:
    """Whether what was asked under a key is done; without a key nothing is."""
    return bool(key) and _mark(film, key).exists()


def note_done(film: Path, key: str) -> None:
    """Remembers that what was asked under a key is done; raises StorageError."""
    if not key:
        return
    mark = _mark(film, key)
    replace_file(mark, b"", "remembering what is done")
    for old in sorted(mark.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()


def _mark(film: Path, key: str) -> Path:
    return film / ".shotwright" / "asked" / hashlib.sha256(key.encode()).hexdigest()[:32]
