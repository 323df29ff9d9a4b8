# SPDX-License-Identifier: GPL-3.0-or-later
"""Single strips: what they play, what they stand for, made, changed, brought to their places."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import bpy

from ...core.errors import ProjectError
from ...core.protocol import HostItem, HostJoin
from . import movies, versions

ID, FACTS = "shotwright_id", "shotwright"
PICTURES, SOUNDS, METAS = ("MOVIE", "IMAGE"), ("SOUND",), ("META",)
OURS = (*PICTURES, *SOUNDS, *METAS)
_STILLS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".webp", ".bmp")
_HEARD = (".wav", ".mp3", ".aif", ".aiff", ".flac", ".ogg", ".m4a")
PARKED = 126  # a channel that nobody works on, for a strip on its way
_PARKING = 60  # channels below it, for many at once
_HIGHEST = 60
_FAR = 500_000  # a frame behind every film
_BACKWARDS = "-1"
_SLATE = (0.16, 0.17, 0.19)

Placed = tuple[Any, HostItem, int]  # a strip, what it stands for, and its channel


def id_of(strip: Any) -> str:
    """The ID that a strip was given, empty for none."""
    return str(strip.get(ID, ""))


def facts_of(strip: Any) -> dict[str, Any]:
    """What was written down on a strip, which Blender has no place for."""
    try:
        facts = json.loads(strip.get(FACTS, "{}"))
    except (ValueError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def shot_of(strip: Any) -> str:
    """What a strip is called in the film, which is its shot's name where it is one."""
    facts = facts_of(strip)
    return str(facts["name"] if facts.get("shown") == strip.name else strip.name)


def note(strip: Any, **facts: Any) -> None:
    """Writes more down on a strip."""
    strip[FACTS] = json.dumps({**facts_of(strip), **facts})


def media_of(strip: Any) -> tuple[str, int]:
    """The file that a strip plays, whole, and how many frames it has."""
    if strip.type == "MOVIE":
        return whole(strip.filepath), versions.content_of(strip)
    if strip.type == "SOUND" and strip.sound is not None:
        return whole(strip.sound.filepath), versions.content_of(strip)
    if strip.type == "IMAGE" and len(strip.elements):
        return whole(str(Path(strip.directory) / strip.elements[0].filename)), 0
    return "", 0


def whole(path: str) -> str:
    """A path of Blender's as others read it."""
    return _whole(path, bpy.data.filepath if path.startswith("//") else "") if path else ""


@lru_cache(20_000)
def _whole(path: str, _of_blend: str) -> str:
    return str(Path(bpy.path.abspath(path)).absolute())


def begins_at(strip: Any) -> int:
    """The frame at which a strip's content begins; what is in a meta stands at frames of the timeline."""
    if strip.type == "META":
        return min([versions.first_of(inner) for inner in strip.strips], default=round(versions.start_of(strip)))
    return round(versions.start_of(strip))


def stands_for(strip: Any, item: HostItem) -> bool:
    """Whether a strip can go on to stand for an item: it is a nested edit as it is, or plays a file of its kind."""
    if item.tracks or strip.type == "META":
        return bool(item.tracks) and strip.type == "META"
    path, _ = media_of(strip)
    return path == whole(item.media) or (strip.type == "MOVIE" and kind_of(item) == "MOVIE")


def made(strips: Any, item: HostItem) -> Any:
    """A new strip for an item, out of everybody's way."""
    name, about = item.name or "clip", {"channel": PARKED, "frame_start": 1}
    kind = kind_of(item)
    if kind == "META":
        return strips.new_meta(name=name, **about)
    if kind == "COLOR":
        color = strips.new_effect(name=name, type="COLOR", **about, **versions.length(item.frames))
        color.color = _SLATE
        return color
    if kind == "MOVIE":
        return movies.made(strips, name, item.media, item.media_frames, PARKED)
    new = {"IMAGE": strips.new_image, "SOUND": strips.new_sound}[kind]
    return new(name=name, filepath=item.media, **about)


def kind_of(item: HostItem) -> str:
    """What kind of strip an item becomes."""
    suffix = Path(item.media).suffix.lower()
    if item.tracks or not item.media:
        return "META" if item.tracks else "COLOR"
    return "IMAGE" if suffix in _STILLS else "SOUND" if suffix in _HEARD else "MOVIE"


