"""Intercut: two places whose shots alternate with who is seen in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .headings import parse_heading, starts_like_heading

_BEFORE = re.compile(r"^.*?\bINTER-?CUT(?:TING)?\b\s*(?:WITH|BETWEEN|TO)?\b[\s:–—-]*", re.IGNORECASE)
_INTERCUT = re.compile(r"[\s(–—-]*\bINTER-?CUT\b[\s)]*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*/\s*|\s+(?:AND|WITH|&)\s+", re.IGNORECASE)


@dataclass
class Intercut:
    """The headings of both places, and which one was seen last."""

    places: tuple[str, str]
    last: str

    @classmethod
    def named(cls, words: str, headings: Sequence[str], current: str) -> Intercut:
        """The places that a direction names: INTERCUT WITH: INT. CAR, INTERCUT – KITCHEN / CAR.

        A name is looked up in the last `headings`, which end with the current one or the one before it. What the
        direction leaves unsaid is the current place and the last other one.
        """
        words = words[:200]
        rest = _INTERCUT.sub(" ", words) if starts_like_heading(words) else _BEFORE.sub("", words)
        found: dict[str, None] = {}
        for part in _BETWEEN.split(rest):
            name = part.strip(" .:-–—()")
            is_heading = starts_like_heading(name)
            if not is_heading and len(name) <= 2:
                continue
            place = parse_heading(name).place.casefold()
            known = next((h for h in reversed(headings) if place in parse_heading(h).place.casefold()), "")
            if known or is_heading:
                found.setdefault(known or name)
        others = [heading for heading in (current, *reversed(headings)) if heading not in found]
        first, second, *_ = (*found, *others, current, current)
        return cls((first, second), current)

    def place_of(self, who: tuple[str, ...], homes: dict[str, str]) -> str:
        """Where someone is seen: where they were before, else in the place not seen last; remembered for next time."""
        place = next((homes[name] for name in who if homes.get(name) in self.places), "")
        if not place:
            place = self.places[1] if self.last == self.places[0] else self.places[0]
        self.last = place
        homes.update(dict.fromkeys(who, place))
        return place
