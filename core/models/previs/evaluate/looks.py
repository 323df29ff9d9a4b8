"""Numbers of a clip as a whole: colours, camera motion, sharpness, and how far two sets of clips lie apart."""

from __future__ import annotations

import contextlib

import cv2
import numpy as np
import numpy.typing as npt

from .cases import Frames

Array = npt.NDArray[np.float64]
_TWICE = (128, 72)  # the size that camera moves are fitted at


def colours(clip: Frames) -> Array:
    """Mean and spread of colour in each field of a grid of 6 by 8, over the clip's middle frame."""
    picture = clip[len(clip) // 2].astype(np.float64) / 255
    fields = picture.reshape(6, 6, 8, 8, 3).transpose(0, 2, 1, 3, 4).reshape(48, 48, 3)
    return np.concatenate([fields.mean(1).ravel(), fields.std(1).ravel()])


def flow(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """How far each pixel of one frame (rows, columns, 3) moves to the next, in its pixels; (rows, columns, 2)."""
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (first, second)]
    # Dark and foggy places move as well: contrast is spread before it is followed.
    low, high = float(min(g.min() for g in greys)), float(max(g.max() for g in greys))
    spread = [((g - low) * (255 / max(high - low, 1))).astype(np.uint8) for g in greys]
    twice = first.shape[1] * 2, first.shape[0] * 2  # followed at twice the size
    large = [cv2.resize(g, twice, interpolation=cv2.INTER_CUBIC) for g in spread]
    nothing = np.zeros((*large[0].shape, 2), np.float32)
    found = cv2.calcOpticalFlowFarneback(large[0], large[1], nothing, 0.5, 3, 11, 4, 5, 1.1, 0)
    return np.asarray(cv2.resize(found, first.shape[1::-1], interpolation=cv2.INTER_AREA) / 2, np.float32)


def shift(
    first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8], region: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """How far what a region (rows, columns) of one frame shows moves to the next, in pixels across and down.

    Begun from the flow's median and fitted to the pixels, the region's edges among them: flow alone misses by half
    where a subject is flat in colour.
    """
    size = first.shape[1] * 2, first.shape[0] * 2
    greys = [
        cv2.resize(cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
        for f in (first, second)
    ]
    grown = cv2.dilate(region.astype(np.uint8), np.ones((5, 5), np.uint8))
    where = cv2.resize(grown, size, interpolation=cv2.INTER_NEAREST)
    begun = np.median(flow(first, second)[region], axis=0)
    motion = np.array([[1, 0, 2 * begun[0]], [0, 1, 2 * begun[1]]], np.float32)
    rounds = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4)
    with contextlib.suppress(cv2.error):  # nothing to lay over anything
        motion = cv2.findTransformECC(greys[0], greys[1], motion, cv2.MOTION_TRANSLATION, rounds, where, 5)[1]
    return np.asarray(motion[:, 2] / 2, np.float64)


def _fitted(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> list[float]:
    """The affine motion that best lays one frame over another: shift of the centre, growth and turn, and how well."""
    greys = [
        cv2.resize(cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(np.float32), _TWICE, interpolation=cv2.INTER_CUBIC)
        for f in (first, second)
    ]
    motion, well = np.eye(2, 3, dtype=np.float32), 0.0
    rounds = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4)
    with contextlib.suppress(cv2.error):  # nothing to lay over anything: flat or unlike
        well, motion = cv2.findTransformECC(greys[0], greys[1], motion, cv2.MOTION_AFFINE, rounds, None, 5)
    middle = np.array((_TWICE[0] / 2, _TWICE[1] / 2, 1))
    shift = motion @ middle - middle[:2]
    grown = motion[0, 0] - 1, motion[1, 1] - 1, motion[0, 1], motion[1, 0]
    return [*map(float, shift), *map(float, grown), float(well)]


def camera(clip: Frames) -> Array:
    """How a clip moves as a whole: flow in a grid of 3 by 4 and fitted affine motions, over three stretches."""
    numbers: list[float] = []
    for start, end in ((0, 4), (4, 8), (7, 11)):
        step = np.mean([flow(clip[i], clip[i + 1]) for i in range(start, start + 3)], axis=0)
        numbers += [*step.reshape(3, 12, 4, 16, 2).mean((1, 3)).ravel(), *_fitted(clip[start], clip[end])]
    x = np.array(numbers)
    # A slow move is a move: small numbers are told apart as well as large ones.
    return np.concatenate([x, np.sign(x) * np.sqrt(np.abs(x)), np.tanh(2 * x)])


def sharpness(clip: Frames) -> float:
    """The mean slope of the steepest tenth of a clip's pixels."""
    grey = clip.astype(np.float32) @ np.array((0.299, 0.587, 0.114), np.float32)
    down, across = np.gradient(grey, axis=(1, 2))
    slope = np.hypot(down, across).ravel()
    return float(np.sort(slope)[-len(slope) // 10 :].mean())


def motion_energy(clip: Frames) -> float:
    """The mean change from frame to frame, in code values."""
    return float(np.abs(np.diff(clip.astype(np.float32), axis=0)).mean())


def features(clip: Frames) -> Array:
    """A clip as numbers: its colours, its edges' directions and its motion, all in a coarse grid."""
    grey = clip[len(clip) // 2].astype(np.float32) @ np.array((0.299, 0.587, 0.114), np.float32)
    down, across = np.gradient(grey)
    edges = np.stack([np.maximum(s * v, 0) for v in (down, across) for s in (1, -1)], 2)
    grid = edges.reshape(6, 6, 8, 8, 4).mean((1, 3)).ravel() / 16
    moved = np.abs(np.diff(clip.astype(np.float32), axis=0)).mean((0, 3)).reshape(6, 6, 8, 8).mean((1, 3)).ravel() / 16
    return np.concatenate([colours(clip), grid, moved]).astype(np.float64)


def frechet(first: Array, second: Array) -> float:
    """Frechet distance of two sets of features (clips, numbers), each taken as Gaussian (Heusel et al., 2017)."""
    means = first.mean(0) - second.mean(0)
    a, b = np.cov(first.T), np.cov(second.T)
    values, vectors = np.linalg.eigh(a)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ b @ root), 0)).sum()
    return float(means @ means + np.trace(a) + np.trace(b) - 2 * cross)
