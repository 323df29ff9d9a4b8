"""Training the previs model: `python -m shotwright.core.models.previs.training.train PART --run FOLDER`.

PART is reader, eye, moves, plate or elements; they learn apart from each other, the reader first. Needs torch, numpy,
OpenCV and safetensors only. Goes on from its own checkpoint, or warm from exported weights; works in legs of
`--minutes`. The recipe in words: docs/previs.md.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ...previs_model import STEPS
from .. import eye, mover, painter
from ..layers import ELEMENT, PLATE, POSES
from ..reader import Reader
from ..sampler import guided, levels, solve
from ..telling import ELEMENT_TOLD, PLATE_TOLD
from ..text import Vocabulary
from ..weight_files import PARTS, read_part, read_vocabulary, write_part
from .batches import Batches
from .loss import RECIPES, loss_of
from .muon import Muon
from .pool import SLOTS, Pool
from .reading import learn_to_read
from .sheet import curve, write_png

SHAPES: dict[str, Any] = {
    "eye": eye.Shape(),
    "moves": mover.Shape(),
    "plate": painter.Shape(4, *PLATE, PLATE_TOLD, 4),
    "elements": painter.Shape(4 * POSES, *ELEMENT, ELEMENT_TOLD, 3),
}
_LEARNT_BY_MUON = re.compile(
    r"(^|\.)((blocks|down|up)\.\d+\.(qkv|out|up|down|first|second)|forms|coarse|around\.\d+)\.weight"
)
_APART = 1_000_003  # of the seeds of processes
_MEASURED = 3000  # pictures from which a spectrum is taken
_LOOKED_AT, _LOOKED_WITH = 8, 2.0  # samples of a sheet, and their guidance


def measure(network: Any, batches: Batches) -> None:
    """Gives a new network what is measured once: how its numbers or its pictures vary."""
    if isinstance(network, painter.Painter):
        network.spectrum.measure(torch.cat([batches.next(100)["clean"] for _ in range(_MEASURED // 100)]))
    elif isinstance(network, mover.Mover):
        for name in ("mean", "scale", "variance"):
            getattr(network, name).copy_(torch.from_numpy(getattr(batches, name)))


@dataclass(frozen=True)
class _Endless(IterableDataset[Any]):
    """Batches of so many samples, made by as many processes as ask for them."""

    pool: Pool
    vocabulary: Vocabulary
    part: str
    seed: int
    size: int

    def __iter__(self) -> Iterator[Any]:
        worker = get_worker_info()
        batches = Batches(self.pool, self.vocabulary, self.part, self.seed + _APART * (worker.id if worker else 0))
        while True:
            yield batches.next(self.size)


@dataclass(frozen=True)
class Leg:
    """How a run goes on: from exported weights where it has no checkpoint (`warm`); `rate` of the recipe's learning
    rates; `batch` samples a step, 0 the recipe's; and processes that make them beside this one."""

    warm: bool = False
    rate: float = 1.0
    batch: int = 0
    workers: int = 0


