"""What stood behind the elements of a known frame.

   L [~~~~~~~~~~] R        where a row looks alike on both sides of an element, it goes on from one to the other
   L [~ element ] R
sand ---[shadow]---        and so does the ground at its feet, on which its shadow lies
   ? [ painted  ] x        elsewhere it is the painted plate, in the light that is seen around it
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
_FAINT = 0.05  # mattes below this cover nothing
_BESIDE, _BELOW = 0.6, 0.15  # of an element's width and height: how far beside and below it what it throws may lie
_FEET = 0.12  # of its height, from its lower end up
_ALIKE, _THROWN = 28 / 255, 7 / 255  # differences: of a row's two sides that still is one, and of a shadow from its row
_DARKEST, _SEEN = 0.1, 0.04  # added to sums of colours, that black is not divided by; and a shadow that is one
_SOFT = 4  # pixels beside a hole in which it is blended with what is around: three deviations of the blur
_ROUND = np.ones((7, 7), np.uint8)  # pixels around a shadow in which it fades
_SIDE = 80  # times narrower than the frame, what is looked at on either side of an element


def spread(values: Floats, told: Floats) -> Floats:
    """Values (rows, columns, …), already multiplied with how much each place tells, 0 to 1, spread over the others."""
    rows, columns = values.shape[:2]
    if min(rows, columns) < 4:
        return np.asarray(values.sum((0, 1)) / max(float(told.sum()), 1e-6) + 0 * values, np.float32)
    half = (columns + 1) // 2, (rows + 1) // 2
    less, share = (cv2.resize(each, half, interpolation=cv2.INTER_AREA) for each in (values, told))
    share = share[..., None]
    sure = np.minimum(1, 2 * share)
    coarse = spread(less / np.maximum(share, 1e-6) * sure, sure)
    behind = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(values + behind * (1 - told), np.float32)


def cleared(known: Floats, painted: Floats, mattes: Sequence[Floats]) -> Floats:
    """A known frame without what is seen through mattes (rows, columns), as far as it and `painted` tell.

    Frames are (rows, columns, 3), 0 to 1.
    """
    rows, columns = known.shape[:2]
    bare = np.ones((rows, columns, 1), np.float32)
    wide = (max(3, rows // 40) | 1) + 2 * _SOFT
    holes = [cv2.dilate((matte > _FAINT).astype(np.uint8), np.ones((wide, wide))) > 0 for matte in mattes]
    for hole in holes:
        bare = np.minimum(bare, 1 - cv2.GaussianBlur(hole.astype(np.float32), (0, 0), _SOFT / 3)[..., None])
    away = (known - painted) * bare
    clear: Floats = np.clip(painted + away + spread(away, bare) * (1 - bare), 0, 1)
    for hole in holes:
        if hole.any():
            _go_across(clear, known, hole)
    return clear


def shade(known: Floats, clear: Floats, matte: Floats) -> Floats:
    """How much darker, 0 to 1, the ground at an element's feet is for what it throws there; (rows, columns).

    `clear` is the known frame without it.
    """
    dark = np.zeros(matte.shape, np.float32)
    ys, xs = np.flatnonzero((matte > _FAINT).any(1)), np.flatnonzero((matte > _FAINT).any(0))
    if len(ys):
        high, beside = len(ys), int(_BESIDE * len(xs))
        place = (
            slice(max(0, ys[-1] + 1 - int(_FEET * high)), ys[-1] + 1 + int(_BELOW * high)),
            slice(max(0, xs[0] - beside), xs[-1] + 1 + beside),
        )
        lost = 1 - (known[place].sum(-1) + _DARKEST) / (clear[place].sum(-1) + _DARKEST)
        dark[place] = np.where(lost > _SEEN, np.clip(lost, 0, 1), 0) * (1 - matte[place])
    return np.asarray(cv2.GaussianBlur(dark, (0, 0), 0.7))


def _go_across(clear: Floats, known: Floats, hole: Flags) -> None:
    """Has rows go on over a hole, and over what its element throws on the ground, where both sides are alike."""
    rows, columns = hole.shape
    ys, xs = np.flatnonzero(hole.any(1)), np.flatnonzero(hole.any(0))
    high, wide, side = len(ys), len(xs), max(3, columns // _SIDE)
    feet = max(ys[0], ys[-1] + 1 - int(_FEET * high))
    for top, bottom, beside in ((ys[0], feet, 0), (feet, min(rows, ys[-1] + 1 + int(_BELOW * high)), _BESIDE)):
        left = max(side, xs[0] - int(beside * wide) - side)
        right = min(columns - side, xs[-1] + 1 + int(beside * wide) + side)
        if top == bottom or left > xs[0] or right <= xs[-1]:  # it reaches the frame's edge: there is no other side
            continue
        place = slice(top, bottom), slice(left, right)
        ends = [np.median(known[top:bottom, at : at + side], 1)[:, None] for at in (left - side, right)]
        way = np.linspace(0, 1, right - left, dtype=np.float32)[None, :, None]
        across = ends[0] * (1 - way) + ends[1] * way
        alike = cv2.blur(np.exp(-((np.abs(ends[0] - ends[1]).max(2) / _ALIKE) ** 2)).astype(np.float32), (1, 3))
        thrown = (np.abs(known[place] - across).max(2) > _THROWN) & (alike > 0.5)
        gone = _joined_to(hole[place], thrown)
        share = cv2.GaussianBlur(cv2.dilate(gone.astype(np.float32), _ROUND), (0, 0), _SOFT / 3) * alike
        clear[place] += (across - clear[place]) * share[..., None]


def _joined_to(hole: Flags, others: Flags) -> Flags:
    """A hole, and those of other places that hang together with it."""
    both = cv2.morphologyEx((hole | others).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3)))
    labels = cv2.connectedComponents(both)[1]
    return np.asarray(np.isin(labels, np.setdiff1d(np.unique(labels[hole]), [0])))
