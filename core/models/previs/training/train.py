"""Training the previs model: `python -m shotwright.core.models.previs.training.train --run FOLDER`.

Needs torch, numpy and safetensors only. Goes on from its own checkpoint, or warm from exported weights; works in legs
of `--minutes`. The recipe in words: docs/previs.md.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ...previs_model import GUIDANCE, STEPS
from ..network import PrevisNetwork, Shape
from ..sampler import sample
from ..text import Vocabulary
from ..weight_files import CONFIG, read_weights, write_weights
from ..world.caption import caption
from .batches import Batches, smaller
from .loss import Recipe, loss_of, noise_levels
from .muon import Muon
from .pool import SLOTS, Pool
from .reading import teach
from .sheet import curve, sheet, write_png
from .vocabulary import gather_vocabulary

PROMPTS = (
    "WIDE. EXT. DESERT - SUNSET. A red car drives left to right.",
    "MEDIUM, static. INT. KITCHEN - DAY. NOOR, in a yellow coat, talks.",
    "WIDE, pan right. EXT. BEACH - DAY. A woman in a red dress walks.",
    "CLOSE ON. EXT. FOREST - DAY. MARA (30s, blue jacket) looks around.",
    "EXTREME WIDE. EXT. CITY SKYLINE - NIGHT.",
    "WIDE. EXT. STREET - NIGHT. Rain. A man in a white coat walks right to left.",
    "WIDE. EXT. SNOW - DAY. A black dog runs left to right.",
    "PUSH IN. EXT. HILLS - DAWN. A brown horse stands.",
)
_LEARNT_BY_MUON = re.compile(r"(blocks|down|up)\.\d+\.(qkv|out|up|down|first|second)\.weight")
_SHEET_FRAMES = 4
_MEASURED = "spectrum."  # state that is taken from pictures, not learnt: another number of frames has another


def first_clips(pool: Pool, recipe: Recipe, vocabulary: Vocabulary, height: int) -> tuple[Tensor, Tensor]:
    """What is measured once: clips of the pool, the same every time, and their words.

    (clips, frames, 3, rows, columns), -1 to 1, and (clips, LONGEST).
    """
    rng = np.random.default_rng(3)
    pictures: list[npt.NDArray[np.uint8]] = []
    words: list[list[int]] = []
    while len(pictures) < recipe.measured_clips:
        clip, _, world = pool.take(rng, recipe.frames)
        if world is not None:
            pictures.append(smaller(clip, height))
            words.append(vocabulary.encode(caption(world, rng)))
    return torch.from_numpy(np.stack(pictures)).permute(0, 1, 4, 2, 3).float() / 127.5 - 1, torch.tensor(words)


def _learnt(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in state.items() if not name.startswith(_MEASURED)}


class Trainer:
    """One run: network, its average, optimisers, log."""

    def __init__(self, run: Path, pool: Pool, recipe: Recipe, warm: Path | None, device: str) -> None:
        self.run, self.recipe, self.device = run, recipe, device
        run.mkdir(parents=True, exist_ok=True)
        self.step = self.samples = 0
        self.losses: list[float] = []
        self.generator = torch.Generator().manual_seed(1)
        saved: dict[str, Any] | None = None
        if (run / "checkpoint.pt").exists():
            saved = torch.load(run / "checkpoint.pt", weights_only=True)
            self.vocabulary = Vocabulary(saved["words"])
            self.network = PrevisNetwork(Shape(**saved["shape"]))
            self.network.load_state_dict(saved["network"])
        elif warm is not None and (warm / CONFIG).exists():
            self.network, self.vocabulary, facts = read_weights(warm)
            self.samples = int(facts["samples"])
        else:
            torch.manual_seed(0)
            self.vocabulary = gather_vocabulary()
            self.network = PrevisNetwork(Shape(len(self.vocabulary), frames=recipe.frames))
            teach(self.network.reader, pool, self.vocabulary, device, recipe.reading_steps)
            self._measure(self.network, pool)
        if self.network.shape.frames != recipe.frames:
            self.network = self._resized(pool)
        self.network.to(device).train()
        self.network.reader.eval().requires_grad_(False)
        self.average = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        inner = [p for n, p in self.network.named_parameters() if _LEARNT_BY_MUON.search(n)]
        ids = {id(p) for p in (*inner, *self.network.reader.parameters())}
        others = [p for p in self.network.parameters() if id(p) not in ids]
        self.muon = Muon(inner, recipe.muon_rate)
        self.adam = torch.optim.AdamW(others, recipe.adam_rate, betas=(0.9, 0.98), weight_decay=0.01)
        if saved is not None:
            self.step, self.samples, self.losses = saved["step"], saved["samples"], saved["losses"]
            self.average.update({name: tensor.to(device) for name, tensor in _learnt(saved["average"]).items()})
            self.muon.load_state_dict(saved["muon"])
            self.adam.load_state_dict(saved["adam"])
            self.generator.set_state(saved["generator"])
        self.batches = Batches(pool, self.vocabulary, 1000 + self.step, self.network.shape.height)

    def _resized(self, pool: Pool) -> PrevisNetwork:
        """The network for the recipe's frames: the weights stay, the waves are measured again."""
        resized = PrevisNetwork(replace(self.network.shape, frames=self.recipe.frames))
        resized.load_state_dict(_learnt(self.network.state_dict()), strict=False)
        resized.reader.to(self.device)
        self._measure(resized, pool)
        return resized

    @torch.no_grad()
    def _measure(self, network: PrevisNetwork, pool: Pool) -> None:
        pictures, words = first_clips(pool, self.recipe, self.vocabulary, network.shape.height)
        suggested = [network.reader(said.to(self.device)).picture.cpu() for said in (torch.zeros_like(words), words)]
        network.spectrum.measure(pictures, (suggested[0], suggested[1]))

    def learn(self, cooling: float) -> float:
        """One step; `cooling` 1 at full rate, 0 at the end of a run."""
        rate = min(1.0, (self.step + 1) / self.recipe.warm_steps) * cooling
        for optimizer, full in ((self.muon, self.recipe.muon_rate), (self.adam, self.recipe.adam_rate)):
            for group in optimizer.param_groups:
                group["lr"] = full * rate
        batch = {k: v.to(self.device) for k, v in self.batches.next(self.recipe.batch, self.recipe.frames).items()}
        level = noise_levels(self.recipe.batch, self.recipe, self.generator).to(self.device)
        noise = torch.randn(batch["clean"].shape, generator=self.generator).to(self.device)
        with torch.autocast(self.device, torch.bfloat16):
            loss = loss_of(self.network, batch, level, noise, self.recipe)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimizer in (self.muon, self.adam):
            optimizer.step()
            optimizer.zero_grad()
        self.step += 1
        self.samples += self.recipe.batch
        keep = min(self.recipe.ema, self.step / (self.step + 10))
        with torch.no_grad():
            for name, tensor in self.network.state_dict().items():
                self.average[name].lerp_(tensor, 1 - keep)
        self.losses.append(float(loss.detach()))
        return self.losses[-1]

    def save(self, export: Path | None) -> None:
        """Checkpoint, curve, sample sheet, and the weights for use where they are wanted."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "generator": self.generator.get_state(),
            "step": self.step,
            "samples": self.samples,
            "losses": self.losses,
            "words": list(self.vocabulary.words),
            "shape": self.network.shape.to_json(),
        }
        temporary = self.run / "checkpoint.part"
        torch.save(state, temporary)
        temporary.replace(self.run / "checkpoint.pt")
        with (self.run / "loss.csv").open("w", newline="") as file:
            csv.writer(file).writerows(enumerate(self.losses, 1))
        write_png(self.run / "curve.png", curve([math.log(max(v, 1e-6)) for v in self.losses]))
        if export is not None:
            write_weights(export, self.network, self.average, self.vocabulary, {"samples": self.samples})

    def look(self) -> None:
        """A sheet of samples from the averaged weights."""
        own = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self.network.load_state_dict(self.average)
        self.network.eval()
        clips = []
        shape = self.network.shape
        blank = torch.zeros(1, self.recipe.frames, 3, shape.height, shape.across, device=self.device)
        flags = torch.zeros(1, self.recipe.frames, 2, device=self.device)
        for seed, prompt in enumerate(PROMPTS):
            words = torch.tensor([self.vocabulary.encode(prompt)], device=self.device)
            frames = sample(self.network, words, blank, flags, seed, STEPS, GUIDANCE)
            clips.append(((frames[0].float().cpu().numpy() + 1) * 127.5).round().astype(np.uint8).transpose(0, 2, 3, 1))
        shown = [round(i * (self.recipe.frames - 1) / (_SHEET_FRAMES - 1)) for i in range(_SHEET_FRAMES)]
        write_png(self.run / f"sheet-{self.samples:07}.png", sheet(clips, shown))
        self.network.load_state_dict(own)
        self.network.train()


def main() -> None:
    """Trains for a leg, then stops with everything saved."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--slots", type=int, default=SLOTS)
    parser.add_argument("--warm", type=Path, help="exported weights to start from where the run has no checkpoint")
    parser.add_argument("--export", type=Path, help="where the averaged weights go at each checkpoint")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--cool-minutes", type=float, default=0, help="the end of the leg in which the rate falls to 0")
    parser.add_argument("--batch", type=int, default=Recipe.batch)
    parser.add_argument("--frames", type=int, default=Recipe.frames)
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--look-minutes", type=float, default=6)
    parser.add_argument("--muon-rate", type=float, default=Recipe.muon_rate)
    parser.add_argument("--adam-rate", type=float, default=Recipe.adam_rate)
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    recipe = Recipe(chosen.batch, chosen.frames, chosen.muon_rate, chosen.adam_rate)
    trainer = Trainer(chosen.run, Pool(chosen.pool, chosen.slots), recipe, chosen.warm, device)
    begun = saved = looked = time.monotonic()
    first = trainer.samples
    while (gone := (time.monotonic() - begun) / 60) < chosen.minutes:
        left = chosen.minutes - gone
        trainer.learn(min(1.0, left / chosen.cool_minutes) if chosen.cool_minutes else 1.0)
        now = time.monotonic()
        if trainer.step % 20 == 0:
            mean = sum(trainer.losses[-20:]) / 20
            speed = (trainer.samples - first) / (now - begun)
            print(f"step {trainer.step} samples {trainer.samples} loss {mean:.4f} {speed:.2f}/s", flush=True)  # noqa: T201
        if now - saved > chosen.save_minutes * 60:
            trainer.save(chosen.export)
            saved = time.monotonic()
        if now - looked > chosen.look_minutes * 60:
            trainer.look()
            looked = time.monotonic()
    trainer.save(chosen.export)
    trainer.look()


if __name__ == "__main__":
    main()
