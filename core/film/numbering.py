"""How scenes and shots are numbered and named (architecture.md, section 5).

Labels sort in the script's order. A label is letters before, a number, letters behind: letters behind come after the
plain number, letters in front come just before what they stand on:

    3   A3A   3A   3AA   3B   4

The letters I and O are never given out, as on a slate they read as 1 and 0.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from ..errors import ProjectError, UsageError

NAME_LENGTH = 24  # with `_TK01` and a suffix of our own, a file's stem still fits a 32-character reel name
SCENE_CODE_LENGTH = 8
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_LABEL = re.compile(r"([A-Z]*)([0-9]+)([A-Z]*)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LAST = "["  # sorts behind every letter: nothing in front comes after anything in front
_STEP = 10
# Names that Windows keeps for devices, whatever their case.
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})


def scene_code(number: str) -> str:
    """A script's own scene number as shot names carry it: `1A` is `001A`, `12` is `012`, `A3A` is `A003A`.

    Signs other than letters and digits are dropped, the number gets three digits, eight characters are kept. Empty
    where the number has no digit or letter at all.
    """
    plain = "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum())
    match = re.search("[0-9]+", plain)
    if match:
        plain = plain[: match.start()] + f"{match[0].lstrip('0'):0>3}" + plain[match.end() :]
    return plain[:SCENE_CODE_LENGTH]


def scene_code_by_tens(ordinal: int) -> str:
    """The code of the scene `ordinal`, counted from 0, of a script without numbers: `010`, `020`, …"""
    return f"{(ordinal + 1) * _STEP:03}"


def shot_code_by_tens(ordinal: int) -> str:
    """The code of a scene's shot `ordinal`, counted from 0: `0010`, `0020`, …"""
    return f"{(ordinal + 1) * _STEP:04}"


def label_key(label: str) -> tuple[int, str, str]:
    """The sort key of a label, in which 3 < A3A < 3A < 3AA < 3B < 4; raises UsageError for what is no label."""
    match = _LABEL.fullmatch(label.upper())
    if not match:
        raise UsageError(f"“{label[:20]}” is no scene or shot number.", "Write a number with letters, such as 12A.")
    return int(match[2]), match[3], match[1][::-1] + _LAST


def number_between(before: str | None, after: str | None, taken: Container[str] = ()) -> str:
    """A new label behind `before` and ahead of `after`, None where there is no neighbour on that side.

    Halfway where whole numbers are free (`0015` between `0010` and `0020`), by tens at the end, and by the rule for
    locked numbers where none is. `taken` are labels in use or once used: they are never given out again. Raises
    UsageError where the labels are none, stand in the wrong order, or leave nothing between.
    """
    first = label_key(before)[0] if before else 0
    if after is None:
        number, width = (first // _STEP + 1) * _STEP, _width(before)
        while f"{number:0{width}}" in taken:
            number += _STEP
        return f"{number:0{width}}"
    gap = label_key(after)[0] - first
    middle = f"{first + gap // 2:0{_width(after)}}"
    if gap >= 2 and middle not in taken:
        return middle
    return locked_between(before, after, taken)


def locked_between(before: str | None, after: str | None, taken: Container[str] = ()) -> str:
    """A new label once numbers are locked: after 3 comes 3A, between 3 and 3A A3A, between 3A and 3B 3AA.

    `taken` labels are never given out again. Raises UsageError as `number_between` does.
    """
    if before is None and after is None:
        raise UsageError("There is no scene or shot to number by.", "Give the number before or after the new one.")
    low, high = before and before.upper(), after and after.upper()
    keys = [label_key(label) for label in (low, high) if label]
    if keys != sorted(set(keys)):
        raise UsageError(f"Nothing fits between {low} and {high}.", "Give the earlier number first.")
    while True:
        found = next((label for label in _successors(low, high) if _lies_between(label, low, high)), None)
        if found is None:
            raise UsageError(f"No number is left between {before} and {after}.", "Unlock the numbers to renumber.")
        if found not in taken:
            return found
        low = found


def _successors(low: str | None, high: str | None) -> list[str]:
    """Labels worth trying, the plainest first."""
    tried = []
    if low:
        front, digits, behind = _parts(low)
        if front:
            tried.append(_next_letter(front[0]) + front[1:] + digits + behind if front[0] != "Z" else low)
        else:
            tried.append(digits + behind[:-1] + _next_letter(behind[-1:]) if behind[-1:] != "Z" else low)
            tried.append(digits + behind + "A")
    if high:
        tried.append("A" + high)
    return tried


def _lies_between(label: str, low: str | None, high: str | None) -> bool:
    key = label_key(label)
    return (low is None or label_key(low) < key) and (high is None or key < label_key(high))


def _next_letter(letter: str) -> str:
    return next(following for following in _LETTERS if following > letter)


def _parts(label: str) -> tuple[str, str, str]:
    match = _LABEL.fullmatch(label)
    assert match, "label_key refused it before"
    return match[1], match[2], match[3]


def _width(label: str | None) -> int:
    return len(_parts(label.upper())[1]) if label else 4


def shot_name(naming: str, scene: str, shot: str) -> str:
    """A shot's name from the project's template of `{scene}` and `{shot}`: `SC010_SH0020`.

    Raises ProjectError for a template without both, with other fields, or whose names no file or reel can carry.
    """
    if "{scene}" not in naming or "{shot}" not in naming:
        raise ProjectError(f"naming = “{naming[:60]}” can't name shots.", "Use both {scene} and {shot} in it.")
    name = naming.replace("{scene}", scene).replace("{shot}", shot)
    if not is_name(name):
        raise ProjectError(
            f"naming = “{naming[:60]}” makes the name “{name[:60]}”.",
            f"Use letters, digits, _ and - so that names have at most {NAME_LENGTH} characters.",
        )
    return name


def is_name(text: str) -> bool:
    """Whether a shot may be called so: letters, digits, _ and -, at most 24, and no device of Windows."""
    return bool(_NAME.fullmatch(text)) and len(text) <= NAME_LENGTH and text.upper() not in _DEVICES


def scene_codes(numbers: Sequence[str]) -> tuple[str, ...]:
    """The codes of a script's scenes from their own numbers, empty where one has none; no two are the same.

    Without any number they count by tens. With some, a scene that has none, or one that stands earlier already, takes
    a letter behind its neighbour's.
    """
    own = [scene_code(number) for number in numbers]
    if not any(own):
        return tuple(scene_code_by_tens(ordinal) for ordinal in range(len(own)))
    taken = set(own)
    highest = max((int(match[2]) for code in own if (match := _LABEL.fullmatch(code))), default=0)
    codes: list[str] = []
    used: set[str] = set()
    for index, code in enumerate(own):
        if not code or code in used:
            before = codes[-1] if codes else None
            code = _code_beside(before, next((own[i] for i in range(index + 1, len(own)) if own[i]), ""), taken)
            if not code:
                highest = (highest // _STEP + 1) * _STEP
                code = f"{highest:03}"
            taken.add(code)
        used.add(code)
        codes.append(code)
    return tuple(codes)


def _code_beside(before: str | None, after: str, taken: Container[str]) -> str:
    """A code between both, else behind `before`; empty where none of eight characters is left."""
    for low, high in ((before, after or None), (before, None)):
        if not low and not high:
            continue
        try:
            code = locked_between(low, high, taken)
        except UsageError:  # no labels, or not in order
            continue
        if len(code) <= SCENE_CODE_LENGTH:
            return code
    return ""