class Trainer:
    """One run of one part: network, its average, optimisers, log."""

    def __init__(self, part: str, run: Path, pool: Pool, weights: Path, device: str, leg: Leg) -> None:
        self.part, self.run, self.device, self.weights = part, run, device, weights
        self.recipe = replace(RECIPES[part], batch=leg.batch or RECIPES[part].batch)
        rate, warm = leg.rate, leg.warm
        self.rates = self.recipe.muon_rate * rate, self.recipe.adam_rate * rate
        run.mkdir(parents=True, exist_ok=True)
        self.step = self.samples = 0
        self.losses: list[float] = []
        self.generator = torch.Generator().manual_seed(1)
        self.reader: Reader = read_part("reader", weights)[0].to(device).requires_grad_(False)
        saved = torch.load(run / "checkpoint.pt", weights_only=True) if (run / "checkpoint.pt").exists() else None
        seed = 1000 + (saved["step"] if saved else 0)
        first = Batches(pool, read_vocabulary(weights), part, 4)
        self.shown = first.next(_LOOKED_AT)
        source = _Endless(pool, read_vocabulary(weights), part, seed, self.recipe.batch)
        self.batches = iter(DataLoader(source, batch_size=None, num_workers=leg.workers))
        if warm and saved is None:
            self.network, facts = read_part(part, weights)
            self.samples = int(facts["samples"])
        else:
            torch.manual_seed(0)
            self.network = PARTS[part][0](SHAPES[part])
        if saved is not None:
            self.network.load_state_dict(saved["network"])
        elif not warm:
            measure(self.network, first)
        self.network.to(device).train()
        self.average = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        inner = [p for n, p in self.network.named_parameters() if _LEARNT_BY_MUON.search(n)]
        ids = {id(p) for p in inner}
        others = [p for p in self.network.parameters() if id(p) not in ids]
        self.muon = Muon(inner, self.rates[0])
        self.adam = torch.optim.AdamW(others, self.rates[1], betas=(0.9, 0.98), weight_decay=0.01)
        if saved is not None:
            self.step, self.samples, self.losses = saved["step"], saved["samples"], saved["losses"]
            self.average = {name: tensor.to(device) for name, tensor in saved["average"].items()}
            self.muon.load_state_dict(saved["muon"])
            self.adam.load_state_dict(saved["adam"])
            self.generator.set_state(saved["generator"])

    def learn(self, cooling: float) -> float:
        """One step; `cooling` 1 at full rate, 0 at the end of a run."""
        rate = min(1.0, (self.step + 1) / self.recipe.warm_steps) * cooling
        for optimizer, full in ((self.muon, self.rates[0]), (self.adam, self.rates[1])):
            for group in optimizer.param_groups:
                group["lr"] = full * rate
        batch = {k: v.to(self.device) for k, v in next(self.batches).items()}
        with torch.autocast(self.device, torch.bfloat16):
            loss = loss_of(self.part, self.network, self.reader, batch, self.recipe, self.generator)
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
        """Checkpoint, curve, and the weights for use where they are wanted."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "generator": self.generator.get_state(),
            "step": self.step,
            "samples": self.samples,
            "losses": self.losses,
        }
        temporary = self.run / "checkpoint.part"
        torch.save(state, temporary)
        temporary.replace(self.run / "checkpoint.pt")
        with (self.run / "loss.csv").open("w", newline="") as file:
            csv.writer(file).writerows(enumerate(self.losses, 1))
        write_png(self.run / "curve.png", curve([math.log(max(v, 1e-6)) for v in self.losses]))
        if export is not None:
            write_part(export, self.part, self.network.shape, self.average, {"samples": self.samples})

    def look(self) -> None:
        """Pictures from the averaged weights, each below the true one of the same words and numbers."""
        if not isinstance(self.network, painter.Painter):
            return
        own = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self.network.load_state_dict(self.average)
        self.network.eval()
        batch = {k: v.to(self.device) for k, v in self.shown.items()}
        heard = self.reader(torch.cat([batch["words"], torch.zeros_like(batch["words"])]))
        noise = torch.randn(batch["clean"].shape, generator=torch.Generator().manual_seed(4))
        predict = guided(self.network, heard, batch["known"], batch["told"], _LOOKED_WITH)
        made = solve(predict, noise.to(self.device), levels(STEPS))
        rows = []
        for pictures in (batch["clean"], made):
            flat = pictures.float().cpu().clamp(-1, 1).unflatten(1, (-1, 4)).permute(0, 1, 3, 4, 2).numpy()
            rows.append(np.concatenate([np.concatenate(list(one), 0) for one in flat], 1))
        sheet = np.concatenate(rows, 0)[..., :3]
        write_png(self.run / f"sheet-{self.samples:07}.png", ((sheet + 1) * 127.5).round().astype(np.uint8))
        self.network.load_state_dict(own)
        self.network.train()


def main() -> None:
    """Trains for a leg, then stops with everything saved."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--run", type=Path, help="not for the reader")
    parser.add_argument("--pool", type=Path, help="not for the reader")
    parser.add_argument("--slots", type=int, default=SLOTS)
    parser.add_argument("--weights", type=Path, required=True, help="where the weights go, and the reader is read from")
    parser.add_argument("--warm", action="store_true", help="start from those weights where the run has no checkpoint")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--cool-minutes", type=float, default=0, help="the end of the leg in which the rate falls to 0")
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--rate", type=float, default=1.0, help="of the recipe's learning rates")
    parser.add_argument("--batch", type=int, default=0, help="samples a step; without, the recipe's")
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that make samples, where a GPU waits for them"
    )
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if chosen.part == "reader":
        learn_to_read(chosen.weights, device, chosen.warm)
        return
    pool = Pool(chosen.pool, chosen.slots)
    leg = Leg(chosen.warm, chosen.rate, chosen.batch, chosen.workers)
    trainer = Trainer(chosen.part, chosen.run, pool, chosen.weights, device, leg)
    begun = saved = time.monotonic()
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
            trainer.save(chosen.weights)
            trainer.look()
            saved = time.monotonic()
    trainer.save(chosen.weights)
    trainer.look()


if __name__ == "__main__":
    main()
