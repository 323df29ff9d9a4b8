"""Chunks that were made, kept without loss, so that a killed worker costs at most the one in flight."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...planner import Chunk, Plan
from ...storage import replacing

Frames = npt.NDArray[np.uint8]


def fingerprint(plan: Plan, model: str) -> str:
    """What a chunk depends on: the whole request, the plan's shape, the weights."""
    parts = [plan.request.to_json(), plan.canvas.size, str(plan.rate), [repr(chunk) for chunk in plan.chunks], model]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


class ChunkStore:
    """One take's chunks as `chunks/FINGERPRINT-NNNN.npy`, (frames, height, width, 3) uint8; read without loading."""

    def __init__(self, work: Path, mark: str) -> None:
        self._folder, self._mark = work / "chunks", mark

    def _path(self, chunk: Chunk) -> Path:
        return self._folder / f"{self._mark}-{chunk.index:04}.npy"

    def has(self, chunk: Chunk) -> bool:
        """Whether the chunk was made, by this attempt or an earlier one."""
        return self._path(chunk).is_file()

    def write(self, chunk: Chunk, frames: Frames) -> None:
        """Keeps a chunk; raises StorageError."""
        with replacing(self._path(chunk), "keeping a chunk of the take") as temporary, temporary.open("wb") as file:
            np.save(file, frames)

    def read(self, chunk: Chunk) -> Frames:
        """A chunk's frames, mapped from the disk."""
        frames: Frames = np.load(self._path(chunk), mmap_mode="r")
        return frames
