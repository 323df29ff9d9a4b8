"""The gap behind a clip, and a new clip that fills it exactly.

| A |.......| B |    ->    | A | A to B | B |        [h|=======|h]  the new media, with h frames of A and of B
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import opentimelineio as otio

from ..errors import RefusedError, StateError
from ..timing import FrameRange
from . import facts
from .cut_clips import CutClip, cut_clips
from .finding import found_clip
from .operations import Edited, overwrite
from .parts import rate_of
from .references import url_of
from .spans import span_of
from .steps import Bridge


@dataclass(frozen=True)
class CutGap:
    """The gap between two clips of a track; `record` are its frames of the film."""

    before: CutClip
    after: CutClip
    record: FrameRange

    @property
    def state(self) -> str:
        """Changes whenever one of the two clips or the gap does."""
        return f"{self.before.state} {self.after.state} {len(self.record)}"


def gap_behind(timeline: Any, name: str) -> CutGap:
    """The gap behind a clip, found as `found_clip` finds it; raises RefusedError where none is there."""
    before = found_clip(timeline, name)
    behind = [clip for clip in cut_clips(timeline) if clip.place[0] == before.place[0] and clip.place > before.place]
    if not behind:
        raise RefusedError(f"Nothing follows {before.name} on {before.track}.", "Extend the clip instead.")
    between = timeline.tracks[before.place[0]][before.place[1] + 1 : behind[0].place[1]]
    solid = [item for item in between if not isinstance(item, (otio.schema.Transition, otio.schema.Gap))]
    if solid or before.record.end == behind[0].record.start:
        raise RefusedError(
            f"There is no gap behind {before.name} on {before.track}.", "Make room there first, or extend the clip."
        )
    return CutGap(before, behind[0], FrameRange(before.record.end, behind[0].record.start))


def bridged(timeline: Any, bridge: Bridge) -> Edited:
    """The timeline with a gap filled; raises StateError where it is not what it was when the bridge was made."""
    gap = gap_behind(timeline, bridge.after)
    if gap.state != bridge.state:
        raise StateError(f"The gap behind {gap.before.name} was changed meanwhile.", "Bridge it again as it is now.")
    rate = rate_of(timeline)
    media = otio.schema.ExternalReference(
        target_url=url_of(bridge.path),
        available_range=span_of(FrameRange(0, bridge.frames), rate),
    )
    media.name = PurePath(bridge.path).stem
    facts.put_facts(media, {"generated": True})
    plays = span_of(FrameRange(bridge.handle_frames, bridge.handle_frames + len(gap.record)), rate)
    clip = otio.schema.Clip(f"{gap.before.name} to {gap.after.name}", media, plays)
    facts.put_facts(clip, {"occurrence_id": uuid.uuid4().hex[:12]})
    return overwrite(timeline, gap.before.place[:1], gap.record.start, clip)
