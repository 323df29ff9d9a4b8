"""Reading and writing the weights: safetensors in shards, with the network's shape and vocabulary beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from .network import PrevisNetwork, Shape
from .text import Vocabulary

FOLDER = Path(__file__).parent / "weights"
CONFIG = "config.json"
SHARD_BYTES = 14_000_000  # what code hosts and mail still carry without special care


def _shards(state: dict[str, torch.Tensor]) -> list[dict[str, torch.Tensor]]:
    shards: list[dict[str, torch.Tensor]] = [{}]
    filled = 0
    for name, tensor in state.items():
        size = tensor.numel() * tensor.element_size()
        if shards[-1] and filled + size > SHARD_BYTES:
            shards.append({})
            filled = 0
        shards[-1][name] = tensor
        filled += size
    return shards


def write_weights(
    folder: Path, network: PrevisNetwork, state: dict[str, torch.Tensor], vocabulary: Vocabulary, facts: dict[str, Any]
) -> None:
    """Writes bfloat16 weights and what is needed to use them; the config, written last, names the shards."""
    folder.mkdir(parents=True, exist_ok=True)
    small = {name: tensor.detach().to(torch.bfloat16).cpu().contiguous() for name, tensor in state.items()}
    names = []
    for number, shard in enumerate(_shards(small), 1):
        names.append(f"previs-{number}.safetensors")
        temporary = folder / f".{names[-1]}.part"
        save_file(shard, temporary)
        temporary.replace(folder / names[-1])
    config = {
        "shape": network.shape.to_json(),
        "shards": names,
        "training": facts,
        "words": " ".join(vocabulary.words),
    }
    temporary = folder / f".{CONFIG}.part"
    temporary.write_text(json.dumps(config, indent=1) + "\n")
    temporary.replace(folder / CONFIG)


def read_weights(folder: Path = FOLDER) -> tuple[PrevisNetwork, Vocabulary, dict[str, Any]]:
    """The network in float32, its vocabulary, and the facts of its training."""
    config = json.loads((folder / CONFIG).read_text())
    network = PrevisNetwork(Shape(**config["shape"]))
    state: dict[str, torch.Tensor] = {}
    for name in config["shards"]:
        state.update({key: tensor.float() for key, tensor in load_file(folder / name).items()})
    network.load_state_dict(state)
    return network.eval(), Vocabulary(config["words"].split()), config["training"]
