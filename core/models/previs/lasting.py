"""Moves planned over some seconds, for a take that lasts longer than any that the networks have learnt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .layers import CAMERA_TRACKS, HOPPING, Array, ElementMove, Layers

LONGEST = 10.0  # seconds of a plan: as long as the longest scene that was learnt
_SLOWEST = 0.6  # of their own pace, at which those walk who have longer for their way
_ENDS_WITHIN = 1.0  # seconds, in which what a plan leaves moving comes to rest
_TOLD_BY = 2  # knots from a track's end, whose speed it goes on with


def stretched(layers: Layers, seconds: float) -> Layers:
    """The same moves, slower, over the whole of a longer take; limbs and hops keep about their pace."""
    slower = max(_SLOWEST, layers.seconds / seconds)

    def paced(move: ElementMove) -> ElementMove:
        if _travels(move):
            return replace(move, cadence=move.cadence * slower)
        return replace(move, begun=_begun(move, layers, seconds))

    elements = tuple(move and paced(move) for move in layers.moves.elements)
    return replace(layers, moves=replace(layers.moves, elements=elements), seconds=seconds)


def continued(layers: Layers, seconds: float) -> Layers:
    """A longer take of which the plan is a part, as the reference moment divides both: before and after it, elements
    go on across as they went; the camera, and what comes nearer or goes away, come to rest."""
    knots = max(len(layers.moves.x), round(len(layers.moves.x) * seconds / layers.seconds))
    at = layers.reference + (np.linspace(0, 1, knots) - layers.reference) * (seconds / layers.seconds)

    def gone_on(move: ElementMove) -> ElementMove:
        return replace(
            move,
            x=_beyond(move.x, at, layers.seconds, rests=False),
            z=_beyond(move.z, at, layers.seconds, rests=True),
            pose=np.interp(at, np.linspace(0, 1, len(move.pose)), move.pose),
            begun=_begun(move, layers, seconds),
        )

    moves = layers.moves
    elements = tuple(move and gone_on(move) for move in moves.elements)
    camera = {name: _beyond(getattr(moves, name), at, layers.seconds, rests=True) for name in CAMERA_TRACKS}
    return replace(layers, moves=replace(moves, **camera, elements=elements), seconds=seconds)


def _begun(move: ElementMove, layers: Layers, seconds: float) -> float:
    """How much of a hop is over at the first frame of a take so long, so that at the reference moment it is as far."""
    return move.begun + move.cadence * layers.reference * (layers.seconds - seconds)


def _travels(move: ElementMove) -> bool:
    """Whether an element crosses as much as half its own width, stepping."""
    return move.hop < HOPPING and float(np.ptp(move.x)) > move.width / 2


def _beyond(track: Array, at: Array, seconds: float, rests: bool) -> Array:
    """A track of so many seconds at other moments of it, 0 its first knot to 1 its last, and beyond these."""
    last = len(track) - 1
    values = np.interp(at, np.linspace(0, 1, len(track)), track)
    for end, inner, out in ((0, _TOLD_BY, at < 0), (last, last - _TOLD_BY, at > 1)):
        since = np.abs(at[out] - end / last) * seconds
        speed = (track[end] - track[inner]) / (_TOLD_BY / last * seconds)
        values[out] = track[end] + speed * (_ENDS_WITHIN * (1 - np.exp(-since / _ENDS_WITHIN)) if rests else since)
    return np.asarray(values)
