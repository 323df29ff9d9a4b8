"""Planned moves held to the motion of known frames: what is made goes on as fast as what is known.

A camera moving through a plate whose distances are known moves its pixels by a sum of five fields, one for each of its
tracks; an element moves by three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from ...media.seam.carry import gone_on
from .compositing import SOLID, Compositor, Own
from .cycles import cycles_of, followed
from .following import Floats, Frame, Pair, field_of, places
from .layers import CAMERA_TRACKS, GLIMPSE, HOPPING, PLATE, VIEW, Array, Layers, Moves, at_moment, box_at, distance_at

_ROWS = GLIMPSE[0] * 4  # of the pictures that are compared
_KEPT_UP = 3.0  # seconds, for which what goes through cycles goes up or down as it did
_FEWEST = 24.0  # pixels of an element whose speed can be told
_GAINED = 0.1  # of a speed: what it gains or loses before it is taken for noise
_MISPLACED = 0.5, 2.0  # times a planned distance that the ground says otherwise
_AROUND = np.ones((9, 9), np.uint8)
_GROWS = 0.5  # a second, of its size, that an element grows or shrinks otherwise than planned: more is mistaken
_SWING_FROM = 3  # nearest other frames: steps and hops are soon over
_BENT = 0.02  # frame heights, that what goes through cycles may be beside its even way
_GOES_ON = 1 / 12  # seconds, that what is lower than it was goes on falling, or higher rising
_GAINS_ON = 0.6  # of what a swing gained in speed: three frames tell it but roughly
_STEP, _STEP_SECONDS = 0.02, 0.2  # of a take, and at most so long: over which a planned speed is taken
_CAMERA_FROM = 2  # of the other frames, the second and every second one tell of the camera
_FLOWING = 4  # of them are near enough for each pixel to be followed


def held_to(layers: Layers, known: Frame, others: Sequence[tuple[Frame, float]]) -> tuple[Layers, dict[int, Own]]:
    """Layers that move as known frames do, and each slot's own motion there.

    `known` is the frame of the reference moment, `others` known ones so many seconds before it, after it where
    negative, the nearest first and evenly apart.
    """
    columns = round(_ROWS * known.shape[1] / known.shape[0])
    layers = replace(layers, moves=_grounded(layers))
    pairs = [Pair(frame, known, apart, (columns, _ROWS)) for frame, apart in others]
    shown = Compositor(layers, (columns, _ROWS))
    bodies: dict[int, Floats] = {}
    around = np.ones((_ROWS, columns), np.float32)
    for slot, move in enumerate(layers.moves.elements):
        if move is not None:
            bodies[slot] = (shown.laid(slot, layers.reference)[..., 3] > SOLID).astype(np.float32)
            around *= 1 - cv2.dilate(bodies[slot], _AROUND)
    side = 1.0 if others[0][1] > 0 else -1.0
    telling = pairs[_CAMERA_FROM - 1 : _FLOWING : _CAMERA_FROM] or pairs
    fields = _camera_fields(layers, columns)
    planned = np.array([_speed(layers, getattr(layers.moves, name), side) for name in CAMERA_TRACKS])
    mean = _mean_speeds(telling, fields, planned, around)
    missed = telling[0].missed(fields, mean[0])
    layers = replace(layers, moves=_camera_held(layers, _at_once(telling, mean) - planned))
    own: dict[int, Own] = {}
    for slot, body in bodies.items():
        if body.sum() >= _FEWEST:
            layers, own[slot] = _element_held(layers, side, slot, pairs, body, missed)
    return layers, own


def _grounded(layers: Layers) -> Moves:
    """The same moves, each element as far away as the ground at its feet, so that it moves with it: as they look."""
    moves, at = layers.moves, layers.reference
    elements = list(moves.elements)
    for slot, element in enumerate(elements):
        if element is None:
            continue
        left, _, right, bottom = box_at(moves, slot, at)
        if bottom > PLATE[0] / VIEW[0] / 2:  # its feet are not in the picture
            continue
        near = float(layers.nearness_at(np.array([[(left + right) / 2]]), np.array([[bottom]]))[0, 0])
        farther = float(np.clip(1 / max(near, 1e-3) / distance_at(moves, slot, at), *_MISPLACED))
        height = at_moment(moves.y, at)
        elements[slot] = replace(
            element,
            x=moves.x + (element.x - moves.x) * farther,
            z=moves.z + (element.z - moves.z) * farther,
            foot=height + (element.foot - height) * farther,
            width=element.width * farther,
            height=element.height * farther,
        )
    return replace(moves, elements=tuple(elements))


def _mean_speeds(pairs: Sequence[Pair], fields: list[Floats], planned: Array, where: Floats) -> list[Array]:
    """The mean speeds since each of the other frames, the nearest first."""
    found: list[Array] = []
    for pair in pairs:
        found.append(pair.speeds(fields, found[-1] if found else planned, where))
    return found


def _at_once(pairs: Sequence[Pair], mean: Sequence[Array], gained: float = _GAINED) -> Array:
    """The speeds at the known frame itself: what they gained since the others, they gain on."""
    if len(mean) == 1:
        return mean[0]
    apart = np.array([pair.apart for pair in pairs])
    at_once = np.polyfit(apart, np.stack(mean), 1, w=np.abs(apart))[1]
    most = gained * np.abs(mean[0])
    return np.asarray(np.clip(at_once, mean[0] - most, mean[0] + most))


def _camera_fields(layers: Layers, columns: int) -> list[Floats]:
    """How what is seen moves when x, y, z, pan and tilt grow by 1 a second."""
    xs, ys = places(_ROWS, columns)
    near = layers.nearness_at(xs, ys)
    away_x = xs - at_moment(layers.moves.pan, layers.reference)
    away_y = ys - at_moment(layers.moves.tilt, layers.reference)
    both = ((-near, 0), (0, near), (near * away_x, near * away_y), (1, 0 * near), (0 * near, 1))
    return [field_of(*each) for each in both]


def _camera_held(layers: Layers, faster: Array) -> Moves:
    moves = layers.moves
    tracks = {n: getattr(moves, n) + _added(layers, by) for n, by in zip(CAMERA_TRACKS, faster, strict=True)}
    return replace(moves, **tracks)


def _element_held(
    layers: Layers, side: float, slot: int, pairs: Sequence[Pair], body: Floats, missed: Floats
) -> tuple[Layers, Own]:
    """Layers with one element's moves held, and its own motion; `missed` is what the camera's misses."""
    moves, at = layers.moves, layers.reference
    element: Any = moves.elements[slot]
    left, _, right, bottom = layers.box(slot, at)
    middle = (left + right) / 2
    xs, ys = places(*body.shape)
    fields = [field_of(0 * xs + 1, 0), field_of(0, 0 * xs + 1), field_of(xs - middle, ys - bottom)]
    x, z, pan, tilt = (_speed(layers, track, side) for track in (moves.x, moves.z, moves.pan, moves.tilt))
    own_x, own_z = _speed(layers, element.x, side), _speed(layers, element.z, side)
    distance = distance_at(moves, slot, at)
    beside = middle - at_moment(moves.pan, at)
    growing = -(own_z - z) / distance
    planned = np.array([(own_x - x) / distance + beside * growing + pan, tilt, growing])
    mean, unlike = followed(pairs, fields, planned, body, _FLOWING)
    telling = slice(_CAMERA_FROM - 1, _FLOWING, _CAMERA_FROM) if len(mean) >= _CAMERA_FROM else slice(None)
    cycles = [after for after in cycles_of(unlike) if _straight(pairs[:after], mean[:after])]
    speeds = _at_once(pairs[telling], mean[telling])
    if cycles:
        speeds = pairs[cycles[0] - 1].laid_over(fields, mean[cycles[0] - 1], cv2.dilate(body, _AROUND) > 0)
    across, grows = speeds[0], float(np.clip(speeds[2], growing - _GROWS, growing + _GROWS))
    faster_x = x + distance * (across - pan - beside * grows) - own_x
    faster_z = distance * (growing - grows)
    held = replace(
        element,
        x=element.x + _added(layers, faster_x),
        z=element.z + _added(layers, faster_z),
    )
    elements = tuple(held if i == slot else other for i, other in enumerate(moves.elements))
    layers = replace(layers, moves=replace(moves, elements=elements))
    better = missed - pairs[telling][0].missed(fields, mean[telling][0])
    if element.hop > HOPPING:  # as it does in known frames: see `hops.py`
        return layers, Own(better)
    if cycles:
        return layers, Own(better, *_kept_up(layers, slot, side, speeds[1]), tuple(cycles), speeds)
    return layers, Own(better, *_swing(layers, slot, pairs[:_SWING_FROM], [each[1] for each in mean[:_SWING_FROM]]))


def _straight(pairs: Sequence[Pair], mean: Sequence[Array]) -> bool:
    """Whether an element went across evenly since the last of the other frames: it did not stop or start."""
    off = [abs(speeds[0] - mean[-1][0]) * abs(pair.apart) for pair, speeds in zip(pairs, mean, strict=True)]
    return max(off) < _BENT


def _kept_up(layers: Layers, slot: int, side: float, down: float) -> tuple[Array, float, float]:
    """As `_swing`, of an element that goes down so fast over a whole cycle: what its tracks lack of that."""
    at = layers.reference
    to = _soon(layers, side)
    tracked = (box_at(layers.moves, slot, to)[3] - box_at(layers.moves, slot, at)[3]) / ((to - at) * layers.seconds)
    lacks = down - tracked
    return np.array([lacks, 0.0]), -abs(lacks) * _KEPT_UP, abs(lacks) * _KEPT_UP


def _swing(layers: Layers, slot: int, pairs: Sequence[Pair], down: Sequence[float]) -> tuple[Array, float, float]:
    """How an element moves up and down besides what its tracks say: speed and gain of speed, and between which bounds.

    In frame heights and seconds, down positive. It ends where it was in the known frames, or where it turns: who is in
    the air comes down to where the lowest of them has them.
    """
    apart = np.array([pair.apart for pair in pairs])
    here = box_at(layers.moves, slot, layers.reference)[3]
    moments = [layers.reference - seconds / layers.seconds for seconds in apart]
    along = np.array([box_at(layers.moves, slot, min(max(m, 0.0), 1.0))[3] for m in moments]) - here
    was = -np.array(down) * apart - along
    if len(was) < 2:
        return np.zeros(2), 0.0, 0.0
    # was = -speed * apart + gain * apart**2 / 2
    gain = -2 * _GAINS_ON * np.polyfit(apart, -was / apart, 1, w=np.abs(apart))[0]
    speed = gain * apart[0] / 2 - was[0] / apart[0]
    on = speed * float(np.copysign(_GOES_ON, apart[0]))
    turn = -(speed**2) / (2 * gain) if speed * gain < 0 else 0.0  # where a rise, or a fall, comes to its end
    return np.array([speed, gain]), min(0.0, turn, on, *was), max(0.0, turn, on, *was)


def _speed(layers: Layers, track: Array, side: float) -> float:
    """A track's change a second, on that side of the reference moment: 1 after it, -1 before it."""
    at = layers.reference
    to = _soon(layers, side)
    return (at_moment(track, to) - at_moment(track, at)) / ((to - at) * layers.seconds) if to != at else 0.0


def _soon(layers: Layers, side: float) -> float:
    """The moment up to which a speed at the reference moment is taken, on that side of it."""
    step = min(_STEP, _STEP_SECONDS / layers.seconds)
    return min(max(layers.reference + side * step, 0.0), 1.0)


def _added(layers: Layers, by: float) -> Array:
    """What a track gains that is faster by so much a second at the reference moment."""
    seconds = (np.linspace(0, 1, len(layers.moves.x)) - layers.reference) * layers.seconds
    return np.asarray(by * gone_on(seconds))
