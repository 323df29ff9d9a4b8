"""A memory plan and what is quick, put upon a pipeline of diffusers."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from ...errors import ModelError
from ..diffusers_folder import load_pipeline, read_single_file
from ..store.soundness import PACKED
from .machine import Machine, installed
from .memory_plans import CARD, MemoryPlan
from .needs import json_of
from .prompts import DTYPES

# By the least capability of the card: what attends fastest without changing what comes of it, if it is installed. Those
# whose name ends in `_hub` would be fetched, and sageattention computes in 8 bits: neither is ever chosen.
_BACKENDS: tuple[tuple[tuple[int, int], str, str], ...] = (
    ((9, 0), "_flash_3", "flash_attn_interface"),
    ((9, 0), "_native_cudnn", ""),
    ((8, 0), "flash", "flash_attn"),
)
NATIVE = "native"
_FEWEST_BLOCKS = 2  # one that is asked, one that may be skipped
# Compiling a transformer's repeated blocks takes about half a minute and gains about a quarter of each pass: from so
# much arithmetic in the largest chunk on it pays. The measure is the model's alone, so that equal requests run alike.
COMPILED_FLOPS = 4e15
_RESTING = {"whole", "aside", "parts"}  # placements whose blocks stay where they are during a pass


def machine_for_torch() -> Machine:
    """This machine as torch sees it, for the process that will run the model; `machine.this_machine` needs no torch."""
    import psutil

    from ..device import bfloat16_is_fast

    free, capability = 0, None
    if torch.cuda.is_available():
        free, capability = torch.cuda.mem_get_info()[0], torch.cuda.get_device_capability()
    return Machine(psutil.virtual_memory().available, free, capability, installed(), bfloat16_is_fast("cpu"))


def denoisers(pipe: Any) -> dict[str, Any]:
    """A pipeline's transformers by name."""
    return {
        name: part
        for name, part in pipe.components.items()
        if name.startswith("transformer") and isinstance(part, torch.nn.Module)
    }


def _quantised(plan: MemoryPlan, names: list[str]) -> dict[str, Any]:
    """What `from_pretrained` is told for a plan whose transformers are quantised as they are loaded."""
    from diffusers import PipelineQuantizationConfig

    if plan.storage == "int8":
        from diffusers import TorchAoConfig

        told: Any = TorchAoConfig(import_module("torchao.quantization").Int8WeightOnlyConfig())
    elif plan.storage == "nf4":
        from diffusers import BitsAndBytesConfig

        told = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=DTYPES[plan.dtype]
        )
    else:
        return {}
    return {"quantization_config": PipelineQuantizationConfig(quant_mapping=dict.fromkeys(names, told))}


def load(name: str, folder: Path, plan: MemoryPlan, without: tuple[str, ...] = ()) -> Any:
    """The pipeline in a folder, on the processor, in the plan's numbers; `without` are parts that are left out.

    Raises ModelError.
    """
    index = json_of(folder / "model_index.json")
    names = [part for part in index if part.startswith("transformer")]
    options = {"dtype": DTYPES[plan.dtype], **dict.fromkeys(without), **_quantised(plan, names)}
    packed = folder / "transformer" / PACKED
    if packed.is_file() and "transformer" not in without:
        options["transformer"] = _unpacked(name, packed, folder, str(index["transformer"][1]), DTYPES[plan.dtype])
    pipe = load_pipeline(name, folder, **options)
    if plan.storage == "float8":
        for part in denoisers(pipe).values():
            part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=DTYPES[plan.dtype])
    return pipe


def _unpacked(name: str, file: Path, folder: Path, kind: str, dtype: torch.dtype) -> Any:
    try:
        return read_single_file(file, folder, kind, dtype)
    except (OSError, ValueError, RuntimeError, TypeError, AttributeError, KeyError) as error:
        raise ModelError(f"“{name}” could not be loaded: {str(error)[:200]}.", "Add its file again.") from error


