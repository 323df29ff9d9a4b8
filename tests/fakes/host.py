"""A host program in memory: what `HostPort` asks for and nothing else, as strict as a real one.

It refuses what Blender refuses (overlaps on a track, an edit of another rate), keeps IDs as Blender's custom
properties do, and makes one undo step of each edit that is applied.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from shotwright.core.errors import ProjectError, RefusedError
from shotwright.core.hosts import Capabilities, Forming, Held, Place, Tie
from shotwright.core.protocol import HostEdit, HostItem, HostTrack
from shotwright.core.timing import Rate

State = tuple[HostEdit, int, tuple[Held, ...]]


class FakeHost:
    name = "blender"
    capabilities = Capabilities(True, True, True, renders=False, retimes=True, dissolves=True, placeholders=True)

    def __init__(self, rate: Rate) -> None:
        self._edit = HostEdit(rate, 86400)
        self._tie: Tie | None = None
        self._said = 0  # the exchange that the timeline says itself, which goes back with undo
        self._held: tuple[Held, ...] = ()
        self.undo: list[tuple[str, State]] = []
        self.redo: list[tuple[str, State]] = []
        self.told: list[tuple[str, bool]] = []
        self.shown: list[tuple[str, float | None]] = []
        self.pictures: set[bytes] = set()
        self.chosen: tuple[str, ...] = ()
        self._after: dict[str, State] = {}

    def tie(self) -> Tie | None:
        return self._tie

    def set_tie(self, tie: Tie) -> None:
        assert tie.film.is_absolute()
        self._tie, self._said = tie, tie.exchange

    def read_edit(self) -> HostEdit:
        seen: set[str] = set()

        def known(item: HostItem) -> HostItem:
            own = item.id if item.id and item.id not in seen else uuid.uuid4().hex[:12]
            seen.add(own)
            return replace(item, id=own)

        tracks = tuple(replace(track, items=tuple(map(known, track.items))) for track in self._edit.tracks)
        self._edit = replace(self._edit, tracks=tracks)
        return self._edit

    def prepare(self, edit: HostEdit) -> Iterator[None]:
        for _ in edit.tracks:
            yield

    def tidy(self) -> None:
        pass

    def apply_edit(self, edit: HostEdit, step: str, tie: Tie | None = None) -> None:
        if edit.rate != self._edit.rate:
            raise ProjectError("The film has another rate.", "Set it.")
        for track in edit.tracks:
            self._check(track)
        if step:
            self._push(step)
        self._edit = HostEdit.from_json(edit.to_json())
        if tie is not None:
            self.set_tie(tie)

    def _state(self) -> State:
        return self._edit, self._said, self._held

    def _push(self, step: str) -> None:
        self.undo.append((step, self._state()))
        self.redo.clear()

    def undo_last(self) -> None:
        """What Ctrl Z does."""
        step, before = self.undo.pop()
        self.redo.append((step, self._after.get(step, self._state())))
        self._edit, self._said, self._held = before

    def redo_last(self) -> None:
        """What Ctrl Shift Z does: the state in which the step was pushed, without what came of it later."""
        step, after = self.redo.pop()
        self.undo.append((step, self._state()))
        self._edit, self._said, self._held = after

    def hold(self, held: Held, places: Sequence[Place]) -> None:
        assert places
        self._push(held.title)
        self._held = (*self._held, held)
        self._after[held.title] = self._state()

    def held(self) -> tuple[Held, ...]:
        return self._held

    def holds(self, key: str) -> bool:
        return any(held.key == key for held in self._held)

    def release(self, key: str) -> bool:
        there = self.holds(key)
        self._held = tuple(held for held in self._held if held.key != key)
        return there

    def _check(self, track: HostTrack) -> None:
        at = 0
        for item in sorted(track.items, key=lambda item: item.start):
            if item.start < at:
                raise RefusedError(f"{item.name} overlaps.", "Move it.")
            at = item.start + item.frames
            for inner in item.tracks:
                self._check(inner)

    def change(self, edit: HostEdit) -> None:
        """What the user does by hand."""
        self._edit = edit

    def selected(self) -> tuple[str, ...]:
        return self.chosen

    def playhead(self) -> int:
        return 0

    def export_frames(self, first: int, frames: int, size: tuple[int, int], folder: Path) -> Iterator[Path]:
        raise RefusedError("This host draws nothing.", "Ask another one.")

    def tell(self, text: str, is_error: bool = False) -> None:
        self.told.append((text, is_error))

    def progress(
        self, text: str, share: float | None, key: str = "", shots: Mapping[str, Forming] | None = None
    ) -> None:
        assert share is None or 0 <= share <= 1
        paths = [each.picture for each in (shots or {}).values() if each.picture and each.picture.is_file()]
        self.pictures |= {path.read_bytes() for path in paths}
        self.shown.append((text, share))
