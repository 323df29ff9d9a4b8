"""A dark sheet that words and pictures are laid on."""

from __future__ import annotations

import numpy as np

from ..media.frame import Frame
from ..media.text import BOLD, REGULAR, line_mask, plain, width_of, wrap

Colour = tuple[int, int, int]


class Paper:
    """A picture of `width` by `height` pixels of one colour; everything is placed by its left top corner."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.picture: Frame = np.empty((height, width, 3), np.uint8)
        self.picture[:] = colour

    def words(self, at: tuple[int, int], text: str, size: int, colour: Colour, bold: bool = False) -> int:
        """Writes one line at (left, top), letters of `size` pixels, cut at the sheet's edge; returns where it ends."""
        weight = BOLD if bold else REGULAR
        text = plain(text)
        mask = line_mask(text, size, weight)
        left, top = at[0] - max(1, size // 8), at[1]  # the mask has room at its sides
        area = self.picture[top : top + mask.shape[0], max(0, left) : max(0, left) + mask.shape[1]]
        cover = mask[: area.shape[0], : area.shape[1], None].astype(np.float32) / 255
        area[:] = np.rint(area * (1 - cover) + np.array(colour, np.float32) * cover).astype(np.uint8)
        return at[0] + width_of(text, size, weight)

    def words_ending_at(self, right: int, top: int, text: str, size: int, colour: Colour, bold: bool = False) -> None:
        """Writes one line that ends at `right`."""
        width = width_of(plain(text), size, BOLD if bold else REGULAR)
        self.words((right - width, top), text, size, colour, bold)

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """Fills an area: a rule, a mark, a ground."""
        self.picture[top : top + height, left : left + width] = colour

    def lay(self, left: int, top: int, picture: Frame) -> None:
        """Lays a picture on the sheet."""
        self.picture[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def shortened(text: str, size: int, room: int, bold: bool = False) -> str:
    """The text where it fits into `room` pixels, else the words that do with “…”; empty where not even one fits."""
    weight = BOLD if bold else REGULAR
    text = plain(text)
    if width_of(text, size, weight) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(text[:middle] + " …", size, weight) <= room else (low, middle - 1)
    kept, space, _ = text[: low + 1].rpartition(" ")
    kept = (kept if space else text[:low]).rstrip(" ,.;:-–")
    return f"{kept} …" if kept else ""


def fitting_size(text: str, size: int, room: int) -> int:
    """The size itself, or the largest below it, 11 at least, at which bold words fit into `room` pixels."""
    wide = width_of(plain(text), size, BOLD)
    return size if wide <= room else max(11, size * room // wide)


def paragraph(text: str, size: int, room: int, most: int) -> list[str]:
    """The text in at most `most` lines of `room` pixels, the last one shortened where there is more."""
    lines = wrap(text[:1000], size, room)
    if len(lines) <= most:
        return lines
    rest = " ".join(lines[most - 1 :])
    return [*lines[: most - 1], shortened(rest, size, room)]
