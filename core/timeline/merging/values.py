"""Three of one value: what it comes to where two went on from the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .members import keyed, ordered

_MISSING: Any = object()
_WHOLE = (
    "Transition.",
    "RationalTime.",
    "TimeRange.",
    "TimeTransform.",
    "Color.",
    "Box2d.",
    "V2d.",
)  # never half of each
_KEYED = ("markers", "effects")  # lists whose members are something of their own


@dataclass
class Merged:
    """Collects the paths of values that both sides changed, differently: the incoming one was taken."""

    conflicts: list[tuple[str, ...]] = field(default_factory=list)

    def of(self, base: Any, ours: Any, theirs: Any, path: tuple[str, ...] = ()) -> Any:
        """What a value comes to; `_MISSING` where it is gone."""
        if ours in (theirs, base):
            return theirs
        if theirs == base:
            return ours
        if path and path[-1] in _KEYED and all(isinstance(value, list) for value in (ours, theirs)):
            return self._list(base if isinstance(base, list) else [], ours, theirs, path)
        if _is_open(ours) and _is_open(theirs):
            before = base if _is_open(base) else {}
            return dict(self._members(before, ours, theirs, path))
        self.conflicts.append(path)
        return ours if theirs is _MISSING else theirs

    def _members(self, base: Any, ours: Any, theirs: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for key in dict.fromkeys((*theirs, *ours)):
            was, mine, incoming = (side.get(key, _MISSING) for side in (base, ours, theirs))
            if (value := self.of(was, mine, incoming, (*path, key))) is not _MISSING:
                yield key, value

    def _list(self, base: list[Any], ours: list[Any], theirs: list[Any], path: tuple[str, ...]) -> list[Any]:
        was, mine, incoming = keyed(base, ours, theirs)
        merged = dict(self._members(was, mine, incoming, path))
        return [merged[key] for key in ordered(was, mine, incoming) if key in merged]


def _is_open(value: Any) -> bool:
    return isinstance(value, Mapping) and not str(value.get("OTIO_SCHEMA", "")).startswith(_WHOLE)
