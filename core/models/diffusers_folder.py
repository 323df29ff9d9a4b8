"""A diffusers video pipeline folder: its parts loaded once, for all of its family's pipelines."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import torch

from ..errors import ModelError, StoppedError
from .base import ChunkRequest, Frames, OnStep
from .families import Variant
from .store.soundness import UNUSED

Preview = Callable[[Any, Any], "Frames | None"]


def load_pipeline(name: str, folder: Path, **options: Any) -> Any:
    """A folder as the pipeline that it names, on the CPU, with `from_pretrained`'s further options.

    Never touches the network, never runs remote code. Raises ModelError.
    """
    try:
        index = diffusers.DiffusionPipeline.load_config(folder, local_files_only=True)
        named, unused = index["_class_name"], dict.fromkeys(UNUSED & index.keys())
        # By its own class: DiffusionPipeline passes over parts that are given but which its own call could do without.
        kind: Any = getattr(diffusers, named, diffusers.DiffusionPipeline)
        pipe = kind.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, trust_remote_code=False, **unused, **options
        )
    except (OSError, ValueError, RuntimeError, TypeError, AttributeError, ImportError, KeyError) as error:
        raise ModelError(
            f"“{name}” could not be loaded: {str(error)[:200]}.", "Copy its folder again, or remove it."
        ) from error
    return pipe


def read_single_file(file: Path, folder: Path, kind: str, dtype: torch.dtype) -> Any:
    """A transformer of a class of diffusers, its weights from one file, its settings from a pipeline's folder.

    Those of a GGUF file stay as they are, in blocks of few bits, and are unpacked as they are used. Raises what
    diffusers raises.
    """
    packed = file.suffix == ".gguf"
    options = {"quantization_config": diffusers.GGUFQuantizationConfig(compute_dtype=dtype)} if packed else {}
    network: Any = getattr(diffusers, kind).from_single_file(
        str(file), config=str(folder), subfolder="transformer", local_files_only=True, torch_dtype=dtype, **options
    )
    if packed:
        _unpack_others(network, dtype)
    return network


def _unpack_others(network: Any, dtype: torch.dtype) -> None:
    """Unpacks weights that are not those of linear layers, which alone unpack their own as they compute."""
    from diffusers.quantizers.gguf.utils import GGUFParameter, dequantize_gguf_tensor

    for part in network.modules():
        for name, weight in list(part.named_parameters(recurse=False)):
            if isinstance(weight, GGUFParameter) and not isinstance(part, torch.nn.Linear):
                plain = dequantize_gguf_tensor(weight).to(dtype)
                setattr(part, name, torch.nn.Parameter(plain, requires_grad=False))


def put_together(model: str, loaded: Any, name: str, own: str = "") -> Any:
    """The pipeline class `name` made up of the parts of a loaded one; `own` as Variant has it. Raises ModelError."""
    if name == type(loaded).__name__:
        return loaded
    ours = import_module(f".families.{own}", __package__) if own else None
    kind = getattr(ours, name, None) or getattr(diffusers, name, None)
    if not (inspect.isclass(kind) and issubclass(kind, diffusers.DiffusionPipeline)):
        raise ModelError(f"“{model}” needs {name}, which diffusers has not.", "Correct its profile.")
    # Not from_pipe: it casts the parts that it takes over.
    has = {**loaded.config, **loaded.components}
    takes = inspect.signature(kind.__init__).parameters
    try:
        return kind(**{key: has[key] for key in takes if key in has})
    except (TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"“{model}” lacks a part that {name} needs: {str(error)[:200]}.", "Copy its folder again, whole."
        ) from error


class FamilyModel:
    """The parts of a loaded pipeline, put together as each request needs them.

    `preview` makes a picture of a pipeline and its latents after a step; it is asked where the pipeline gives them.
    """

    def __init__(
        self,
        name: str,
        variant: Variant,
        pipe: Any,
        preview: Preview = lambda pipe, latents: None,
    ) -> None:
        self.name, self.variant, self.limits = name, variant, variant.limits
        self.loaded, self._preview = pipe, preview
        self._pipes: dict[str, Any] = {}

    def pipeline(self, name: str) -> Any:
        """The pipeline of a class, of the same parts as the others; raises ModelError where they do not make it up."""
        if name not in self._pipes:
            self._pipes[name] = put_together(self.name, self.loaded, name, self.variant.own)
        return self._pipes[name]

    def arguments(self, request: ChunkRequest) -> tuple[Any, dict[str, Any]]:
        """The pipeline that makes a chunk, and all that it is given but what tells of its steps."""
        call = self.variant.call(request)
        pipe = self.pipeline(call.pipeline)
        if "guider" in pipe.components:
            pipe.guider = pipe.guider.new(guidance_scale=call.arguments["guidance_scale"])
        wanted = {**call.arguments, "generator": torch.Generator().manual_seed(request.seed)}
        takes = inspect.signature(pipe.__call__).parameters
        return pipe, {key: value for key, value in wanted.items() if key in takes}

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """As VideoModel.make_chunk, with nothing but the pipeline's own call: no plan, no decode in pieces."""
        pipe, given = self.arguments(request)
        with self.steps_told(pipe, given, on_step):
            made = pipe(**given)
        frames = np.asarray(made.frames[0], np.float32)
        width, height = request.size
        if frames.shape[:3] != (request.frames, height, width):
            raise ModelError(
                f"“{self.name}” made {frames.shape[:3]} where {(request.frames, height, width)} was asked for.",
                "This pipeline does not keep to its family's rules; choose another.",
            )
        return (np.clip(frames, 0, 1) * 255 + 0.5).astype(np.uint8)

    @contextmanager
    def steps_told(self, pipe: Any, given: dict[str, Any], on_step: OnStep) -> Iterator[None]:
        """Tells of steps where every pipeline does, at its progress bar; not all have a callback."""
        latest: list[Any] = [None]

        def after_step(_pipe: Any, _step: int, _time: Any, kept: dict[str, Any]) -> dict[str, Any]:
            latest[0] = kept.get("latents")
            return kept

        if "callback_on_step_end" in inspect.signature(pipe.__call__).parameters:
            given["callback_on_step_end"] = after_step

        def tell(done: int, total: int) -> None:
            on_step(done, total, None if latest[0] is None else self._preview(pipe, latest[0]))

        pipe.progress_bar = lambda total: _Steps(total, tell)
        try:
            yield
        except StoppedError:
            pipe.maybe_free_model_hooks()  # as at the end of a call: nothing stays behind on the device
            raise
        finally:
            del pipe.progress_bar


class _Steps:
    """What a pipeline takes for its progress bar."""

    def __init__(self, total: int, tell: Callable[[int, int], None]) -> None:
        self._done, self._total, self._tell = 0, total, tell

    def __enter__(self) -> _Steps:
        return self

    def __exit__(self, *_error: object) -> None:
        return

    def update(self) -> None:
        """One step is made."""
        self._done += 1
        self._tell(self._done, self._total)
