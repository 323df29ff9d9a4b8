"""Where models would run on this machine."""

from __future__ import annotations


def device_words() -> str:
    """Torch's version and the device it finds, as people say it; raises ImportError where torch is missing."""
    import torch

    return f"{torch.__version__}, {'CUDA' if torch.cuda.is_available() else 'CPU'}"
