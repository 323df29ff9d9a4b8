"""One pipeline's folder, run: loaded as a plan has it, watched as it works, run anew by a leaner plan out of memory."""

from __future__ import annotations

import contextlib
import gc
import logging
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import diffusers
import torch

from ...errors import ModelError, StorageError
from ..base import ChunkRequest, Frames, OnStep
from ..diffusers_folder import FamilyModel
from ..families import Variant
from ..fingerprints import of_folder
from .chosen_plans import chosen_plan
from .decoding import Reel, decoding_onto, give_back
from .fitting import compile_blocks, load, machine_for_torch, place, reusing
from .memory_plans import CARD, MemoryPlan, choose, ran_out
from .needs import decode_bytes, needs_of, shrinking
from .previews import Previews, Watched
from .prompts import PromptStore, Reader, can_be_kept
from .timings import Run, Timings

PROMPTS = "prompts"  # the folder of words that were read, in the state folder
_BLOCKS = "blocks"  # the folder of blocks that wait on the disk, in the state folder
_READING_SHARE = 1.15  # of the text encoder's weights: what reading takes
_DRAFT_REUSE = 0.1  # how far the first block's answer may change in a draft, for the others to be skipped
_log = logging.getLogger(__name__)
_Made = TypeVar("_Made")


class Runner:
    """VideoModel over a family's folder; `notices` tell what was done instead of what was planned.

    The plans are those that fit the machine now, for the model's largest size and longest chunk, or those from the one
    on that was chosen. Raises ModelError where the folder can't be loaded, UsageError for no such plan.
    """

    def __init__(
        self, name: str, folder: Path, variant: Variant, state: Path, plans: tuple[MemoryPlan, ...] = ()
    ) -> None:
        self.name, self.limits, self.notices = name, variant.limits, list[str]()
        self._folder, self._variant, self._weights = folder, variant, of_folder(folder)
        self._store, self._timings, self._blocks = PromptStore(state / PROMPTS), Timings(state), state / _BLOCKS
        self._machine = machine_for_torch()
        self._needs = needs_of(folder, variant.limits.sizes[0], variant.limits.longest_chunk)
        self._plans = plans or choose(self._needs, self._machine, chosen_plan(state, name))
        self._family: FamilyModel | None = None
        self._reader: Reader | None = None
        self._previews: Previews | None = None
        self._watched: Watched | None = None
        self._turning: Any = None
        self._compiled = False
        self._by_plan(self._loaded)

    @property
    def plan(self) -> MemoryPlan:
        """The plan it runs by now."""
        return self._plans[0]

    @property
    def fingerprint(self) -> str:
        """The weights', and what the plan changes in the numbers."""
        return f"{self._weights}-{self.plan.numbers}"

    def make_chunk(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        """As VideoModel.make_chunk.

        Out of memory, the chunk is made anew by the next plan, and a notice says so.
        """
        return self._by_plan(lambda: self._made(request, on_step))

    def _by_plan(self, work: Callable[[], _Made]) -> _Made:
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError, ModelError) as error:
                if not ran_out(error) or len(self._plans) < 2:
                    raise
                failed, self._plans = self.plan.name, self._plans[1:]
            # Outside of the handler: what it holds of the failed run is gone, so that its memory can be given back.
            self.notices.append(
                f"“{self.name}” ran out of memory by the plan “{failed}”, and goes on by “{self.plan.name}”: "
                f"{self.plan.why}."
            )
            _log.warning("%s", self.notices[-1])
            self._let_go()

    def _let_go(self) -> None:
        self._family = self._reader = self._previews = self._watched = self._turning = None
        self._compiled = False
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _loaded(self) -> FamilyModel:
        if self._family is not None:
            return self._family
        plan = self.plan
        kinds = [getattr(diffusers, kind, None) for kind in self._variant.folders]
        if all(kind is not None and can_be_kept(kind) for kind in kinds):
            self._reader = Reader(self.name, self._folder, self._store, plan)
        pipe = load(self.name, self._folder, plan, self._reader.encoders if self._reader else ())
        pipe.vae.to(plan.device)
        self._previews = Previews(pipe.vae)
        shutil.rmtree(self._blocks, ignore_errors=True)  # also of a worker that was killed
        place(pipe, plan, self._machine, self._blocks)
        limits = self.limits
        passes = limits.default_steps * (2 if limits.default_guidance > 1 else 1)
        self._compiled = compile_blocks(pipe, plan, self._machine, passes * self._needs.flops)
        self._family = FamilyModel(self.name, self._variant, pipe, self._preview)
        return self._family

    def _preview(self, pipe: Any, latents: Any) -> Frames | None:
        return self._watched.picture(pipe, latents) if self._watched is not None else None

    def _read(self, pipe: Any, given: dict[str, Any]) -> None:
        """Puts what was read of the words in their place in a pipeline's call."""
        if self._reader is None:
            return
        wanted = {"": given.pop("prompt"), "negative_": given.pop("negative_prompt", "") or ""}
        read = {prefix: self._reader.kept(words, type(pipe)) for prefix, words in wanted.items()}
        new = [prefix for prefix, reading in read.items() if reading is None]
        if new:
            with self._room_to_read():
                read |= {prefix: self._reader.read(wanted[prefix], pipe) for prefix in new}
                self._reader.rest()
        for prefix, reading in read.items():
            given |= {prefix + name: tensor.to(self.plan.device) for name, tensor in (reading or {}).items()}

    @contextlib.contextmanager
    def _room_to_read(self) -> Iterator[None]:
        """Room on the card for the text encoder: the rest leaves it where both don't fit."""
        assert self._reader is not None
        beside = self.plan.device == CARD and self.plan.placement == "aside"
        if not beside or self._reader.bytes * _READING_SHARE < torch.cuda.mem_get_info()[0]:
            yield
            return
        pipe = self._loaded().loaded
        pipe.to("cpu")
        torch.cuda.empty_cache()
        yield
        pipe.to(CARD)

    def _made(self, request: ChunkRequest, on_step: OnStep) -> Frames:
        begun, ends = time.perf_counter(), list[float]()
        family = self._loaded()
        pipe, given = family.arguments(request)
        self._read(pipe, given)
        given |= {"output_type": "pt"} if "output_type" in given else {}
        if self.plan.placement == "parts" and self._turning is not pipe:
            pipe.enable_model_cpu_offload()
            self._turning = pipe
        time_ratio, space_ratio = shrinking(dict(pipe.vae.config))
        width, height = request.size
        shape = (request.frames - 1) // time_ratio + 1, height // space_ratio, width // space_ratio
        assert self._previews is not None
        self._watched = Watched(self._previews, shape)
        decode = self._decode_steps(request)

        def after_step(done: int, of: int, preview: Frames | None) -> None:
            ends.append(time.perf_counter())
            on_step(done, of + decode, preview)

        def after_piece(done: int) -> None:
            on_step(len(ends) + -(-decode * done // shape[0]), len(ends) + decode, None)

        reuse = _DRAFT_REUSE if request.draft and not self._compiled else 0.0
        if self.plan.device == CARD:
            torch.cuda.reset_peak_memory_stats()
        reel = Reel(request.frames, request.size)
        vae = dict(pipe.vae.config)
        # What takes no more at once than a piece of the largest chunk is decoded whole.
        in_pieces = self.plan.pieces and decode_bytes(vae, request.size, request.frames) > self._needs.piece
        try:
            with (
                torch.random.fork_rng(),  # some decoders draw noise from torch's own generator
                reusing(pipe, reuse),
                decoding_onto(pipe.vae, reel, in_pieces, after_piece),
                family.steps_told(pipe, given, after_step),
                self._reader.by_name(pipe) if self._reader else contextlib.nullcontext(),
            ):
                torch.manual_seed(request.seed)
                pipe(**given)
        finally:
            pipe.maybe_free_model_hooks()  # as at the end of a call, also after a stop
        if reel.filled != request.frames:
            raise ModelError(
                f"“{self.name}” made {reel.filled} frames where {request.frames} were asked for.",
                "This pipeline does not keep to its family's rules; choose another.",
            )
        self._learn(request, begun, ends)
        give_back()
        return reel.frames

    def _decode_steps(self, request: ChunkRequest) -> int:
        """How many steps the decode counts as, by what earlier runs took; at least 1."""
        run = self._timings.expected(self.name, request.size, request.frames)
        return max(1, round(run.other_seconds / run.step_seconds)) if run is not None else 1

    def _learn(self, request: ChunkRequest, begun: float, ends: list[float]) -> None:
        """Keeps what a chunk took, for estimates; where the disk won't, it is not kept."""
        if len(ends) < 2:
            return
        step = statistics.median(after - before for before, after in pairwise(ends))
        other = max(0.0, time.perf_counter() - begun - step * len(ends))
        card = self.plan.device == CARD
        run = Run(self.name, self.plan.name, request.size, request.frames, step, other, peak_bytes(card), card)
        with contextlib.suppress(StorageError):
            self._timings.learn(run)


def peak_bytes(card: bool) -> int:
    """The most memory that was in use: of the card since it was last asked anew, or by this process since it began."""
    if card:
        return int(torch.cuda.max_memory_allocated())
    import psutil

    told = psutil.Process().memory_info()
    if hasattr(told, "peak_wset"):
        return int(told.peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
