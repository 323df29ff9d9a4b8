"""LTX2ConditionPipeline with known frames at exact places. Imports torch."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from diffusers import LTX2ConditionPipeline

# What the call of diffusers 0.42.1 would have as LTX-2.3 and 2.5 do, and its docstring says LTX-2.0 needs otherwise.
_FIRST_VERSION = {"use_cross_timestep": False, "spatio_temporal_guidance_blocks": [29]}


class ExactConditionPipeline(LTX2ConditionPipeline):
    """An LTX2VideoCondition's `index` counts frames of the film from 0; clips have 8k+1 of them."""

    @functools.wraps(LTX2ConditionPipeline.__call__)
    def __call__(self, *given: Any, **named: Any) -> Any:
        """As the pipeline's own; weights of LTX-2.0, whose transformer reads words by itself, by their own ways."""
        if self.transformer.config.use_prompt_embeddings:
            named = {**_FIRST_VERSION, **named}
        return super().__call__(*given, **named)

    def preprocess_conditions(self, conditions: Any = None, *sizes: Any, **more: Any) -> tuple[list[Any], ...]:
        """As the pipeline's own, of conditions that are whole; their places as the fractions of latent frames they are.

        The pipeline makes a latent index into the frame (index - 1) * 8 + 1, which these fractions give back exactly.
        """
        scale = self.vae_temporal_compression_ratio
        placed = [replace(condition, index=0) for condition in conditions or []]
        frames, strengths, _, counts = super().preprocess_conditions(placed, *sizes, **more)
        indices = [each.index and (each.index - 1) / scale + 1 for each in conditions or []]
        return frames, strengths, indices, counts
