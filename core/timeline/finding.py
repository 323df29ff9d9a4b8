"""One clip of an edit, found by what people and programs call it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import NotFoundError, UsageError
from .cut_clips import CutClip, cut_clips

_MOST_LISTED = 12


def found_clip(timeline: Any, name: str) -> CutClip:
    """The one clip of that name, shot ID, occurrence ID, or `NAME@TIMECODE` for the one that begins then.

    Raises NotFoundError or UsageError with the names that there are.
    """
    clips, wanted = cut_clips(timeline), name.casefold()
    ways: tuple[Callable[[CutClip], str], ...] = (
        lambda clip: clip.address,
        lambda clip: clip.name,
        lambda clip: clip.shot_id,
        lambda clip: clip.told,
    )
    for way in ways:
        found = [clip for clip in clips if way(clip).casefold() == wanted]
        if len(found) > 1:
            raise UsageError(f"{len(found)} clips are called “{name[:60]}”.", _listed([clip.told for clip in found]))
        if found:
            return found[0]
    raise NotFoundError(f"There is no clip “{name[:60]}” in the edit.", _listed([clip.name for clip in clips]))


def _listed(names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    more = f" … ({len(different)} in all)" if len(different) > _MOST_LISTED else ""
    return f"Choose one of: {', '.join(different[:_MOST_LISTED])}{more}." if different else "It has no clips."
