"""Jobs as everyone outside the engine sees them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

QUEUED = "queued"
RUNNING = "running"
PAUSED = "paused"
DONE = "done"
FAILED = "failed"
CANCELLED = "cancelled"
JOB_STATES = (QUEUED, RUNNING, PAUSED, DONE, FAILED, CANCELLED)
ENDED = (DONE, FAILED, CANCELLED)


@dataclass(frozen=True)
class JobRecord:
    """One job: `progress` 0 to 1, `output` the finished file's path, `error` as `errors.to_json`, None without.

    `request` is a TakeRequest as JSON. `film` and `shot` name what the take is for, empty for a take on its own; `take`
    is its key (`TK01`). Times are seconds since 1970. `seconds_left` is None until it can be told; `notice` is what was
    last told while it runs, of something done otherwise than planned.
    """

    id: str
    state: str
    progress: float
    request: dict[str, Any]
    delivery: dict[str, Any]
    output: str | None
    error: dict[str, str] | None
    key: str | None
    film: str
    shot: str
    take: str
    attempts: int
    created: float
    started: float | None
    ended: float | None
    seconds_left: float | None = None
    notice: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON, field by field."""
        return asdict(self)


@dataclass(frozen=True)
class JobEvent:
    """Something that happened to a job; `preview` is a JPEG in base64, None for none; `notice` as in its record."""

    id: str
    state: str
    progress: float
    film: str = ""
    shot: str = ""
    seconds_left: float | None = None
    preview: str | None = None
    notice: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON, field by field."""
        return asdict(self)
