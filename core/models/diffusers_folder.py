"""Any text- or image-to-video pipeline folder of diffusers as one model among the others."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..errors import ModelError
from .base import ChunkRequest, Frames, OnStep
from .fingerprints import of_folder
from .folder_profile import FolderProfile


class FolderPipeline:
    """VideoModel over a pipeline that lies in a local folder; never touches the network, never runs remote code."""

    def __init__(self, name: str, folder: Path, profile: FolderProfile) -> None:
        import diffusers

        self.name, self.limits = name, profile.limits
        self.fingerprint = of_folder(folder)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            self._pipe: Any = getattr(diffusers, profile.pipeline).from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                torch_dtype=torch.bfloat16 if device == "cuda" else torch.float32,
            )
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            raise ModelError(
                f"“{name}” could not be loaded: {str(error)[:200]}.", "Copy its folder again, or remove it."
            ) from error
        self._pipe.to(device)
        self._pipe.set_progress_bar_config(disable=True)
        self._takes = frozenset(inspect.signature(self._pipe.__call__).parameters)

    def _given(self, request: ChunkRequest) -> dict[str, Any]:
        """The pictures at its ends that the pipeline is to go on from, and to; the planner sees that they are there."""
        if not self.limits.stills:
            return {}
        from PIL import Image

        given = {"image": Image.fromarray(request.known[0])}
        if request.frames > 1 and request.frame_known[-1]:
            given["last_image"] = Image.fromarray(request.known[-1])
        return given

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """As VideoModel.make_chunk; the preview is None, since these pipelines work on latents."""
        steps = request.steps or self.limits.default_steps

        def after_step(_pipe: Any, step: int, _time: Any, kept: dict[str, Any]) -> dict[str, Any]:
            on_step(step + 1, steps, None)
            return kept

        width, height = request.size
        wanted = {
            "prompt": request.prompt,
            "negative_prompt": request.negative,
            "width": width,
            "height": height,
            "num_frames": request.frames,
            "num_inference_steps": steps,
            "guidance_scale": self.limits.default_guidance if request.guidance is None else request.guidance,
            "generator": torch.Generator().manual_seed(request.seed),
            "callback_on_step_end": after_step,
            "output_type": "np",
            **self._given(request),
        }
        made = self._pipe(**{key: value for key, value in wanted.items() if key in self._takes})
        frames = np.asarray(made.frames[0], np.float32)
        if frames.shape[:3] != (request.frames, height, width):
            raise ModelError(
                f"“{self.name}” made {frames.shape[:3]} where {(request.frames, height, width)} was asked for.",
                "This pipeline does not keep to its family's rules; choose another.",
            )
        return (np.clip(frames, 0, 1) * 255 + 0.5).astype(np.uint8)
