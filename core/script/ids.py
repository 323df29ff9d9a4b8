"""Shot IDs that the same script always gives again."""

from __future__ import annotations

import uuid

_SHOT_IDS = uuid.UUID("6f1b6f0e-6f1d-5a43-9f0b-2f6c7a1d5e10")  # the namespace of shot IDs; it must never change


def shot_id(*parts: str) -> str:
    """The ID of a shot made from its title, name and words: the same each time, and never that of another name."""
    return str(uuid.uuid5(_SHOT_IDS, "\x1f".join(parts)))
