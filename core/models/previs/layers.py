"""What a take is made of: a plate with its distances, elements with their mattes, and the moves of camera and elements.

The same parts that a compositor lays out as cards in 2.5D. Places are in frame heights: x to the right of the middle,
y downward. Distances and lengths in the scene are shares of how far the main subject stands from the camera at the
reference moment, the moment whose view the plate holds in its middle. Moves are planned as the cosine waves of KNOTS
values, even in time from the take's first frame to its last; a take that lasts longer than a plan has more of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Box = tuple[float, float, float, float]  # left, top, right, bottom, in frame heights

VIEW = (54, 96)  # rows and columns of the frame, as the plate's pixels count
PLATE = (80, 144)
ELEMENT = (48, 48)
GLIMPSE = (36, 64)  # of the frame, as the eye and the mover look at it
SLOTS = 2  # elements, the main one first
POSES = 2  # of each: it moves by going from one to the other and back
KNOTS = 12
_PRESENT = 0.5  # an element is there above that
_NEAREST_ELEMENT = 0.1
HOPPING = 0.02  # frame heights: an element that hops less high does not
NEAREST = 2.0  # the largest nearness, 1 over distance, that a plate holds

CAMERA_TRACKS = ("x", "y", "z", "pan", "tilt")
ELEMENT_TRACKS = ("x", "z", "pose")
ELEMENT_FACTS = ("foot", "width", "height", "cadence", "hop", "present")
CAMERA_NUMBERS = len(CAMERA_TRACKS) * KNOTS
ELEMENT_NUMBERS = len(ELEMENT_TRACKS) * KNOTS + len(ELEMENT_FACTS)
MOVE_NUMBERS = CAMERA_NUMBERS + SLOTS * ELEMENT_NUMBERS


def in_view() -> tuple[slice, slice, slice]:
    """Where the view lies in plates (count, *PLATE, …)."""
    top, left = (PLATE[0] - VIEW[0]) // 2, (PLATE[1] - VIEW[1]) // 2
    return slice(None), slice(top, top + VIEW[0]), slice(left, left + VIEW[1])


def cosine_matrix(count: int) -> Array:
    """The orthonormal cosine transform (waves, samples) of so many samples."""
    wave, place = np.arange(count)[:, None], np.arange(count)[None]
    matrix = np.cos(math.pi * (place + 0.5) * wave / count) * math.sqrt(2 / count)
    matrix[0] /= math.sqrt(2)
    return matrix


_WAVES = cosine_matrix(KNOTS)


@dataclass(frozen=True)
class ElementMove:
    """How one element moves: tracks (KNOTS,) of its middle across and its distance; `pose` 1 the first, -1 the second.

    `foot` is its matte's lower edge above the camera, `width` and `height` its matte's sides; `cadence` how many times
    a second it goes through its poses, while `pose` is above 0, and `hop` how high it jumps each time; `begun` of a
    hop is over at the first frame.
    """

    x: Array
    z: Array
    pose: Array
    foot: float
    width: float
    height: float
    cadence: float
    hop: float
    begun: float = 0.0

    def up(self, seconds: float) -> float:
        """How high a hop has it so many seconds after the first frame."""
        return float(arc(self.begun + self.cadence * seconds)) * self.hop if self.hop > HOPPING else 0.0


@dataclass(frozen=True)
class Moves:
    """Tracks (KNOTS,) of the camera: how far it went from where it was at the reference moment, `pan` and `tilt` as the
    shift of the picture in frame heights; and each slot's element, if there is one."""

    x: Array
    y: Array
    z: Array
    pan: Array
    tilt: Array
    elements: tuple[ElementMove | None, ...]

    def steadied(self, least: float) -> Moves:
        """The same moves, the camera standing where none of its tracks goes as far as `least`."""
        tracks = {name: getattr(self, name) for name in CAMERA_TRACKS}
        return replace(self, **{n: np.full_like(t, t.mean()) for n, t in tracks.items() if np.ptp(t) < least})

    def to_numbers(self) -> npt.NDArray[np.float32]:
        """(MOVE_NUMBERS,); what an absent element would do is 0."""
        parts = [_WAVES @ getattr(self, name) for name in CAMERA_TRACKS]
        for element in self.elements:
            if element is None:
                parts.append(np.zeros(ELEMENT_NUMBERS))
                continue
            parts += [_WAVES @ element.x, _WAVES @ (element.z - 1), _WAVES @ element.pose]
            sides = math.log(element.width), math.log(element.height)
            parts.append(np.array([element.foot, *sides, element.cadence, element.hop, 1.0]))
        return np.concatenate(parts).astype(np.float32)

    @classmethod
    def from_numbers(cls, numbers: npt.NDArray[np.float32]) -> Moves:
        """Reads `to_numbers`."""
        values = numbers.astype(np.float64)
        camera = dict(zip(CAMERA_TRACKS, values[:CAMERA_NUMBERS].reshape(-1, KNOTS) @ _WAVES, strict=True))
        elements: list[ElementMove | None] = []
        for own in values[CAMERA_NUMBERS:].reshape(SLOTS, ELEMENT_NUMBERS):
            x, z, pose = own[: len(ELEMENT_TRACKS) * KNOTS].reshape(-1, KNOTS) @ _WAVES
            foot, width, height, cadence, hop, present = own[len(ELEMENT_TRACKS) * KNOTS :]
            move = ElementMove(x, z + 1, pose, foot, math.exp(width), math.exp(height), cadence, hop)
            elements.append(move if present > _PRESENT else None)
        return cls(**camera, elements=tuple(elements))


