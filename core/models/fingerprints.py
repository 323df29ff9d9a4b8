"""What tells a model from another version of itself, found without loading it: no torch here.

A fingerprint begins with the 16 digits of the weights; those of the code that draws with them follow where it is ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ..errors import ShotwrightError
from ..storage import sample_of
from . import previs_model
from .catalogue import folder_of

_DIGITS = 16
_PREVIS = Path(__file__).with_name("previs")
_COUNTS = (".safetensors", ".gguf", ".json", ".txt", ".model")  # of a pipeline's folder: weights, settings, words


def of_previs() -> str:
    """The built-in model."""
    return _previs_weights() + _hashed(path.read_bytes() for path in sorted(_PREVIS.glob("*.py")))


def of_folder(folder: Path) -> str:
    """A pipeline's folder, wherever it lies: a sample of each of its files."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in _COUNTS and path.is_file())
    return _hashed(f"{path.relative_to(folder).as_posix()} {sample_of(path)}\n".encode() for path in files)


def has_other_weights(fingerprint: str, name: str, state: Path) -> bool:
    """Whether the model of that name has other weights now than one of that fingerprint had; not so where none is."""
    try:
        now = _previs_weights() if name == previs_model.NAME else of_folder(folder_of(name, state))
    except (ShotwrightError, OSError):
        return False
    return fingerprint[:_DIGITS] != now


def _previs_weights() -> str:
    return _hashed(path.read_bytes() for path in sorted((_PREVIS / "weights").glob("*.safetensors")))


def _hashed(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:_DIGITS]
