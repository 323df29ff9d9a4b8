"""What a script says to the edit and not to the picture: transitions, montages, intercuts, words on screen."""

from __future__ import annotations

import re

_LONGEST = 80
_TRANSITION = re.compile(
    r"(?:FADE\s(?:IN|OUT|UP|TO\s(?:BLACK|WHITE))|(?:SMASH\s|HARD\s|QUICK\s)?CUT\s(?:TO|TO\sBLACK|TO\sWHITE)|SMASH\sTO"
    r"|(?:MATCH|JUMP|TIME|FLASH|SMASH)\sCUT(?:\sTO)?|(?:SLOW\s|LAP\s)?DISSOLVE(?:\sTO)?|CROSS[\s-]?FADE(?:\sTO)?"
    r"|IRIS\s(?:IN|OUT)|WIPE(?:\sTO)?|BLACK\s?OUT|FREEZE\sFRAME)[.:]?",
    re.IGNORECASE,
)
_MONTAGE = re.compile(r"(?:BEGIN\s|START\s)?(?:[A-Z’']+\s){0,3}(?:MONTAGE|SERIES\sOF\s(?:SHOTS|IMAGES|ANGLES))\b")
_MONTAGE_ANYWHERE = re.compile(r"\b(?:MONTAGE|SERIES\sOF\s(?:SHOTS|IMAGES|ANGLES))\b")
_MONTAGE_END = re.compile(r"END\s(?:OF\s)?(?:THE\s)?(?:MONTAGE|SERIES)\b|BACK\sTO\s(?:SCENE|PRESENT|SHOT)\b")
_INTERCUT = re.compile(r"(?:BEGIN\s|WE\s)?INTER-?CUT\b")
_INTERCUT_END = re.compile(r"(?:END|STOP)\s(?:OF\s)?INTER-?CUT\b")
_WORDS_ON_SCREEN = re.compile(
    r"(?:SUPER(?:IMPOSE)?|TITLE(?:\sCARD)?|CHYRON|CAPTION|SUBTITLE|ON\sSCREEN\sTEXT)\s?[:(]|THE\sEND\b|FIN\b"
)
_ITEM = re.compile(r"(?:[-–—•*·]+|\(?(?:\d{1,3}|[A-Z]{1,2})[.)])\s*(?=\S)")


def is_transition(line: str) -> bool:
    """Whether a line is a transition: CUT TO:, FADE IN:, SMASH CUT TO:, or anything in capitals that ends in TO:."""
    if len(line) > _LONGEST:
        return False
    if line.isupper() and line.endswith("TO:"):
        return True
    return (line.isupper() or line.endswith(":")) and bool(_TRANSITION.fullmatch(line))


def transition_kind(words: str) -> str:
    """One of film.shot.TRANSITIONS for the script's own words; what is no dissolve or fade is a cut."""
    words = words.upper()
    if "FADE" in words:
        if any(word in words for word in ("FADE IN", "FADE UP")):
            return "fade in"
        return "fade out" if any(word in words for word in ("OUT", "BLACK", "WHITE")) else "dissolve"
    return "dissolve" if "DISSOLVE" in words else "cut"


def opens_montage(line: str) -> bool:
    """MONTAGE, SERIES OF SHOTS, or a heading that says so."""
    return bool(_MONTAGE.match(line[:_LONGEST])) and not closes_montage(line)


def is_montage_heading(heading: str) -> bool:
    """A scene that is a montage as a whole: EXT. CITY - SERIES OF SHOTS."""
    return bool(_MONTAGE_ANYWHERE.search(heading[:200].upper()))


def closes_montage(line: str) -> bool:
    """END MONTAGE, END OF SERIES, BACK TO SCENE."""
    return bool(_MONTAGE_END.match(line[:_LONGEST]))


def opens_intercut(line: str) -> bool:
    """INTERCUT, INTERCUT WITH: …, INTERCUT BETWEEN … AND …"""
    return bool(_INTERCUT.match(line[:_LONGEST]))


def closes_intercut(line: str) -> bool:
    """END INTERCUT, END OF INTERCUT."""
    return bool(_INTERCUT_END.match(line[:_LONGEST]))


def is_words_on_screen(line: str) -> bool:
    """SUPER: …, TITLE: …, THE END: words over the picture that is there already."""
    return bool(_WORDS_ON_SCREEN.match(line[:_LONGEST]))


def is_direction(line: str) -> bool:
    """Whether a line in capitals is any of these and so can't be a character's name."""
    tests = (opens_montage, closes_montage, opens_intercut, closes_intercut, is_words_on_screen)
    return any(test(line) for test in tests)


def item_of(row: str) -> str | None:
    """The words of a montage's item (`- …`, `1. …`, `A) …`); None for a row that is none."""
    match = _ITEM.match(row[:20])
    return row[match.end() :] if match else None
