"""What the engine knows of models without loading any: enough to refuse, to plan and to estimate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..planner import ChunkCost, Estimate, ModelLimits, Plan, estimate, plan
from ..protocol import Delivery, TakeRequest


class ModelShelf:
    """The models of one state folder."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def rows(self) -> list[dict[str, Any]]:
        """Every model, as `catalogue.list_models` has it."""
        from ..models.catalogue import list_models

        return list_models(self._state)

    def limits(self, name: str) -> ModelLimits:
        """What a model can do; raises NotFoundError."""
        from ..models.catalogue import limits_of

        return limits_of(name, self._state)

    def plan(self, request: TakeRequest) -> Plan:
        """How a take will be made; raises NotFoundError for no such model, RefusedError for what it can't do."""
        return plan(request, self.limits(request.model))

    def estimate(self, request: TakeRequest, delivery: Delivery) -> Estimate:
        """What a take will cost, from what the model took before where it ran here; raises as `plan`."""
        from ..models.running.timings import Timings

        limits = self.limits(request.model)
        made = plan(request, limits)
        frames = max(chunk.frames for chunk in made.chunks)
        run = Timings(self._state).expected(request.model, made.canvas.size, frames)
        cost = ChunkCost(limits.seconds_a_step, 0.0, limits.memory_bytes)
        if run is not None:
            cost = ChunkCost(run.step_seconds, run.other_seconds, run.peak_bytes)
        return estimate(made, limits, cost, delivery.codec)