def said(numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Which numbers of moves (…, MOVE_NUMBERS) say something, 0 or 1: of an absent element, only that it is absent."""
    told = np.ones_like(numbers)
    for slot in range(SLOTS):
        last = CAMERA_NUMBERS + (slot + 1) * ELEMENT_NUMBERS - 1
        told[..., last + 1 - ELEMENT_NUMBERS : last] = numbers[..., last : last + 1] > _PRESENT
    return told


def at_moment(track: Array, moment: float) -> float:
    """A track's value at a moment, 0 the first frame to 1 the last."""
    return float(np.interp(moment, np.linspace(0, 1, len(track)), track))


def arc(beat: Any) -> Any:
    """How high a hop is in the course of it, 1 at most: so things fall. `beat` counts hops, parts too."""
    return 4 * (beat % 1) * (1 - beat % 1)


def distance_at(moves: Moves, slot: int, moment: float) -> float:
    """How far an element is from the camera at a moment; never quite 0."""
    element = moves.elements[slot]
    assert element is not None  # asked only of what is there
    return max(at_moment(element.z, moment) - at_moment(moves.z, moment), _NEAREST_ELEMENT)


def box_at(moves: Moves, slot: int, moment: float) -> Box:
    """Where an element's matte lies in the view at a moment, or below there while it hops: left, top, right, bottom, in
    frame heights."""
    element = moves.elements[slot]
    assert element is not None  # asked only of what is there
    x, y, _, pan, tilt = (at_moment(getattr(moves, name), moment) for name in CAMERA_TRACKS)
    distance = distance_at(moves, slot, moment)
    middle = (at_moment(element.x, moment) - x) / distance + pan
    bottom = -(element.foot - y) / distance + tilt
    half = element.width / 2 / distance
    return middle - half, bottom - element.height / distance, middle + half, bottom


def lifted(box: Box, by: float) -> Box:
    """A box so many frame heights higher."""
    left, top, right, bottom = box
    return left, top - by, right, bottom - by


def onto_view(box: Box, of: tuple[int, int], unit: float, size: tuple[int, int]) -> Array:
    """The affine motion (2, 3) that lays a picture `of` (rows, columns) pixels into a box of a view.

    The view is `size` (width, height) pixels, `unit` of them one frame height.
    """
    left, top, right, bottom = box
    across, down = (right - left) * unit / of[1], (bottom - top) * unit / of[0]
    corner = left * unit + size[0] / 2 + across / 2 - 0.5, top * unit + size[1] / 2 + down / 2 - 0.5
    return np.array([[across, 0, corner[0]], [0, down, corner[1]]])


@dataclass(frozen=True)
class Layers:
    """Plate (*PLATE, 4): its colours, 0 to 1, and nearness 0 to NEAREST; elements (SLOTS, POSES, *ELEMENT, 4): colours
    already multiplied with the matte, and the matte, 0 to 1; `reference` 0 the first frame to 1 the last."""

    plate: npt.NDArray[np.float32]
    elements: npt.NDArray[np.float32]
    moves: Moves
    reference: float
    seconds: float

    def nearness_at(self, x: Array, y: Array) -> npt.NDArray[np.float32]:
        """The plate's nearness at places of it, in frame heights from its middle; beyond it, as at its edge."""
        at_x = (x * VIEW[0] + (PLATE[1] / 2 - 0.5)).astype(np.float32)
        at_y = (y * VIEW[0] + (PLATE[0] / 2 - 0.5)).astype(np.float32)
        near = np.ascontiguousarray(np.clip(self.plate[..., 3], 0, NEAREST))
        found = cv2.remap(near, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found, np.float32)

    def box(self, slot: int, moment: float) -> Box:
        """Where an element is seen at a moment, in frame heights."""
        move = self.moves.elements[slot]
        assert move is not None  # asked only of what is there
        up = move.up(moment * self.seconds) / distance_at(self.moves, slot, moment)
        return lifted(box_at(self.moves, slot, moment), up)

    def boxes(self, moment: float) -> dict[int, Box]:
        """The same of all that are there, by slot."""
        return {slot: self.box(slot, moment) for slot, move in enumerate(self.moves.elements) if move is not None}

    def within(self, aspect: float, kept: bool) -> Layers:
        """The same layers for a frame of another shape, width by height, than they were learnt in: elements go as far
        to its sides, so that nobody walks beyond an upright frame. What is `kept` stays where it is at the reference.
        """
        share = min(1.0, aspect * VIEW[0] / VIEW[1])
        elements = []
        for element in self.moves.elements:
            if element is not None and share < 1:
                aside = element.x - self.moves.x
                here = at_moment(aside, self.reference) * (1 - share) if kept else 0.0
                element = replace(element, x=self.moves.x + aside * share + here)
            elements.append(element)
        return replace(self, moves=replace(self.moves, elements=tuple(elements)))
