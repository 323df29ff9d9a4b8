"""What Shotwright writes into an OTIO object's metadata, read back with suspicion: the file may come from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ProjectError

NAMESPACE = "shotwright"


def facts_of(thing: Any) -> dict[str, Any]:
    """A copy of an object's own facts, empty where it has none."""
    found = thing.metadata.get(NAMESPACE)
    return dict(found) if isinstance(found, Mapping) else {}


def put_facts(thing: Any, facts: Mapping[str, Any]) -> None:
    """Replaces an object's own facts; what others wrote beside them stays."""
    thing.metadata[NAMESPACE] = dict(facts)


def change_facts(thing: Any, **facts: Any) -> None:
    """Adds facts to those that are there."""
    put_facts(thing, {**facts_of(thing), **facts})


def text(facts: Mapping[str, Any], key: str) -> str:
    """A fact that is text, empty without; raises ProjectError where it is something else."""
    value = facts.get(key, "")
    if not isinstance(value, str):
        raise _broken(key)
    return value


def whole(facts: Mapping[str, Any], key: str, least: int = 0, without: int = 0) -> int:
    """A fact that is a whole number of at least `least`; raises ProjectError where it is something else."""
    value = facts.get(key, without)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1 or value < least:
        raise _broken(key)
    return int(value)


def flag(facts: Mapping[str, Any], key: str) -> bool:
    """A fact that is true or false, false without."""
    return facts.get(key) is True


def _broken(key: str) -> ProjectError:
    return ProjectError(f"edit.otio is broken: “{key}” can't be read.", "Restore it from .shotwright/snapshots.")
