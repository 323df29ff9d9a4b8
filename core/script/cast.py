"""Who is in the script: names from the cues, descriptions from the introductions, mentions in the action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from . import elements as kinds
from .cues import EVERYONE, NO_ONE, is_absent, names_of
from .elements import Element

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Words of a name that say what someone is; alone in the action they name no one.
_COMMON_WORDS = (
    "OLD YOUNG THE A FIRST SECOND THIRD LITTLE BIG TALL FAT MAN WOMAN BOY GIRL KID CHILD LADY GUY POLICE OFFICER COP "
    "NURSE DOCTOR DR MR MRS MS MISS SIR LORD CAPTAIN AGENT DETECTIVE GUARD SOLDIER DRIVER VOICE AND OF IN ON WITH RED "
    "BLUE GREEN BLACK WHITE ONE TWO THREE TEEN TEENAGE"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_OTHER_AGES = frozenset(("YOUNG", "YOUNGER", "OLD", "OLDER", "LITTLE", "TEEN", "TEENAGE", "BABY"))
_AGE = re.compile(
    r"(?:in (?:his|her|their) |about |around |aged? |early |mid |late |barely |almost )*(?:early[ -]|mid[ -]|late[ -])?"
    r"(?:\d{1,3}['’]?s?|teens?|twenties|thirties|forties|fifties|sixties|seventies|eighties|elderly|young|old"
    r"|middle[ -]aged)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(r"(?:in|with|wearing|dressed|a|an|the|aged?|tall|short|small|big)\b|\d", re.IGNORECASE)
# What somebody is known by, without a word before it that says so: JOE, 60s, green coat, waits.
_WORN = re.compile(
    r"(?:[\w'’-]+ ){0,3}(?:coat|raincoat|jacket|dress|shirt|t-shirt|blouse|skirt|trousers|jeans|overalls|suit|uniform"
    r"|robe|gown|apron|sweater|jumper|cardigan|hoodie|vest|cloak|scarf|hat|cap|hood|helmet|boots|gloves|glasses|beard"
    r"|hair)",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"\s*,\s*([^,.;()]{2,60})(?=([,.;]|$))")
_LONGEST_DESCRIPTION = 12
_MOST_PHRASES = 4


class Cast:
    """The people of one script. `descriptions` maps a name to the words of its introduction, as later prompts need."""

    def __init__(self, elements: Iterable[Element], described: Mapping[str, str]) -> None:
        elements = tuple(elements)
        self.names: dict[str, None] = {}
        self.descriptions: dict[str, str] = {}
        for element in elements:
            if element.kind == kinds.CUE:
                self.names.update(dict.fromkeys(n for n in names_of(element.text) if n not in EVERYONE | NO_ONE))
        self._by_word = _index(self.names)
        for element in elements:
            if element.kind == kinds.ACTION:
                self._introduce(element.text)
        self._share_descriptions()
        for name, words in described.items():
            self.names.setdefault(name.upper())
            self.descriptions[name.upper()] = words
        self._by_word = _index(self.names)

    def mentioned(self, text: str) -> tuple[str, ...]:
        """The characters that a text names, in the order of their first mention."""
        return tuple(dict.fromkeys(name for name, _, _ in self.mentions(text)))

    def mentions(self, text: str) -> list[tuple[str, int, int]]:
        """Each mention of a character: name, and where in the text it begins and ends (exclusive)."""
        words = list(_WORD.finditer(text))
        folded = [_bare(word[0]) for word in words]
        found = []
        at = 0
        while at < len(words):
            for parts, name in self._by_word.get(folded[at], ()):
                if tuple(folded[at : at + len(parts)]) == parts and (len(parts) > 1 or words[at][0][0].isupper()):
                    at += len(parts) - 1
                    end = words[at].start() + len(folded[at])
                    found.append((name, words[at - len(parts) + 1].start(), end))
                    break
            at += 1
        return found

    def _introduce(self, text: str) -> None:
        """Keeps what stands behind a name in capitals: WILL (3), in pyjamas / JOE, 40s, a fisherman, waits."""
        for mark in re.finditer(r"[(,]", text):
            name = self._known(_capitals_before(text, mark.start()))
            if not name or name in self.descriptions:
                continue
            words = _bracketed(text, mark.end()) if mark[0] == "(" else _phrases(text, mark.start())
            is_age = bool(_AGE.match(words))
            if words and (is_age or name in self.names) and not is_absent(words):
                self.names.setdefault(name)
                self.descriptions[name] = " ".join(words.split()[:_LONGEST_DESCRIPTION]).strip(" ,;")

    def _share_descriptions(self) -> None:
        """COLE without an introduction looks like the one SHERIFF COLE that has one; not like YOUNG COLE."""
        having = {name: frozenset(name.split()) for name in self.descriptions}
        for name in self.names.keys() - self.descriptions.keys():
            parts = frozenset(name.split())
            longer = [other for other, words in having.items() if parts < words and not words & _OTHER_AGES]
            if len(longer) == 1 and not parts <= _COMMON:
                self.descriptions[name] = self.descriptions[longer[0]]

    def _known(self, words: str) -> str:
        """The name that a full name stands for: MARA KEANE is MARA, where MARA speaks."""
        if not words or words in self.names:
            return words
        spoken = {
            name for word in words.split() for parts, name in self._by_word.get(word.casefold(), ()) if len(parts) == 1
        }
        return spoken.pop() if len(spoken) == 1 else words


def _index(names: Iterable[str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Names by their first word, the longest first; a telling word of one longer name alone stands for that name."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    owners: dict[str, set[str]] = {}
    for name in names:
        parts = tuple(_bare(word) for word in _WORD.findall(name))
        if not parts:
            continue
        index.setdefault(parts[0], []).append((parts, name))
        for word in set(parts):
            owners.setdefault(word, set()).add(name)
    for word, having in owners.items():
        (owner, *others) = having
        if (
            not others
            and word.upper() not in _COMMON
            and len(word) > 2
            and (word,) not in (p for p, _ in index.get(word, ()))
        ):
            index.setdefault(word, []).append(((word,), owner))
    for found in index.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return index


def _bare(word: str) -> str:
    """A word for comparing: folded, without a possessive ending."""
    folded = word.casefold()
    return folded[:-2] if folded.endswith(("'s", "’s")) else folded.rstrip("'’")


def _capitals_before(text: str, end: int) -> str:
    """The run of words in capitals that ends at `end`, at most four."""
    words: list[str] = []
    for word in reversed(text[max(0, end - 60) : end].split()):
        if not word.isupper() or not word[0].isalpha() or word.endswith((",", ".", ":", ";", ")")) or len(words) == 4:
            break
        words.insert(0, word)
    return " ".join(words)


def _bracketed(text: str, start: int) -> str:
    """The words in a bracket and the phrase behind it: `(3), in pyjamas.`"""
    end = text.find(")", start, start + 120)
    if end < 0:
        return ""
    inside = text[start:end].strip()
    if is_absent(inside):
        return ""
    behind = _phrases(text, end + 1, describing_only=True)
    return ", ".join(filter(None, (inside, behind)))


def _phrases(text: str, start: int, describing_only: bool = False) -> str:
    """The describing phrases between commas from `start` on; the last may end the sentence."""
    found: list[str] = []
    while len(found) < _MOST_PHRASES and (match := _PHRASE.match(text, start)):
        words = match[1].strip()
        fits = (
            _DESCRIBES.match(words)
            or _WORN.fullmatch(words)
            or (not describing_only and not found and _AGE.match(words))
        )
        if not (fits or words.endswith("ed")) or (match[2] != "," and len(words.split()) > 6):
            break
        found.append(words)
        start = match.end()
    return ", ".join(found)
