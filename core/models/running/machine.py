"""What a machine offers a model, told without torch: memory, the card, what is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

_OPTIONAL = ("bitsandbytes", "flash_attn", "flash_attn_interface", "gguf", "sageattention", "torchao", "triton")
_ASKING = ("--query-gpu=memory.free,compute_cap", "--format=csv,noheader,nounits")
_MIB = 1 << 20


@dataclass(frozen=True)
class Machine:
    """Free memory in bytes; `capability` is the card's, such as (9, 0), None without a card.

    `installed` are those packages that models run better with; `bfloat16` says whether the processor computes in it
    by itself.
    """

    free_ram: int
    free_card: int = 0
    capability: tuple[int, int] | None = None
    installed: frozenset[str] = frozenset()
    bfloat16: bool = False


@cache
def installed() -> frozenset[str]:
    """Which of the packages that models run better with are here; none is imported."""
    return frozenset(name for name in _OPTIONAL if find_spec(name) is not None)


def _card() -> tuple[int, tuple[int, int] | None]:
    """Free bytes and capability of the first card that may be used, asked of the driver; 0 and None without one."""
    program = shutil.which("nvidia-smi")
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    if program is None or visible in ("", "-1"):
        return 0, None
    try:
        command = [program, f"--id={visible}", *_ASKING]
        told = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
        free, capability = told.strip().splitlines()[0].split(",")
        major, minor = capability.strip().split(".")
        return int(free) * _MIB, (int(major), int(minor))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0, None


def this_machine() -> Machine:
    """This machine as it stands now."""
    import psutil

    free, capability = _card()
    return Machine(psutil.virtual_memory().available, free, capability, installed())
