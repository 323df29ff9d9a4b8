"""One exchange with another program: what is sent, what it will lose, and the whole edit again when it comes back."""

from __future__ import annotations

from pathlib import Path

from ..edit import Edit
from ..facts import facts_of, flag
from ..merging.items import whole
from ..merging.merge import merged
from ..reading import timeline_of
from .alongside import move_along
from .files import read_carrier, write_carrier
from .homing import Home
from .losses import Lost, Program, best_carrier, drop, lost
from .outbound import outbound


def carrier_for(edit: Edit, program: Program) -> str:
    """The suffix of the file by which most of an edit reaches a program."""
    return best_carrier(edit._timeline, program)


def lost_there(edit: Edit, program: Program, carrier: str) -> list[Lost]:
    """What of an edit will not survive in a program that is sent it as `carrier`."""
    return lost(edit._timeline, program.name, carrier)


def send(edit: Edit, program: Program, path: Path) -> None:
    """Writes an edit for a program, as what the path's suffix says.

    Raises UsageError for an unknown suffix, RefusedError for what that kind can't hold, StorageError.
    """
    drop_frame = flag(facts_of(edit._timeline), "drop_frame")
    write_carrier(timeline_of(outbound(edit)), path, edit.rate, drop_frame, program.old_clips, program.bare_paths)


def came_back(path: Path, sent: Edit, unchanged: Path, program: Program) -> Edit:
    """The edit that a program gave back, with all that it and its carrier lost: what it changed, done to what it had.

    `unchanged` is a carrier of the same kind that says what `sent` says; what the program is known to drop by itself
    is taken out of it too, so that nobody takes it for deleted. Raises ProjectError, StorageError.
    """
    home = Home(sent, outbound(sent))
    had = read_carrier(unchanged, sent.rate, sent.start_frames)
    drop(had, program, path.suffix.lower())
    base, theirs = home.brings(had), home.brings(read_carrier(path, sent.rate, sent.start_frames))
    ours, kept = home.parts, {track.id for track in base.tracks}
    before = {item.id: item.start for item in ours.items()}
    outcome = merged(base, ours, theirs, aside=False)
    move_along(outcome.parts, kept, before)
    return Edit.of_json(whole(outcome.parts), sent.folder)
