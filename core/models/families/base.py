"""What a kind of weights can do, as data, and how a request is put to its pipelines: read without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...planner.limits import ModelLimits
from ..base import ChunkRequest

# What the parts of a pipeline take, in bytes a parameter, as they are kept: the encoders and the decoder stay as they
# are where only the network that makes the frames is stored in fp8; 4 bit halves the text encoder too.
_BYTES = {
    "bf16": {"transformer": 2.0, "text_encoder": 2.0, "": 2.0},
    "fp8": {"transformer": 1.0, "text_encoder": 2.0, "": 2.0},
    "4bit": {"transformer": 0.56, "text_encoder": 0.56, "": 2.0},
}
QUANTISATIONS = tuple(_BYTES)
_WORKING_BYTES = 4_000_000_000  # latents, activations and the decoder's frames of the longest chunk: a first guess


@dataclass(frozen=True)
class Licence:
    """The licence of weights; `limits` is what must be said before they are fetched, empty where nothing must."""

    name: str
    url: str = ""
    limits: str = ""


@dataclass(frozen=True)
class Speed:
    """How many steps are made and how strongly words guide them; `options` are further arguments of the pipeline.

    `options` belong to exactly so many steps (a distilled checkpoint's own levels of noise), so they are left out where
    another number is asked for.
    """

    steps: int
    guidance: float
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checkpoint:
    """Published weights: where they are, under which licence, and how large; `parameters` in thousand millions by part.

    `speeds` are its own, by name (draft, normal, final), where they differ from those of its variant.
    """

    name: str
    repository: str
    licence: Licence
    parameters: Mapping[str, float]
    speeds: Mapping[str, Speed] = field(default_factory=dict)

    def memory(self, quantisation: str) -> int:
        """Bytes with all parts in memory at once, kept as "bf16", "fp8" or "4bit", and room to work."""
        kept = _BYTES[quantisation]
        weights = sum(count * kept.get(part.removesuffix("_2"), kept[""]) for part, count in self.parameters.items())
        return int(weights * 1e9) + _WORKING_BYTES


@dataclass(frozen=True)
class Call:
    """A pipeline class by its name, and what it is given."""

    pipeline: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


# Puts a request, with its steps and guidance, and its speed's options, to a pipeline: what known frames add to a call.
Put = Callable[[ChunkRequest, Mapping[str, Any]], Call]


@dataclass(frozen=True)
class Variant:
    """A kind of weights of a family: the same parts, asked the same way.

    A folder is of this kind where its pipeline class is one of `folders` and all of `when` holds: values by the name of
    a setting, `expand_timesteps` of the pipeline itself or `transformer.image_dim` of one of its parts, None where it
    is not set, or off. `put` chooses one of the pipelines that the folder's parts make up. `conditioning` says what a
    known frame's place counts. `speeds` are named draft, normal and final. `own` is the module of this room with
    pipeline classes of ours, empty where diffusers has them all.
    """

    name: str
    family: str
    folders: tuple[str, ...]
    limits: ModelLimits
    put: Put
    conditioning: str
    speeds: Mapping[str, Speed]
    checkpoints: tuple[Checkpoint, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    sound: bool = False
    own: str = ""

    def __post_init__(self) -> None:
        """The limits tell the planner the normal speed, and what the smallest published weights take."""
        normal = self.speeds["normal"]
        steps = {name: speed.steps for name, speed in self.speeds.items()}
        memory = min((each.memory("bf16") for each in self.checkpoints), default=self.limits.memory_bytes)
        limits = replace(
            self.limits,
            default_steps=normal.steps,
            default_guidance=normal.guidance,
            steps_by_speed=steps,
            memory_bytes=memory,
        )
        object.__setattr__(self, "limits", limits)

    def of_checkpoint(self, name: str) -> Variant | None:
        """The same with what is known of one of its checkpoints; None where it has none of that name."""
        found = next((each for each in self.checkpoints if each.name == name), None)
        if found is None:
            return None
        return replace(self, checkpoints=(found,), speeds={**self.speeds, **found.speeds})

    @property
    def licence(self) -> Licence:
        """That of its checkpoint, or what is to be said where it is not known which it is."""
        names = {each.licence.name for each in self.checkpoints}
        return self.checkpoints[0].licence if len(names) == 1 else Licence("its own: see its folder")

    def call(self, request: ChunkRequest) -> Call:
        """How a chunk is asked for: all arguments but the generator; a pipeline may take fewer of them."""
        steps = request.steps or self.limits.default_steps
        guidance = self.limits.default_guidance if request.guidance is None else request.guidance
        options = next((speed.options for speed in self.speeds.values() if speed.steps == steps), {})
        put = self.put(replace(request, steps=steps, guidance=guidance), options)
        width, height = request.size
        asked = {
            "prompt": request.prompt,
            "negative_prompt": request.negative,
            "width": width,
            "height": height,
            "num_frames": request.frames,
            "num_inference_steps": steps,
            "guidance_scale": guidance,
            "output_type": "np",
        }
        return Call(put.pipeline, {**asked, **options, **put.arguments})


def speeds(guidance: float, draft: int, normal: int, final: int) -> dict[str, Speed]:
    """The three speeds of weights that are not distilled."""
    return {
        "draft": Speed(draft, guidance),
        "normal": Speed(normal, guidance),
        "final": Speed(final, guidance),
    }


def one_speed(steps: int, guidance: float, **options: Any) -> dict[str, Speed]:
    """The speeds of weights that are distilled to so many steps: more of them make nothing better."""
    return dict.fromkeys(("draft", "normal", "final"), Speed(steps, guidance, options))
