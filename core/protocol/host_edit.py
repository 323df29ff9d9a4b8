"""An edit as a host program reads and writes it: what every one of them has, as plain data and JSON.

Frames are record frames counted from the edit's start, whose own timecode is `start_frames`. Media are whole paths.

    item      start 24, frames 48          on the timeline: 24 … 71
    media     first 86400, start 12        begins with the file's frame 12, which is labelled 86412
    tail      early 6, late 8              shown until 79: a dissolve to the next item, which is shown from 66 on

A retimed item plays `frames` x `speed` frames of its file, of which `media_start` is the earliest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import UsageError
from ..timing import Rate
from . import fields
from .fields import Json

VERSION = 1
KINDS = ("video", "audio")
JOINS = ("dissolve", "gamma dissolve")
_MOST = 10**9
_MOST_THINGS = 100_000
_DEEPEST = 8


@dataclass(frozen=True)
class HostJoin:
    """A dissolve that begins `early` frames before a cut and ends `late` frames behind it; `kind` is one of JOINS."""

    id: str
    early: int
    late: int
    kind: str = "dissolve"


@dataclass(frozen=True)
class HostItem:
    """One strip, clip or nested edit. `id` is ours, empty for what somebody put in there.

    `media_start` is the frame of the file that it begins with, counted from 0. `media_first` is the timecode of the
    file's first frame, None where the host does not know. `speed` is a ratio, `2`, `1/2`, `-1`, `0` for a held frame.
    `tracks` are those of a nested edit, which has no media. `tail` is the dissolve at its end, `head` the one at its
    start where no item ends there.
    """

    id: str
    name: str
    start: int
    frames: int
    media: str = ""
    media_start: int = 0
    media_first: int | None = None
    media_frames: int = 0
    speed: str = "1"
    enabled: bool = True
    tracks: tuple[HostTrack, ...] = ()
    head: HostJoin | None = None
    tail: HostJoin | None = None


@dataclass(frozen=True)
class HostTrack:
    """One track, `video` or `audio`, with its items in the order of time."""

    id: str
    name: str
    kind: str
    items: tuple[HostItem, ...] = ()
    enabled: bool = True


@dataclass(frozen=True)
class HostMarker:
    """A marker of the edit."""

    id: str
    name: str
    at: int
    frames: int = 0


@dataclass(frozen=True)
class HostEdit:
    """The edit: the lowest picture track first."""

    rate: Rate
    start_frames: int
    tracks: tuple[HostTrack, ...] = ()
    markers: tuple[HostMarker, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        tracks = [_track_json(track) for track in self.tracks]
        markers = [dict(vars(marker)) for marker in self.markers]
        about = {"rate": str(self.rate), "start_frames": self.start_frames}
        return {"version": VERSION, **about, "tracks": tracks, "markers": markers}

    @classmethod
    def from_json(cls, value: object) -> HostEdit:
        """Reads `to_json`'s form; raises UsageError for anything else."""
        data = fields.obj(value, "edit")
        fields.only(data, ("version", *cls.__dataclass_fields__), "An edit")
        if data.get("version") != VERSION:
            raise UsageError("The edit is of another version.", "Install plugin and program of the same version.")
        return cls(
            Rate.parse(fields.text(data, "rate", longest=30)),
            fields.integer(data, "start_frames", 0, _MOST),
            tuple(_track(each, 0) for each in fields.items(data, "tracks", _MOST_THINGS)),
            tuple(_marker(each) for each in fields.items(data, "markers", _MOST_THINGS)),
        )


def _track_json(track: HostTrack) -> dict[str, Any]:
    return {**vars(track), "items": [_item_json(item) for item in track.items]}


def _item_json(item: HostItem) -> dict[str, Any]:
    """An item as JSON: field by field, as `asdict` is ten times slower, and hosts wait for it."""
    joins = {end: dict(vars(join)) if join else None for end, join in (("head", item.head), ("tail", item.tail))}
    return {**vars(item), "tracks": [_track_json(track) for track in item.tracks], **joins}


def _marker(value: object) -> HostMarker:
    data = fields.obj(value, "marker")
    fields.only(data, HostMarker.__dataclass_fields__, "A marker")
    return HostMarker(
        fields.text(data, "id", "", longest=64),
        fields.text(data, "name", "", longest=1000),
        fields.integer(data, "at", -_MOST, _MOST),
        fields.integer(data, "frames", 0, _MOST, 0),
    )


def _track(value: object, depth: int) -> HostTrack:
    if depth > _DEEPEST:
        raise UsageError("The edit is nested too deep.", "Take some of it apart.")
    data = fields.obj(value, "track")
    fields.only(data, HostTrack.__dataclass_fields__, "A track")
    return HostTrack(
        fields.text(data, "id", "", longest=64),
        fields.text(data, "name", "", longest=1000),
        fields.choice(data, "kind", KINDS),
        tuple(_item(each, depth) for each in fields.items(data, "items", _MOST_THINGS)),
        fields.flag(data, "enabled", True),
    )


def _join(data: Json, end: str) -> HostJoin | None:
    if data.get(end) is None:
        return None
    join = fields.obj(data[end], end)
    fields.only(join, HostJoin.__dataclass_fields__, "A join")
    return HostJoin(
        fields.text(join, "id", "", longest=64),
        fields.integer(join, "early", 0, _MOST),
        fields.integer(join, "late", 0, _MOST),
        fields.choice(join, "kind", JOINS, "dissolve"),
    )


def _item(value: object, depth: int) -> HostItem:
    data = fields.obj(value, "item")
    fields.only(data, HostItem.__dataclass_fields__, "An item")
    first = data.get("media_first")
    return HostItem(
        fields.text(data, "id", "", longest=64),
        fields.text(data, "name", "", longest=1000),
        fields.integer(data, "start", 0, _MOST),
        fields.integer(data, "frames", 1, _MOST),
        fields.text(data, "media", "", longest=8000),
        fields.integer(data, "media_start", -_MOST, _MOST, 0),
        None if first is None else fields.integer(data, "media_first", -_MOST, _MOST),
        fields.integer(data, "media_frames", 0, _MOST, 0),
        fields.text(data, "speed", "1", longest=40),
        fields.flag(data, "enabled", True),
        tuple(_track(each, depth + 1) for each in fields.items(data, "tracks", _MOST_THINGS)),
        _join(data, "head"),
        _join(data, "tail"),
    )
