"""FCPXML as Final Cut writes and expects it, where OTIO's adapter does otherwise.

The adapter counts in doubles and cuts off what is behind the point: frame 29 at 25 frames a second is read as 28, and
at 24000/1001 no frame is where it was. So it only ever meets whole seconds: one a frame when it writes, one a tick when
it reads. What they last is put in behind it, or taken out before it, as exact fractions. It knows no start timecode.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import opentimelineio as otio
from defusedxml.ElementTree import fromstring

from ...errors import UsageError
from ...timing import Rate
from ..facts import change_facts
from ..spans import exact_frames_of, frames_of, time_of

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
_TIMES = ("offset", "start", "duration")  # those that the adapter writes and reads
_TIME = re.compile(r"(-?\d+(?:\.\d+|/0*[1-9]\d*)?)s?")
_KNOWN_RATE = 24  # one of those that the adapter can write
_MOST_TICKS = 2**53  # beyond, doubles are no longer exact
_TIMELINE = otio.schema.Timeline
_APOSTROPHE, _PLACEHOLDER = "'", "\ue000"  # the adapter falls over names that have one


def written(timeline: Any, rate: Rate, drop_frame: bool) -> str:
    """The timeline as FCPXML text, all times exact multiples of the film's frames; sound may be cut between them."""
    start = frames_of(timeline.global_start_time, rate) if timeline.global_start_time is not None else None
    plain = timeline.to_json_string().replace(_APOSTROPHE, _PLACEHOLDER)
    seconds = _with_times(plain, lambda time: (exact_frames_of(time, rate) * _KNOWN_RATE, _KNOWN_RATE))
    text = str(otio.adapters.write_to_string(seconds, "fcpx_xml"))
    root = fromstring(text.replace(_PLACEHOLDER, _APOSTROPHE))
    for element, name, time in _times_in(root):
        element.set(name, _told(time / rate.fraction))
    for form in root.iter("format"):
        form.set("frameDuration", _told(1 / rate.fraction))
        form.attrib.pop("name")  # empty, or made of a rate that is not the film's
    if start is not None:
        (sequence,) = root.findall("project/sequence")
        sequence.set("tcStart", _told(start / rate.fraction))
        sequence.set("tcFormat", "DF" if drop_frame else "NDF")
    return _HEAD + tostring(root, encoding="unicode") + "\n"


def read(root: Element, start: int | None) -> Any:
    """What the adapter makes of an FCPXML, which is changed by it, at the rate of its first sequence.

    Where that does not say which timecode it starts at, it starts at `start`, in frames. Times of other rates are parts
    of frames. Raises ValueError with what is wrong, or what the adapter does.
    """
    sequence = root.find(".//project/sequence")
    if sequence is None:
        raise ValueError("it has no sequence")
    rate = _rate_of(sequence, root)
    found = list(_times_in(root))
    ticks = math.lcm(*{time.denominator for _, _, time in found})
    if any(abs(time * ticks) > _MOST_TICKS for _, _, time in found):
        raise ValueError("its times are no frames")
    for element, name, time in found:
        element.set(name, f"{int(time * ticks)}s")
    for form in root.iter("format"):
        form.set("frameDuration", "1/1s")
    for asset in root.iter("asset"):  # what has nothing inside the adapter takes for none, and its sound for pictures
        SubElement(asset, "metadata")
    text = otio.adapters.read_from_string(tostring(root, encoding="unicode"), "fcpx_xml").to_json_string()
    film = _with_times(text, lambda time: (Fraction(time.value) * rate.fraction / ticks, float(rate)))
    start = start if (told := _time(sequence.get("tcStart"))) is None else round(told * rate.fraction)
    for timeline in [film] if isinstance(film, _TIMELINE) else film.find_children(_TIMELINE):
        timeline.global_start_time = time_of(start, rate) if start is not None else None
        if sequence.get("tcFormat") == "DF":
            change_facts(timeline, drop_frame=True)
    return film


def _with_times(text: str, change: Callable[[Any], tuple[Fraction, float]]) -> Any:
    """The object in OTIO's JSON, each of its times with another value and rate."""

    def changed(value: dict[str, Any]) -> dict[str, Any]:
        if value.get("OTIO_SCHEMA") != "RationalTime.1":
            return value
        frames, per_second = change(otio.opentime.RationalTime(value["value"], value["rate"]))
        return {**value, "value": float(frames), "rate": float(per_second)}

    return otio.core.deserialize_json_from_string(json.dumps(json.loads(text, object_hook=changed)))


def _rate_of(sequence: Element, root: Element) -> Rate:
    form = next((form for form in root.iter("format") if form.get("id") == sequence.get("format")), None)
    frame = _time(form.get("frameDuration")) if form is not None else None
    if not frame:
        raise ValueError("it does not say how fast it runs")
    try:
        return Rate(1 / frame)
    except UsageError as error:
        raise ValueError(error.message.rstrip(".")) from None


def _times_in(root: Element) -> Iterator[tuple[Element, str, Fraction]]:
    """Every time of every element, in seconds."""
    for element in root.iter():
        for name in _TIMES:
            if (time := _time(element.get(name))) is not None:
                yield element, name, time


def _time(text: str | None) -> Fraction | None:
    match = _TIME.fullmatch(text or "")
    return Fraction(match[1]) if match else None


def _told(time: Fraction) -> str:
    return f"{time}s"
