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
    sails glides drifts rolls rides moves goes flies gallops trots""".split()  # noqa: SIM905
)
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
        right”, the left is where it comes from: “from-left”.
        """
        words = _WORD.findall(text[:_LOOKED_AT].lower())[:LONGEST]
        for i, word in enumerate(words):
            if word in _SIDES:
                led = next((w for w in reversed(words[:i]) if w not in _BETWEEN), "")
                behind = [w for w in words[i + 1 : i + 4] if w not in _BETWEEN]
                comes = behind[:1] == ["to"] and behind[1:2] in (["left"], ["right"])
                led = "from" if comes else "to" if led in _GOING else led.partition("-")[0]
                words[i] = f"{led}-{word}"
        return words

    def encode(self, text: str) -> list[int]:
        """Exactly LONGEST numbers for any text, the empty one too."""
        numbers = [self._numbers.get(word) or 1 + zlib.crc32(word.encode()) % _BUCKETS for word in self.split(text)]
        return numbers + [PAD] * (LONGEST - len(numbers))
