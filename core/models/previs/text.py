"""Words to numbers: a fixed vocabulary, and a few buckets that catch every word it lacks."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

LONGEST = 48
PAD = 0
_BUCKETS = 64
_WORD = re.compile(r"[a-z]+")
_SIDES = frozenset({"left", "right"})
_BETWEEN = frozenset({"the", "a", "frame", "of"})
# Who does any of these to a side goes there: “drives left”.
_GOING = frozenset(
    """walks strolls wanders paces crosses runs sprints races hurries rushes bolts drives passes past along by speeds
    sails glides drifts rolls rides moves goes flies gallops trots limps marches hikes flees dashes escapes""".split()  # noqa: SIM905
)
# Open country under snow is a place of its own, not the country that it is called after.
_SNOWY = frozenset({"snow", "snowy", "snowbound", "wintry"})
_OPEN = frozenset(
    "field fields meadow meadows pasture prairie hill hills hillside valley farmland countryside landscape".split()  # noqa: SIM905
)
# A word that is not known may be somebody's name. These are nobody's, nor is one that ends in “-ly”.
_NOBODY = frozenset(
    """about above across after again against ago ahead all almost already also although always am among an and any are
    around as at away back be because been before behind being below beneath beside besides between beyond both but by
    can cannot could did do does doing done down during each either else even ever every few for forward from further
    get gets had has have having her here hers herself him himself his how however if in inside instead into is it its
    itself just lets let like many may me might mine more most much must my near neither never next nor not now of off
    often on once only onto or other our ours out outside over own past perhaps quite rather said same say says see
    seen sees shall she should since so some somehow something sometimes somewhere soon still such than that the their
    theirs them themselves then there these they this those though through throughout thus till to together too toward
    towards under until up upon us very was we well were what when where whether which while who whom whose why will
    with within without would yet you your yours""".split()  # noqa: SIM905
)
_THE = frozenset({"the", "a", "an", "his", "her", "their", "its", "my", "our", "your"})
_BY = frozenset(
    """about above across against along around at behind below beneath beside between by down from in inside into near
    of off on onto over past through to toward towards under up upon""".split()  # noqa: SIM905
)
_ONE, _NAMED = frozenset({"a", "an"}), (3, 8)  # what names somebody begins so, and has so many words
_ANOTHER = frozenset({"and", "in", "wearing", "with"})  # after these it names another one, or clothes
_LOOKED_AT = 4000  # characters of a prompt; what follows would not fit LONGEST words anyway


class Vocabulary:
    """A word list; number 0 is padding, 1 to 64 the buckets of unknown words, known words follow in order."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._numbers = {word: index + 1 + _BUCKETS for index, word in enumerate(self.words)}

    def __len__(self) -> int:
        return 1 + _BUCKETS + len(self.words)

    def with_more(self, words: Sequence[str]) -> Vocabulary:
        """The same words under the same numbers, and those of `words` that it lacks."""
        return Vocabulary((*self.words, *(word for word in words if word not in self._numbers)))

    @staticmethod
    def split(text: str) -> list[str]:
        """The words of a text that count: at most LONGEST, in lower case, letters alone.

        A side is one word with what leads to it, “to-left”, “pan-left”: which way something goes is then told by the
        word itself, and need not be found out from the order of words. “Drives left” is “to-left”; of “drives left to
        right”, the left is where it comes from: “from-left”. A “snowy field” and “snow-covered hills” are a snowfield.
        """
        words = _once(_WORD.findall(text[:_LOOKED_AT].lower()))[:LONGEST]
        for i, word in enumerate(words):
            if word in _OPEN and not _SNOWY.isdisjoint(words[max(0, i - 2) : i]):
                words[i] = "snowfield"
            if word in _SIDES:
                led = next((w for w in reversed(words[:i]) if w not in _BETWEEN), "")
                behind = [w for w in words[i + 1 : i + 4] if w not in _BETWEEN]
                comes = behind[:1] == ["to"] and behind[1:2] in (["left"], ["right"])
                led = "from" if comes else "to" if led in _GOING else led.partition("-")[0]
                words[i] = f"{led}-{word}"
        return words

    def encode(self, text: str) -> list[int]:
        """Exactly LONGEST numbers for any text, the empty one too."""
        words = self.split(text)
        numbers = [
            self._numbers.get(word) or 1 + zlib.crc32(word.encode()) % _BUCKETS
            for i, word in enumerate(words)
            if word in self._numbers or not (word in _NOBODY or word.endswith("ly") or self._is_thing(words, i))
        ]
        return numbers + [PAD] * (LONGEST - len(numbers))

    def _is_thing(self, words: Sequence[str], at: int) -> bool:
        """Whether a word that is not known is that of a thing that somebody is at or goes past: “the old shops”."""
        while at > 0 and words[at] not in self._numbers:
            at -= 1
        return words[at] in _THE and at > 0 and words[at - 1] in _BY


def _once(words: list[str]) -> list[str]:
    """Words without those by which somebody is named again: “We see a red dog. A red dog runs” has one dog."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        before = words[at - 1] if at else ""
        named = range(_NAMED[1], _NAMED[0] - 1, -1) if words[at] in _ONE and before not in _ANOTHER else ()
        again = next((n for n in named if at + n <= len(words) and _holds(kept, words[at : at + n])), 0)
        kept += words[at : at + 1] if not again else []
        at += again or 1
    return kept


def _holds(words: list[str], some: list[str]) -> bool:
    return any(words[i : i + len(some)] == some for i in range(len(words) - len(some) + 1))
