"""What noise tells of a picture beside what words suggest: the best linear guess, wave by wave.

Moving pictures are smooth: most of what they show lies in few slow, broad waves. Wiener's filter over a cosine
transform uses that, and guesses as much of a noisy picture as a transformer of patches had learnt in 20,000 samples
(8 frames of 128x72 at level 0.1: errors of 0.036 and 0.038), so that the network spends its learning on what no filter
knows: edges, forms, words.
It stands in for the skip and output scales of Karras et al., “Elucidating the Design Space of Diffusion-Based
Generative Models” (2022), one wave at a time.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

LEVELS = 33  # noise levels at which misses are kept
_LOGITS = (-9.0, 5.0)  # of the lowest and the highest of them


def cosines(count: int) -> Tensor:
    """The orthonormal cosine transform (waves, samples) of so many samples."""
    wave, place = torch.arange(count)[:, None], torch.arange(count)[None]
    matrix = torch.cos(math.pi * (place + 0.5) * wave / count) * math.sqrt(2 / count)
    matrix[0] /= math.sqrt(2)
    return matrix


def _along_time(matrix: Tensor, waves: Tensor) -> Tensor:
    return (matrix @ waves.flatten(2)).reshape(waves.shape)


class Spectrum(nn.Module):
    """The variance of every wave of chunks (frames, 3, rows, columns) around the picture that their words suggest.

    Colours are turned so that they vary apart. What is kept twice is kept without words (0) and with (1).
    """

    colours: Tensor
    variance: Tensor
    misses: Tensor
    in_time: Tensor
    down: Tensor
    across: Tensor

    def __init__(self, frames: int, rows: int, columns: int) -> None:
        super().__init__()
        self.register_buffer("colours", torch.eye(3))
        self.register_buffer("variance", torch.ones(2, frames, 3, rows, columns))
        self.register_buffer("misses", torch.ones(2, LEVELS))
        for name, count in (("in_time", frames), ("down", rows), ("across", columns)):
            self.register_buffer(name, cosines(count), persistent=False)

    def measure(self, frames: Tensor, suggested: tuple[Tensor, Tensor]) -> None:
        """Takes colours, variances and misses from pictures, (clips, frames, 3, rows, columns), -1 to 1.

        `suggested` are the pictures (clips, 3, rows, columns) expected of them without words and with.
        """
        flat = (frames - suggested[0][:, None]).transpose(2, -1).reshape(-1, 3)
        self.colours.copy_(torch.linalg.eigh(flat.T @ flat / len(flat))[1])
        noise = torch.randn(frames.shape, generator=torch.Generator().manual_seed(0))
        for worded, pictures in enumerate(suggested):
            total = torch.zeros_like(self.variance[0])
            for some, expected in zip(frames.split(16), pictures.split(16), strict=True):
                total += self._waves(some - expected[:, None]).square().sum(0)
            self.variance[worded] = total / len(frames)
            which = torch.full((len(frames),), worded)
            for row, level in enumerate(torch.linspace(*_LOGITS, LEVELS).sigmoid()):
                found = self.guess(level * frames + (1 - level) * noise, level.expand(len(frames)), pictures, which)
                self.misses[worded, row] = (found - frames).square().mean().sqrt()

    def _waves(self, frames: Tensor) -> Tensor:
        waves = torch.einsum("bfcyx,cd->bfdyx", frames, self.colours) @ self.across.T
        return _along_time(self.in_time, self.down @ waves)

    def guess(self, noisy: Tensor, level: Tensor, expected: Tensor, worded: Tensor) -> Tensor:
        """The best linear guess of the clean pictures.

        level (batch,) 0 noise to 1 clean; expected (batch, 3, rows, columns), the picture without any look at `noisy`;
        worded (batch,) 1 where words suggested it.
        """
        t = level[:, None, None, None, None]
        variance = self.variance[worded]
        waves = self._waves(noisy - t * expected[:, None])
        waves = waves * (t * variance / (t.square() * variance + (1 - t).square()))
        back = self.down.T @ (_along_time(self.in_time.T, waves) @ self.across)
        return torch.einsum("bfdyx,cd->bfcyx", back, self.colours) + expected[:, None]

    def missed(self, level: Tensor, worded: Tensor) -> Tensor:
        """The spread of what the guess misses at a level, (batch,) of level and worded (batch,)."""
        lowest, highest = _LOGITS
        place = (level.logit(1e-6).clamp(lowest, highest) - lowest) * (LEVELS - 1) / (highest - lowest)
        below = place.long().clamp(max=LEVELS - 2)
        return self.misses[worded, below].lerp(self.misses[worded, below + 1], place - below)
