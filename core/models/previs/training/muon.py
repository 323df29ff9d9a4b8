"""Muon: momentum made orthogonal (Jordan et al., 2024), for the matrices of the blocks; good where steps are few."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

_A, _B, _C = 3.4445, -4.7750, 2.0315  # the quintic of the method's reference, five rounds


def orthogonal(matrix: Tensor, rounds: int = 5) -> Tensor:
    """The nearest matrix with singular values of about one, by Newton-Schulz in bfloat16, which is enough for it."""
    x = (matrix / (matrix.norm() + 1e-7)).to(torch.bfloat16)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(rounds):
        square = x @ x.T
        x = _A * x + (_B * square + _C * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, made orthogonal, scaled by the matrix's shape; a convolution is a matrix of its windows."""

    def __init__(self, matrices: Iterable[Tensor], lr: float, momentum: float = 0.95) -> None:
        super().__init__(list(matrices), {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """One update of every matrix."""
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                state = self.state[matrix]
                if not state:
                    state["momentum"] = torch.zeros_like(matrix)
                state["momentum"].lerp_(matrix.grad, 1 - group["momentum"])
                way = matrix.grad.lerp(state["momentum"], group["momentum"]).flatten(1)
                scale = max(1.0, way.shape[0] / way.shape[1]) ** 0.5
                update = orthogonal(way).view_as(matrix)
                matrix.mul_(1 - group["lr"] * 0.01).add_(update, alpha=-group["lr"] * scale)
