"""The weights' files: one safetensors a network, its shape and what it learnt from in the file's own header."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from . import eye, mover, painter, reader
from .text import Vocabulary

FOLDER = Path(__file__).parent / "weights"
# Each part's network, and what its shape is told by.
PARTS: dict[str, tuple[type[Any], type[Any]]] = {
    "reader": (reader.Reader, reader.Shape),
    "eye": (eye.Eye, eye.Shape),
    "moves": (mover.Mover, mover.Shape),
    "plate": (painter.Painter, painter.Shape),
    "elements": (painter.Painter, painter.Shape),
}


def write_part(folder: Path, part: str, shape: Any, state: dict[str, torch.Tensor], facts: dict[str, Any]) -> None:
    """Writes one network's weights, matrices in bfloat16, whole or not at all; `shape` is its own."""
    folder.mkdir(parents=True, exist_ok=True)
    small = {
        name: tensor.detach().to(torch.float32 if tensor.ndim == 1 else torch.bfloat16).cpu().contiguous()
        for name, tensor in state.items()
    }
    temporary = folder / f".{part}.part"
    save_file(small, temporary, {"shape": json.dumps(asdict(shape)), "facts": json.dumps(facts)})
    temporary.replace(folder / f"{part}.safetensors")


def read_part(part: str, folder: Path = FOLDER) -> tuple[Any, dict[str, Any]]:
    """One network in float32, and what `write_part` was told of it."""
    with safe_open(folder / f"{part}.safetensors", "pt") as file:
        header = file.metadata()
        state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  # not a mapping
    build, shape = PARTS[part]
    network = build(shape(**json.loads(header["shape"])))
    network.load_state_dict(state)
    return network.eval(), json.loads(header["facts"])


def read_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """The words that the reader knows."""
    with safe_open(folder / "reader.safetensors", "pt") as file:
        return Vocabulary(json.loads(file.metadata()["facts"])["words"].split())
