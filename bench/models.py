"""Models through diffusers: ours against the bare pipeline of the same run, and against arithmetic; memory over length.

On a card the real architectures, at random weights that are made there; without one tiny ones, on the processor, which
show what is ours: the time around a step, not a step. Each case runs in a process of its own.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

_RUNS = {"cuda": 2, "cpu": 7}  # of each, on the processor by turns; the first of each is not counted
_GIB = 1 << 30
_WORDS = "a red car"
_LONG_SECONDS, _TWO_CHUNKS_SECONDS = 60, 9  # a chunk that goes on from known frames takes more than one of words
_CHAINED = ("wan-2.2-ti2v-5b", "ltx-0.9.5")  # chained by the last frame, and by 17 frames that are known


@dataclass(frozen=True)
class Measured:
    """Medians of one case: seconds a step and end to end, peaks in bytes, of ours and of the bare pipeline.

    `ratio` is the median of ours over the bare run beside it: what else the machine does then hits both alike.
    `floor_seconds` is what the steps' arithmetic takes at the speed of a large multiplication, measured just before.
    `away` is the mean difference of frames, in code values. `first_seconds` is the first run, with what it compiles.
    """

    plan: str
    step_seconds: float
    bare_step_seconds: float
    seconds: float
    bare_seconds: float
    ratio: float
    peak_bytes: int
    bare_peak_bytes: int
    floor_seconds: float
    away: float
    first_seconds: float


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _flops_a_second(device: str) -> float:
    """Of a large multiplication, in the numbers that models compute in there."""
    import torch

    side, dtype = (8192, torch.bfloat16) if device == "cuda" else (1024, torch.float32)
    one = torch.randn(side, side, device=device, dtype=dtype)
    best = 0.0
    for _ in range(8):
        begun = _now(device)
        torch.mm(one, one)
        best = max(best, 2 * side**3 / (_now(device) - begun))
    return best


def _now(device: str) -> float:
    """Seconds on a card; without one the processor's own for this process, which other work does not add to."""
    if device == "cuda":
        import torch

        torch.cuda.synchronize()
        return time.perf_counter()
    return time.process_time()


class _Peak:
    """The most memory in use since it was made: of the card, or of this process (elsewhere than Linux: ever)."""

    def __init__(self, device: str) -> None:
        self._card = device == "cuda"
        if self._card:
            import torch

            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        elif sys.platform.startswith("linux"):
            Path("/proc/self/clear_refs").write_text("5")

    def bytes(self) -> int:
        from shotwright.core.models.running.runner import peak_bytes

        if not self._card and sys.platform.startswith("linux"):
            told = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
            return int(told) * 1024
        return peak_bytes(self._card)


def _request(case: Any, rate: Any) -> Any:
    import numpy as np
    from shotwright.core.models.base import ChunkRequest

    nothing = np.zeros(case.frames, np.bool_)
    black = np.zeros((case.frames, case.size[1], case.size[0], 3), np.uint8)
    keep = np.ones(case.frames, np.float32)
    return ChunkRequest(_WORDS, "", case.size, rate, case.frames, 4, black, nothing, nothing, keep, steps=case.steps)


def measure_case(name: str) -> Measured:
    """One case, in this process."""
    import numpy as np
    import torch
    from shotwright.core.models.diffusers_folder import FamilyModel, load_pipeline
    from shotwright.core.models.folder_profile import profile_of
    from shotwright.core.models.running.needs import network_of, tokens_of
    from shotwright.core.models.running.runner import Runner

    from ._model_cases import ON_A_CARD, ON_THE_PROCESSOR

    device = _device()
    case = next(each for each in (ON_A_CARD if device == "cuda" else ON_THE_PROCESSOR) if each.name == name)
    with tempfile.TemporaryDirectory(prefix="shotwright-bench-") as home:
        folder = Path(home) / "model"
        case.build(folder)
        variant = profile_of(folder)
        request = _request(case, variant.limits.rates[0])
        speed = _flops_a_second(device)

        def loaded() -> FamilyModel:
            dtype = torch.bfloat16 if device == "cuda" else torch.float32
            pipe = load_pipeline(name, folder, dtype=dtype).to(device)
            pipe.set_progress_bar_config(disable=True)
            return FamilyModel(name, variant, pipe)

        def bare(family: FamilyModel) -> tuple[float, float, Any]:
            ends: list[float] = []

            def after(_pipe: Any, _step: int, _time: Any, kept: dict[str, Any]) -> dict[str, Any]:
                ends.append(_now(device))
                return kept

            torch.manual_seed(request.seed)
            begun = _now(device)
            pipe, given = family.arguments(request)
            frames = np.asarray(pipe(**given, callback_on_step_end=after).frames[0])
            return _now(device) - begun, _step(ends), frames

        def ours(runner: Runner) -> tuple[float, float, Any]:
            ends: list[float] = []

            def after(done: int, _of: int, _preview: Any) -> None:
                if done <= case.steps:
                    ends.append(_now(device))

            begun = _now(device)
            frames = runner.make_chunk(request, after)
            return _now(device) - begun, _step(ends), frames

        peak = _Peak(device)
        runner = Runner(name, folder, variant, Path(home) / "state")
        first, _, made = ours(runner)
        one = [ours(runner) for _ in range(_RUNS[device])] if device == "cuda" else []
        peaks = [peak.bytes()]
        plan = runner.plan.name
        if device == "cuda":  # both at once would not fit
            del runner
            gc.collect()
        peak = _Peak(device)
        family = loaded()
        _, _, plain = bare(family)
        peaks.append(peak.bytes())
        other = []
        for turn in range(_RUNS[device]):
            for mine in (False, True) if turn % 2 else (True, False):
                if not mine:
                    other.append(bare(family))
                elif device == "cpu":
                    one.append(ours(runner))
        network = network_of(dict(family.loaded.transformer.config))
        tokens = tokens_of(network, dict(family.loaded.vae.config), case.size, case.frames)
        passes = case.steps * (2 if variant.limits.default_guidance > 1 else 1)
    away = float(np.abs(made.astype(np.float32) - plain * 255).mean())
    ratio = statistics.median(mine[0] / bares[0] for mine, bares in zip(one, other, strict=True))
    medians = [[statistics.median(each[part] for each in runs) for part in (0, 1)] for runs in (one, other)]
    return Measured(
        plan,
        medians[0][1],
        medians[1][1],
        medians[0][0],
        medians[1][0],
        ratio,
        *peaks,
        passes * network.forward_flops(tokens) / speed,
        away,
        first,
    )


