"""Random histories: any film, cut on by an editor's operations."""

import contextlib
import itertools
import json
from typing import Any

import opentimelineio as otio
from hypothesis import strategies as st
from shotwright.core.errors import ShotwrightError
from shotwright.core.timeline.merging.items import Parts, parts_of, whole
from shotwright.core.timeline.operations import insert, overwrite, remove, ripple, roll, slice_at, slide, slip, trim
from shotwright.core.timing import Rate

from ..operations.drawing import drawn, film, item

RATE = Rate.parse(24)


def parts(timeline: Any) -> Parts:
    return parts_of(json.loads(timeline.to_json_string()), RATE)


def of(*lines: str) -> Parts:
    return parts(film(*lines))


def lines_of(merged: Parts) -> list[str]:
    return drawn(otio.adapters.read_from_string(json.dumps(whole(merged)), "otio_json"))


@st.composite
def cut_on(draw: Any, timeline: Any, names: str, most: int = 4) -> Any:
    """The film after a few operations; what is put in is called after `names`."""
    fresh = itertools.count()
    for _ in range(draw(st.integers(0, most))):
        tracks = [number for number, track in enumerate(timeline.tracks) if len(track)]
        if not tracks:
            return timeline
        track = draw(st.sampled_from(tracks))
        places = [
            (track, index)
            for index, thing in enumerate(timeline.tracks[track])
            if isinstance(thing, otio.schema.Clip | otio.schema.Stack)
        ]
        at, frames = draw(st.integers(0, 60)), draw(st.integers(-6, 6))
        what = draw(
            st.sampled_from(["trim", "trim", "ripple", "slip", "slide", "roll", "remove", "slice", "put", "name"])
        )
        with contextlib.suppress(ShotwrightError):
            new = item(f"{names}{next(fresh)}:{draw(st.integers(2, 12))}")
            if what == "put":
                put = draw(st.sampled_from([insert, overwrite]))
                timeline = put(timeline, (track,), at, new).timeline
            elif what == "slice":
                timeline = slice_at(timeline, (track,), at).timeline
            elif places:
                place = draw(st.sampled_from(places))
                if what in ("trim", "ripple"):
                    head = draw(st.booleans())
                    cut = trim if what == "trim" else ripple
                    timeline = cut(timeline, place, frames if head else 0, 0 if head else frames).timeline
                elif what == "remove":
                    timeline = remove(timeline, place, draw(st.booleans())).timeline
                elif what == "name":
                    timeline = timeline.clone()
                    timeline.tracks[place[0]][place[1]].name = f"{names} called it"
                else:
                    timeline = {"slip": slip, "slide": slide, "roll": roll}[what](timeline, place, frames).timeline
    return timeline
