"""What the networks are given beside noise and words: what is known of a picture, and numbers of what comes before."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from .layers import (
    CAMERA_NUMBERS,
    ELEMENT,
    ELEMENT_NUMBERS,
    GLIMPSE,
    MOVE_NUMBERS,
    PLATE,
    SLOTS,
    VIEW,
    Box,
    Moves,
    box_at,
    distance_at,
    in_view,
    lifted,
    onto_view,
)
from .painter import KNOWN

Floats = npt.NDArray[np.float32]
FRAME, PANEL, DEPTH = "frame", "panel", "depth"  # what a known picture is
_FLAGS = {FRAME: (1, 0), PANEL: (0, 1), DEPTH: (1, 1)}
_GLANCE = (4, 6)  # fields, down and across, in which an element sees its plate's light
PLATE_TOLD = MOVE_NUMBERS + 2
ELEMENT_TOLD = ELEMENT_NUMBERS + SLOTS + 3 * _GLANCE[0] * _GLANCE[1]


def known_view(picture: Floats | None, kind: str = FRAME) -> Floats:
    """What is known of the view, (KNOWN, *VIEW): a picture of VIEW's rows, 0 to 1, that is the frame, a drawing of it,
    or how near all of it is, in grey.

    A narrower one leaves the view's sides unknown; of a wider one its middle is seen.
    """
    known = np.zeros((KNOWN, *VIEW), np.float32)
    if picture is not None:
        columns = picture.shape[1]
        cut, left = max(0, columns - VIEW[1]) // 2, max(0, VIEW[1] - columns) // 2
        seen = picture[:, cut : cut + VIEW[1]].transpose(2, 0, 1)
        known[:3, :, left : left + seen.shape[2]] = seen * 2 - 1
        known[3:, :, left : left + seen.shape[2]] = np.reshape(_FLAGS[kind], (2, 1, 1))
    return known


def glimpse_of(view: Floats) -> Floats:
    """The same as the eye and the mover look at it, (KNOWN, *GLIMPSE)."""
    return np.stack([cv2.resize(channel, GLIMPSE[::-1], interpolation=cv2.INTER_AREA) for channel in view])


def known_plate(view: Floats) -> Floats:
    """The same of the plate, (KNOWN, *PLATE); nothing is known beside the view."""
    known = np.zeros((KNOWN, *PLATE), np.float32)
    known[in_view()] = view
    return known


def known_element(view: Floats, box: Box) -> Floats:
    """The same of an element, (KNOWN, *ELEMENT), that lies in a box of the view, in frame heights."""
    motion = onto_view(box, ELEMENT, VIEW[0], VIEW[::-1])
    flags: Any = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(np.ascontiguousarray(view.transpose(1, 2, 0)), motion, ELEMENT[::-1], flags=flags)
    return np.ascontiguousarray(cut.transpose(2, 0, 1))


def plate_told(scaled_moves: Floats, reference: float, seconds: float) -> Floats:
    """(PLATE_TOLD,): the moves that the plate is for."""
    return np.concatenate([scaled_moves, moment_told(reference, seconds)])


def moment_told(reference: float, seconds: float) -> Floats:
    """(2,): where in the take the reference moment is, and how long it takes."""
    return np.array([2 * reference - 1, np.log(seconds / 4)], np.float32)


def element_told(scaled_moves: Floats, slot: int, plate: Floats) -> Floats:
    """(ELEMENT_TOLD,): the element's own moves, which one it is, and the light of the plate (*PLATE, 3 or more)."""
    start = CAMERA_NUMBERS + slot * ELEMENT_NUMBERS
    own = scaled_moves[start : start + ELEMENT_NUMBERS]
    glance = cv2.resize(np.ascontiguousarray(plate[..., :3]), _GLANCE[::-1], interpolation=cv2.INTER_AREA)
    which = np.eye(SLOTS, dtype=np.float32)[slot]
    return np.concatenate([own, which, glance.ravel() * 2 - 1]).astype(np.float32)


def element_box(moves: Moves, slot: int, reference: float, up: float) -> Box:
    """Where an element lies in the view that is known, `up` in the air in lengths of the scene; kept from becoming a
    point or a world."""
    box = box_at(moves, slot, reference)
    left, top, right, bottom = lifted(box, up / distance_at(moves, slot, reference))
    across, down = np.clip((right - left, bottom - top), 0.02, 8.0)
    middle = (left + right) / 2
    return middle - across / 2, bottom - down, middle + across / 2, bottom
