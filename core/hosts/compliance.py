"""What every host must pass, real or fake: the suite is run on a port with an empty timeline of the given rate.

    failures(new_port, media) == {}

`media` is a movie of at least 48 frames at that rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..protocol import HostEdit, HostItem, HostMarker, HostTrack
from ..timing import Rate
from .port import HostPort, Tie

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


@_check
def applying_the_same_changes_nothing(port: HostPort, media: str) -> None:
    """Twice is once."""
    edit = _edit(port, media)
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
