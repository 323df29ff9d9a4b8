"""What the engine knows of models without loading any: enough to refuse, to plan and to estimate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..planner import Estimate, Plan, estimate, plan
from ..protocol import Delivery, TakeRequest


class ModelShelf:
    """The models of one state folder."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def rows(self) -> list[dict[str, Any]]:
        """Every model, as `catalogue.list_models` has it."""
        from ..models.catalogue import list_models

        return list_models(self._state)

    def plan(self, request: TakeRequest) -> Plan:
        """How a take will be made; raises NotFoundError for no such model, RefusedError for what it can't do."""
        from ..models.catalogue import limits_of

        return plan(request, limits_of(request.model, self._state))

    def estimate(self, request: TakeRequest, delivery: Delivery) -> Estimate:
        """What a take will cost; raises as `plan`."""
        from ..models.catalogue import limits_of

        limits = limits_of(request.model, self._state)
        return estimate(plan(request, limits), limits, limits.seconds_a_step, delivery.codec)
