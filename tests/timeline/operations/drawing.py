"""Films drawn as text: `film` builds a timeline from lines, `drawn` draws one, `played` lists what each frame shows.

    V1  A:24  /6+6/  B:24{10,20}  .:12  C:24x2     one track a line: V video, A audio; `A1!` is not sync-locked
        |     |      |            |     twice as fast; x-1 backwards, x0 a freeze frame, x? a speed that changes
        |     |      |            a gap
        |     |      10 frames of handle at its head, 20 at its tail; without braces nobody knows where media end
        |     a transition that takes 6 frames before the cut and 6 behind it
        24 frames of A.mov from its frame 100 on; `A:24#7` has the link ID 7; `[V1 …|A1 …]:24` is a nested stack

Drawn, each has its record range, end exclusive, and how far its in point is from 100: `A+6[0-18)`.
"""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio

RATE = 24
IN_POINT = 100
_CLIP = re.compile(
    r"(?P<name>\w+):(?P<frames>\d+)(?:\{(?P<head>\d+),(?P<tail>\d+)\})?(?:x(?P<speed>[-\d./?]+))?(?:#(?P<link>\w+))?"
)
_TOKEN = re.compile(r"\[.*?\]:\d+|\S+")


def time(frames: float) -> Any:
    return otio.opentime.RationalTime(frames, RATE)


def span(start: float, frames: float) -> Any:
    return otio.opentime.TimeRange(time(start), time(frames))


def item(text: str) -> Any:
    if text.startswith("."):
        return otio.schema.Gap(source_range=span(0, int(text[2:])))
    if text.startswith("["):
        inside, frames = text[1:].split("]:")
        stack = otio.schema.Stack("nested", source_range=span(0, int(frames)) if int(frames) else None)
        stack.extend(track(line) for line in inside.split("|"))
        return stack
    if text.startswith("/"):
        early, late = text.strip("/").split("+")
        return otio.schema.Transition(
            transition_type="SMPTE_Dissolve", in_offset=time(int(early)), out_offset=time(int(late))
        )
    found = _CLIP.fullmatch(text)
    assert found, text
    frames, speed = int(found["frames"]), found["speed"]
    reference = otio.schema.ExternalReference(f"{found['name']}.mov")
    used = frames if speed in (None, "?") else math.ceil(frames * abs(Fraction(speed))) or 1
    if found["head"]:
        first = IN_POINT - int(found["head"])
        reference.available_range = span(first, int(found["head"]) + used + int(found["tail"]))
    clip = otio.schema.Clip(found["name"], reference, span(IN_POINT, frames))
    clip.metadata["shotwright"] = {"occurrence_id": f"id of {found['name']}"}
    if found["link"]:
        clip.metadata["shotwright"]["link_id"] = found["link"]
    if speed == "?":
        clip.effects.append(otio.schema.TimeEffect())
    elif speed:
        clip.effects.append(
            otio.schema.FreezeFrame()
            if speed == "0"
            else otio.schema.LinearTimeWarp(time_scalar=float(Fraction(speed)))
        )
    return clip


def track(line: str) -> Any:
    name, *items = _TOKEN.findall(line)
    kind = {"V": "Video", "A": "Audio"}[name[0]]
    made = otio.schema.Track(name.strip("!"), kind=kind)
    if name.endswith("!"):
        made.metadata["shotwright"] = {"sync_lock": False}
    made.extend([item(text) for text in items])
    return made


def film(*lines: str) -> Any:
    made = otio.schema.Timeline("Film", global_start_time=time(86_400))
    made.tracks.extend([track(line) for line in lines])
    return made


def drawn(timeline: Any) -> list[str]:
    return [draw(track) for track in timeline.tracks]


def draw(track: Any) -> str:
    words, at = [track.name], 0.0
    for thing in track:
        if isinstance(thing, otio.schema.Transition):
            words.append(f"/{thing.in_offset.value:g}+{thing.out_offset.value:g}/")
            continue
        spanned = thing.trimmed_range()
        end = at + spanned.duration.value
        moved = spanned.start_time.value - (IN_POINT if isinstance(thing, otio.schema.Clip) else 0)
        name = "." if isinstance(thing, otio.schema.Gap) else thing.name
        words.append(f"{name}{f'{moved:+g}' if moved else ''}[{at:g}-{end:g})")
        at = end
    return " ".join(words)


def speed(thing: Any) -> Fraction:
    found = Fraction(1)
    for effect in thing.effects:
        found *= Fraction(effect.time_scalar).limit_denominator(1000)
    return found


def shows(thing: Any) -> Callable[[int], Any]:
    """What an item shows at its own frame k, handles (k < 0, k ≥ its length) included."""
    if isinstance(thing, otio.schema.Gap):
        return lambda k: None
    spanned, rate = thing.trimmed_range(), speed(thing)
    start, length = Fraction(spanned.start_time.value), int(spanned.duration.value)
    name = thing.name if isinstance(thing, otio.schema.Clip) else "nested"

    def at(k: int) -> tuple[str, int]:
        return name, math.floor(start + (k * rate if rate >= 0 else (length - 1 - k) * -rate) + Fraction(1, 10**6))

    return at


def played(track: Any) -> list[Any]:
    found: list[Any] = []
    for thing in track:
        if not isinstance(thing, otio.schema.Transition):
            found += [shows(thing)(k) for k in range(int(thing.trimmed_range().duration.value))]
    return found


def check_valid(before: Any, after: Any) -> None:
    """Whatever was done: valid OTIO that survives JSON, no empty item, no transition where none can be."""
    text = after.to_json_string()
    assert otio.adapters.read_from_string(text, "otio_json").to_json_string() == text
    for old, new in zip(before.tracks, after.tracks, strict=True):
        edges = [isinstance(thing, otio.schema.Transition) for thing in new]
        had = [isinstance(thing, otio.schema.Transition) for thing in old] or [False]
        assert not any(a and b for a, b in pairwise(edges))
        assert not (edges and edges[0] and not had[0])
        assert not (edges and edges[-1] and not had[-1])
        assert all(thing.trimmed_range().duration.value > 0 for thing in new if isinstance(thing, otio.core.Item))
