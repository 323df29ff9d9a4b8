"""Where models would run on this machine."""

from __future__ import annotations


def device_words() -> str:
    """Torch's version and the device it finds, as people say it; raises ImportError where torch is missing."""
    import torch

    return f"{torch.__version__}, {'CUDA' if torch.cuda.is_available() else 'CPU'}"


def bfloat16_is_fast(device: str) -> bool:
    """Whether a device ("cuda", "cpu") computes in bfloat16 itself; elsewhere it would be slower than float32."""
    import torch

    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    can = torch.cpu.get_capabilities()
    return bool(device == "cpu" and (can.get("avx512_bf16") or can.get("amx_bf16")))
