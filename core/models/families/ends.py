"""Pipelines that know words, a first picture, a last one, or a whole take to restyle: one class for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import RefusedError
from ...planner.limits import BOTH, FIRST, NONE, WHOLE
from ..base import ChunkRequest, Frames
from .base import Call, Put

TEXT, RESTYLE = "text", "restyle"
WAYS = (TEXT, FIRST, BOTH, RESTYLE)


def pictures(frames: Frames) -> list[Any]:
    """Frames as the pictures that diffusers takes."""
    from PIL import Image

    return [Image.fromarray(frame) for frame in frames]


def limits_of(ways: Mapping[str, str]) -> dict[str, Any]:
    """What the planner must know of pipelines that go these ways: fields of ModelLimits."""
    stills = {NONE} if TEXT in ways else set()
    stills |= {still for still in (FIRST, BOTH) if still in ways}
    roles = {"frame", "panel"} if stills & {FIRST, BOTH} else {"frame"} if RESTYLE in ways else set()
    return {
        "stills": frozenset(stills),
        "roles": frozenset(roles),
        "overlap": 1 if FIRST in ways else 0,
        "partial_keep": WHOLE if RESTYLE in ways else "",
        "panels_are_frames": "panel" in roles,
    }


def by_ends(ways: Mapping[str, str]) -> Put:
    """Puts a request to the pipeline class of the way it goes: `text`, `first`, `both` or `restyle`."""

    def put(request: ChunkRequest, _options: Mapping[str, Any]) -> Call:
        known = request.frame_known | request.panel_known
        partly = request.frame_known & (request.keep < 1)
        if partly.any():
            return _restyled(request, ways[RESTYLE])
        if not known[0]:
            return Call(_way(ways, TEXT))
        given = {"image": pictures(request.known[:1])[0]}
        if request.frames > 1 and known[-1]:
            return Call(_way(ways, BOTH), given | {"last_image": pictures(request.known[-1:])[0]})
        return Call(_way(ways, FIRST), given)

    return put


def _way(ways: Mapping[str, str], way: str) -> str:
    if way not in ways:
        raise RefusedError("This model can't be given these known frames.", "Choose another model.")
    return ways[way]


def _restyled(request: ChunkRequest, pipeline: str) -> Call:
    """All frames, and how far they are taken apart; what was made already of a chunk before goes with them."""
    nearest = np.maximum.accumulate(np.where(request.frame_known, np.arange(request.frames), 0))
    strength = 1 - float(request.keep[request.frame_known].min())
    # The pipelines make this share of the steps, rounded down: at least one must be left.
    steps = max(request.steps or 1, math.ceil(1 / strength) + 1)
    video = pictures(request.known[nearest])
    return Call(pipeline, {"video": video, "strength": strength, "num_inference_steps": steps})
