"""How a finished take is written down."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from ..errors import UsageError
from ..film.settings import CODECS
from . import fields

REEL_NAME_LENGTH = 32  # the longest reel name that EDL and AAF relink by: architecture.md, section 5
LOSSLESS = "lossless"
PASSING = "passing"  # lossless, for takes whose new frames are soon written once more: known ones are black in it
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Delivery:
    """The take's file name, codec, handles and first timecode.

    `name` is the stem of every file of the take. `handle_frames` at each end of the take lie beyond the cut.
    `start_frames` is the label of the take's first frame, counted from 00:00:00:00.
    """

    name: str = "take"
    codec: str = "prores"
    handle_frames: int = 0
    start_frames: int = 0
    drop_frame: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > REEL_NAME_LENGTH:
            raise UsageError(
                f"“{self.name[:60]}” can't name a take's files.",
                f"Use letters, digits, _ and -, at most {REEL_NAME_LENGTH}.",
            )

    def to_json(self) -> dict[str, Any]:
        """As JSON, field by field."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: object) -> Delivery:
        """Reads `to_json`'s form, every field optional; raises UsageError."""
        data = fields.obj(value, "delivery")
        fields.only(data, cls.__dataclass_fields__, "A delivery")
        return cls(
            fields.text(data, "name", "take", longest=100),
            fields.choice(data, "codec", (*CODECS, LOSSLESS, PASSING), "prores"),
            fields.integer(data, "handle_frames", 0, 240, 0),
            fields.integer(data, "start_frames", 0, 10**9, 0),
            fields.flag(data, "drop_frame", False),
        )
