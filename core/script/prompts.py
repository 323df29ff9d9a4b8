"""A shot in words for a model: size and move, place, what is seen, who is in it and how they look, the film's look."""

from __future__ import annotations

import re

from .cast import Cast

_MOST_WORDS = 58
_MOST_DESCRIBED = 3
_BRACKET = re.compile(r"\s*\([^()]{0,120}\)")
_SURNAME = re.compile(r"(?:\s(?!AND\b|OR\b)[A-Z][A-Z'’-]+\b){1,2}")
_ENDS = tuple(end + quote for end in ".!?…" for quote in ("", '"', "”"))
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’']?\s+")


def prompt(size: str, move: str, place: str, picture: str, who: tuple[str, ...], cast: Cast, look: str) -> str:
    """What a model is told of a shot, under 60 words unless heading, cast and look alone have more.

    `Medium, push in. INT. LIGHTHOUSE KITCHEN - NIGHT. MARA (30s, red raincoat) lights the lamp. Pencil sketch.`
    """
    staging = f"{size.capitalize()}, {move}"  # static, too: where nothing is said, a model moves as it likes
    fixed = [staging, place, look]
    described = [name for name in who if cast.descriptions.get(name)][:_MOST_DESCRIBED]
    spent = sum(len(part.split()) for part in fixed)
    spent += sum(len(cast.descriptions[name].split()) for name in described)
    action = _within(_BRACKET.sub("", picture), max(8, _MOST_WORDS - spent))
    action, named = _with_descriptions(action, described, cast)
    others = [_described(name, cast) for name in who[:_MOST_DESCRIBED] if name not in named]
    return " ".join(_sentence(part) for part in (staging, place, action, ", ".join(others), look) if part.strip())


def _described(name: str, cast: Cast, shown: str = "") -> str:
    words = cast.descriptions.get(name)
    return f"{shown or name} ({words})" if words else name


def _with_descriptions(action: str, described: list[str], cast: Cast) -> tuple[str, set[str]]:
    """The action with each character's description behind the first mention, and whom it names."""
    named: set[str] = set()
    parts, done = [], 0
    for name, start, end in cast.mentions(action):
        if name not in named:
            named.add(name)
            if name in described and not action[end:].startswith(("'", "’")):
                surname = _SURNAME.match(action, end)
                whole = surname.end() if surname and not cast.mentions(surname[0]) else end
                shown = name if whole == end else action[start:whole]
                parts += [action[done:start], _described(name, cast, shown)]
                done = _behind_introduction(action, whole, cast.descriptions[name])
            elif name in described:
                named.discard(name)  # MARA'S HAND is not yet Mara
    return "".join(parts) + action[done:], named


def _behind_introduction(action: str, end: int, description: str) -> int:
    """Where the action goes on behind a name whose introduction it gives itself: JOE, 60s, a keeper, waits."""
    start = end
    for phrase in description.split(", "):
        if action.startswith(f", {phrase}", end):
            end += len(phrase) + 2
    return end + 1 if end > start and action.startswith(",", end) else end


def _within(text: str, words: int) -> str:
    """As many whole sentences as fit, else the first words of the first."""
    found = text.split(None, words)
    if len(found) <= words:
        return " ".join(found)
    cut = " ".join(found[:words])
    ends = [match.start() for match in _SENTENCE_END.finditer(cut)]
    return cut[: ends[-1]] if ends else cut.rstrip(" ,;:–—-")


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(_ENDS) else text.rstrip(",;:–—-") + "."
