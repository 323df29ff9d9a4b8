"""What came back from another program, told as ours again: which clip is which, with all its takes, on its shot's axis.

A clip is known by its ID, or by what plays, beside what, under which name (`merging/identity.py`). One that is new
there and plays a take of the film is that shot once more. A file that another take has is that take, chosen.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ...timing import Rate
from ..edit import Edit
from ..facts import NAMESPACE
from ..merging.identity import aligned
from ..merging.items import Json, Parts, clips_in, facts_in, frames_in, is_transition, media_of, own_id, parts_of
from ..operations.piece import Piece
from ..operations.speed import speed_of
from ..references import file_name
from ..spans import exact_frames_of, time_at
from . import edl
from .host_json import FROM_FIRST
from .outbound import DEFAULT, media_shift, moved_in_media

FOREIGN = ("cmx_3600", "fcp_xml", "fcpx", "fcpx_xml")  # what OTIO's adapters note for themselves
_ACTIVE = "active_media_reference_key"
_REFERENCES = "media_references"
_LENGTHS = "in_offset", "out_offset"
_SPEED = "time_scalar"


@dataclass(frozen=True)
class _Known:
    """A medium of the film: the clip that has it among its references, under which key."""

    clip: Json
    key: str


class Home:
    """The edit that was sent, and `out`, its JSON that went out: what comes back is told in its words."""

    def __init__(self, sent: Edit, out: Json) -> None:
        self._was, self._rate = parts_of(out, sent.rate), sent.rate
        self._joins = {
            (early.get("name"), late.get("name")): [frames_in(join[length], sent.rate) for length in _LENGTHS]
            for track in out["tracks"]["children"]
            for early, join, late in _joins(track["children"])
            if is_transition(join)
        }
        files = (media_of(clip) for clip in clips_in(out["tracks"]["children"]))
        self._files = {reel: name for name, reel in edl.reels_of(files).items()}
        self.parts = sent.parts.copied()
        self._media: dict[str, list[_Known]] = {}
        for value in clips_in(item.value for item in self.parts.items()):
            for key, reference in value[_REFERENCES].items():
                if name := media_of({_REFERENCES: {key: reference}, _ACTIVE: key}):
                    self._media.setdefault(name, []).append(_Known(value, key))

    def brings(self, returned: Any) -> Parts:
        """A timeline that another program gave back, which is changed by it."""
        _put_files(returned, self._files)
        _put_cuts(returned, self._joins, self._rate)
        was = self._was.copied()
        now = parts_of(json.loads(returned.to_json_string()), self._rate)
        pairs = list(zip(was.items(), self.parts.items(), strict=True))
        tracks = {before.id: ours for before, ours in zip(was.tracks, self.parts.tracks, strict=True)}
        aligned(was, now)  # gives IDs, and cuts what came back cut: the pairs stay
        ours = {before.id: item.value for before, item in pairs}
        # What a program calls its timeline is not the film's name.
        now.value = {**_noteless(now.value), "name": self.parts.value["name"]}
        now.stack = {**now.stack, "name": self.parts.stack["name"]}
        now.value["metadata"] = {**now.value["metadata"], NAMESPACE: facts_in(self.parts.value)}
        for track in now.tracks:
            own = tracks.get(track.id)
            track.value = _noteless(track.value)
            if own is not None:
                track.value["metadata"] = {**track.value["metadata"], **own.value["metadata"]}
                track.id = own.id
            for item in track.items:
                mine = ours.get(item.id)
                item.value = self._home(_retimed_as(_noteless(item.value), mine or {}), mine)
                item.id, item.track = own_id(item.value), track.id
                item.head, item.tail = (_noteless(join) if join else None for join in (item.head, item.tail))
        return now

    def _home(self, value: Json, ours: Json | None) -> Json:
        """A returned item with what the one that was sent has and no other program keeps."""
        if _REFERENCES not in value:
            if ours is None:
                return value
            if "children" in value and "children" in ours:
                return self._home_inside(value, ours)
            return {**value, "metadata": {**value["metadata"], **ours["metadata"]}}
        name, reference, theirs = media_of(value), value[_REFERENCES][value[_ACTIVE]], own_id(value)
        found = self._media.get(name, [])
        known = next((each for each in found if each.clip is ours), found[0] if found else None)
        if known is None and ours is not None:
            # Slates are left out by carriers, or called as the clip is; else it plays what the film does not know.
            known = _Known(ours, ours[_ACTIVE]) if name in ("", ours.get("name")) else _relinked(value, ours)
        if known is None:
            return value
        value = {
            **value,
            "metadata": {**value["metadata"], **known.clip["metadata"]},
            _REFERENCES: known.clip[_REFERENCES],
        }
        value[_ACTIVE] = known.key
        if ours is None:
            parent = own_id(known.clip)
            own = theirs if theirs not in ("", parent) else uuid.uuid4().hex[:12]  # a host may have named it already
            fresh = {"occurrence_id": own, "parent_occurrence_id": parent}
            value["metadata"] = {**value["metadata"], NAMESPACE: {**facts_in(value), **fresh}}
        if not value.get("source_range"):
            return value
        medium = known.clip[_REFERENCES][known.key]
        if facts_in(reference).get(FROM_FIRST):  # counted from the file's first frame, as the host knows no timecode
            available = medium.get("available_range")
            by = frames_in(available["start_time"], self._rate) if available else Fraction(0)
            return moved_in_media(value, by, self._rate)
        return moved_in_media(value, -media_shift(known.key, medium, self._rate), self._rate)

    def _home_inside(self, value: Json, ours: Json) -> Json:
        """A nested edit, track or clip in it, where all is still as it was sent; else as it came."""
        inside = value.get("children") or [], ours.get("children") or []
        if _REFERENCES in value or [_called(each) for each in inside[0]] != [_called(each) for each in inside[1]]:
            return self._home(_noteless(value), ours) if _REFERENCES in value else value
        children = [self._home_inside(child, own) for child, own in zip(*inside, strict=True)]
        return {**value, "metadata": {**value["metadata"], **ours["metadata"]}, "children": children}


def _called(value: Json) -> tuple[Any, Any]:
    return value.get("OTIO_SCHEMA"), value.get("name")


def _relinked(value: Json, ours: Json) -> _Known:
    """What a clip of ours is with the medium that it was given elsewhere: it keeps its takes, and plays that."""
    references, number = ours[_REFERENCES], 2
    key = DEFAULT
    while key in references:
        key, number = f"{DEFAULT} {number}", number + 1
    return _Known({**ours, _REFERENCES: {**references, key: value[_REFERENCES][value[_ACTIVE]]}}, key)


def _retimed_as(value: Json, ours: Json) -> Json:
    """A returned item whose retimes are those of ours, each as fast as it came: carriers keep the speed alone."""
    left = [effect for effect in ours.get("effects") or [] if _SPEED in effect]
    found = []
    for effect in value.get("effects") or []:
        like = next((each for each in left if each["OTIO_SCHEMA"] == effect["OTIO_SCHEMA"]), None)
        if like is not None and _SPEED in effect and not own_id(effect):
            left.remove(like)
            effect = {**like, _SPEED: effect[_SPEED]}
        found.append(effect)
    return {**value, "effects": found} if found else value


def _noteless(value: Json) -> Json:
    """Something without what adapters noted for themselves, and what is on it neither."""
    clean = {**value, "metadata": {key: held for key, held in value["metadata"].items() if key not in FOREIGN}}
    for key in ("markers", "effects"):
        if value.get(key):
            clean[key] = [_noteless(each) for each in value[key]]
    return clean


def _put_files(timeline: Any, files: Mapping[str, str]) -> None:
    """Gives clips that an EDL knows by reels alone their files' names, by reel, in place."""
    for clip in timeline.find_clips():
        name = files.get(edl.reel_of(clip), "")
        if name and file_name(clip.media_reference) != name:
            clip.media_reference = otio.schema.ExternalReference(target_url=name)


def _put_cuts(timeline: Any, joins: Mapping[tuple[Any, Any], Sequence[Fraction]], rate: Rate) -> None:
    """Where a carrier begins each dissolve at the cut, brings cuts back to where they stood, in place.

    `joins` has how long each was that was sent, before its cut and behind it, by the names of what it joins.
    """
    for early, join, late in (each for track in timeline.tracks for each in _joins(list(track))):
        lengths = joins.get((early.name, late.name)) if isinstance(join, otio.schema.Transition) else None
        if lengths is None or join.in_offset.value or exact_frames_of(join.out_offset, rate) != sum(lengths):
            continue
        frames = lengths[0]
        pieces = Piece.of(early, rate), Piece.of(late, rate)
        if pieces[1].length <= frames or None in (speed_of(early), speed_of(late)):
            continue
        pieces[0].play(Fraction(0), frames)
        pieces[1].play(-frames, Fraction(0))
        for piece in pieces:
            piece.write()
        join.in_offset, join.out_offset = (time_at(each, rate, join.out_offset) for each in lengths)


def _joins(things: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Each thing of a track between those beside it."""
    return zip(things, things[1:], things[2:], strict=False)
