"""A host program in memory: what `HostPort` asks for and nothing else, as strict as a real one.

It refuses what Blender refuses (overlaps on a track, an edit of another rate), keeps IDs as Blender's custom
properties do, and makes one undo step of each edit that is applied.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

from shotwright.core.errors import ProjectError, RefusedError
from shotwright.core.hosts import Capabilities, Tie
from shotwright.core.protocol import HostEdit, HostItem, HostTrack
from shotwright.core.timing import Rate


class FakeHost:
    name = "blender"
    capabilities = Capabilities(edits_in_place=True, selection=True, playhead=True, renders=False)

    def __init__(self, rate: Rate) -> None:
        self._edit = HostEdit(rate, 86400)
        self._tie: Tie | None = None
        self.undo: list[tuple[str, HostEdit]] = []
        self.told: list[tuple[str, bool]] = []
        self.shown: list[tuple[str, float | None]] = []
        self.chosen: tuple[str, ...] = ()

    def tie(self) -> Tie | None:
        return self._tie

    def set_tie(self, tie: Tie) -> None:
        assert tie.film.is_absolute()
        self._tie = tie

    def read_edit(self) -> HostEdit:
        seen: set[str] = set()

        def known(item: HostItem) -> HostItem:
            own = item.id if item.id and item.id not in seen else uuid.uuid4().hex[:12]
            seen.add(own)
            return replace(item, id=own)

        tracks = tuple(replace(track, items=tuple(map(known, track.items))) for track in self._edit.tracks)
        self._edit = replace(self._edit, tracks=tracks)
        return self._edit

    def apply_edit(self, edit: HostEdit, step: str, tie: Tie | None = None) -> None:
        if edit.rate != self._edit.rate:
            raise ProjectError("The film has another rate.", "Set it.")
        assert step
        for track in edit.tracks:
            self._check(track)
        self.undo.append((step, self._edit))
        self._edit, self._tie = HostEdit.from_json(edit.to_json()), tie or self._tie

    def undo_last(self) -> None:
        """What Ctrl Z does."""
        _, self._edit = self.undo.pop()

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

    def export_frames(self, first: int, frames: int, folder: Path) -> list[Path]:
        raise RefusedError("This host draws nothing.", "Ask another one.")

    def tell(self, text: str, is_error: bool = False) -> None:
        self.told.append((text, is_error))

    def progress(self, text: str, share: float | None) -> None:
        assert share is None or 0 <= share <= 1
        self.shown.append((text, share))
