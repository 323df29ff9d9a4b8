# SPDX-License-Identifier: GPL-3.0-or-later
"""What all operators have in common: they return at once in a window, and wait for their result without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from ...core.errors import ShotwrightError, UsageError
from ...core.hosts import Flow, Place, Session
from ...core.protocol import HostItem
from .host import BlenderHost
from .sessions import begun, session_of


class Asking:
    """Runs an operator's `ask`, which begins its flow, and reports what goes wrong in Blender's own way."""

    if TYPE_CHECKING:

        def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow: ...

    bl_options: ClassVar = {"REGISTER"}  # the flow pushes its undo step itself, when the timeline changes

    def execute(self, context: Any) -> set[str]:
        """Blender's call."""
        host, session = session_of(context)
        try:
            flow = begun(session, self.ask(context, host, session))
        except ShotwrightError as error:
            self.report({"ERROR"}, f"{error.message} {error.hint}".strip())  # type: ignore[attr-defined]
            return {"CANCELLED"}
        return {"CANCELLED"} if flow.state == "cancelled" else {"FINISHED"}


def chosen(host: BlenderHost) -> list[HostItem]:
    """The selected pictures in the order of time; the sound that Blender selects with them is not counted."""
    items = {item.id: item for item in pictures(host)}
    return [items[own] for own in host.selected() if own in items]


def pictures(host: BlenderHost) -> list[HostItem]:
    """All pictures, track by track; what had no ID has one then."""
    return [item for track in host.read_edit().tracks if track.kind == "video" for item in track.items]


def one_chosen(host: BlenderHost) -> HostItem:
    """The one selected picture, in the meta strip that is open too; raises UsageError, also for nested edits."""
    there = pictures(host)
    inside = host.selected_inside()
    found = [item for item in _nested(there) if item.id in inside] if inside else chosen(host)
    if len(found) != 1:
        raise UsageError(f"{len(found)} strips are selected.", "Select the one strip that is meant.")
    if found[0].tracks:
        raise UsageError(f"“{found[0].name}” is a meta strip.", "Open it (Tab), and select in it what is meant.")
    return found[0]


def _nested(items: Iterable[HostItem]) -> Iterator[HostItem]:
    """The pictures in nested edits, at frames of the film."""
    for nest in items:
        inner = [item for track in nest.tracks if track.kind == "video" for item in track.items]
        shown = [replace(item, start=item.start + nest.start - nest.media_start) for item in inner]
        yield from shown
        yield from _nested(shown)


def over(items: Iterable[HostItem]) -> list[Place]:
    """The places that items take themselves."""
    return [Place(item.id, item.name, item.start, item.frames) for item in items]


def at_end(item: HostItem, frames: int, side: str = "TAIL") -> list[Place]:
    """So many frames behind an item, or before it."""
    return [Place(item.id, item.name, item.start + (item.frames if side == "TAIL" else -frames), frames)]


def gap_behind(host: BlenderHost, item: HostItem, other: HostItem | None = None, frames: int = 0) -> list[Place]:
    """The frames up to the next item on an item's track, or to another one; none where there are none."""
    tracks = [track.items for track in host.read_edit().tracks if any(each.id == item.id for each in track.items)]
    behind = [each.start for items in tracks for each in items if each.start > item.start]
    end = other.start if other else min(behind, default=0)
    room = max(end - item.start - item.frames, frames if end else 0)
    return at_end(item, room) if room > 0 else []


def shots_of(items: Iterable[HostItem]) -> list[str]:
    """The names of items' shots; raises UsageError without any."""
    names = list(dict.fromkeys(item.name for item in items))
    if not names:
        raise UsageError("No shot is selected.", "Select the strips of the shots that are meant.")
    return names
