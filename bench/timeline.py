"""Diff and merge of long edits: 5,000 clips, and how time grows to 50,000; push and pull of a film of 1,000 shots."""

from __future__ import annotations

import copy
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_CLIPS, _MANY, _SHOTS = 5_000, 50_000, 1_000


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


def _synced(shots: int, folder: Path) -> dict[str, float]:
    """Seconds of a push and of a pull with one trim, of a film with a take for each shot."""
    from shotwright.core.film import ProjectSettings, Take
    from shotwright.core.project.creation import create_film
    from shotwright.core.project.sync import Exchange
    from shotwright.core.timeline.edit import Edit
    from shotwright.core.timeline.parts import shot_clips
    from shotwright.core.timeline.shot_clips import add_take

    script = folder / "s.fountain"
    script.write_text("".join(f"INT. ROOM {n} - DAY\n\nAnna walks.\n\n" for n in range(shots)))
    film = create_film(folder / "Film", script, ProjectSettings(size=(128, 72))).film

    def with_takes(edit: Edit) -> Edit:
        timeline = edit._timeline.clone()
        for number, clip in enumerate(shot_clips(timeline)):
            media, frames = f"media/{clip.name}/TK01/{clip.name}_TK01.mov", int(clip.duration().value)
            take = Take(clip.name, "TK01", media, frames, 12, 86400 + 300 * number, "previs", 1, "0" * 8)
            add_take(clip, take, edit.rate, ".mov")
        return Edit(timeline, edit.folder)

    film.change_edit(with_takes)
    Exchange(film, "otio").push()  # the first gives all its IDs
    begun = time.perf_counter()
    file = Exchange(film, "otio").push().file
    pushed = time.perf_counter()
    edit = json.loads(file.read_text())
    edit["tracks"]["children"][0]["children"][5]["source_range"]["duration"]["value"] -= 7
    file.write_text(json.dumps(edit))
    changed = time.perf_counter()
    Exchange(film, "otio").pull()
    return {"push": pushed - begun, "pull": time.perf_counter() - changed}


def measure() -> Iterator[tuple[str, str, str]]:
    """Rows for `python -m bench timeline`."""
    few, many = _measured(_CLIPS), _measured(_MANY)
    for what, seconds in few.items():
        grown = many[what] / seconds
        yield f"{what} of {_CLIPS} clips", f"{seconds:.2f} s", "1 s"
        yield f"{what} of {_MANY} clips", f"{many[what]:.1f} s, {grown:.0f} x for 10 x the clips", "near linear"
    with tempfile.TemporaryDirectory() as folder:
        for what, seconds in _synced(_SHOTS, Path(folder)).items():
            yield f"{what} of a film of {_SHOTS} shots", f"{seconds:.2f} s", "1 s"
