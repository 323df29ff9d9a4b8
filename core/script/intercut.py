"""Intercut: two places whose shots alternate with who is seen in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from .headings import starts_like_heading

_PLACES_LOOKED_AT = 20  # the last so many: an intercut joins what stands close by
_BEFORE = re.compile(r"^.*?\bINTER-?CUT(?:TING)?\b\s*(?:WITH|BETWEEN|TO)?\b[\s:–—-]*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*/\s*|\s+(?:AND|WITH|&)\s+", re.IGNORECASE)


@dataclass
class Intercut:
    """The headings of both places, and which one was seen last."""

    places: tuple[str, str]
    last: str = ""

    @classmethod
    def named(cls, words: str, known: Mapping[str, str], other: str, current: str) -> Intercut:
        """The places that a direction names (INTERCUT WITH: INT. CAR, INTERCUT – KITCHEN / CAR); `known` maps places
        to headings. What it does not name is the current place, or the `other`."""
        rest = _BEFORE.sub("", words[:200]) if "INTERCUT" in words[:200].upper() else ""
        found = []
        for part in filter(None, _BETWEEN.split(rest)):
            part = part.strip(" .:-–—")
            if starts_like_heading(part):
                found.append(part)
            elif len(part) > 2:
                places = islice(reversed(known.items()), _PLACES_LOOKED_AT)
                found += [heading for place, heading in places if part.casefold() in place][:1]
        found = list(dict.fromkeys(found))[:2]
        if len(found) == 1:
            return cls((current if found[0] != current else other, found[0]))
        return cls((found[0], found[1])) if found else cls((other, current))

    def place_of(self, who: tuple[str, ...], homes: dict[str, str]) -> str:
        """Where someone is seen: where they were before, else in the place not seen last; remembered for next time."""
        place = next((homes[name] for name in who if homes.get(name) in self.places), "")
        if not place:
            place = self.places[1] if self.last == self.places[0] else self.places[0]
        self.last = place
        for name in who:
            homes.setdefault(name, place)
        return place
