"""LTX-Video 0.9.x: from 0.9.5 on known frames anywhere, before that a first picture alone.

Read in diffusers 0.42.1. LTXConditionPipeline counts places in frames of the film. A clip must have 8k+1 frames; where
it does not begin the chunk, at least 9, and its place must be a multiple of 8, or its latent frames would lie beside
those that they belong to. `strength` is the noise level from which a frame is made anew: held in part is native. Its
`denoise_strength` alone begins in the middle of the schedule with bare noise: it is given only where all frames are
held in part, and then leaves out the steps in which nothing would be made. `image_cond_noise_scale` leaves its last
step's noise on the frames that are held, and so is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...planner.limits import EACH, FIRST, ModelLimits
from ...timing import Rate
from ..base import ChunkRequest
from .base import Call, Checkpoint, Licence, Variant, one_speed, speeds
from .ends import TEXT, by_ends, limits_of, pictures
from .pieces import Piece, pieces

_STEP = 8
# Decoders from 0.9.1 on take a last step of their own (decode_timestep); others take no notice.
_DECODING: dict[str, Any] = {"decode_timestep": 0.05, "decode_noise_scale": 0.025}
_FOLDERS = ("LTXPipeline", "LTXImageToVideoPipeline", "LTXConditionPipeline")
_SHAPE: dict[str, Any] = {
    "sizes": ((768, 512),),
    "size_multiple": 32,
    "rates": (Rate.parse(25), Rate.parse(24), Rate.parse(30)),
    "frame_step": _STEP,
    "frame_offset": 1,
    "shortest_chunk": 9,
    "longest_chunk": 161,
    "seconds_a_step": 5.0,
}
_OPEN = Licence(
    "LTXV open weights",
    "https://huggingface.co/Lightricks/LTX-Video",
    "Free to use, also commercially, below 10 M$ of yearly revenue; use is restricted by a list in the licence.",
)
_SMALL = {"transformer": 1.92, "text_encoder": 4.76, "vae": 0.42}
_LARGE = {"transformer": 13.0, "text_encoder": 4.76, "vae": 0.62}
# The levels that 0.9.7 and 0.9.8 are distilled to, from their model cards.
_DISTILLED = one_speed(8, 1.0, timesteps=[1000, 993, 987, 981, 975, 909, 725, 0.03])


def _condition(piece: Piece) -> Any:
    from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

    still, *more = pictures(piece.frames)
    given: dict[str, Any] = {"video": [still, *more]} if more else {"image": still}
    return LTXVideoCondition(**given, frame_index=piece.start, strength=piece.keep)


def _levels(steps: int, options: Mapping[str, Any]) -> list[float]:
    """The levels of noise that the pipeline's steps begin at, 1 to 0."""
    from diffusers.pipelines.ltx.pipeline_ltx_condition import linear_quadratic_schedule

    given = options.get("timesteps")
    levels: list[float] = [level / 1000 for level in given] if given else linear_quadratic_schedule(steps).tolist()
    return levels


def _put(request: ChunkRequest, options: Mapping[str, Any]) -> Call:
    given = {**_DECODING, "frame_rate": float(request.rate.fraction), "image_cond_noise_scale": 0.0}
    known = pieces(request, _STEP, _STEP)
    if known:
        given["conditions"] = [_condition(piece) for piece in known]
    if known and len(known[0].frames) == request.frames:
        levels = _levels(request.steps or 1, options)
        left = max(1, sum(level - 1e-6 < 1 - known[0].keep for level in levels))
        if left < len(levels):
            given["denoise_strength"] = (left + 0.5) / len(levels)  # the pipeline rounds the steps down
    return Call("LTXConditionPipeline", given)


_WAYS = {TEXT: "LTXPipeline", FIRST: "LTXImageToVideoPipeline"}
_by_ends = by_ends(_WAYS)


def _put_early(request: ChunkRequest, options: Mapping[str, Any]) -> Call:
    call = _by_ends(request, options)
    return Call(call.pipeline, {**_DECODING, "frame_rate": float(request.rate.fraction), **call.arguments})


VARIANTS = (
    Variant(
        "ltx-0.9.0",
        "ltx",
        _FOLDERS,
        ModelLimits(**_SHAPE, **limits_of(_WAYS)),
        _put_early,
        "its first frame",
        speeds(3.0, 20, 40, 50),
        (
            Checkpoint("ltx-0.9.0-2b", "Lightricks/LTX-Video", _OPEN, _SMALL),
            Checkpoint("ltx-0.9.1-2b", "Lightricks/LTX-Video-0.9.1", _OPEN, _SMALL),
        ),
        # The schedules of 0.9.0 and 0.9.1 shift with the size, which LTXConditionPipeline does not tell them.
        when={"scheduler.use_dynamic_shifting": True},
    ),
    Variant(
        "ltx-0.9.5",
        "ltx",
        _FOLDERS,
        ModelLimits(
            **_SHAPE,
            overlap=17,
            roles=frozenset({"frame", "panel"}),
            partial_keep=EACH,
            panels_are_frames=True,
        ),
        _put,
        "frames of the film; clips at multiples of 8",
        speeds(3.0, 20, 40, 50),
        (
            Checkpoint("ltx-0.9.5-2b", "Lightricks/LTX-Video-0.9.5", _OPEN, _SMALL),
            Checkpoint("ltx-0.9.7-13b", "Lightricks/LTX-Video-0.9.7-dev", _OPEN, _LARGE, speeds(5.0, 20, 30, 40)),
            Checkpoint("ltx-0.9.7-13b-distilled", "Lightricks/LTX-Video-0.9.7-distilled", _OPEN, _LARGE, _DISTILLED),
            Checkpoint(
                "ltx-0.9.8-13b-distilled", "Lightricks/LTX-Video-0.9.8-13B-distilled", _OPEN, _LARGE, _DISTILLED
            ),
        ),
    ),
)