def place(pipe: Any, plan: MemoryPlan, machine: Machine, blocks: Path) -> None:
    """Puts a loaded pipeline's parts where the plan has them, those that wait on the disk into an empty folder.

    Parts that come one by one are hooked later, to each pipeline that is made of them.
    """
    if plan.tiles:
        pipe.vae.enable_tiling()
    if plan.placement in ("groups", "disk"):
        turning = denoisers(pipe)
        for name, part in turning.items():
            part.enable_group_offload(
                onload_device=torch.device(plan.device),
                offload_type="block_level",
                num_blocks_per_group=1,
                use_stream=plan.device == CARD,
                offload_to_disk_path=str(blocks / name) if plan.placement == "disk" else None,
            )
        for name, part in pipe.components.items():
            if name not in turning and isinstance(part, torch.nn.Module):
                part.to(plan.device)
    elif plan.placement != "parts":
        pipe.to(plan.device)
    if plan.device == CARD:
        for part in denoisers(pipe).values():
            _attend(part, attention_backends(machine))


def attention_backends(machine: Machine) -> tuple[str, ...]:
    """The attention backends to try on a machine, the fastest first; the last one always works."""
    if machine.capability is None:
        return (NATIVE,)
    found = [name for least, name, package in _BACKENDS if machine.capability >= least and _here(package, machine)]
    return (*found, NATIVE)


def _here(package: str, machine: Machine) -> bool:
    return not package or package in machine.installed


def _attend(part: Any, backends: tuple[str, ...]) -> None:
    """Sets the first backend that does what the transformer asks of one: attention, and behind a mask if it has one."""
    from diffusers.models.attention_dispatch import dispatch_attention_fn

    masked = any("mask" in name for name in inspect.signature(part.forward).parameters)
    for backend in backends:
        part.set_attention_backend(backend)
        tried = torch.zeros(1, 64, 2, 64, device="cuda", dtype=torch.bfloat16)
        masks = [None, torch.zeros(1, 1, 64, 64, device="cuda", dtype=torch.bfloat16)] if masked else [None]
        try:
            for mask in masks:
                dispatch_attention_fn(tried, tried, tried, attn_mask=mask)
        except (RuntimeError, ValueError, TypeError, ImportError):
            continue
        return


def compile_blocks(pipe: Any, plan: MemoryPlan, machine: Machine, flops: float) -> bool:
    """Compiles the blocks of a pipeline's transformers where so much arithmetic a chunk pays for it; whether it did.

    Each size is compiled by itself: what is compiled for any would round otherwise from the second size on.
    """
    able = plan.device == CARD and "triton" in machine.installed and plan.placement in _RESTING
    if not able or plan.storage in ("float8", "nf4") or flops < COMPILED_FLOPS:
        return False
    torch._dynamo.config.suppress_errors = True  # what can't be compiled runs as it is
    for part in denoisers(pipe).values():
        if getattr(part, "_repeated_blocks", None):
            part.compile_repeated_blocks(dynamic=False)
    return True


def can_reuse(pipe: Any) -> bool:
    """Whether a cache can skip a pipeline's blocks: its call must tell passes apart, its blocks be known to diffusers.

    Where either is not so, diffusers raises in the middle of a run.
    """
    from diffusers.hooks._common import _ALL_TRANSFORMER_BLOCK_IDENTIFIERS
    from diffusers.hooks._helpers import TransformerBlockRegistry

    if "cache_context" not in inspect.getsource(type(pipe).__call__):
        return False
    try:
        for part in denoisers(pipe).values():
            lists = [each for name, each in part.named_children() if name in _ALL_TRANSFORMER_BLOCK_IDENTIFIERS]
            blocks = [block for each in lists if isinstance(each, torch.nn.ModuleList) for block in each]
            if len(blocks) < _FEWEST_BLOCKS:
                return False
            for block in blocks:
                TransformerBlockRegistry.get(type(block))
    except ValueError:
        return False
    return True


@contextlib.contextmanager
def reusing(pipe: Any, threshold: float) -> Iterator[None]:
    """While it holds, passes whose first block answers nearly as before skip the others; 0 changes nothing."""
    if not threshold or not can_reuse(pipe):
        yield
        return
    from diffusers import FirstBlockCacheConfig

    parts = list(denoisers(pipe).values())
    for part in parts:
        part.enable_cache(FirstBlockCacheConfig(threshold=threshold))
    try:
        yield
    finally:
        for part in parts:
            part.disable_cache()
