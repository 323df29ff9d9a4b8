"""Lines of text as masks: measured, wrapped and drawn with the fonts that come inside OpenCV.

They cover Latin, Greek, Cyrillic, Hebrew, Chinese, Japanese and Korean; what they lack is drawn as “?”.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]
"""(height, width) coverage, 0 to 255."""

LINE_HEIGHT = 1.28  # of the letters' size
_BASELINE = 0.98
_LONGEST = 2000  # characters drawn of one line
REGULAR, BOLD = 450, 650

_drawing = threading.Lock()  # the fonts keep caches that threads must not share


@lru_cache(maxsize=1)
def _font() -> Any:
    import cv2

    return cv2.FontFace("sans")


def plain(text: str) -> str:
    """The text as one line that can be drawn: no control characters, no broken Unicode."""
    spaced = " ".join(text.split())[:_LONGEST]
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=4096)
def width_of(text: str, size: int, weight: int = REGULAR) -> int:
    """How wide a line is, in pixels, at letters of `size` pixels."""
    import cv2

    if not text:
        return 0
    with _drawing:
        left, _, wide, _ = cv2.getTextSize((0, 0), text, (0, 0), _font(), size, weight)
    return int(left + wide)


@lru_cache(maxsize=256)
def line_mask(text: str, size: int, weight: int = REGULAR) -> Mask:
    """One line, already `plain`, with room of an eighth of `size` at its sides; not to be changed."""
    import cv2

    side = max(1, size // 8)
    mask = np.zeros((round(size * LINE_HEIGHT), width_of(text, size, weight) + 2 * side), np.uint8)
    if text:
        with _drawing:
            cv2.putText(mask, text, (side, round(size * _BASELINE)), (255,), _font(), size, weight)
    mask.flags.writeable = False
    return mask


def wrap(text: str, size: int, room: int, weight: int = REGULAR) -> list[str]:
    """The text in as few lines as fit into `room` pixels, of even widths; words too long are broken."""
    lines = _filled(text, size, room, weight)
    if len(lines) < 2:
        return lines
    low, high = room // 2, room
    while high - low > size:  # the narrowest room that needs no more lines gives the evenest ones
        middle = (low + high) // 2
        if len(_filled(text, size, middle, weight)) > len(lines):
            low = middle
        else:
            high = middle
    return _filled(text, size, high, weight)


def _filled(text: str, size: int, room: int, weight: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in plain(text).split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, weight) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size, weight) > room and len(line) > 1:
            fits = _fitting(line, size, room, weight)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def _fitting(word: str, size: int, room: int, weight: int) -> int:
    """How many letters of a word fit, at least one."""
    fits = next((end for end in range(2, len(word)) if width_of(word[:end], size, weight) > room), len(word))
    return max(1, fits - 1)


def block_mask(lines: Sequence[str], size: int, weight: int = REGULAR, centred: bool = False) -> Mask:
    """Lines below each other as one mask, set left or centred."""
    masks = [line_mask(plain(line), size, weight) for line in lines]
    widest = max((mask.shape[1] for mask in masks), default=1)
    block = np.zeros((sum(mask.shape[0] for mask in masks) or 1, widest), np.uint8)
    top = 0
    for mask in masks:
        left = (widest - mask.shape[1]) // 2 if centred else 0
        block[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
        top += mask.shape[0]
    return block
