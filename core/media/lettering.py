"""Words on frames: burn-ins, subtitles and slates, sized to the frame."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .frame import Frame
from .text import BOLD, Mask, block_mask, line_mask, plain, width_of, wrap

CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
_WHITE = (245, 245, 245)
_BURN_IN = 0.032  # heights of letters and places, as parts of the frame's height
_MARGIN = 0.035
_BACKING = 0.6
_SUBTITLE = 0.052
_SUBTITLE_BOTTOM = 0.07  # inside the action-safe area of EBU R 95 (3.5 %) and of masked frames' titles
_SUBTITLE_ROOM = 0.8  # of the width: graphics-safe, EBU R 95
_SMALLEST = 8

Opacity = npt.NDArray[np.float32]


def letter(frame: Frame, lines: Sequence[str], corner: str) -> Frame:
    """A copy of the frame with lines burnt into one of CORNERS, white on a soft dark backing; long lines shrink."""
    height, width = frame.shape[:2]
    margin = max(2, round(height * _MARGIN))
    cleaned = [plain(line) for line in lines]
    size = _size_for(cleaned, max(_SMALLEST, round(min(height, width) * _BURN_IN)), width - 4 * margin)
    text = _cropped(block_mask(cleaned, size), height - 2 * margin, width - 2 * margin)
    pad = max(2, size // 2)
    top = margin if corner.startswith("top") else height - margin - text.shape[0]
    left = margin if corner.endswith("left") else width - margin - text.shape[1]
    lettered = frame.copy()
    _blend(lettered, _soft_box((text.shape[0], text.shape[1]), pad), (top - 2 * pad, left - 2 * pad), (0, 0, 0))
    _blend(lettered, _fraction(text), (top, left), _WHITE)
    return lettered


def subtitle(frame: Frame, text: str) -> Frame:
    """A copy of the frame with words at the bottom, centred and wrapped, inside the safe area."""
    height, width = frame.shape[:2]
    room = round(width * _SUBTITLE_ROOM)
    size = max(_SMALLEST, round(min(height, width * 0.75) * _SUBTITLE))
    lines = wrap(text, size, room)
    while len(lines) > 3 and size > _SMALLEST:
        size -= 1
        lines = wrap(text, size, room)
    if not lines:
        return frame
    words = _cropped(block_mask(lines, size, BOLD, centred=True), height, width)
    bottom = height - round(height * _SUBTITLE_BOTTOM)
    place = (max(0, bottom - words.shape[0]), (width - words.shape[1]) // 2)
    titled = frame.copy()
    edge = max(2, size // 6)
    _blend(titled, _shadow(words, edge), (place[0] - 3 * edge, place[1] - 3 * edge), (0, 0, 0))
    _blend(titled, _fraction(words), place, _WHITE)
    return titled


def slate(size: tuple[int, int], lines: Sequence[str]) -> Frame:
    """A dark card of `size` (width, height): the first line large, the others below it, wrapped."""
    width, height = size
    card = _card(size).copy()
    first, *others = [plain(line) for line in lines] or [""]
    room = round(width * 0.76)
    left = (width - room) // 2
    unit = min(height, width * 0.6)
    name_size = _size_for([first], max(_SMALLEST + 2, round(unit * 0.105)), room, BOLD)
    text_size = max(_SMALLEST, round(unit * 0.05))
    name = line_mask(first, name_size, BOLD)
    wrapped = [line for other in others for line in wrap(other, text_size, room)]
    fitting = max(1, int(height * 0.55 / (text_size * 1.3)))
    if len(wrapped) > fitting:
        wrapped = [*wrapped[: fitting - 1], f"{wrapped[fitting - 1]} …"]
    text = block_mask(wrapped, text_size)
    rule = max(1, round(unit * 0.006))
    gap = round(unit * 0.035)
    total = name.shape[0] + (2 * gap + rule + text.shape[0] if wrapped else 0)
    top = max(0, (height - total) // 2)
    _blend(card, _fraction(name), (top, left - name_size // 8), _WHITE)
    if wrapped:
        line_top = top + name.shape[0] + gap
        card[line_top : line_top + rule, left : left + round(unit * 0.16)] = (214, 142, 62)
        _blend(card, _fraction(text), (line_top + rule + gap, left - text_size // 8), (178, 182, 188))
    return card


def _fraction(mask: Mask) -> Opacity:
    return np.asarray(mask / np.float32(255), dtype=np.float32)


def _size_for(lines: Sequence[str], size: int, room: int, weight: int = 450) -> int:
    """The size itself, or the largest below it at which every line fits into `room` pixels."""
    widest = max((width_of(line, size, weight) for line in lines), default=0)
    return size if widest <= room else max(_SMALLEST, size * room // widest)


def _cropped(mask: Mask, height: int, width: int) -> Mask:
    return mask[: max(1, height), : max(1, width)]


def _blend(frame: Frame, opacity: Opacity, place: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """Lays a colour over the frame, in place, by `opacity` (height, width) 0 to 1 at (top, left); cut at the edges."""
    top, left = max(0, place[0]), max(0, place[1])
    opacity = opacity[top - place[0] :, left - place[1] :]
    area = frame[top : top + opacity.shape[0], left : left + opacity.shape[1], :3]
    cover = opacity[: area.shape[0], : area.shape[1], None]
    area[:] = np.rint(area * (1 - cover) + np.array(colour, np.float32) * cover).astype(np.uint8)


@lru_cache(maxsize=64)
def _soft_box(inner: tuple[int, int], pad: int) -> Opacity:
    """A dark box around a text of `inner` (height, width), `pad` wider on each side and faded over as much again."""
    import cv2

    box = np.zeros((inner[0] + 4 * pad, inner[1] + 4 * pad), np.float32)
    box[pad:-pad, pad:-pad] = _BACKING
    return np.asarray(cv2.GaussianBlur(box, (0, 0), pad * 0.5), dtype=np.float32)


def _shadow(mask: Mask, edge: int) -> Opacity:
    """A soft dark outline around letters, three times `edge` larger on each side."""
    import cv2

    wide = cv2.copyMakeBorder(mask, *(3 * edge,) * 4, cv2.BORDER_CONSTANT)
    thick = cv2.dilate(wide, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge + 1, edge + 1)))
    soft = cv2.GaussianBlur(thick, (0, 0), edge * 0.6).astype(np.float32) / 255
    return np.asarray(np.minimum(1, soft * 1.2) * 0.85, dtype=np.float32)


@lru_cache(maxsize=4)
def _card(size: tuple[int, int]) -> Frame:
    """The slate's ground: near black, a little lighter in the middle; dithered, so that no bands show."""
    width, height = size
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    light = np.exp(-(across**2 + down**2) * 0.9)[..., None] * np.array([20, 22, 26], np.float32) + (14, 15, 17)
    noise = np.random.default_rng(0).random((height, width, 1), np.float32)
    return np.asarray(np.floor(light + noise), dtype=np.uint8)
