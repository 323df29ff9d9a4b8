"""Colour held to known frames, and over chained chunks: every chunk is brought back to the first one.

Each chunk redraws the frames it was given: known ones, or its neighbour's. How its redrawing differs from what it was
given is its own drift, and is taken off. What is left adds up slowly, so the mean and the contrast are also drawn
towards those of the first chunk, within bounds that a real change of light exceeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.uint8]
Row = npt.NDArray[np.float32]

_GAIN = 0.12  # the most that a redrawing's contrast is corrected, either way
_OFFSET = 14.0  # and its level, in code values
_PULL = 0.5  # share of the remaining distance to the first chunk taken in each chunk
_ROWS_SEEN = 36
_NEAR = 10.0  # code values: farther from the first chunk than this, it is a change of picture, not drift


@dataclass(frozen=True)
class Look:
    """Mean and spread of a chunk's pixels, (3,) each, in code values."""

    mean: Row
    spread: Row


def look_of(frames: Frames) -> Look:
    """The look of some frames; of large ones every few pixels tell it."""
    step = max(1, frames.shape[1] // _ROWS_SEEN)
    pixels = frames[:, ::step, ::step].reshape(-1, 3).astype(np.float32)
    return Look(pixels.mean(0), pixels.std(0) + 1.0)


def _drift(redrawn: Frames, given: Frames) -> tuple[Row, Row]:
    """Gain and offset, (3,) each, that bring a redrawing back to what was given; 1 and 0 where it says nothing."""
    made, true = look_of(redrawn), look_of(given)
    gain = np.clip(true.spread / made.spread, 1 - _GAIN, 1 + _GAIN)
    offset = np.clip(true.mean - made.mean * gain, -_OFFSET - 255 * _GAIN, _OFFSET + 255 * _GAIN)
    shift = np.clip(true.mean - made.mean, -_OFFSET, _OFFSET)
    return gain.astype(np.float32), np.where(np.abs(shift) >= _OFFSET, shift, offset).astype(np.float32)


def anchored(frames: Frames, shared: slice, given: Frames, first: Look) -> Frames:
    """A chunk's frames with its drift taken off.

    `shared` are the frames it has in common with its neighbour, at its start or its end; `given` (k, height, width, 3)
    is how the neighbour has them; `first` is the first chunk's look.
    """
    redrawn = frames[shared]
    if np.array_equal(redrawn, given):
        return frames  # a model that carries on what it is given does not drift
    gain, offset = _drift(redrawn, given)
    step = max(1, frames.shape[1] // _ROWS_SEEN)
    few = frames[:, ::step, ::step].astype(np.float32) * gain + offset
    now = look_of(np.clip(few, 0, 255).astype(np.uint8))
    away = first.mean - now.mean
    pull = np.where(np.abs(away) < _NEAR, away * _PULL, 0.0).astype(np.float32)
    # Grows away from the neighbour, so that no step is seen where they meet.
    ramp = np.linspace(0, 1, len(frames), dtype=np.float32)
    if shared.start:
        ramp = ramp[::-1]
    return _mended(frames, gain, offset + pull * ramp[:, None])


def matched(frames: Frames, known: npt.NDArray[np.bool_], given: Frames) -> Frames:
    """A chunk's frames with the drift taken off that its redrawing of the `known` ones (a mask) shows.

    `given` (frames, height, width, 3) are these as they are.
    """
    if not known.any() or np.array_equal(frames[known], given[known]):
        return frames
    gain, offset = _drift(frames[known], given[known])
    return _mended(frames, gain, np.repeat(offset[None], len(frames), 0))


def _mended(frames: Frames, gain: Row, offsets: npt.NDArray[np.float32]) -> Frames:
    """Frames times a gain (3,), and each with its own of `offsets` (frames, 3)."""
    mended = np.empty_like(frames)
    for i, offset in enumerate(offsets):  # one at a time: a chunk of large frames is held once
        mended[i] = np.clip(frames[i] * gain + (offset + 0.5), 0, 255)
    return mended
