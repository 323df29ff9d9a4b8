"""One clip of an edit, found by what people and programs call it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import NotFoundError, UsageError
from .cut_clips import CutClip, cut_clips

_MOST_LISTED = 12


def found_clip(timeline: Any, name: str, nested: bool = False) -> CutClip:
    """The one clip of that name, shot ID, occurrence ID, or `NAME@TIMECODE` for the one that begins then.

    Clips of the film itself are asked before those in nested edits, which are only where `nested`. Raises NotFoundError
    or UsageError with the names that there are.
    """
    all_clips = cut_clips(timeline, nested)
    own = [clip for clip in all_clips if not clip.nested_in]
    inside = [clip for clip in all_clips if clip.nested_in]
    found = _one_of(own, name) or _one_of(inside, name)
    if found is None:
        listed = _listed([clip.name for clip in all_clips])
        raise NotFoundError(f"There is no clip “{name[:60]}” in the edit.", listed)
    return found


def _one_of(clips: Sequence[CutClip], name: str) -> CutClip | None:
    ways: tuple[Callable[[CutClip], str], ...] = (
        lambda clip: clip.address,
        lambda clip: clip.name,
        lambda clip: clip.shot_id,
        lambda clip: clip.told,
    )
    for way in ways:
        found = [clip for clip in clips if way(clip).casefold() == name.casefold()]
        if len(found) > 1:
            raise UsageError(f"{len(found)} clips are called “{name[:60]}”.", _listed([clip.told for clip in found]))
        if found:
            return found[0]
    return None


def _listed(names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    more = f" … ({len(different)} in all)" if len(different) > _MOST_LISTED else ""
    return f"Choose one of: {', '.join(different[:_MOST_LISTED])}{more}." if different else "It has no clips."
