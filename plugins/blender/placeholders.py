# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips that stand where new frames are to come, tell how far these are, and know what was asked for.

They are colours, and pictures once there is something to be seen, without an ID of ours: no items of the edit. What
they stand for is a property, so that it is saved, and goes and comes with Blender's undo.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...core.hosts import Forming, Held, Place
from . import strips, versions

_HELD = "shotwright_held"
_KINDS = ("COLOR", "IMAGE")
_MOST = 100  # of one command; the panel tells the rest
_WAITING, _DONE = (0.10, 0.11, 0.13), (0.16, 0.42, 0.30)


def put(there: Any, origin: int, held: Held, places: Sequence[Place]) -> None:
    """Puts a placeholder into each place: on the channel of its item or the next above that is free there."""
    channels = {strips.id_of(strip): strip.channel for strip in there if strips.id_of(strip)}
    for place in places[:_MOST]:
        told = {**asdict(held), "name": place.name}
        strip = _put(there, channels.get(place.item, 1), origin + place.start, place.frames, told)
        strip.name, strip.color = f"{held.title}: {place.name}", _WAITING


def _put(
    there: Any, channel: int, first: int, frames: int, told: Mapping[str, Any], picture: Path | None = None
) -> Any:
    about = {"name": "placeholder", "channel": strips.PARKED, "frame_start": 1}
    if picture is None:
        strip = there.new_effect(type="COLOR", **about, **versions.length(frames))
        versions.move(strip, first, 0)
    else:
        strip = there.new_image(filepath=str(picture), fit_method="FIT", **about)
        versions.place(strip, first, frames, 0)
    strip.select, strip[_HELD] = False, json.dumps(told)
    strip.channel = strips.free_channel(there, strip, channel)
    return strip


@contextlib.contextmanager
def aside(there: Any) -> Iterator[None]:
    """Takes all placeholders out of the way, and puts them back where they were, or above."""
    before = [
        (_where(strip), told, _picture_of(strip), strip.name, tuple(getattr(strip, "color", _WAITING)))
        for strip, told in standing(there)
    ]
    for _, told, *_ in before:
        take_away(there, told["key"])
    try:
        yield
    finally:
        for where, told, picture, name, color in before:
            strip = _put(there, *where, told, picture)
            strip.name = name
            if strip.type == "COLOR":
                strip.color = color


def _where(strip: Any) -> tuple[int, int, int]:
    return strip.channel, versions.first_of(strip), versions.frames_of(strip)


def _picture_of(strip: Any) -> Path | None:
    """The picture that a placeholder shows, as long as there is one."""
    if strip.type != "IMAGE" or not len(strip.elements):
        return None
    path = Path(strip.directory, strip.elements[0].filename)
    return path if path.is_file() else None


def standing(there: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The placeholders that are there, and what was written down on each."""
    for strip in there:
        if strip.type in _KINDS and (said := strip.get(_HELD)):
            try:
                told = json.loads(said)
            except (ValueError, TypeError):
                continue
            if isinstance(told, dict) and isinstance(told.get("key"), str):
                yield strip, told


def is_one(strip: Any) -> bool:
    """Whether a strip is a placeholder."""
    return strip.type in _KINDS and bool(strip.get(_HELD))


def held_by(there: Any) -> list[Held]:
    """What all placeholders stand for, each once."""
    found: dict[str, Held] = {}
    for _, told in standing(there):
        options = told.get("options")
        title, command = str(told.get("title", "")), str(told.get("command", ""))
        found[told["key"]] = Held(told["key"], title, command, options if isinstance(options, dict) else {})
    return list(found.values())


def tell(there: Any, key: str, shots: Mapping[str, Forming]) -> None:
    """Shows on placeholders how far their frames are: in their name, and as their colour or the newest picture."""
    for strip, told in list(standing(there)):
        forming = shots.get(str(told.get("name")), shots.get(""))
        if told["key"] != key or forming is None:
            continue
        shown = _showing(there, strip, told, forming.picture)
        shown.name = f"{told.get('title')}: {told.get('name')} {forming.share:.0%}"
        if shown.type == "COLOR":
            shown.color = [a + (b - a) * forming.share for a, b in zip(_WAITING, _DONE, strict=True)]


def _showing(there: Any, strip: Any, told: Mapping[str, Any], picture: Path | None) -> Any:
    """The placeholder as it shows a picture; a colour again where its last one is gone."""
    picture = picture if picture and picture.is_file() else _picture_of(strip)
    if picture is not None and strip.type == "IMAGE":
        if strip.elements[0].filename != picture.name or Path(strip.directory) != picture.parent:
            strip.directory, strip.elements[0].filename = f"{picture.parent}{os.sep}", picture.name
        return strip
    if picture is None and strip.type == "COLOR":
        return strip
    where, is_selected = _where(strip), strip.select
    there.remove(strip)
    shown = _put(there, *where, told, picture)
    shown.select = is_selected
    return shown


def take_away(there: Any, key: str) -> bool:
    """Removes the placeholders of a key; whether there were any."""
    found = [strip for strip, told in standing(there) if told["key"] == key]
    for strip in found:
        there.remove(strip)
    return bool(found)
