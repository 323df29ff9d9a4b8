"""What every host must pass, real or fake: the suite is run on a port with an empty timeline of the given rate.

    failures(new_port, media) == {}

`media` is a movie of at least 48 frames at that rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..protocol import HostEdit, HostItem, HostJoin, HostMarker, HostTrack
from ..timing import Rate
from .port import Forming, Held, HostPort, Place, Tie

Check = Callable[[HostPort, str], None]
SUITE: dict[str, Check] = {}


def failures(new_port: Callable[[], HostPort], media: str) -> dict[str, str]:
    """The checks that a host does not pass, each on a port of its own, and what they saw."""
    found = {}
    for name, passes in SUITE.items():
        try:
            passes(new_port(), media)
        except AssertionError as error:
            found[name] = str(error)
    return found


def _check(body: Check) -> Check:
    SUITE[body.__name__] = body
    return body


def _edit(port: HostPort, media: str) -> HostEdit:
    """Two picture tracks and a marker: three clips of one movie, one of them disabled."""
    rate: Rate = port.read_edit().rate
    clips = tuple(
        HostItem(f"id{number}", f"clip {number}", 30 * number, 24, media, 8 + number, 86400, 48, "1", number != 1)
        for number in range(3)
    )
    over = HostItem("id3", "over", 10, 20, media, 0, 86400, 48)
    tracks = HostTrack("t1", "V1", "video", clips), HostTrack("t2", "V2", "video", (over,))
    return HostEdit(rate, 86400, tracks, (HostMarker("m1", "look", 12), HostMarker("m2", "look", 40, 8)))


def _shows(port: HostPort, edit: HostEdit) -> None:
    port.apply_edit(edit, "compliance")
    seen = port.read_edit()
    assert seen == edit, f"{seen}\nis not\n{edit}"


def _with(edit: HostEdit, *items: HostItem) -> HostEdit:
    return replace(edit, tracks=(replace(edit.tracks[0], items=items), *edit.tracks[1:]))


@_check
def an_edit_that_is_applied_is_read_again(port: HostPort, media: str) -> None:
    """Places, lengths, media, names, tracks, markers, what is switched off."""
    _shows(port, _edit(port, media))


@_check
def items_move_and_are_trimmed(port: HostPort, media: str) -> None:
    """One item later, one shorter at its tail, one slipped: the others stay."""
    edit = _edit(port, media)
    _shows(port, edit)
    one, two, three = edit.tracks[0].items
    _shows(port, _with(edit, replace(one, frames=12), replace(two, start=34), replace(three, media_start=4)))


@_check
def items_change_places(port: HostPort, media: str) -> None:
    """The first behind the last, and back: nobody is pushed aside on the way."""
    edit = _edit(port, media)
    one, two, three = edit.tracks[0].items
    _shows(port, edit)
    _shows(port, _with(edit, replace(three, start=0), replace(one, start=30), replace(two, start=60)))
    _shows(port, edit)


@_check
def items_come_and_go(port: HostPort, media: str) -> None:
    """One taken out, one put in, and all of them gone."""
    edit = _edit(port, media)
    one, _, three = edit.tracks[0].items
    _shows(port, edit)
    new = HostItem("id9", "new", 200, 10, media, 3, 86400, 48)
    _shows(port, _with(edit, one, three, new))
    _shows(port, replace(edit, tracks=tuple(replace(track, items=()) for track in edit.tracks), markers=()))


@_check
def nested_edits_stay_nested(port: HostPort, media: str) -> None:
    """A nested edit with a clip in it."""
    edit = _edit(port, media)
    inside = HostTrack("t9", "V1", "video", (HostItem("id8", "in it", 0, 24, media, 2, 86400, 48),))
    _shows(port, _with(edit, *edit.tracks[0].items, HostItem("id7", "nested", 120, 24, tracks=(inside,))))


def _retimed(edit: HostEdit, port: HostPort) -> HostEdit:
    """Items at four speeds that media of 48 frames have; at their own where the host says that it shows none."""
    one = edit.tracks[0].items[0]
    speeds = ("2", "1/2", "0", "-1", "3/2") if port.capabilities.retimes else ("1",) * 5
    items = [
        replace(one, id=f"s{number}", name=f"retimed {number}", start=100 + 40 * number, frames=16, speed=speed)
        for number, speed in enumerate(speeds)
    ]
    return _with(edit, *edit.tracks[0].items, *items)


@_check
def retimed_items_play_at_their_speed(port: HostPort, media: str) -> None:
    """Faster, slower, held, backwards; moved, trimmed, at their own speed again, and at another."""
    edit = _retimed(_edit(port, media), port)
    _shows(port, edit)
    *others, first, second, third, fourth, last = edit.tracks[0].items
    moved = replace(first, start=98, frames=12), replace(second, speed="1"), third, replace(fourth, media_start=3)
    _shows(port, _with(edit, *others, *moved, last if last.speed == "1" else replace(last, speed="2")))
    _shows(port, edit)


def _joined(edit: HostEdit, *joins: HostJoin | None) -> HostEdit:
    """Three clips that meet, each pair joined so."""
    one, two, three = (
        replace(item, start=24 * number, enabled=True) for number, item in enumerate(edit.tracks[0].items)
    )
    return _with(edit, replace(one, tail=joins[0]), replace(two, tail=joins[1]), three)


@_check
def joined_items_stay_joined(port: HostPort, media: str) -> None:
    """Dissolves between clips come, become others, go; and what is joined moves."""
    edit = _edit(port, media)
    edit = replace(edit, tracks=(edit.tracks[0], replace(edit.tracks[1], items=())))
    joins = (HostJoin("j1", 4, 6), HostJoin("j2", 0, 8, "gamma dissolve")) if port.capabilities.dissolves else ()
    first, second = joins or (None, None)
    both = _joined(edit, first, second)
    _shows(port, both)
    _shows(port, _with(both, *(replace(item, start=item.start + 300) for item in both.tracks[0].items)))
    _shows(port, _joined(edit, None, second))
    _shows(port, _joined(edit, first and replace(first, early=2), None))
    _shows(port, both)
    _shows(port, _joined(edit, None, None))


@_check
def applying_the_same_changes_nothing(port: HostPort, media: str) -> None:
    """Twice is once."""
    edit = _retimed(_edit(port, media), port)
    _shows(port, edit)
    _shows(port, edit)


@_check
def reading_changes_nothing(port: HostPort, media: str) -> None:
    """Read twice it is the same: what has no ID is given one to keep."""
    edit = _edit(port, media)
    inside = HostTrack("", "", "video", (HostItem("", "in it", 0, 24, media),))
    nested = HostItem("", "nested", 120, 24, tracks=(inside,))
    port.apply_edit(_with(edit, *edit.tracks[0].items, nested), "compliance")
    assert port.read_edit() == port.read_edit()


@_check
def each_item_has_an_id_of_its_own(port: HostPort, media: str) -> None:
    """Whatever was in the timeline."""
    port.apply_edit(_edit(port, media), "compliance")
    ids = [item.id for track in port.read_edit().tracks for item in track.items]
    assert all(ids), f"an item has no ID: {ids}"
    assert len(ids) == len(set(ids)), f"an ID is there twice: {ids}"


@_check
def placeholders_are_no_items(port: HostPort, media: str) -> None:
    """They come, tell what they stand for, show how far it is, and go; the edit is the same all the while."""
    edit = _edit(port, media)
    port.apply_edit(edit, "compliance")
    helds = [Held(f"key {n}", "Fill gap", "bridge", {"after": "id0", "seed": n}) for n in range(2)]
    if port.capabilities.placeholders:
        port.hold(helds[0], [Place("id0", "clip 0", 24, 6)])
        port.hold(helds[1], [Place("id0", "clip 0", 0, 24), Place("id2", "clip 2", 84, 500)])
        assert sorted(port.held(), key=lambda held: held.key) == helds, port.held()
        for share, picture in ((None, None), (0.25, None), (0.5, Path(media).with_name("gone.jpg")), (1.0, None)):
            forming = None if share is None else Forming(share, picture)
            port.progress("Fill gap", share, "key 1", {"": forming, "clip 2": forming} if forming else {})
            assert [port.holds(f"key {n}") for n in range(3)] == [True, True, False]
        assert port.read_edit() == edit, f"{port.read_edit()}\nis not\n{edit}"
        _shows(port, edit)
        assert port.release("key 0")
        assert port.held()
        assert not port.holds("key 0")
        assert port.release("key 1")
    assert not list(port.held()), port.held()
    assert not port.release("key 1")
    assert port.read_edit() == edit, f"{port.read_edit()}\nis not\n{edit}"


@_check
def it_says_what_it_can_and_does_it(port: HostPort, media: str) -> None:
    """What is selected is there, the playhead is a frame, sentences and progress are taken, the film is kept."""
    edit = _edit(port, media)
    port.apply_edit(edit, "compliance")
    if port.capabilities.selection:
        assert set(port.selected()) <= {item.id for track in edit.tracks for item in track.items}
    if port.capabilities.playhead:
        assert isinstance(port.playhead(), int)
    port.tell("A sentence.", False)
    port.tell("An error.", True)
    port.progress("Under way", 0.5)
    port.progress("", None)
    for tie in (Tie(Path(media).absolute().parent), Tie(Path(media).absolute().parent, 7)):
        port.set_tie(tie)
        assert port.tie() == tie, port.tie()
    port.apply_edit(edit, "compliance", replace(tie, exchange=8))
    assert port.tie() == replace(tie, exchange=8), port.tie()
