"""Whatever is done to an edit: the cut is what the list says, and no take is ever lost."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from shotwright.core.film import ProjectSettings, Shot, Take
from shotwright.core.timeline.edit import Edit

_SHOTS = 4
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, _SHOTS), st.integers(0, 20)),
        st.tuples(st.just("activate"), st.integers(1, _SHOTS), st.integers(1, 4)),
        st.tuples(st.just("circle"), st.integers(1, _SHOTS), st.integers(1, 4)),
        st.tuples(st.just("shots"), st.lists(st.integers(1, _SHOTS), min_size=1, unique=True), st.integers(1, 40)),
    ),
    max_size=10,
)


@examples(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_cuts_hold_and_takes_stay(
    steps: list[tuple[str, object, int]],
    settings: ProjectSettings,
    make_shot: Callable[..., Shot],
    make_take: Callable[..., Take],
) -> None:
    pool = {number: make_shot(number) for number in range(1, _SHOTS + 1)}
    order = list(pool)
    edit = Edit.from_shots(settings, list(pool.values()))
    made: dict[int, list[str]] = {number: [] for number in pool}
    for kind, which, value in steps:
        if kind == "take":
            number = int(str(which))
            take = make_take(pool[number], edit.next_take_number(f"shot{number}"), handle_frames=value)
            made[number].append(take.key)
            edit = edit.with_take(f"shot{number}", take)
        elif kind == "shots":
            assert isinstance(which, list)
            order = which
            pool[order[0]] = replace(pool[order[0]], frames=value)
            edit = edit.with_shots(settings, [pool[number] for number in order])
        elif which in order and f"TK{value:02}" in made[int(str(which))]:
            change = edit.activate if kind == "activate" else edit.circle
            edit = change(f"shot{which}", f"TK{value:02}")
        assert [event.shot_id for event in edit.events()] == [f"shot{number}" for number in order]
        assert [len(event.record) for event in edit.events()] == [pool[number].frames for number in order]
        assert edit.frames == sum(pool[number].frames for number in order)
        for event in edit.events():
            assert event.source.start == event.cut_in
            assert event.shows == ("take" if made[int(event.shot_id[4:])] else "slate")
    whole = edit.with_shots(settings, list(pool.values()))
    kept = {number: [take.key for take in whole.takes() if take.shot == pool[number].name] for number in pool}
    assert kept == made
    assert all(sum(take.active for take in whole.takes() if take.shot == shot.name) <= 1 for shot in pool.values())
