"""On any film, each operation does to what is played what can be said in one line of slices, and nothing else.

The oracle is `played`: what each record frame of a track shows. `expected` is what it must be after an operation.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import opentimelineio as otio
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from shotwright.core.errors import RefusedError
from shotwright.core.timeline.operations import (
    fill,
    insert,
    is_sync_locked,
    open_up,
    overwrite,
    remove,
    ripple,
    roll,
    slice_at,
    slide,
    slip,
    trim,
)

from .drawing import check_valid, film, item, played, shows, span, speed

Played = list[Any]
NAMES = [f"c{number}" for number in range(40)]
NESTED = "[V9 in:9 out:9|A9 sound:18]:"


@st.composite
def clips(draw: Any, name: str, known: bool) -> str:
    """A clip long enough for the transitions at both ends, with handles for them, of a speed of its own."""
    handles = f"{{{draw(st.integers(4, 12))},{draw(st.integers(4, 12))}}}" if known else ""
    return f"{name}:{draw(st.integers(4, 20))}{handles}{draw(st.sampled_from(['', '', '', 'x2', 'x1/2', 'x-1', 'x0']))}"


@st.composite
def lines(draw: Any, track: str, names: Iterator[str], known: bool) -> str:
    """A track of clips, gaps and nested stacks, with transitions between some of them."""
    words, joined = [track], False
    for _ in range(draw(st.integers(0, 5))):
        what = draw(st.sampled_from(["clip", "clip", "clip", "gap", "nested"]))
        if joined and draw(st.booleans()):
            words.append(f"/{draw(st.integers(0, 2))}+{draw(st.integers(0, 2))}/")
        joined = what == "clip"
        if what == "clip" or words[-1].startswith("/"):
            words.append(draw(clips(next(names), known)))
        else:
            words.append(f".:{draw(st.integers(1, 15))}" if what == "gap" else f"{NESTED}{draw(st.integers(4, 18))}")
    return " ".join(words)


@st.composite
def films(draw: Any) -> Any:
    """Two video and two audio tracks with markers; the first sound is that of the first picture, or of some of it."""
    names, known = iter(NAMES), draw(st.booleans())
    picture = draw(lines("V1", names, known))
    made = film(
        picture, draw(lines("V2", names, known)), "A1", draw(lines(draw(st.sampled_from(["A2", "A2!"])), names, known))
    )
    for copied in made.tracks[0]:
        if isinstance(copied, otio.schema.Transition):
            continue
        silent = not isinstance(copied, otio.schema.Clip) or not draw(st.integers(0, 3))
        there = item(f".:{copied.trimmed_range().duration.value:g}") if silent else copied.clone()
        if not silent:
            there.metadata["shotwright"] = {"occurrence_id": f"sound of {copied.name}"}
        made.tracks[2].append(there)
    for thing in (made.tracks, *made.tracks):
        starts = draw(st.lists(st.integers(0, 60), max_size=3))
        thing.markers.extend([otio.schema.Marker(f"m{start}", span(start, 3)) for start in starts])
    return made


@dataclass(frozen=True)
class Spot:
    """An item: its place, its record range and what it shows at its own frame k."""

    track: int
    index: int
    start: int
    end: int
    thing: Any

    def frames(self, first: int, last: int) -> Played:
        """What it shows from its own frame `first` to `last`, end exclusive."""
        return [shows(self.thing)(k) for k in range(first, last)]

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def place(self) -> tuple[int, int]:
        return self.track, self.index


def spots(timeline: Any, track: int) -> list[Spot]:
    found, at = [], 0
    for index, thing in enumerate(timeline.tracks[track]):
        if not isinstance(thing, otio.schema.Transition):
            length = int(thing.trimmed_range().duration.value)
            found.append(Spot(track, index, at, at + length, thing))
            at += length
    return found


def with_sound(timeline: Any, spot: Spot) -> list[Spot]:
    """An item and what plays the same media at the same place, where one of the two is sound."""
    found = [spot]
    for track in set(range(len(timeline.tracks))) - {spot.track}:
        for other in spots(timeline, track):
            same = isinstance(spot.thing, otio.schema.Clip) and other.thing.name == spot.thing.name
            if same and (other.start, other.end) == (spot.start, spot.end) and "Audio" in (
                timeline.tracks[track].kind, timeline.tracks[spot.track].kind):  # fmt: skip
                found.append(other)
    return found


def opened(frames: Played, at: int, count: int) -> Played:
    return [*frames[:at], *[None] * count, *frames[at:]] if at < len(frames) else frames


def shifted(frames: Played, at: int, count: int) -> Played:
    """Opened up by so many frames, or closed up by as many from `at` on."""
    return opened(frames, at, count) if count > 0 else frames[:at] + frames[at - count :]


def laid(frames: Played, at: int, over: Played) -> Played:
    return [*frames[:at], *[None] * (at - len(frames)), *over, *frames[at + len(over) :]]


def markers(timeline: Any) -> list[list[float]]:
    return [[m.marked_range.start_time.value for m in thing.markers] for thing in (timeline.tracks, *timeline.tracks)]


def moved(starts: list[float], at: int, count: int) -> list[float]:
    return [max(at, start + count) if start >= at else start for start in starts]


def all_played(timeline: Any) -> list[Played]:
    return [played(track) for track in timeline.tracks]


def moving(timeline: Any, target: int) -> list[bool]:
    return [index == target or is_sync_locked(track) for index, track in enumerate(timeline.tracks)]


def check(before: Any, act: Callable[[], Any], expected: list[Played], marks: list[list[float]] | None = None) -> Any:
    """Does it; what is played is as expected, and the film that was given is as it was."""
    written = before.to_json_string()
    try:
        after = act().timeline
    finally:
        assert before.to_json_string() == written
    check_valid(before, after)
    check_transitions(after)
    check_media(after)
    assert all_played(after) == expected
    assert markers(after) == (marks or markers(before))
    found = [clip.metadata["shotwright"]["occurrence_id"] for clip in after.find_clips() if clip.name in NAMES]
    assert len(found) == len(set(found))
    return after


def check_media(timeline: Any) -> None:
    """Nothing plays beyond its media, where their end is known."""
    for clip in timeline.find_clips():
        there = clip.media_reference.available_range
        if there is not None:
            start, length = clip.source_range.start_time.value, clip.source_range.duration.value
            used = length * abs(speed(clip)) or 1
            assert there.start_time.value <= start
            assert start + used <= there.end_time_exclusive().value


def check_transitions(timeline: Any) -> None:
    """No transition reaches beyond the item that it plays, nor into another one."""
    for track in timeline.tracks:
        for thing in track:
            if isinstance(thing, otio.schema.Transition):
                continue
            before, behind = track.neighbors_of(thing)
            early = before.out_offset.value if isinstance(before, otio.schema.Transition) else 0
            late = behind.in_offset.value if isinstance(behind, otio.schema.Transition) else 0
            assert early + late <= thing.trimmed_range().duration.value


def attempt(
    before: Any,
    act: Callable[[], Any],
    expected: list[Played],
    may_refuse: bool,
    marks: list[list[float]] | None = None,
) -> None:
    """As `check`, but where media or neighbours have an end it may be refused, which must leave the film as it was."""
    with contextlib.suppress(*[RefusedError] if may_refuse else []):
        check(before, act, expected, marks)


def ends(timeline: Any) -> bool:
    """Whether anything in a film has an end that is known: media that were measured, nested stacks."""
    return any(
        isinstance(thing, otio.schema.Stack)
        or (isinstance(thing, otio.schema.Clip) and thing.media_reference.available_range)
        for track in timeline.tracks
        for thing in track
    )


def can_give(spot: Spot | None, by: int) -> bool:
    """Whether an item is long enough to play so many frames more, less where negative."""
    return spot is None or spot.length + by >= (0 if isinstance(spot.thing, otio.schema.Gap) else 1)


def drawn_spot(data: st.DataObject, timeline: Any, only: type = otio.core.Item) -> Spot:
    found = [spot for track in range(4) for spot in spots(timeline, track) if isinstance(spot.thing, only)]
    assume(found)
    return data.draw(st.sampled_from(found))


@examples(max_examples=60)
@given(films(), st.integers(0, 3), st.integers(0, 70), st.sampled_from(["new:7", ".:5", "new:6x-1", f"{NESTED}6"]))
def test_insert(before: Any, track: int, at: int, text: str) -> None:
    new = item(text)
    count = int(new.trimmed_range().duration.value)
    over = [shows(new)(k) for k in range(count)]
    moves = moving(before, track)
    expected = [opened(frames, at, count) if moves[i] else frames for i, frames in enumerate(all_played(before))]
    expected[track] = laid(expected[track], at, over)
    marks = [moved(starts, at, count) if i == 0 or moves[i - 1] else starts for i, starts in enumerate(markers(before))]
    check(before, lambda: insert(before, (track,), at, new), expected, marks)


@examples(max_examples=60)
@given(films(), st.integers(0, 3), st.data())
def test_what_is_inserted_at_a_cut_and_removed_leaves_the_same_edit(
    before: Any, track: int, data: st.DataObject
) -> None:
    """Where nothing was split and no transition went: neither comes back by itself."""
    here = spots(before, track)
    assume(here)
    at = data.draw(st.sampled_from([spot.start for spot in here]))
    added = insert(before, (track,), at, item("new:7"))
    assume(not added.notices)
    place = next(spot.place for spot in spots(added.timeline, track) if spot.thing.name == "new")
    again = remove(added.timeline, place, close_up=True).timeline
    assert all_played(again) == all_played(before)
    assert markers(again) == markers(before)
    split = len(again.find_clips()) - len(before.find_clips())
    beside = [[isinstance(thing, otio.schema.Gap) for thing in track] for track in before.tracks]
    if not split and not any((True, True) in pairwise(gaps) for gaps in beside):
        assert again.to_json_string() == before.to_json_string()


@examples(max_examples=60)
@given(films(), st.integers(0, 3), st.integers(0, 70), st.integers(1, 30))
def test_overwrite(before: Any, track: int, at: int, count: int) -> None:
    new = item(f"new:{count}")
    expected = all_played(before)
    expected[track] = laid(expected[track], at, [("new", 100 + k) for k in range(count)])
    check(before, lambda: overwrite(before, (track,), at, new), expected)


@examples(max_examples=40)
@given(films(), st.data())
def test_fill(before: Any, data: st.DataObject) -> None:
    spot = drawn_spot(data, before, otio.schema.Gap)
    at = data.draw(st.integers(spot.start, spot.end - 1))
    expected = all_played(before)
    expected[spot.track] = laid(expected[spot.track], spot.start, [("new", 100 + k) for k in range(spot.length)])
    check(before, lambda: fill(before, (spot.track,), at, item("new:5")), expected)


@examples(max_examples=60)
@given(films(), st.data(), st.booleans(), st.booleans())
def test_remove(before: Any, data: st.DataObject, close_up: bool, linked: bool) -> None:
    spot = drawn_spot(data, before)
    expected, marks, moves = all_played(before), markers(before), moving(before, spot.track)
    for gone in with_sound(before, spot) if linked else [spot]:
        expected[gone.track] = laid(expected[gone.track], gone.start, [None] * gone.length)
    if close_up:
        expected = [shifted(p, spot.start, -spot.length) if moves[i] else p for i, p in enumerate(expected)]
        marks = [moved(m, spot.start, -spot.length) if i == 0 or moves[i - 1] else m for i, m in enumerate(marks)]
    check(before, lambda: remove(before, spot.place, close_up, linked), expected, marks)


@examples(max_examples=60)
@given(films(), st.integers(0, 70), st.integers(1, 20))
def test_open_up(before: Any, at: int, count: int) -> None:
    moves = moving(before, -1)
    expected = [opened(p, at, count) if moves[i] else p for i, p in enumerate(all_played(before))]
    marks = [moved(m, at, count) if i == 0 or moves[i - 1] else m for i, m in enumerate(markers(before))]
    check(before, lambda: open_up(before, at, count), expected, marks)


@examples(max_examples=60)
@given(films(), st.data(), st.booleans())
def test_slice_at(before: Any, data: st.DataObject, linked: bool) -> None:
    spot = drawn_spot(data, before)
    at = data.draw(st.integers(spot.start, spot.end - 1))
    after = check(before, lambda: slice_at(before, (spot.track,), at, linked), all_played(before))
    if not isinstance(spot.thing, otio.schema.Gap):
        for cut in with_sound(before, spot) if linked else [spot]:
            assert at in [part.start for part in spots(after, cut.track)]


@examples(max_examples=60)
@given(films(), st.data(), st.booleans(), st.integers(-6, 6), st.integers(-6, 6))
def test_trim(before: Any, data: st.DataObject, linked: bool, head: int, tail: int) -> None:
    spot = drawn_spot(data, before, otio.schema.Clip)
    expected, fits = all_played(before), can_give(spot, head + tail)
    for part in with_sound(before, spot) if linked else [spot]:
        expected[part.track] = trimmed_in_place(expected[part.track], part, head, tail)
    attempt(before, lambda: trim(before, spot.place, head, tail, linked), expected, head > 0 or tail > 0 or not fits)


def trimmed_in_place(frames: Played, part: Spot, head: int, tail: int) -> Played:
    shown = laid(
        laid(frames, part.start, [None] * part.length), part.start - head, part.frames(-head, part.length + tail)
    )
    return shown[: part.end + tail] if part.end == len(frames) and tail < 0 else shown


@examples(max_examples=60)
@given(films(), st.data(), st.booleans(), st.integers(-6, 6), st.integers(-6, 6))
def test_ripple(before: Any, data: st.DataObject, linked: bool, head: int, tail: int) -> None:
    spot = drawn_spot(data, before)
    assume(spot.length + min(head, 0) + min(tail, 0) > 0 and spot.thing.name)  # both ends of a gap are one
    expected, marks, moves = all_played(before), markers(before), moving(before, spot.track)
    parts = {part.track: part for part in (with_sound(before, spot) if linked else [spot])}
    for i, frames in enumerate(expected):
        if i in parts and moves[i]:
            part = parts[i]
            expected[i] = frames[: part.start] + part.frames(-head, part.length + tail) + frames[part.end :]
        elif i in parts:
            expected[i] = trimmed_in_place(frames, parts[i], head, tail)
        elif moves[i]:
            expected[i] = shifted(shifted(frames, spot.end + min(tail, 0), tail), spot.start, head)
    for i, starts in enumerate(marks):
        if i == 0 or moves[i - 1]:
            marks[i] = moved(moved(starts, spot.end + min(tail, 0), tail), spot.start, head)
    in_place = not all(moves[i] for i in parts)
    attempt(before, lambda: ripple(before, spot.place, head, tail, linked), expected, ends(before) or in_place, marks)


@examples(max_examples=60)
@given(films(), st.data(), st.booleans(), st.integers(-6, 6))
def test_slip(before: Any, data: st.DataObject, linked: bool, by: int) -> None:
    spot = drawn_spot(data, before, otio.schema.Clip)
    expected = all_played(before)
    for part in with_sound(before, spot) if linked else [spot]:
        shown = part.frames(by, part.length + by)
        if part.thing.effects and part.thing.effects[0].time_scalar == 0:  # what is held slips frame by frame
            shown = [(name, frame + by) for name, frame in shown]
        expected[part.track] = laid(expected[part.track], part.start, shown)
    attempt(before, lambda: slip(before, spot.place, by, linked), expected, ends(before))


def neighbours(before: Any, part: Spot) -> tuple[Spot | None, Spot | None]:
    row = spots(before, part.track)
    index = [spot.index for spot in row].index(part.index)
    return row[index - 1] if index else None, row[index + 1] if index + 1 < len(row) else None


@examples(max_examples=60)
@given(films(), st.data(), st.booleans(), st.integers(-6, 6))
def test_slide(before: Any, data: st.DataObject, linked: bool, by: int) -> None:
    spot = drawn_spot(data, before, otio.schema.Clip)
    expected, fits = all_played(before), True
    for part in with_sound(before, spot) if linked else [spot]:
        left, right = neighbours(before, part)
        frames = expected[part.track]
        row = [
            *(frames[: left.start] + left.frames(0, left.length + by) if left else [None] * by),
            *part.frames(0, part.length),
            *(right.frames(by, right.length) + frames[right.end :] if right else []),
        ]
        expected[part.track] = row
        fits = fits and can_give(left, by) and can_give(right, -by) and (left is not None or by >= 0)
    attempt(before, lambda: slide(before, spot.place, by, linked), expected, ends(before) or not fits)


@examples(max_examples=60)
@given(films(), st.data(), st.booleans(), st.integers(-6, 6))
def test_roll(before: Any, data: st.DataObject, linked: bool, by: int) -> None:
    right = drawn_spot(data, before)
    left, _ = neighbours(before, right)
    assume(left)
    expected, fits = all_played(before), True
    begins = {part.track: part for part in (with_sound(before, right) if linked else [right])}
    finishes = {part.track: part for part in (with_sound(before, left) if linked else [left])}  # type: ignore[arg-type]
    for i in {*begins, *finishes}:
        later = begins.get(i) or neighbours(before, finishes[i])[1]
        earlier = finishes.get(i) or neighbours(before, begins[i])[0]
        assert earlier
        frames = expected[i][: earlier.start] + earlier.frames(0, earlier.length + by)
        expected[i] = [*frames, *(later.frames(by, later.length) + expected[i][later.end :] if later else [])]
        fits = fits and can_give(earlier, by) and can_give(later, -by)
    attempt(before, lambda: roll(before, right.place, by, linked), expected, ends(before) or not fits)
