"""What a host program must offer: few things, all on its main thread.

The engine changes edits; a host shows them. So a host reads its timeline as a `HostEdit`, and is given one back to be
made its timeline; whatever it can't do (move an item, tell the selection) it declares, and does not offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..protocol import HostEdit


@dataclass(frozen=True)
class Capabilities:
    """What a host can do.

    `edits_in_place`: its timeline can be changed item by item; else a new one is loaded beside the old. `selection` and
    `playhead` can be told. `renders`: a range of frames of its 3D view or composite can be exported.
    """

    edits_in_place: bool
    selection: bool
    playhead: bool
    renders: bool


@dataclass(frozen=True)
class Tie:
    """The film that a timeline belongs to, and which exchange of it the timeline shows; 0 for none yet."""

    film: Path
    exchange: int = 0


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

    def apply_edit(self, edit: HostEdit, step: str, tie: Tie | None = None) -> None:
        """Makes the timeline this edit, as one undo step called `step`, and ties it.

        Who undoes that is still tied to what was shown last, as long as the host runs: so undoing is a cut like others.

        What the edit does not know (effects, text, other channels' contents without an ID) stays as it is.
        """

    def selected(self) -> tuple[str, ...]:
        """The IDs of the selected items, in the order of time."""

    def playhead(self) -> int:
        """The record frame under the playhead."""

    def export_frames(self, first: int, frames: int, folder: Path) -> list[Path]:
        """Renders record frames of what is blocked there as pictures."""

    def tell(self, text: str, is_error: bool = False) -> None:
        """Shows a sentence where the host shows such."""

    def progress(self, text: str, share: float | None) -> None:
        """Shows what is under way, 0 to 1; an empty text when nothing is."""
