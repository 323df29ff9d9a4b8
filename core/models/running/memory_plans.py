"""Ways to hold a model in the memory that there is, from the best to the leanest: pure, no torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...errors import UsageError
from .machine import Machine
from .needs import Needs

CARD, PROCESSOR = "cuda", "cpu"
_NO_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory", "alloc_failed")
SETTING = "SHOTWRIGHT_PLAN"
_GIB = 1 << 30
# Kept free beside what is counted: the driver's own, and blocks of memory that lie between others.
_CARD_MARGIN, _RAM_MARGIN = _GIB, 2 * _GIB
# From so many tokens on a block computes longer than the next one takes to come to the card: 2 N operations a weight
# of 2 bytes at 400 TFLOP/s, against 25 GB/s over the bus.
_HIDING_TOKENS = 16_000
# What of its bfloat16 size a transformer keeps; norms and embeddings stay as they are.
_SHARES = {"": 1.0, "float8": 0.52, "int8": 0.52, "nf4": 0.3}


@dataclass(frozen=True)
class MemoryPlan:
    """One way to hold a model.

    `placement` is where its parts wait: `whole` all where they compute; `aside` all but the text encoder, which is
    there to read words alone; `parts` each when its turn comes; `groups` the transformer's blocks by turns, from
    memory; `disk` likewise, from the disk. `storage` is what the transformer is kept in where not in `dtype`. `pieces`
    says that the VAE decodes a stretch of frames at a time, `tiles` that it does so in tiles of the picture.
    `card_bytes` and `ram_bytes` are what it takes.
    """

    name: str
    device: str
    dtype: str
    placement: str
    why: str
    storage: str = ""
    pieces: bool = False
    exact_pieces: bool = False
    tiles: bool = False
    card_bytes: int = 0
    ram_bytes: int = 0

    @property
    def numbers(self) -> str:
        """What of it changes frames, though little: for the model's fingerprint. Where parts wait changes nothing.

        But from the disk they come to other places in memory, and some sums are rounded otherwise.
        """
        pieces = "pieces" if self.pieces and not self.exact_pieces else ""
        disk = "disk" if self.placement == "disk" else ""
        return "-".join(filter(None, (self.dtype, self.storage, pieces, "tiles" if self.tiles else "", disk)))

    @property
    def words(self) -> str:
        """The plan for people: its name, what it takes, and why."""
        takes = self.card_bytes or self.ram_bytes
        where = "of the card" if self.card_bytes else "of memory"
        return f"{self.name}: about {takes / _GIB:.1f} GiB {where}; {self.why}"

    def fits(self, machine: Machine) -> bool:
        """Whether the machine has that much free."""
        card = not self.card_bytes or self.card_bytes + _CARD_MARGIN <= machine.free_card
        return card and self.ram_bytes + _RAM_MARGIN <= machine.free_ram


def _on_card(needs: Needs, machine: Machine) -> Iterator[MemoryPlan]:
    denoisers, largest = sum(needs.transformers), max(needs.transformers)
    weights = needs.text + denoisers + needs.vae
    hidden = needs.tokens >= _HIDING_TOKENS

    def plan(name: str, placement: str, why: str, card: int, ram: int = 0, storage: str = "") -> MemoryPlan:
        return MemoryPlan(name, CARD, "bfloat16", placement, why, storage, card_bytes=card, ram_bytes=ram)

    def aside(share: float) -> int:
        return max(needs.text, int(denoisers * share) + needs.vae + needs.activation)

    by_turns = 3 * needs.block + needs.activation + needs.vae
    groups = plan(
        "groups",
        "groups",
        "blocks come to the card by turns" + (", while others compute" if hidden else ""),
        by_turns,
        denoisers,
    )
    yield plan("whole", "whole", "all of it stays on the card", weights + needs.activation)
    yield plan("aside", "aside", "the text encoder comes to the card for new words alone", aside(1), needs.text)
    yield plan(
        "parts",
        "parts",
        "each part comes to the card when its turn comes",
        max(needs.text, largest + needs.activation, needs.vae),
        weights,
    )
    if hidden:
        yield groups
    for storage, why in (
        ("float8", "the transformer is kept in 8 bits, computed in 16"),
        ("int8", "the transformer is quantised to 8 bits"),
        ("nf4", "the transformer is quantised to 4 bits"),
    ):
        if storage == "float8" or _QUANTISERS[storage] in machine.installed:
            yield plan(storage, "aside", why, aside(_SHARES[storage]), needs.text, storage)
    if not hidden:
        yield groups


_QUANTISERS = {"int8": "torchao", "nf4": "bitsandbytes"}


def _with_decode(plan: MemoryPlan, needs: Needs, free: int) -> MemoryPlan:
    """A plan with what the decode takes beside what else is there then: at once where that fits, else in pieces."""
    on_card = plan.device == CARD
    room = plan.card_bytes if on_card else plan.ram_bytes
    held = room - needs.activation if plan.placement in ("whole", "aside") else needs.vae
    scale = 1 if plan.dtype == "bfloat16" else 2

    def size(decode: int) -> int:
        return max(room, held + decode * scale)

    pieces = plan.pieces or needs.exact or size(needs.decode) > free
    tiles = pieces and size(needs.piece) > free
    most = size(needs.tile if tiles else needs.piece if pieces else needs.decode)
    told = replace(plan, pieces=pieces, exact_pieces=needs.exact, tiles=tiles)
    return replace(told, card_bytes=most) if on_card else replace(told, ram_bytes=most)


def _on_processor(needs: Needs, machine: Machine) -> Iterator[MemoryPlan]:
    denoisers = sum(needs.transformers)
    whole = needs.text + denoisers + needs.vae + needs.activation
    where = "on the processor" if machine.capability is None else "on the processor, for want of room on the card"
    leanest, scale = ("bfloat16", 1) if machine.bfloat16 else ("float32", 2)

    def plan(name: str, dtype: str, placement: str, why: str, ram: int) -> MemoryPlan:
        return MemoryPlan(name, PROCESSOR, dtype, placement, f"{why} {where}", ram_bytes=ram)

    yield plan("cpu", "float32", "whole", "all of it computes", whole * 2)
    if machine.bfloat16:
        yield plan("cpu-bf16", "bfloat16", "whole", "all of it computes in 16 bits", whole)
    aside = max(needs.text, denoisers + needs.vae + needs.activation) * scale
    why = "the text encoder is there for new words alone,"
    yield replace(plan("cpu-aside", leanest, "aside", why, aside), pieces=True)
    by_turns = max(needs.text, denoisers, 3 * needs.block + needs.vae + needs.activation) * scale
    yield replace(plan("cpu-disk", leanest, "disk", "blocks are read from the disk by turns", by_turns), pieces=True)


def _can_hold(plan: MemoryPlan, needs: Needs) -> bool:
    """Packed weights are neither quantised again nor taken apart by blocks."""
    return not needs.packed or not (plan.storage or plan.placement in ("groups", "disk"))


def all_plans(needs: Needs, machine: Machine) -> tuple[MemoryPlan, ...]:
    """Every plan that can be tried on a machine, from the best to the leanest, whether it fits or not."""
    on_card, on_processor = (
        [plan for plan in plans if _can_hold(plan, needs)]
        for plans in (_on_card(needs, machine), _on_processor(needs, machine))
    )
    card = [_with_decode(plan, needs, machine.free_card - _CARD_MARGIN) for plan in on_card]
    processor = [_with_decode(plan, needs, machine.free_ram - _RAM_MARGIN) for plan in on_processor]
    return tuple(card if machine.capability is not None else []) + tuple(processor)


def choose(needs: Needs, machine: Machine, wanted: str = "") -> tuple[MemoryPlan, ...]:
    """The plans to try in turn: from the first that fits on, or from the `wanted` one on; at least the leanest.

    Raises UsageError for a wanted plan that there is not.
    """
    plans = all_plans(needs, machine)
    if wanted:
        names = [plan.name for plan in plans]
        if wanted not in names:
            raise UsageError(f"There is no plan “{wanted[:40]}” on this machine.", f"There are {', '.join(names)}.")
        return plans[names.index(wanted) :]
    first = next((at for at, plan in enumerate(plans) if plan.fits(machine)), len(plans) - 1)
    return plans[first:]


def ran_out(error: BaseException) -> bool:
    """Whether an error says that memory ended: torch raises RuntimeError for it on the processor, its own on a card."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or any(sign in words for sign in _NO_MEMORY)
