"""Diff and merge of long edits: 5,000 clips, and how time grows to 50,000."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Iterator
from typing import Any

_CLIPS, _MANY = 5_000, 50_000


def _edit(clips: int) -> dict[str, Any]:
    """An edit's JSON with so many clips on three tracks."""
    import opentimelineio as otio

    def span(start: int, length: int) -> Any:
        return otio.opentime.TimeRange(otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(length, 24))

    timeline = otio.schema.Timeline("Long")
    timeline.global_start_time = otio.opentime.RationalTime(86400, 24)
    for number in range(3):
        track = otio.schema.Track(f"V{number + 1}", kind="Video")
        for index in range(clips // 3):
            media = otio.schema.ExternalReference(f"media/{number}_{index}.mov", span(0, 200))
            clip = otio.schema.Clip(f"SC{index:05}", media, span(8, 24 + index % 40))
            clip.metadata["shotwright"] = {"occurrence_id": f"{number}-{index}"}
            track.append(clip)
        timeline.tracks.append(track)
    found: dict[str, Any] = json.loads(timeline.to_json_string())
    return found


def _cut(edit: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same with one clip in twenty trimmed, and a few put in and taken out."""
    rng, changed = random.Random(seed), copy.deepcopy(edit)
    for track in changed["tracks"]["children"]:
        children = track["children"]
        for index in rng.sample(range(len(children)), len(children) // 20):
            children[index]["source_range"]["duration"]["value"] -= rng.randint(1, 8)
        for index in sorted(rng.sample(range(len(children)), len(children) // 100), reverse=True):
            if rng.random() < 0.5:
                del children[index]
            else:
                new = copy.deepcopy(children[index])
                new["name"], new["metadata"] = f"new {seed} {index}", {}
                children.insert(index, new)
    return changed


def _measured(clips: int) -> dict[str, float]:
    from shotwright.core.timeline.merging.changes import Changes
    from shotwright.core.timeline.merging.items import parts_of
    from shotwright.core.timeline.merging.merge import merged
    from shotwright.core.timing import Rate

    rate, base = Rate.parse(24), _edit(clips)
    texts = [json.dumps(edit) for edit in (base, _cut(base, 1), _cut(base, 2))]
    begun = time.perf_counter()
    Changes(*(parts_of(json.loads(text), rate) for text in texts[:2])).all()
    diffed = time.perf_counter()
    merged(*(parts_of(json.loads(text), rate) for text in texts))
    return {"diff": diffed - begun, "merge": time.perf_counter() - diffed}


def measure() -> Iterator[tuple[str, str, str]]:
    """Rows for `python -m bench timeline`."""
    few, many = _measured(_CLIPS), _measured(_MANY)
    for what, seconds in few.items():
        grown = many[what] / seconds
        yield f"{what} of {_CLIPS} clips", f"{seconds:.2f} s", "1 s"
        yield f"{what} of {_MANY} clips", f"{many[what]:.1f} s, {grown:.0f} x for 10 x the clips", "near linear"
