"""LTX-2, 2.3 and 2.5: known frames anywhere; sound is made along with the frames, and not kept yet.

Read in diffusers 0.42.1. LTX2VideoCondition.index counts latent frames, so that no keyframe could stand at the last
frame of a chunk, nor at seven of any eight: `ltx2_pipeline` gives it frames of the film, as the model itself counts
them. Frames from the chunk's first on take the place of what is made; others are laid beside it as tokens of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...planner.limits import EACH, ModelLimits
from ...timing import Rate
from ..base import ChunkRequest
from .base import Call, Checkpoint, Licence, Variant, one_speed, speeds
from .ends import pictures
from .pieces import pieces

_STEP = 8
_COMMUNITY = Licence(
    "LTX-2.x Community License",
    "https://huggingface.co/Lightricks/LTX-2",
    "Commercial use is paid for from 10 M$ of yearly revenue on; use is restricted by a list in the licence.",
)
# One pass a step, at the levels that the weights are distilled to: DISTILLED_SIGMA_VALUES in diffusers 0.42.1.
_DISTILLED = one_speed(
    8,
    1.0,
    sigmas=[1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875],
    stg_scale=0.0,
    modality_scale=1.0,
    audio_guidance_scale=1.0,
    audio_stg_scale=0.0,
    audio_modality_scale=1.0,
)
_VIDEO_AND_SOUND = {"text_encoder": 12.2, "connectors": 1.4, "vae": 1.2, "audio_vae": 0.1, "vocoder": 0.1}


def _put(request: ChunkRequest, _options: Mapping[str, Any]) -> Call:
    from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

    given: dict[str, Any] = {"frame_rate": float(request.rate.fraction)}
    known = [
        LTX2VideoCondition(frames=pictures(piece.frames), index=piece.start, strength=piece.keep)
        for piece in pieces(request, _STEP)
    ]
    if known:
        given["conditions"] = known
    return Call("ExactConditionPipeline", given)


VARIANTS = (
    Variant(
        "ltx-2",
        "ltx2",
        ("LTX2Pipeline", "LTX2ImageToVideoPipeline", "LTX2ConditionPipeline"),
        ModelLimits(
            sizes=((1216, 704),),
            size_multiple=32,
            rates=tuple(Rate.parse(rate) for rate in (24, 25, 30, 48, 50)),
            frame_step=_STEP,
            frame_offset=1,
            shortest_chunk=9,
            longest_chunk=257,
            overlap=17,
            roles=frozenset({"frame", "panel"}),
            partial_keep=EACH,
            panels_are_frames=True,
            seconds_a_step=20.0,
        ),
        _put,
        "frames of the film",
        speeds(3.0, 20, 30, 40),
        (
            Checkpoint(
                "ltx-2",
                "Lightricks/LTX-2",
                _COMMUNITY,
                {"transformer": 18.9, **_VIDEO_AND_SOUND},
                speeds(4.0, 20, 40, 40),
            ),
            Checkpoint("ltx-2.3", "diffusers/LTX-2.3-Diffusers", _COMMUNITY, {"transformer": 22.0, **_VIDEO_AND_SOUND}),
            Checkpoint(
                "ltx-2.3-distilled",
                "diffusers/LTX-2.3-Distilled-Diffusers",
                _COMMUNITY,
                {"transformer": 22.0, **_VIDEO_AND_SOUND},
                _DISTILLED,
            ),
            Checkpoint(
                "ltx-2.5",
                "Lightricks/LTX-2.5-Diffusers",
                _COMMUNITY,
                {"transformer": 19.0, **_VIDEO_AND_SOUND},
            ),
        ),
        sound=True,
        own="ltx2_pipeline",
    ),
)
