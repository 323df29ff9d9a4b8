"""From a network of small pictures to the same of larger ones: forms are learnt where they are cheap."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from .network import CHANNELS, FLAGS, GRID, PATCH_FRAMES, PrevisNetwork


def _stretched(weight: Tensor, old: tuple[int, int], new: tuple[int, int]) -> Tensor:
    """Weights of each pixel (…, rows, columns) of one patch size as those of another, by repeating or averaging."""
    flat = weight.reshape(-1, 1, *old)
    if new[0] > old[0]:
        size = (new[0], new[1])
        grown = torch.nn.functional.interpolate(flat, size, mode="bilinear", align_corners=False)
    else:
        grown = torch.nn.functional.adaptive_avg_pool2d(flat, new)
    return grown.reshape(*weight.shape[:-2], *new)


def resized(network: PrevisNetwork, height: int) -> PrevisNetwork:
    """The network for pictures of another height (a multiple of 6), of the same shape; the trunk is kept as it is."""
    shape = replace(network.shape, height=height, across=height * network.shape.across // network.shape.height)
    other = PrevisNetwork(shape)
    old, new = network.shape.patch[1:], shape.patch[1:]
    state = network.state_dict()
    squeeze = state["squeeze.weight"]
    told = squeeze[:, -FLAGS * PATCH_FRAMES :]
    seen = squeeze[:, : -FLAGS * PATCH_FRAMES].reshape(shape.low_rank, PATCH_FRAMES, CHANNELS, *old)
    share = (old[0] * old[1]) / (new[0] * new[1])  # the sum over a patch stays what it was
    seen = _stretched(seen, old, new) * share
    state["squeeze.weight"] = torch.cat([seen.reshape(shape.low_rank, -1), told], 1)
    for name in ("head.weight", "detail.weight"):
        drawn = state[name].T.reshape(-1, PATCH_FRAMES, 3, *old)
        state[name] = _stretched(drawn, old, new).reshape(len(drawn), -1).T.contiguous()
    bias = state["head.bias"].reshape(PATCH_FRAMES, 3, *old)
    state["head.bias"] = _stretched(bias, old, new).reshape(-1)
    other.load_state_dict(state)
    assert (shape.height // new[0], shape.across // new[1]) == GRID
    return other
