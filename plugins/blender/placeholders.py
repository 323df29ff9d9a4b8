# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips that stand where new frames are to come, tell how far these are, and know what was asked for.

They are colours without an ID of ours: no items of the edit. What they stand for is a property, so that it is saved,
and goes and comes with Blender's undo.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ...core.hosts import Held, Place
from . import strips, versions

_HELD = "shotwright_held"
_MOST = 100  # of one command; the panel tells the rest
_WAITING, _DONE = (0.10, 0.11, 0.13), (0.16, 0.42, 0.30)


def put(there: Any, origin: int, held: Held, places: Sequence[Place]) -> None:
    """Puts a placeholder into each place: on the channel of its item or the next above that is free there."""
    channels = {strips.id_of(strip): strip.channel for strip in there if strips.id_of(strip)}
    for place in places[:_MOST]:
        told = {**asdict(held), "name": place.name}
        strip = _put(there, channels.get(place.item, 1), origin + place.start, place.frames, told)
        strip.name, strip.color = f"{held.title}: {place.name}", _WAITING


def _put(there: Any, channel: int, first: int, frames: int, told: Mapping[str, Any]) -> Any:
    about = {"channel": strips.PARKED, "frame_start": 1, **versions.length(frames)}
    strip = there.new_effect(name="placeholder", type="COLOR", **about)
    strip.select, strip[_HELD] = False, json.dumps(told)
    versions.move(strip, first, 0)
    strip.channel = strips.free_channel(there, strip, channel)
    return strip


@contextlib.contextmanager
def aside(there: Any) -> Iterator[None]:
    """Takes all placeholders out of the way, and puts them back where they were, or above."""
    before = [
        (strip.channel, versions.first_of(strip), versions.frames_of(strip), told, strip.name, tuple(strip.color))
        for strip, told in standing(there)
    ]
    for told in [each[3] for each in before]:
        take_away(there, told["key"])
    try:
        yield
    finally:
        for *where, name, color in before:
            strip = _put(there, *where)
            strip.name, strip.color = name, color


def standing(there: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The placeholders that are there, and what was written down on each."""
    for strip in there:
        if strip.type == "COLOR" and (said := strip.get(_HELD)):
            try:
                told = json.loads(said)
            except (ValueError, TypeError):
                continue
            if isinstance(told, dict) and isinstance(told.get("key"), str):
                yield strip, told


def is_one(strip: Any) -> bool:
    """Whether a strip is a placeholder."""
    return strip.type == "COLOR" and bool(strip.get(_HELD))


def held_by(there: Any) -> list[Held]:
    """What all placeholders stand for, each once."""
    found: dict[str, Held] = {}
    for _, told in standing(there):
        options = told.get("options")
        title, command = str(told.get("title", "")), str(told.get("command", ""))
        found[told["key"]] = Held(told["key"], title, command, options if isinstance(options, dict) else {})
    return list(found.values())


def tell(there: Any, key: str, shares: Mapping[str, float]) -> None:
    """Shows on placeholders how far their frames are: in their name, and as their colour."""
    for strip, told in list(standing(there)):
        share = shares.get(str(told.get("name")), shares.get(""))
        if told["key"] == key and share is not None:
            strip.name = f"{told.get('title')}: {told.get('name')} {share:.0%}"
            strip.color = [a + (b - a) * share for a, b in zip(_WAITING, _DONE, strict=True)]


def take_away(there: Any, key: str) -> bool:
    """Removes the placeholders of a key; whether there were any."""
    found = [strip for strip, told in standing(there) if told["key"] == key]
    for strip in found:
        there.remove(strip)
    return bool(found)
