"""Edits compared and merged, whatever program wrote them: the door to `merging`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import RefusedError
from .cutting import with_whole_paths
from .edit import Edit
from .merging.changes import Change, Changes
from .merging.items import Parts, whole
from .merging.merge import Conflict, merged
from .merging.picture import page, svg


@dataclass(frozen=True)
class MergedEdit:
    """The edit that two come to, what it changes of their base, and what they could not both have."""

    edit: Edit
    applied: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]

    def applied_to(self, ours: Edit) -> bool:
        """Whether anything of it is new to ours."""
        return differ(self.edit, ours)


def changes_between(one: Edit, other: Edit) -> list[Change]:
    """What differs, in an editor's words; raises RefusedError where the rates do, ProjectError."""
    _same_rate(one, other)
    return Changes(_parts(one), _parts(other)).all()


def differ(one: Edit, other: Edit) -> bool:
    """Whether two edits say anything different; how their files are laid out doesn't count."""
    return one.as_json != other.as_json and whole(one.parts) != whole(other.parts)


def page_of_merge(before: Edit, after: Edit, conflicts: Sequence[Conflict]) -> str:
    """What a merge made of an edit as a page with a picture of both, conflicts first."""
    one, other = _parts(before), _parts(after)
    changes = Changes(one, other).all()
    picture = svg(one, other, changes, ("before", "merged"))
    told = [Change("conflict", c.item, f"Conflict: {c.text}", "", c.at) for c in conflicts]
    return page("Merged, with conflicts", picture, [*told, *changes])


def page_of(one: Edit, other: Edit, names: tuple[str, str]) -> str:
    """The same as a page with a picture of both."""
    _same_rate(one, other)
    before, after = _parts(one), _parts(other)
    changes = Changes(before, after).all()
    return page(f"{names[0]} and {names[1]}", svg(before, after, changes, names), changes)


def merge_edits(base: Edit, ours: Edit, theirs: Edit) -> MergedEdit:
    """What two edits come to that went on from a base; raises RefusedError where rates differ, ProjectError.

    Paths of media become whole where the edits lie in different folders.
    """
    _same_rate(base, ours, theirs)
    folder: Path | None = theirs.folder
    if len({edit.folder for edit in (base, ours, theirs)}) > 1:
        base, ours, theirs = (with_whole_paths(edit) if edit.folder else edit for edit in (base, ours, theirs))
    outcome = merged(_parts(base), _parts(ours), _parts(theirs))
    edit = Edit.of_json(whole(outcome.parts), folder)
    applied = Changes(_parts(base), _parts(edit)).all()
    return MergedEdit(edit, tuple(applied), tuple(outcome.conflicts))


def _parts(edit: Edit) -> Parts:
    return edit.parts.copied()


def _same_rate(*edits: Edit) -> None:
    first = edits[0].rate
    for edit in edits[1:]:
        if not edit.rate.relabels(first):
            raise RefusedError(
                f"One edit runs at {first}, another at {edit.rate} frames a second.", "Bring them to one rate first."
            )
