"""The laws of a three-way merge, for any film and any history of it."""

import contextlib
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from shotwright.core.errors import ShotwrightError
from shotwright.core.timeline.merging.changes import Changes
from shotwright.core.timeline.merging.identity import media_of
from shotwright.core.timeline.merging.items import Parts, whole
from shotwright.core.timeline.merging.merge import merged
from shotwright.core.timeline.operations import ripple, slip

from ..operations.test_properties import films
from .histories import cut_on, lines_of, parts


@st.composite
def one_history(draw: Any) -> tuple[Any, Any]:
    base = draw(films())
    return base, draw(cut_on(base, "x"))


@st.composite
def two_histories(draw: Any) -> tuple[Any, Any, Any]:
    base = draw(films())
    return base, draw(cut_on(base, "ours")), draw(cut_on(base, "theirs"))


@given(one_history())
@examples(max_examples=150)
def test_taken_apart_and_put_together_it_is_the_edit(history: tuple[Any, Any]) -> None:
    for timeline in history:
        again = whole(parts(timeline))
        assert whole(parts_again(again)) == again


def parts_again(value: Any) -> Parts:
    from shotwright.core.timeline.merging.items import parts_of

    from .histories import RATE

    return parts_of(value, RATE)


@given(one_history())
@examples(max_examples=200)
def test_what_one_side_did_alone_is_the_result(history: tuple[Any, Any]) -> None:
    base, changed = history
    wanted = whole(parts(changed))
    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        outcome = merged(parts(base), parts(ours), parts(theirs))
        assert outcome.conflicts == []
        assert lines_of(outcome.parts) == lines_of(parts(changed))
        assert whole(outcome.parts) == wanted


def _lost(histories: tuple[Any, Any, Any]) -> list[str]:
    """What either side put in, or both play, and is neither in the result nor in a conflict; and space below none."""
    base, ours, theirs = histories
    outcome = merged(parts(base), parts(ours), parts(theirs))
    items = list(outcome.parts.items())
    names = {item.name for item in items} | {conflict.item for conflict in outcome.conflicts}
    sides = [list(parts(side).items()) for side in (ours, theirs)]
    put_in = {item.name for side in sides for item in side if item.name.startswith(("ours", "theirs"))}
    played = set.intersection(*({media_of(item.value) for item in side} for side in sides))
    negative = [item.name for item in items if item.free < 0] + [t.name for t in outcome.parts.tracks if t.behind < 0]
    return [*(put_in - names), *(played - {media_of(item.value) for item in items}), *negative]


@given(two_histories())
@examples(max_examples=200)
def test_nothing_that_either_put_in_is_dropped(histories: tuple[Any, Any, Any]) -> None:
    assert _lost(histories) == []


@pytest.mark.long
@given(two_histories())
@examples(max_examples=10_000)
def test_nothing_is_dropped_in_ten_thousand_pairs_of_histories(histories: tuple[Any, Any, Any]) -> None:
    assert _lost(histories) == []


@st.composite
def disjoint(draw: Any) -> tuple[Any, Any, Any]:
    """A film, and two histories that touch different items of its first track; none can be taken for another."""
    base = draw(films())
    for number, thing in enumerate(base.tracks[0]):
        if isinstance(thing, otio.schema.Stack):
            thing.metadata["shotwright"] = {"occurrence_id": f"id of nested {number}"}
    spots = [
        n for n, thing in enumerate(base.tracks[0]) if not isinstance(thing, otio.schema.Gap | otio.schema.Transition)
    ]
    cut = draw(st.integers(0, len(spots)))
    sides = []
    for mine, name in ((spots[:cut], "ours"), (spots[cut:], "theirs")):
        side = base
        for _ in range(draw(st.integers(0, 3)) if mine else 0):
            place, frames = (0, draw(st.sampled_from(mine))), draw(st.integers(-4, 4))
            what = draw(st.sampled_from(["slip", "ripple", "name", "switch"]))
            if len(side.tracks[0]) != len(base.tracks[0]):  # a ripple took a gap away: places are others now
                break
            with contextlib.suppress(ShotwrightError):
                if what == "slip":
                    side = slip(side, place, frames, linked=False).timeline
                elif what == "ripple":
                    side = ripple(side, place, tail_frames=frames, linked=False).timeline
                else:
                    side = side.clone()
                    thing = side.tracks[place[0]][place[1]]
                    thing.name, thing.enabled = (
                        (f"{name} {thing.name}", True) if what == "name" else (thing.name, False)
                    )
        sides.append(side)
    return base, sides[0], sides[1]


@given(disjoint())
@examples(max_examples=150)
def test_what_touches_different_items_comes_together_either_way(histories: tuple[Any, Any, Any]) -> None:
    base, ours, theirs = histories
    one, other = merged(parts(base), parts(ours), parts(theirs)), merged(parts(base), parts(theirs), parts(ours))
    assert one.conflicts == other.conflicts == []
    assert lines_of(one.parts) == lines_of(other.parts)
    assert whole(one.parts) == whole(other.parts)


@given(two_histories())
@examples(max_examples=100)
def test_what_differs_is_told_and_what_does_not_is_not(histories: tuple[Any, Any, Any]) -> None:
    base, ours, _ = histories
    assume(any(True for _ in parts(ours).items()))  # where nothing plays, free space is nothing that anybody could see
    assert Changes(parts(base), parts(base)).all() == []
    changes = Changes(parts(base), parts(ours)).all()
    assert bool(changes) == (whole(parts(base)) != whole(parts(ours)))
    assert all(change.text and change.kind for change in changes)
