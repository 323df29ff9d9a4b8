"""What stood behind an element: bands go on across it, shadows go with it, the painted plate fills the rest."""

from __future__ import annotations

import cv2
import numpy as np
from shotwright.core.models.previs.clearing import Floats, cleared, shade

_SIZE = 144, 256
_STANDS = slice(50, 110), slice(110, 130)  # rows and columns of a dark figure


def _bands() -> Floats:
    """Sky over sand, each a little lighter downwards."""
    rows = np.linspace(0.5, 0.6, _SIZE[0], dtype=np.float32)[:, None, None] + np.zeros((*_SIZE, 3), np.float32)
    rows[: _SIZE[0] // 2] += (0, 0.1, 0.3)
    return rows


def _with_figure(behind: Floats, place: tuple[slice, slice]) -> tuple[Floats, Floats]:
    """A frame with a figure and its shadow, and the figure's matte."""
    frame, matte = behind.copy(), np.zeros(_SIZE, np.float32)
    feet = (place[1].start + place[1].stop) // 2, place[0].stop
    cv2.ellipse(frame, feet, (16, 4), 0, 0, 360, (0.3, 0.3, 0.3), -1)
    frame[place], matte[place] = 0.1, 1
    return frame, matte


def test_bands_go_on_where_a_figure_and_its_shadow_were() -> None:
    behind = _bands()
    frame, matte = _with_figure(behind, _STANDS)
    clear = cleared(frame, np.full_like(behind, 0.9), [matte])
    assert np.abs(clear - behind).max() < 4 / 255


def test_what_is_unlike_on_both_sides_is_painted() -> None:
    behind = _bands()
    behind[:, 120:] = 0.2  # a wall's edge behind the figure
    frame, matte = _with_figure(behind, _STANDS)
    clear = cleared(frame, behind, [matte])
    assert np.abs(clear - behind)[55:100].max() < 0.05


def test_a_figure_at_the_frames_edge_is_painted_over() -> None:
    behind = _bands()
    frame, matte = _with_figure(behind, (slice(50, 110), slice(0, 14)))
    clear = cleared(frame, behind, [matte])
    assert np.abs(clear - behind)[50:100, :14].max() < 0.03


def test_a_shadow_at_the_feet_is_told_and_nothing_else_is() -> None:
    clear = np.full((120, 160, 3), 0.6, np.float32)
    matte = np.zeros((120, 160), np.float32)
    matte[30:90, 70:90] = 1
    known = clear.copy()
    known[86:94, 60:100] *= 0.6  # its shadow
    known[20:28, 10:30] *= 0.5  # a cloud
    known[40:60, 100:120] = 0.9  # a lamp
    known[matte > 0] = 0.2
    dark = shade(known, clear, matte)
    assert abs(float(dark[91:93, 64:96].mean()) - 0.37) < 0.06
    assert dark[:70].max() == 0
    assert dark[matte > 0.5].max() < 0.2
    assert shade(known, clear, np.zeros_like(matte)).max() == 0
