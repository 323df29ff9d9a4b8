"""Reading and writing the weights: safetensors with the network's shape and vocabulary beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from .network import PrevisNetwork, Shape
from .text import Vocabulary

FOLDER = Path(__file__).parent / "weights"
TENSORS = "previs.safetensors"
CONFIG = "config.json"


def write_weights(
    folder: Path, network: PrevisNetwork, state: dict[str, torch.Tensor], vocabulary: Vocabulary, facts: dict[str, Any]
) -> None:
    """Writes bfloat16 weights and what is needed to use them; each file replaces the old one whole."""
    folder.mkdir(parents=True, exist_ok=True)
    small = {name: tensor.detach().to(torch.bfloat16).contiguous() for name, tensor in state.items()}
    config = {"shape": network.shape.to_json(), "words": list(vocabulary.words), "training": facts}
    for name, write in (
        (TENSORS, lambda path: save_file(small, path)),  # type: ignore[no-untyped-call]
        (CONFIG, lambda path: path.write_text(json.dumps(config, indent=1) + "\n")),
    ):
        temporary = folder / f".{name}.part"
        write(temporary)
        temporary.replace(folder / name)


def read_weights(folder: Path = FOLDER) -> tuple[PrevisNetwork, Vocabulary, dict[str, Any]]:
    """The network in float32, its vocabulary, and the facts of its training."""
    config = json.loads((folder / CONFIG).read_text())
    network = PrevisNetwork(Shape(**config["shape"]))
    state = {name: tensor.float() for name, tensor in load_file(folder / TENSORS).items()}
    network.load_state_dict(state)
    return network.eval(), Vocabulary(config["words"]), config["training"]
