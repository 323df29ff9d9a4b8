"""Scene headings: INT. LIGHTHOUSE KITCHEN - NIGHT, their numbers, and the furniture that page breaks leave behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SETTINGS = {
    "INT": "INT",
    "EXT": "EXT",
    "EST": "EST",
    "INT/EXT": "INT/EXT",
    "EXT/INT": "INT/EXT",
    "I/E": "INT/EXT",
    "E/I": "INT/EXT",
}
_SETTING = re.compile(
    r"(INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\.?/E|E\.?/I|INT|EXT|EST)(?:\.\s*|[\s:]\s*|\s?[-–—]\s*)", re.I
)
_SEQUENCE = re.compile(
    r"(?:FLASH(?:BACK|\s?FORWARD)|DREAM(?:\sSEQUENCE)?)\s?[:–—-]+\s*", re.I
)  # FLASHBACK - INT. HOUSE
_LEADING_NUMBER = re.compile(r"(?:[A-Z]{0,2}\d{1,4}[A-Z]{0,3})\.?[ \t]+(?=(?:INT|EXT|EST|I/E|E/I)\b)")
_CONTINUED_WORD = r"\(?(?:CONTINUED|CONT['’.]?D?)\.?\)?:?"
_CONTINUED_TAIL = re.compile(r"\s*(?:[-–—]\s*)?\((?:CONTINUED|CONT['’]?D)\.?\)\s*$", re.I)
_FURNITURE = re.compile(
    rf"(?:[A-Z]{{0,2}}\d{{1,4}}[A-Z]{{0,3}}\.?\s*)?{_CONTINUED_WORD}(?:\s*\(\d+\))?(?:\s*[A-Z]{{0,2}}\d{{1,4}}[A-Z]{{0,3}})?"
    r"|\(MORE\)|\d{1,4}\.",
)
_LIGHT_WORDS = (
    "DAY NIGHT MORNING EVENING AFTERNOON DAWN DUSK SUNSET SUNRISE NOON MIDDAY MIDNIGHT TWILIGHT LATE EARLY MAGIC "
    "GOLDEN DAYBREAK NIGHTFALL"
)
_LIGHTS = frozenset(_LIGHT_WORDS.split())
_GOING_ON = frozenset(("CONTINUOUS", "LATER", "SAME", "MOMENTS"))  # they say when, but not in what light
_TIMES = _LIGHTS | _GOING_ON | {"TOMORROW", "PRESENT"}


@dataclass(frozen=True)
class Heading:
    """A heading taken apart: `setting` is INT, EXT, INT/EXT, EST or empty."""

    setting: str
    place: str
    time_of_day: str


def starts_like_heading(line: str) -> bool:
    """Whether a line begins as headings do (INT. EXT. EST. INT./EXT. I/E), with or without a number before."""
    line = line[:200]
    return bool(_setting(line) or _LEADING_NUMBER.match(line[:20]))


def _setting(line: str) -> re.Match[str] | None:
    sequence = _SEQUENCE.match(line)
    return _SETTING.match(line, sequence.end() if sequence else 0)


def is_furniture(line: str) -> bool:
    """Whether a line only continues a page: (CONTINUED), 12 CONTINUED: (2), (MORE), a page number."""
    return len(line) < 60 and bool(_FURNITURE.fullmatch(line))


def split_number(line: str) -> tuple[str, str]:
    """Heading and scene number, from `INT. BAR - DAY #12A#` or `12A INT. BAR - DAY 12A`; the number may be empty."""
    line = line.rstrip()
    if line.endswith("#") and "#" in line[:-1]:
        heading, _, number = line[:-1].rpartition("#")
        return heading.rstrip(), number.strip()
    match = _LEADING_NUMBER.match(line[:20])
    if not match:
        return line, ""
    number = match[0].strip()
    return line[match.end() :].removesuffix(number).rstrip(), number.rstrip(".")


def without_continued(heading: str) -> tuple[str, bool]:
    """The heading without a `(CONTINUED)` at its end, and whether there was one."""
    if not heading.endswith((")", ") ")):
        return heading, False
    match = _CONTINUED_TAIL.search(heading, max(0, len(heading) - 30))
    return (heading[: match.start()], True) if match else (heading, False)


def parse_heading(text: str) -> Heading:
    """Setting, place and time of day; what a heading does not say is empty."""
    match = _setting(text[:200])
    setting = _SETTINGS[re.sub(r"[.\s]", "", match[1]).upper()] if match else ""
    rest = text[match.end() :] if match else text
    parts = [part.strip() for part in re.split(r"\s[-–—]+\s|\s?[–—]\s?|\s--?(?=\S)", rest) if part.strip()]
    if len(parts) > 1 and (setting or _is_time(parts[-1])):
        at = next((i for i in range(1, len(parts)) if _is_time(parts[i])), len(parts) - 1 if len(parts) == 2 else None)
        if at is not None:
            return Heading(setting, " - ".join(parts[:at]), " - ".join(parts[at:]))
    return Heading(setting, " - ".join(parts), "")


def lit(headings: Sequence[str]) -> list[str]:
    """Headings as a model is to read them: CONTINUOUS, LATER and SAME in the light of the heading before."""
    found, light = [], ""
    for heading in headings:
        time = parse_heading(heading).time_of_day
        if _has(time, _LIGHTS):
            light = time
        elif light and _has(time, _GOING_ON):
            heading = light.join(heading.rsplit(time, 1))
        found.append(heading)
    return found


def _is_time(words: str) -> bool:
    return _has(words, _TIMES)


def _has(words: str, wanted: frozenset[str]) -> bool:
    return any(word.strip("().,'’").upper() in wanted for word in words.split())
