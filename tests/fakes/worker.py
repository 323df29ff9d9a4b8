"""The real worker with a model that paints flat colours: every file and every chunk is real, only the art is not.

Run as a script. The prompt says how:
`slow` (0.2 s a step), `brisk` (0.05 s), `deaf` (hears no stop for 30 s),
`die` (ends the process), `break` (raises), `memory` (runs out of it), `leaner` (tells that it went on leaner).
"""

import os
import time

import numpy as np
from shotwright.core.backends.worker.loop import main
from shotwright.core.models.base import ChunkRequest, Frames, OnStep
from shotwright.core.models.fingerprints import of_previs
from shotwright.core.models.previs_model import LIMITS

STEPS = 4


class FlatModel:
    """A VideoModel without weights: the seed is the colour, known frames come back as they were given."""

    limits = LIMITS

    def __init__(self, name: str) -> None:
        self.name, self.fingerprint = name, of_previs()  # it stands for that model, which has not changed
        self.notices: list[str] = []

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """As VideoModel.make_chunk."""
        words = request.prompt.split()
        if "die" in words:
            os._exit(9)
        if "break" in words:
            raise ValueError("tensors do not meet")
        if "memory" in words:
            raise MemoryError
        if "leaner" in words:
            self.notices.append("Made by a leaner plan.")
        if "deaf" in words:
            time.sleep(30)
        width, height = request.size
        frames = np.empty((request.frames, height, width, 3), np.uint8)
        frames[:] = np.random.default_rng(request.seed).integers(0, 256, 3, np.uint8)
        known = request.frame_known | request.panel_known
        frames[known] = request.known[known]
        for step in range(1, STEPS + 1):
            time.sleep(0.2 if "slow" in words else 0.05 if "brisk" in words else 0)
            on_step(step, STEPS, frames[request.frames // 2])
        return frames


if __name__ == "__main__":
    main(FlatModel)
