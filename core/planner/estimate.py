"""What a take will cost, told before it is made."""

from __future__ import annotations

from dataclasses import dataclass

from .limits import ModelLimits
from .plan import Plan

# Bits a pixel of a mezzanine with its proxy, by codec: ProRes 422 HQ is 220 Mbit/s at 1920x1080 and 29.97 (Apple ProRes
# White Paper, 2020); H.264 and H.265 as written here; sequences are bounded by what their pictures hold uncompressed.
_BITS_A_PIXEL = {"prores": 3.9, "prores4444": 6.0, "dnxhr": 3.9, "h264": 0.5, "h265": 0.4, "png": 16.0, "exr": 40.0}
_SECONDS_A_MEGAPIXEL = 0.02  # finishing: enlarging and encoding, measured by bench/take.py on two cores
_BYTES_A_NATIVE_PIXEL = 3


@dataclass(frozen=True)
class Estimate:
    """Time in seconds, disk and memory in bytes; rough by nature."""

    seconds: float
    disk_bytes: int
    memory_bytes: int

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.seconds + other.seconds,
            self.disk_bytes + other.disk_bytes,
            max(self.memory_bytes, other.memory_bytes),
        )


@dataclass(frozen=True)
class ChunkCost:
    """What a model takes for a chunk: seconds a step, and of all that is no step; memory in bytes."""

    step_seconds: float
    other_seconds: float
    memory_bytes: int


def estimate(plan: Plan, limits: ModelLimits, cost: ChunkCost, codec: str) -> Estimate:
    """What a plan will take, from what its largest chunk does."""
    request = plan.request
    steps = limits.steps(request.sampling.steps, request.sampling.speed)
    pixels = request.frames * request.size[0] * request.size[1]
    native = plan.axis.frames * plan.canvas.size[0] * plan.canvas.size[1] * _BYTES_A_NATIVE_PIXEL
    seconds = len(plan.chunks) * (steps * cost.step_seconds + cost.other_seconds)
    finishing = pixels / 1e6 * _SECONDS_A_MEGAPIXEL
    return Estimate(seconds + finishing, int(pixels * _BITS_A_PIXEL[codec] / 8) + native, cost.memory_bytes)
