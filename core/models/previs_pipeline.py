"""The built-in previs model as a pipeline of diffusers, saved, loaded and called as others are.

`PrevisPipeline.of_package()("EXT. DESERT - DAY. A red car drives left to right.", num_frames=48).frames[0]`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from diffusers import DiffusionPipeline, ModelMixin, SchedulerMixin
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.utils import BaseOutput

from .previs.model import PrevisModel
from .previs.sampler import LOGITS, levels
from .previs.shooting import Known, Shooting
from .previs.text import Vocabulary
from .previs.weight_files import FOLDER, PARTS, read_part, read_vocabulary
from .previs_model import GUIDANCE, STEPS

Picture = npt.NDArray[np.uint8]
OnStepEnd = Callable[[Any, int, float, dict[str, Any]], dict[str, Any]]


class PrevisNetwork(ModelMixin, ConfigMixin):
    """One of the model's networks; `part` is its name in `weight_files.PARTS`, `words` the reader's vocabulary."""

    @register_to_config
    def __init__(self, part: str, shape: dict[str, int], words: str = "") -> None:
        super().__init__()
        build, kind = PARTS[part]
        self.network = build(kind(**shape))


class PrevisScheduler(SchedulerMixin, ConfigMixin):
    """Noise levels from 0, bare noise, to 1, clean, even in their logits from the first to the last."""

    @register_to_config
    def __init__(self, first_logit: float = LOGITS[0], last_logit: float = LOGITS[1]) -> None:
        super().__init__()

    def levels(self, steps: int) -> list[float]:
        """The levels that so many steps begin at, and 1."""
        return levels(steps, (self.config.first_logit, self.config.last_logit))


@dataclass
class PrevisOutput(BaseOutput):
    """`frames`: (1, frames, height, width, 3), 0 to 1; or a list of a list of PIL pictures."""

    frames: Any


class PrevisPipeline(DiffusionPipeline):
    """Words, known frames and drawings to frames. Makes the same as the model named “previs” does."""

    def __init__(self, reader: Any, eye: Any, moves: Any, plate: Any, elements: Any, scheduler: Any) -> None:
        super().__init__()
        self.register_modules(reader=reader, eye=eye, moves=moves, plate=plate, elements=elements, scheduler=scheduler)

    @classmethod
    def of_package(cls, folder: Path = FOLDER) -> PrevisPipeline:
        """The weights that come with the program, or those of another folder of `weight_files`."""
        networks = {}
        for part in PARTS:
            network, _ = read_part(part, folder)
            words = " ".join(read_vocabulary(folder).words) if part == "reader" else ""
            networks[part] = PrevisNetwork(part, asdict(network.shape), words)
            networks[part].network.load_state_dict(network.state_dict())
            networks[part].eval()
        return cls(**networks, scheduler=PrevisScheduler())

    def __call__(
        self,
        prompt: str,
        known: Mapping[int, Picture] | None = None,
        panels: Mapping[int, Picture] | None = None,
        height: int = 288,
        width: int = 512,
        num_frames: int = 48,
        frame_rate: float = 24.0,
        num_inference_steps: int = STEPS,
        guidance_scale: float = GUIDANCE,
        generator: torch.Generator | None = None,
        callback_on_step_end: OnStepEnd | None = None,
        output_type: str = "np",
        return_dict: bool = True,
    ) -> Any:
        """A take. `known` frames and drawn `panels`, (height, width, 3) uint8 each, stand at frames of it, from 0.

        The generator's seed counts, not how much was drawn from it. `output_type` is np or pil. The callback gets
        the pipeline, the step, its level and `{"preview": picture}`; what it raises ends the take within that step.
        """
        held, drawn = np.zeros(num_frames, np.bool_), np.zeros(num_frames, np.bool_)
        given: dict[int, Picture] = {}
        for flags, pictures in ((drawn, panels or {}), (held, known or {})):
            for at, picture in pictures.items():
                flags[at] = True
                given[at] = np.asarray(picture)

        def on_step(done: int, of: int, picture: Picture) -> None:
            if callback_on_step_end is not None:
                callback_on_step_end(self, done - 1, done / of, {"preview": picture})

        networks = {part: getattr(self, part).network for part in PARTS}
        vocabulary = Vocabulary(self.reader.config.words.split())
        model = PrevisModel(networks, vocabulary, self.device, self.scheduler.levels)
        seed = generator.initial_seed() if generator is not None else torch.seed()
        shot = Shooting(model, prompt, frame_rate, seed % 2**63, num_inference_steps, guidance_scale)
        frames = shot.frames(Known((width, height), given, held, drawn, np.ones(num_frames, np.float32)), on_step)
        made: Any = frames[None].astype(np.float32) / np.float32(255)
        if output_type == "pil":
            made = [self.numpy_to_pil(made[0])]
        return PrevisOutput(made) if return_dict else (made,)
