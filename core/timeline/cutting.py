"""What is done to single clips of an edit: found, extended, bridged. Plain data goes in and out, and edits; no OTIO."""

from __future__ import annotations

from . import bridging
from .bridging import CutGap, LaidBridge, laid_bridges
from .cut_clips import CutClip, cut_clips
from .edit import Edit
from .extension import extended as with_extension
from .finding import found_clip
from .missing_handles import MissingHandles
from .missing_handles import missing_handles as lacking
from .operations import Edited
from .references import made_absolute
from .steps import Bridge, Extension

Notices = tuple[str, ...]


def clip_of(edit: Edit, name: str) -> CutClip:
    """The one clip of that name, shot, occurrence ID, or `NAME@TIMECODE`, also in nested edits.

    Raises NotFoundError, UsageError.
    """
    return found_clip(edit._timeline, name, nested=True)


def clips_of(edit: Edit) -> list[CutClip]:
    """The clips of an edit's own video tracks, track by track."""
    return cut_clips(edit._timeline)


def gap_behind(edit: Edit, name: str, other: str = "", frames: int = 0) -> CutGap:
    """The gap behind a clip, up to the next or the `other` one: see `bridging.gap_behind`. Raises RefusedError."""
    return bridging.gap_behind(edit._timeline, name, other, frames)


def room_behind(edit: Edit, clip: CutClip) -> int | None:
    """How many record frames are free behind a clip on its track, None where nothing follows."""
    starts = [
        other.record.start
        for other in cut_clips(edit._timeline, nested=True)
        if other.place[:-1] == clip.place[:-1] and other.place > clip.place
    ]
    return min(starts) - clip.record.end if starts else None


def extended(edit: Edit, extension: Extension) -> tuple[Edit, Notices]:
    """The edit with a clip extended, and what went that nobody asked to go, as sentences.

    Raises RefusedError where there is too little room or media, StateError where the clip has changed meanwhile.
    """
    return _edited(edit, with_extension(edit._timeline, extension))


def bridged(edit: Edit, bridge: Bridge) -> tuple[Edit, Notices]:
    """The edit with the gap behind a clip filled, and notices; raises StateError where gap or clips have changed."""
    return _edited(edit, bridging.bridged(edit._timeline, bridge))


def bridges(edit: Edit) -> tuple[LaidBridge, ...]:
    """The bridges between takes that stand in the edit."""
    return tuple(laid_bridges(edit._timeline))


def missing_handles(edit: Edit) -> list[MissingHandles]:
    """The transitions that show frames which their clips' media lack."""
    return lacking(edit._timeline)


def with_whole_paths(edit: Edit) -> Edit:
    """The edit with all media paths absolute, so that it can stand in another folder; itself in memory only."""
    if edit.folder is None:
        return edit
    timeline = edit._timeline.clone()
    for clip in timeline.find_clips():
        references = clip.media_references()
        for reference in references.values():
            made_absolute(reference, edit.folder)
        clip.set_media_references(references, clip.active_media_reference_key)
    return Edit(timeline, edit.folder)


def _edited(before: Edit, edited: Edited) -> tuple[Edit, Notices]:
    return Edit(edited.timeline, before.folder), edited.notices
