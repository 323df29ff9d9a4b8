"""Run as a script, with a pipeline's folder: a chunk made in a process that may not have the memory for its first plan.

Writes a line of JSON: the plan that it was made by, what was told, the frames' hash, and that of a run by that plan
alone.
"""

import hashlib
import json
import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from shotwright.core.models.base import ChunkRequest
from shotwright.core.models.folder_profile import profile_of
from shotwright.core.models.running.memory_plans import MemoryPlan
from shotwright.core.models.running.runner import Runner

SIZE, FRAMES, LIMIT_BYTES = (256, 192), 513, 520 << 20
WHOLE = MemoryPlan("whole", "cpu", "float32", "whole", "all at once")
PIECES = MemoryPlan("pieces", "cpu", "float32", "aside", "a piece at a time", pieces=True)


def main(folder: Path) -> None:
    """Makes the chunk under the limit, then once more without it."""
    variant = profile_of(folder)
    variant = replace(variant, limits=replace(variant.limits, sizes=(SIZE,), longest_chunk=FRAMES))
    nothing = np.zeros(FRAMES, np.bool_)
    black = np.zeros((FRAMES, SIZE[1], SIZE[0], 3), np.uint8)
    keep = np.ones(FRAMES, np.float32)
    request = ChunkRequest(
        "a red car", "", SIZE, variant.limits.rates[0], FRAMES, 3, black, nothing, nothing, keep, steps=1
    )
    state = Path(tempfile.mkdtemp())
    runner = Runner("mine", folder, variant, state, (WHOLE, PIECES))
    short = replace(request, frames=9, known=black[:9], frame_known=nothing[:9], panel_known=nothing[:9], keep=keep[:9])
    runner.make_chunk(short, lambda *_: None)  # threads and libraries are there from here on
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + LIMIT_BYTES, resource.RLIM_INFINITY))
    frames = runner.make_chunk(request, lambda *_: None)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    alone = Runner("mine", folder, variant, state, (PIECES,)).make_chunk(request, lambda *_: None)
    told = {"plan": runner.plan.name, "notices": runner.notices}
    hashes = [hashlib.sha256(each.tobytes()).hexdigest() for each in (frames, alone)]
    sys.stdout.write(json.dumps({**told, "made": hashes[0], "alone": hashes[1]}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
