"""Cutting an element out of a known frame: its matte as the frame itself shows it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Frame = npt.NDArray[np.uint8]
_ROWS = 144  # that the cut is made at
REACH = 0.25  # of an element's sides: how far from its box its body may reach
_OWN = 6.0  # code values: what the element's motion explains so much better than the camera's is the element's
_ROUNDS = 4
_LEAST, _MOST = 0.4, 0.75  # of the expected body, and of the box it is looked for in, that it fills
_FEWEST = 40  # pixels of an element that can be cut out


def cut_out(known: Frame, expected: Floats, own: Floats | None) -> Floats | None:
    """The matte (rows, columns) of the element of `known` that is expected at a matte; None where it can't be told.

    By colours as in C. Rother et al., “GrabCut”, 2004, begun from the expected matte and, where it moves, from `own`:
    by how many code values each pixel is better explained by its motion than by the camera's.
    """
    height, width = known.shape[:2]
    size = round(_ROWS * width / height), _ROWS
    small = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    body = cv2.resize(expected, size, interpolation=cv2.INTER_AREA) > 0.5
    area = int(body.sum())
    if area < _FEWEST or area > 0.8 * body.size:
        return None
    rows, columns = np.flatnonzero(body.any(1)), np.flatnonzero(body.any(0))
    reach_y, reach_x = (int(REACH * (at[-1] - at[0])) + 3 for at in (rows, columns))
    labels = np.full(body.shape, cv2.GC_BGD, np.uint8)  # which is 0
    labels[max(0, rows[0] - reach_y) : rows[-1] + reach_y, max(0, columns[0] - reach_x) : columns[-1] + reach_x] = (
        cv2.GC_PR_BGD
    )
    around = np.count_nonzero(labels)
    labels[body] = cv2.GC_PR_FGD
    if own is not None:
        told = cv2.GaussianBlur(cv2.resize(own, size, interpolation=cv2.INTER_AREA), (0, 0), 1.5)
        labels[(labels == cv2.GC_PR_BGD) & (told > _OWN)] = cv2.GC_PR_FGD
        labels[(labels == cv2.GC_PR_BGD) & (told < -_OWN)] = cv2.GC_BGD
        labels[(labels == cv2.GC_PR_FGD) & (told > _OWN)] = cv2.GC_FGD
    if not ((labels & 1) == 1).any():
        return None
    cv2.setRNGSeed(0)
    cv2.grabCut(small, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    if not _LEAST * area < found.sum() < _MOST * around:
        return None
    soft = cv2.GaussianBlur(found, (0, 0), 0.7)
    return np.clip((cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC) - 0.5) * 2.5 + 0.5, 0, 1)
