"""The states of a job, and which may follow which."""

from __future__ import annotations

from typing import NoReturn

from ..errors import StateError
from ..protocol.jobs import CANCELLED, DONE, FAILED, PAUSED, QUEUED, RUNNING

#   queued ──► running ──► done
#     ▲ ▲         ├──► failed ────┐
#     │ │         ├──► cancelled ─┤ retry
#     │ └─────────┘ worker died   │
#     └───────────────────────────┘     paused: waiting while the queue is paused
FOLLOWS: dict[str, frozenset[str]] = {
    QUEUED: frozenset({RUNNING, PAUSED, CANCELLED}),
    PAUSED: frozenset({QUEUED, CANCELLED}),
    RUNNING: frozenset({DONE, FAILED, CANCELLED, QUEUED}),
    DONE: frozenset(),
    FAILED: frozenset({QUEUED}),
    CANCELLED: frozenset({QUEUED}),
}

_HINTS = {
    DONE: "It is done; ask for a new take instead.",
    QUEUED: "It is waiting already.",
    RUNNING: "It is running already.",
}


def refuse_move(job: str, state: str, wanted: str) -> NoReturn:
    """Raises StateError: a job in one state can't become what was wanted."""
    raise StateError(f"Job {job} is {state} and can't become {wanted}.", _HINTS.get(state, "See: shotwright jobs"))


def check_move(job: str, state: str, wanted: str) -> None:
    """Raises StateError when a job in one state can't go to another."""
    if wanted not in FOLLOWS[state]:
        refuse_move(job, state, wanted)
