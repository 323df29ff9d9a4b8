"""One exchange with another program: what is sent, what it will lose, and the whole edit again when it comes back."""

from __future__ import annotations

import json
from pathlib import Path

from ..edit import Edit
from ..facts import facts_of, flag
from ..merging.items import whole
from ..merging.merge import merged
from ..reading import timeline_from
from .alongside import move_along
from .files import read_carrier, write_carrier
from .homing import homed, parts_in
from .losses import Lost, Program, best_carrier, lost
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
    write_carrier(outbound(edit), path, edit.rate, drop_frame, program.old_clips, program.bare_paths)


def came_back(path: Path, sent: Edit, unchanged: Path) -> Edit:
    """The edit that a program gave back, with all that its carrier lost: what it changed, done to what it was sent.

    `unchanged` is a carrier of the same kind that says what `sent` says. Raises ProjectError, StorageError.
    """
    baseline, returned = (homed(sent, read_carrier(file, sent.rate, sent.start_frames)) for file in (unchanged, path))
    return restored(sent, baseline, returned)


def restored(sent: Edit, baseline: Edit, returned: Edit) -> Edit:
    """The sent edit with what changed from `baseline` to `returned`, which both are at home."""
    base, ours, theirs = (parts_in(edit._timeline, edit.rate) for edit in (baseline, sent, returned))
    kept = {track.id for track in base.tracks}
    before = {item.id: item.start for item in ours.items()}
    outcome = merged(base, ours, theirs, aside=False)
    move_along(outcome.parts, kept, before)
    return Edit(timeline_from(json.dumps(whole(outcome.parts)), "the edit that came back"), sent.folder)