def write(strip: Any, item: HostItem, inside: Mapping[str, Any]) -> None:
    """Has a strip stand for an item: its file, name, and what Blender has no place for; `inside` are a meta's channels.

    A movie is exchanged in its strip, which keeps what its user put on it.
    """
    path, _ = media_of(strip)
    if strip.type == "MOVIE" and path != whole(item.media):
        path = whole(item.media)
        movies.exchange(strip, path, item.media_frames)
    if strip.type == "MOVIE":
        backwards = item.speed == _BACKWARDS
        if strip.use_reverse_frames != backwards:
            strip.use_reverse_frames = backwards
    facts = facts_of(strip)
    if strip.get(ID) != item.id:
        strip[ID] = item.id
    if strip.mute == item.enabled:
        strip.mute = not item.enabled
    if facts.get("name") != item.name or facts.get("shown") != strip.name:
        strip.name = item.name or "clip"
    told = {
        "name": item.name,
        "shown": strip.name,  # Blender makes names unique
        "media": path or item.media,
        "media_first": item.media_first,
        "media_frames": item.media_frames,
        "hidden": item.media_start - played_from(strip, skipped_by(strip, item), item.frames),
        "speed": item.speed,
        "joins": [dict(vars(join)) if join else None for join in (item.head, item.tail)],
        "channels": inside,
    }
    if {**facts, **told} != facts:  # most strips of a film are as they were
        note(strip, **told)


def unshown_joins(facts: Mapping[str, Any]) -> tuple[HostJoin | None, HostJoin | None]:
    """The dissolves at an item's head and tail that Blender does not show, as they were written down."""
    head, tail = (HostJoin(**join) if join else None for join in facts.get("joins", (None, None)))
    return head, tail


def is_reversed(strip: Any) -> bool:
    """Whether a strip plays its content from the end."""
    return strip.type == "MOVIE" and bool(strip.use_reverse_frames)


def played_from(strip: Any, skipped: int, frames: int) -> int:
    """The earliest frame of its content that a strip plays which begins so far into it."""
    return versions.content_of(strip) - frames - skipped if is_reversed(strip) else skipped


def skipped_by(strip: Any, item: HostItem) -> int:
    """How far into a strip's content it begins: pictures and colours have no time of their own."""
    if strip.type in ("IMAGE", "COLOR"):
        return 0
    return played_from(strip, item.media_start, item.frames)  # the same from either side


def are_restless(placed: Sequence[Placed], origin: int) -> bool:
    """Whether any of the strips is not yet in its place."""
    return not all(_is_at(*each, origin) for each in placed)


def settle(placed: Sequence[Placed], origin: int) -> None:
    """Brings strips to their places over a place far behind: where two meet, Blender moves one of them somewhere.

    Blender 4.5 even hangs where a strip's channel is set to where another one stands.
    """
    restless = [each for each in placed if not _is_at(*each, origin)]
    longest = max((versions.content_of(strip) + item.frames for strip, item, _ in restless), default=0)
    for number, (strip, item, _) in enumerate(restless):
        row, column = divmod(number, _PARKING)
        strip.channel = PARKED - column
        versions.place(strip, _FAR + row * 2 * longest, item.frames, skipped_by(strip, item))
    for strip, item, channel in restless:
        strip.channel = channel
        versions.move(strip, origin + item.start, skipped_by(strip, item))


def drag(there: Any, own: str, side: str, frames: int) -> None:
    """Moves a strip's handle inwards by so many frames; see `BlenderHost.drag_back`."""
    strip = next((each for each in there if id_of(each) == own), None)
    if strip is None or versions.frames_of(strip) <= frames:
        return
    first, channel, inwards = versions.first_of(strip), strip.channel, frames if side == "HEAD" else 0
    skipped, length = first - begins_at(strip), versions.frames_of(strip) - frames
    strip.channel = PARKED
    versions.place(strip, first + inwards, length, skipped + inwards)
    strip.channel = free_channel(there, strip, channel)


def free_channel(there: Any, strip: Any, lowest: int) -> int:
    """The lowest channel from one on on which nothing is in a strip's way."""
    first = versions.first_of(strip)
    end = first + versions.frames_of(strip)
    taken = {
        each.channel
        for each in there
        if each != strip
        and versions.first_of(each) < end
        and first < versions.first_of(each) + versions.frames_of(each)
    }
    return next((channel for channel in range(lowest, _HIGHEST) if channel not in taken), _HIGHEST)


def check_room(others: Sequence[Any], wanted: Sequence[tuple[HostItem, int]], origin: int) -> None:
    """Raises ProjectError where one of the other strips stands where an item is to be."""
    for item, channel in wanted if others else ():
        first, end = origin + item.start, origin + item.start + item.frames
        for strip in others:
            start = versions.first_of(strip)
            if strip.channel == channel and start < end and first < start + versions.frames_of(strip):
                raise ProjectError(
                    f"“{strip.name}” stands where {item.name or 'a clip'} of the film is to be.",
                    f"Move it off channel {channel}.",
                )


def _is_at(strip: Any, item: HostItem, channel: int, origin: int) -> bool:
    there = strip.channel, versions.first_of(strip), versions.frames_of(strip)
    skipped = versions.first_of(strip) - begins_at(strip)
    return there == (channel, origin + item.start, item.frames) and skipped == skipped_by(strip, item)
