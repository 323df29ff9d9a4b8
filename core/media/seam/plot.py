"""A seam report as a small picture: each measure's course through the frames around the seam."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..frame import Frame
from ..pictures import write_picture
from ..text import line_mask
from .report import BAD, INVISIBLE, SeamReport

_ROW, _WIDTH, _LEFT, _MARGIN, _LETTERS = 64, 480, 120, 12, 16
_PAPER, _INK, _GREY = (250, 250, 248), (40, 40, 44), (205, 205, 205)
_TINTS = {INVISIBLE: (46, 140, 80), BAD: (190, 40, 40)}
_BETWEEN = (205, 140, 30)


def write_plot(path: Path, report: SeamReport) -> None:
    """Writes the plot as PNG; raises StorageError."""
    import cv2

    height = _ROW * len(report.courses) + 2 * _MARGIN
    picture = np.full((height, _LEFT + _WIDTH + _MARGIN, 3), _PAPER, np.uint8)
    for row, (name, course) in enumerate(report.courses.items()):
        measure = report.measures[name]
        top, bottom = _MARGIN + row * _ROW + 6, _MARGIN + (row + 1) * _ROW - 6
        values = np.array(course)
        low, high = float(values.min()), float(values.max())
        room = max(high - low, 0.15 * abs(high), 1e-3)
        # Numbers between frames stand half a frame after the earlier one.
        shift = 0.5 if len(course) < len(report.courses["light"]) else 0.0
        step = _WIDTH / max(1, len(report.courses["light"]) - 1)
        points = [
            (_LEFT + (i + shift) * step, bottom - (v - low) / room * (bottom - top)) for i, v in enumerate(values)
        ]
        seam = round(_LEFT + (report.at - 0.5) * step)
        cv2.line(picture, (seam, top), (seam, bottom), _GREY, 2)
        tint = _TINTS[INVISIBLE] if measure.odd < 1 else _TINTS[BAD] if measure.odd >= 3 else _BETWEEN
        line = np.round(np.array(points) * 8).astype(np.int32)
        cv2.polylines(picture, [line], False, tint, 2, cv2.LINE_AA, 3)
        _letter(picture, name, top + 2, _INK)
        _letter(picture, f"{measure.odd:.1f}", top + 24, tint)
    write_picture(path, picture)


def _letter(picture: Frame, words: str, top: int, colour: tuple[int, int, int]) -> None:
    mask = line_mask(words, _LETTERS)
    height, width = mask.shape
    place = picture[top : top + height, _MARGIN : _MARGIN + width]
    share = (mask[: place.shape[0], : place.shape[1]].astype(np.float32) / 255)[..., None]
    place[:] = (place * (1 - share) + np.array(colour, np.float32) * share + 0.5).astype(np.uint8)
