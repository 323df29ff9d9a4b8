"""An edit as other programs take it: whole paths, one reference a clip, media times as their timecode has them.

In `edit.otio` all takes of a shot share one axis of frames (`references.py`). A program that reads a file knows only
the movie's own timecode:

    axis       12 ......... 60        source_range 12 + 48
    TK02's     10:00:03:12            its frame 0 is axis frame 0, and is labelled 10:00:03:00
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio

from ...timing import Rate
from ..edit import Edit
from ..facts import NAMESPACE
from ..merging.items import Json, clips_in, facts_in, frames_in, time_like
from ..references import is_take, path_in, url_of

DEFAULT = str(otio.schema.Clip.DEFAULT_MEDIA_KEY)
_KEPT = ("occurrence_id", "id", "shot_id", "rate")


def outbound(edit: Edit) -> Json:
    """An edit's JSON for another program: what it can't know is left out, and comes back from what is kept here."""
    timeline: Json = {**edit.as_json, "tracks": _one_of_its_own(edit.as_json["tracks"])}
    stack, rate = timeline["tracks"], edit.rate
    for clip in clips_in(stack["children"]):
        _put_in_media_time(clip, rate, edit.folder)
    for thing in (timeline, stack, *stack["children"], *clips_in(stack["children"])):
        _put_facts(thing, {key: held for key, held in facts_in(thing).items() if key in _KEPT})
    _put_facts(timeline, {**facts_in(timeline), "rate": str(rate)})
    return timeline


def _one_of_its_own(thing: Json) -> Json:
    """A thing with all inside of it, to be given other contents: those that they have are still the edit's."""
    inside = {"children": [_one_of_its_own(child) for child in thing["children"]]} if "children" in thing else {}
    return {**thing, **inside}


def media_shift(key: str, reference: Json, rate: Rate) -> Fraction:
    """By how many frames the media time of a reference is later in other programs than on its shot's axis."""
    available = reference.get("available_range")
    if not available or not is_take(key):
        return Fraction(0)
    return Fraction(int(facts_in(reference).get("start_frames", 0))) - frames_in(available["start_time"], rate)


def moved_in_media(clip: Json, by: Fraction, rate: Rate) -> Json:
    """A clip that plays so many frames later in its media's time, its markers with it."""
    if not by:
        return clip
    markers = [{**each, "marked_range": _moved(each["marked_range"], by, rate)} for each in clip["markers"]]
    return {**clip, "source_range": _moved(clip["source_range"], by, rate), "markers": markers}


def _put_in_media_time(clip: Json, rate: Rate, folder: Path | None) -> None:
    key = clip["active_media_reference_key"]
    reference = dict(clip["media_references"][key])
    available = reference.get("available_range")
    if available:
        clip["source_range"] = clip["source_range"] or available
        by = media_shift(key, reference, rate)
        clip.update(moved_in_media(clip, by, rate))
        reference["available_range"] = _moved(available, by, rate)
    for held in ("target_url", "target_url_base"):
        path = path_in(reference.get(held) or "")
        if path and folder is not None and not Path(path).is_absolute():
            reference[held] = url_of(str(folder / path)) + ("" if held == "target_url" else "/")
    known = facts_in(reference)
    if known:
        _put_facts(reference, {"generated": True} if known.get("generated") else {})
    clip["media_references"], clip["active_media_reference_key"] = {DEFAULT: reference}, DEFAULT


def _put_facts(thing: Json, facts: Json) -> None:
    if facts or NAMESPACE in thing["metadata"]:
        thing["metadata"] = {**thing["metadata"], NAMESPACE: facts}


def _moved(span: Json, by: Fraction, rate: Rate) -> Json:
    start = frames_in(span["start_time"], rate) + by
    return {**span, "start_time": time_like(start, rate, span["start_time"])}
