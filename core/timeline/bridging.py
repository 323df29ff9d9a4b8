"""The gap between two clips, and a new clip that fills it exactly.

| A |.......| B |    ->    | A | A to B | B |        [h|=======|h]  the new media, with h frames of A and of B

B may stand on another track; then the new clip lies on the lowest one from A's on that is free there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import opentimelineio as otio

from ..errors import RefusedError, StateError
from ..timing import FrameRange
from . import facts
from .cut_clips import CutClip, cut_clips
from .finding import found_clip
from .laying import laid
from .operations import Edited, open_up
from .parts import rate_of
from .references import path_of, url_of
from .spans import span_of
from .steps import Bridge


@dataclass(frozen=True)
class CutGap:
    """The gap between two clips; `record` are its frames of the film, `opened_frames` more are to be made room for."""

    before: CutClip
    after: CutClip
    record: FrameRange
    opened_frames: int = 0

    @property
    def frames(self) -> int:
        """How many frames fill it."""
        return len(self.record) + self.opened_frames

    @property
    def state(self) -> str:
        """Changes whenever one of the two clips or the gap does."""
        return f"{self.before.state} {self.after.state} {len(self.record)}"


def gap_behind(timeline: Any, name: str, other: str = "", frames: int = 0) -> CutGap:
    """The gap behind a clip, up to the next one on its track or up to the `other`, found as `found_clip` finds them.

    With `frames` it is made that long where it is shorter. Raises RefusedError where there is none, where it is longer,
    or where something else stands between the two.
    """
    gap = _between(timeline, name, other)
    _check_is_one(gap, frames)
    there = len(gap.record)
    if 0 < frames < there:
        raise RefusedError(
            f"The gap behind {gap.before.name} is {there} frames long; {frames} were asked.",
            f"Ask for {there}, or close it up first.",
        )
    return replace(gap, opened_frames=max(0, frames - there))


def _check_is_one(gap: CutGap, frames: int) -> None:
    if not len(gap.record) and not frames:
        raise RefusedError(
            f"There is no gap behind {gap.before.name} on {gap.before.track}.",
            "Make room there first, or say how many frames there are to be: all behind them moves.",
        )


def _between(timeline: Any, name: str, other: str) -> CutGap:
    before = found_clip(timeline, name)
    behind = [clip for clip in cut_clips(timeline) if clip.place[0] == before.place[0] and clip.place > before.place]
    after = found_clip(timeline, other) if other else behind[0] if behind else None
    if after is None:
        raise RefusedError(f"Nothing follows {before.name} on {before.track}.", "Extend the clip instead.")
    if after.record.start < before.record.end:
        raise RefusedError(
            f"{after.name} begins before {before.name} ends.", "Name two clips of which one follows the other."
        )
    if after.place[0] == before.place[0]:
        between = timeline.tracks[before.place[0]][before.place[1] + 1 : after.place[1]]
        solid = [item for item in between if not isinstance(item, (otio.schema.Transition, otio.schema.Gap))]
        if solid:
            raise RefusedError(
                f"{solid[0].name or 'Something'} stands between {before.name} and {after.name}.",
                "Choose two clips with nothing between them.",
            )
    return CutGap(before, after, FrameRange(before.record.end, after.record.start))


def bridged(timeline: Any, bridge: Bridge) -> Edited:
    """The timeline with a gap filled; raises StateError where it is not what it was when the bridge was made."""
    gap = _between(timeline, bridge.after, bridge.before)
    _check_is_one(gap, bridge.opened_frames)
    if gap.state != bridge.state:
        raise StateError(f"The gap behind {gap.before.name} was changed meanwhile.", "Bridge it again as it is now.")
    rate = rate_of(timeline)
    media = otio.schema.ExternalReference(
        target_url=url_of(bridge.path),
        available_range=span_of(FrameRange(0, bridge.frames), rate),
    )
    media.name = PurePath(bridge.path).stem
    between = {clip.shot_id: clip.key for clip in (gap.before, gap.after) if clip.shot_id}
    facts.put_facts(media, {"generated": True, "bridges": between})
    frames = len(gap.record) + bridge.opened_frames
    plays = span_of(FrameRange(bridge.handle_frames, bridge.handle_frames + frames), rate)
    clip = otio.schema.Clip(f"{gap.before.name} to {gap.after.name}", media, plays)
    facts.put_facts(clip, {"occurrence_id": uuid.uuid4().hex[:12]})
    opened = Edited(timeline)
    if bridge.opened_frames:
        opened = open_up(timeline, gap.record.end, bridge.opened_frames)
    filled = laid(opened.timeline, gap.before.place[:1], gap.record.start, clip)
    return Edited(filled.timeline, opened.notices + filled.notices)


@dataclass(frozen=True)
class LaidBridge:
    """A bridge that stands in an edit: `between` are the shots, by their IDs, and the takes of them that it joins."""

    name: str
    media: str
    between: tuple[tuple[str, str], ...]


def laid_bridges(timeline: Any) -> Iterator[LaidBridge]:
    """The bridges between takes that stand in a timeline."""
    for clip in timeline.find_clips():
        told = facts.facts_of(clip.media_reference).get("bridges")
        if isinstance(told, Mapping) and told:
            between = tuple((str(shot_id), facts.text(told, shot_id)) for shot_id in told)
            yield LaidBridge(clip.name, path_of(clip.media_reference), between)
