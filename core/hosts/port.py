"""What a host program must offer: few things, all on its main thread.

The engine changes edits; a host shows them. So a host reads its timeline as a `HostEdit`, and is given one back to be
made its timeline; whatever it can't do (move an item, tell the selection) it declares, and does not offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..protocol import HostEdit


@dataclass(frozen=True)
class Capabilities:
    """What a host can do.

    `edits_in_place`: its timeline can be changed item by item; else a new one is loaded beside the old. `selection` and
    `playhead` can be told. `renders`: a range of frames of its 3D view or composite can be exported. `retimes` and
    `dissolves`: it shows items at their speed, and how they are joined; what it does not show it gives back as it was.
    `placeholders`: new frames can be stood in for.
    """

    edits_in_place: bool
    selection: bool
    playhead: bool
    renders: bool
    retimes: bool = False
    dissolves: bool = False
    placeholders: bool = False


@dataclass(frozen=True)
class Tie:
    """The film that a timeline belongs to, and which exchange of it the timeline shows; 0 for none yet."""

    film: Path
    exchange: int = 0


@dataclass(frozen=True)
class Held:
    """What placeholders stand for, as the host keeps it in its own file: a `command` of the film and its `options`.

    `key` is one of its own; asked for twice with it, the command is done once. One without a command can't go on once
    the host was closed.
    """

    key: str
    title: str
    command: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where new frames are to come: from record frame `start` on, at or over an item, by its ID and `name`."""

    item: str
    name: str
    start: int
    frames: int


@dataclass(frozen=True)
class Forming:
    """How far new frames are, 0 to 1, and the newest picture of them: a JPEG, gone when they are there."""

    share: float
    picture: Path | None = None


class HostPort(Protocol):
    """One open timeline of a host program. All but `capabilities` and `name` may raise ShotwrightError."""

    name: str  # as in `sync --host`
    capabilities: Capabilities

    def tie(self) -> Tie | None:
        """What the timeline is tied to."""

    def set_tie(self, tie: Tie) -> None:
        """Ties the timeline; kept in the host's own file, beside the timeline."""

    def read_edit(self) -> HostEdit:
        """The timeline. Each item has an ID afterwards, which the host keeps; of two equal ones the later's is new."""

    def prepare(self, edit: HostEdit) -> Iterator[None]:
        """Gets ready what would keep the host waiting when an edit is applied: a little each time it is asked on.

        The timeline is not changed by it, nor by `tidy`, which takes away what was made ready and not needed.
        """

    def tidy(self) -> None:
        """See `prepare`."""

    def apply_edit(self, edit: HostEdit, step: str, tie: Tie | None = None) -> None:
        """Makes the timeline this edit, as one undo step called `step`, and ties it; without one it is the last step's.

        Who undoes that is still tied to what was shown last, as long as the host runs: so undoing is a cut like others.

        What the edit does not know (effects, text, other channels' contents without an ID) stays as it is.
        """

    def selected(self) -> tuple[str, ...]:
        """The IDs of the selected items, in the order of time."""

    def playhead(self) -> int:
        """The record frame under the playhead."""

    def export_frames(self, first: int, frames: int, size: tuple[int, int], folder: Path) -> Iterator[Path]:
        """Renders record frames of what is blocked there: `frames/0000.png` … in the folder, one at a time.

        A host that knows how far away things are renders `depth/0000.png` … beside them: grey, near is white, one scale
        for all frames.
        """

    def tell(self, text: str, is_error: bool = False) -> None:
        """Shows a sentence where the host shows such."""

    def progress(
        self, text: str, share: float | None, key: str = "", shots: Mapping[str, Forming] | None = None
    ) -> None:
        """Shows what is under way, 0 to 1; an empty text when nothing is.

        `shots` are single ones by their names, or all by an empty one: to be shown on the placeholders of that key.
        """

    # -- placeholders: a host without them does nothing, and has none -----------------------------------------------

    def hold(self, held: Held, places: Sequence[Place]) -> None:
        """Puts a placeholder into each place, where nothing is in its way, as one undo step. They are no items."""

    def held(self) -> Sequence[Held]:
        """What the placeholders that are there stand for."""

    def holds(self, key: str) -> bool:
        """Whether placeholders of a key are there."""

    def release(self, key: str) -> bool:
        """Takes the placeholders of a key away, without an undo step; whether there were any."""