def _step(ends: list[float]) -> float:
    return statistics.median(after - before for before, after in pairwise(ends))


def shot_peak(name: str, seconds: float) -> int:
    """The peak of memory of a whole take by a tiny model, chained over so many seconds, 0 for one chunk."""
    from shotwright.core.backends.worker.making import Order, make_take
    from shotwright.core.backends.worker.reporting import Reporter
    from shotwright.core.models.folder_profile import profile_of
    from shotwright.core.models.running.runner import Runner
    from shotwright.core.protocol import Delivery, Prompt, Sampling, TakeRequest

    from ._model_cases import ON_THE_PROCESSOR

    with tempfile.TemporaryDirectory(prefix="shotwright-bench-") as home:
        folder = Path(home) / "model"
        case = next(each for each in ON_THE_PROCESSOR if each.name == name)
        case.build(folder)
        model = Runner("tiny", folder, profile_of(folder), Path(home) / "state")
        rate = model.limits.rates[0]
        frames = int(seconds * rate.fraction) if seconds else model.limits.longest_chunk
        words = (Prompt(_WORDS),)
        request = TakeRequest(words, frames, rate, case.size, model="tiny", sampling=Sampling(steps=1))
        order = Order("bench", request, Delivery(), Path(home) / "work", Path(home) / "attempt", {})
        peak = _Peak(_device())
        make_take(order, model, Reporter("bench", lambda _event: None, lambda: False))
        return peak.bytes()


def _apart(*arguments: str) -> Any:
    """What this file, run with these arguments, says in its last line."""
    from shotwright.core.backends.local import worker_environment

    command = [sys.executable, "-m", "bench.models", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=worker_environment())
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def measure() -> Iterator[tuple[str, str, str]]:
    """Rows of (what, measured, bar)."""
    from ._model_cases import ON_A_CARD, ON_THE_PROCESSOR

    card = _device() == "cuda"
    yield "family, job, size, frames, steps: plan", "s/step, GiB, end to end, of bare, of floor", ""
    for case in ON_A_CARD if card else ON_THE_PROCESSOR:
        told = Measured(**_apart("case", case.name))
        what = f"{case.name} text {case.size[0]}x{case.size[1]}x{case.frames}, {case.steps} steps: {told.plan}"
        floor = told.step_seconds * case.steps / told.floor_seconds
        measured = (
            f"{told.step_seconds:.4g} s, {told.peak_bytes / _GIB:.2f} GiB, {told.seconds:.3g} s, "
            f"{told.ratio:.3f} x, {floor:.1f} x"
        )
        yield what, measured, "under 1.02 x bare" if card else "under 1.05 x bare"
        yield (
            "  the bare pipeline; frames apart; the first run",
            f"{told.bare_step_seconds:.4g} s, {told.bare_peak_bytes / _GIB:.2f} GiB, {told.bare_seconds:.3g} s; "
            f"{told.away:.2f} of 255; {told.first_seconds:.3g} s",
            "",
        )
    for name in _CHAINED:
        one, two, long = (_apart("shot", name, str(seconds)) for seconds in (0, _TWO_CHUNKS_SECONDS, _LONG_SECONDS))
        growth = f"{long / one:.2f} x ({long / 1e6:.0f} MB over {one / 1e6:.0f}), {long / two:.2f} x over two chunks"
        yield f"peak memory, {_LONG_SECONDS} s over one chunk, tiny {name}", growth, "under 1.10 x"


if __name__ == "__main__":
    kind, name, *more = sys.argv[1:]
    print(json.dumps(asdict(measure_case(name)) if kind == "case" else shot_peak(name, float(more[0]))))
