"""From a take request and a model's limits to the chunks that make it; pure, no torch, no numpy."""

from .chunks import Chunk
from .estimate import ChunkCost, Estimate, estimate
from .limits import ModelLimits
from .plan import Plan, plan

__all__ = ["Chunk", "ChunkCost", "Estimate", "ModelLimits", "Plan", "estimate", "plan"]
