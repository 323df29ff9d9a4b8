"""The previs model ready for use: weights, vocabulary and sampler behind one call. No world, no captioner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ..device import bfloat16_is_fast
from .network import PrevisNetwork
from .sampler import sample
from .text import Vocabulary
from .weight_files import FOLDER, read_weights

Frames = npt.NDArray[np.uint8]
OnPicture = Callable[[int, int, Frames], None]


def _to_tensor(frames: Frames) -> torch.Tensor:
    return torch.from_numpy(frames.astype(np.float32)).permute(0, 3, 1, 2)[None] / 127.5 - 1


def _to_frames(tensor: torch.Tensor) -> Frames:
    scaled = ((tensor.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).cpu().numpy()


class PrevisModel:
    """The built-in model, loaded."""

    def __init__(self, network: PrevisNetwork, vocabulary: Vocabulary, facts: dict[str, Any]) -> None:
        self.network, self.vocabulary, self.facts = network, vocabulary, facts
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._half = bfloat16_is_fast(self.device.type)
        self.network.to(self.device)

    @classmethod
    def load(cls, folder: Path | None = None) -> PrevisModel:
        """The model of a weights' folder, the package's own without one."""
        return cls(*read_weights(folder or FOLDER))

    def generate(
        self,
        prompt: str,
        known: Frames,
        known_mask: npt.NDArray[np.bool_],
        panel_mask: npt.NDArray[np.bool_],
        keep: npt.NDArray[np.float32],
        seed: int,
        steps: int,
        guidance: float,
        on_step: OnPicture | None = None,
    ) -> Frames:
        """A chunk (frames, rows, columns, 3) uint8 at 6 frames a second, as many as the weights are for.

        `known` has the chunk's shape; a frame of it counts where `known_mask` says it is the frame itself, or
        `panel_mask` that it is a drawing of it; both (frames,), and `keep` (frames,) how much of a frame itself: 1 is
        held, below 1 it is what the chunk is begun from. `on_step(done, steps, picture)` sees the middle frame
        as it forms; what it raises ends the chunk within that step. The same seed gives the same frames.
        """
        shown = _to_tensor(known)
        held, begun = known_mask & (keep >= 1), known_mask & (keep < 1)
        flags = torch.from_numpy(np.stack([held, panel_mask & ~known_mask], 1).astype(np.float32))[None]
        start = shown if begun.any() else None
        shown = shown * (flags.sum(2) > 0)[:, :, None, None, None]
        words = torch.tensor([self.vocabulary.encode(prompt)])

        def show(done: int, of: int, clean: torch.Tensor) -> None:
            if on_step is not None:
                on_step(done, of, _to_frames(clean[0, len(known) // 2][None])[0])

        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._half):
            frames = sample(
                self.network,
                words.to(self.device),
                shown.to(self.device),
                flags.to(self.device),
                seed,
                steps,
                guidance,
                on_step=show,
                start=None if start is None else start.to(self.device),
                kept=float(keep[begun].mean()) if begun.any() else 0.0,
            )
        return _to_frames(frames[0])
