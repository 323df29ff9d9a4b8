"""Which plans are tried on which machine: tables of real models, and what holds for any."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import UsageError
from shotwright.core.models.running.machine import Machine
from shotwright.core.models.running.memory_plans import all_plans, choose, ran_out
from shotwright.core.models.running.needs import Needs

GIB = 1 << 30
ALL = frozenset({"torchao", "bitsandbytes", "triton"})


def _needs(text: float, transformers: tuple[float, ...], vae: float, tokens: int, activation: float = 3) -> Needs:
    """In thousand millions of weights; the decode as Wan's, in pieces that are exact."""
    weights = tuple(int(each * 2e9) for each in transformers)
    decode = int(3.9 * GIB)
    return Needs(
        int(text * 2e9),
        weights,
        max(weights) // 40,
        int(vae * 2e9),
        int(activation * GIB),
        decode,
        decode,
        decode // 2,
        tokens,
        exact=True,
    )


WAN_14B = _needs(5.68, (14.3,), 0.13, 32_760)
WAN_PAIR = _needs(5.68, (14.3, 14.3), 0.13, 32_760)
LTX_2B = _needs(4.76, (1.92,), 0.42, 6_144, 1.1)


def _card(gib: float, ram: float = 128, installed: frozenset[str] = frozenset()) -> Machine:
    return Machine(int(ram * GIB), int(gib * GIB), (9, 0), installed)


@pytest.mark.parametrize(
    ("needs", "machine", "first"),
    [
        (WAN_14B, _card(79), "whole"),
        (WAN_14B, _card(40), "aside"),
        (WAN_14B, _card(24), "groups"),  # 32,760 tokens: blocks come while others compute
        (WAN_14B, _card(24, ram=24), "float8"),  # no room in memory for all that waits
        (WAN_14B, _card(4), "cpu"),
        (WAN_PAIR, _card(79), "whole"),
        (WAN_PAIR, _card(60), "aside"),
        (WAN_PAIR, _card(40), "parts"),
        (LTX_2B, _card(24), "whole"),
        (LTX_2B, _card(12), "aside"),
        (LTX_2B, Machine(64 * GIB), "cpu"),
        (LTX_2B, Machine(24 * GIB), "cpu-aside"),
        (LTX_2B, Machine(20 * GIB, bfloat16=True), "cpu-bf16"),
        (WAN_14B, Machine(2 * GIB), "cpu-disk"),
    ],
)
def test_the_best_plan_that_fits_comes_first(needs: Needs, machine: Machine, first: str) -> None:
    assert choose(needs, machine)[0].name == first


def test_where_blocks_compute_too_short_to_hide_their_coming_the_network_is_made_smaller_first() -> None:
    names = [plan.name for plan in all_plans(LTX_2B, _card(8, installed=ALL))]
    assert names.index("float8") < names.index("int8") < names.index("nf4") < names.index("groups")
    hidden = [plan.name for plan in all_plans(WAN_14B, _card(8, installed=ALL))]
    assert hidden.index("groups") < hidden.index("float8")


def test_nothing_is_planned_with_what_is_not_installed() -> None:
    names = {plan.name for plan in all_plans(WAN_14B, _card(24, installed=frozenset({"torchao"})))}
    assert "int8" in names
    assert "nf4" not in names
    assert all(plan.device == "cpu" for plan in all_plans(WAN_14B, Machine(64 * GIB, installed=ALL)))


def test_a_decode_that_does_not_fit_beside_the_rest_is_made_in_pieces_and_then_in_tiles() -> None:
    needs = replace(LTX_2B, decode=30 * GIB, piece=8 * GIB, tile=2 * GIB, exact=False)
    roomy, tight, tightest = (
        next(plan for plan in all_plans(needs, _card(gib)) if plan.name == "parts") for gib in (80, 20, 8)
    )
    assert (roomy.pieces, roomy.tiles) == (False, False)
    assert (tight.pieces, tight.tiles) == (True, False)
    assert (tightest.pieces, tightest.tiles) == (True, True)
    assert len({plan.numbers for plan in (roomy, tight, tightest)}) == 3


def test_a_wanted_plan_is_tried_first_and_a_misspelt_one_refused() -> None:
    assert [plan.name for plan in choose(WAN_14B, _card(79), "float8")][:2] == ["float8", "cpu"]
    with pytest.raises(UsageError, match="floot8"):
        choose(WAN_14B, _card(79), "floot8")


def test_plans_say_what_they_take_and_why() -> None:
    for plan in all_plans(WAN_14B, _card(24, installed=ALL)):
        assert plan.words.startswith(f"{plan.name}: about ")
        assert len(plan.why) > 10


AMOUNTS = st.integers(0, 200 * GIB)
ANY_NEEDS = st.builds(
    lambda text, transformers, vae, work, tokens, exact: Needs(
        text, transformers, max(transformers) // 30, vae, work, work * 3, work * 2, work, tokens, exact
    ),
    AMOUNTS,
    st.lists(AMOUNTS, min_size=1, max_size=2).map(tuple),
    AMOUNTS,
    AMOUNTS,
    st.integers(1, 100_000),
    st.booleans(),
)
ANY_MACHINE = st.builds(
    Machine,
    AMOUNTS,
    AMOUNTS,
    st.sampled_from([None, (7, 5), (9, 0)]),
    st.sets(st.sampled_from(sorted(ALL))).map(frozenset),
    st.booleans(),
)


@given(ANY_NEEDS, ANY_MACHINE)
def test_there_is_always_a_plan_and_it_fits_unless_none_does(needs: Needs, machine: Machine) -> None:
    plans, every = choose(needs, machine), all_plans(needs, machine)
    assert plans == every[len(every) - len(plans) :]
    assert len({plan.name for plan in every}) == len(every)
    fitting = [plan for plan in every if plan.fits(machine)]
    assert plans[0] == (fitting[0] if fitting else every[-1])
    assert all((plan.device == "cpu") == (plan.card_bytes == 0) or not plan.card_bytes for plan in every)


@given(ANY_NEEDS, ANY_MACHINE, AMOUNTS)
def test_more_memory_never_makes_the_plan_leaner(needs: Needs, machine: Machine, more: int) -> None:
    names = [plan.name for plan in all_plans(needs, machine)]
    larger = replace(machine, free_ram=machine.free_ram + more, free_card=machine.free_card + more)
    assert names.index(choose(needs, larger)[0].name) <= names.index(choose(needs, machine)[0].name)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), True),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
    ],
)
def test_memory_that_ended_is_told_from_what_else_breaks(error: Exception, told: bool) -> None:
    assert ran_out(error) is told
