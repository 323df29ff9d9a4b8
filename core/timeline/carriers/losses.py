"""The loss table: which program takes which carriers, and what of an edit does not survive there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomllib

from ...errors import UsageError
from .features import DROPS, features_of

ANY = "*"
_TABLE = Path(__file__).with_name("losses.toml")


@dataclass(frozen=True)
class Program:
    """A program that edits are exchanged with: its carriers, the one that keeps most first, and how it wants them."""

    name: str
    title: str
    versions: str
    carriers: tuple[str, ...]
    source: str
    bare_paths: bool = False
    old_clips: bool = False


@dataclass(frozen=True)
class Loss:
    """One row: what becomes of a `feature` there. `evidence` is `measured`, or `claimed` by a `source`."""

    program: str
    carriers: tuple[str, ...]
    feature: str
    what: str
    evidence: str
    source: str = ""
    refuses: bool = False


@dataclass(frozen=True)
class Lost:
    """What an edit will lose: the feature, what becomes of it, in how many places, and the first of these."""

    feature: str
    what: str
    count: int
    items: tuple[str, ...]
    evidence: str

    def to_json(self) -> dict[str, Any]:
        """As JSON, field by field."""
        return {**asdict(self), "items": list(self.items)}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def programs() -> dict[str, Program]:
    """All programs by their names."""
    return {
        name: Program(name, **{**about, "carriers": tuple(about["carriers"])})
        for name, about in _table()["program"].items()
    }


def program_named(name: str) -> Program:
    """A program; raises UsageError for one that is not in the table."""
    known = programs()
    if name not in known:
        raise UsageError(f"Edits are not exchanged with “{name[:40]}” yet.", f"Name one of: {', '.join(known)}.")
    return known[name]


def losses() -> Iterator[Loss]:
    """All rows."""
    for row in _table()["loss"]:
        yield Loss(**{**row, "carriers": tuple(row["carriers"])})


def lost(timeline: Any, program: str, carrier: str) -> list[Lost]:
    """What of a timeline will not survive in a program that is sent it as `carrier` (`.otio`, `.edl` …)."""
    has = features_of(timeline)
    return [
        Lost(row.feature, row.what, len(has[row.feature]), tuple(has[row.feature][:5]), row.evidence)
        for row in losses()
        if row.program in (ANY, program) and carrier in row.carriers and row.feature in has
    ]


def drop(timeline: Any, program: Program, carrier: str) -> None:
    """Takes out of a timeline, in place, what a program drops that is sent it as `carrier`."""
    for row in losses():
        if row.program == program.name and carrier in row.carriers and row.feature in DROPS:
            DROPS[row.feature](timeline)


def best_carrier(timeline: Any, program: Program) -> str:
    """The carrier by which most of a timeline survives in a program; of equals the one that the program likes most."""
    has = features_of(timeline)
    refused = {carrier for row in losses() if row.refuses and row.feature in has for carrier in row.carriers}
    able = [carrier for carrier in program.carriers if carrier not in refused] or list(program.carriers)
    return min(able, key=lambda carrier: sum(loss.count for loss in lost(timeline, program.name, carrier)))
