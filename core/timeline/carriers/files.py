"""The files that carry an edit: written for another program, read when it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio

from ...errors import RefusedError, UsageError
from ...storage import replace_file, replacing
from ...timing import Rate
from ..reading import BROKEN, read_timeline
from ..references import path_of
from . import edl, fcpxml, host_json

SUFFIXES = (".otio", ".otioz", ".otiod", ".edl", ".xml", ".fcpxml", ".json")
_OLD_CLIPS = {"Clip": 1}  # programs that bundle OTIO before 0.15 know one reference a clip
_XML = "fcp_xml"  # what OTIO's adapter of that name finds here, it writes into the element as it is


def write_carrier(
    timeline: Any, path: Path, rate: Rate, drop_frame: bool = False, old: bool = False, bare: bool = False
) -> None:
    """Writes a timeline, which is changed by it, as what the path's suffix says, whole or not at all.

    `old` is for programs before OTIO 0.15, `bare` for those that take paths, not URLs. Raises UsageError for an unknown
    suffix, RefusedError for what that kind can't hold, StorageError.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"Edits are not sent as “{path.suffix}”.", f"Name a file that ends in {', '.join(SUFFIXES)}.")
    if bare:
        _put_bare_paths(timeline)
    try:
        if suffix in (".otioz", ".otiod"):
            with replacing(path) as temporary:
                otio.adapters.write_to_file(timeline, str(temporary), media_policy="MissingIfNotFile")
        else:
            replace_file(path, _text(timeline, suffix, rate, drop_frame, old), f"writing {path.name}")
    except BROKEN as error:
        said = str(error).split("\n")[0][:160]
        raise RefusedError(f"This edit can't be written as {suffix}: {said}.", "Send it as .otio.") from None


def read_carrier(path: Path, rate: Rate, start: int) -> Any:
    """The timeline in a file that came back, of an edit that starts at `start`; raises ProjectError, StorageError."""
    if path.suffix.lower() == ".json":
        return host_json.read(path, rate)
    timeline = read_timeline(path, rate, start)
    if path.suffix.lower() in (".otioz", ".otiod"):
        for clip in timeline.find_clips():  # media that were not there stayed where they were
            url = clip.media_reference.metadata.get("original_target_url")
            if isinstance(clip.media_reference, otio.schema.MissingReference) and isinstance(url, str):
                clip.media_reference = otio.schema.ExternalReference(url, clip.media_reference.available_range)
    if path.suffix.lower() == ".xml":
        for thing in _all_in(timeline):
            known = thing.metadata.get(_XML) or {}
            if hasattr(thing, "enabled") and str(known.get("enabled")).upper() == "FALSE":
                thing.enabled = False
            if isinstance(thing, otio.schema.Marker) and known.get("comment"):
                thing.comment = str(known["comment"])
    return timeline


def _text(timeline: Any, suffix: str, rate: Rate, drop_frame: bool, old: bool) -> str:
    if suffix == ".otio":
        return str(
            otio.adapters.write_to_string(timeline, "otio_json", target_schema_versions=_OLD_CLIPS if old else {})
        )
    if suffix == ".json":
        return host_json.written(timeline, rate)
    if suffix == ".edl":
        return edl.written(timeline, rate, drop_frame)
    if suffix == ".fcpxml":
        return fcpxml.written(timeline, rate, drop_frame)
    for thing in _all_in(timeline):
        if getattr(thing, "enabled", True) is False:
            thing.metadata[_XML] = {"enabled": "FALSE"}
        if isinstance(thing, otio.schema.Marker) and thing.comment:
            thing.metadata[_XML] = {"comment": thing.comment}
    return str(otio.adapters.write_to_string(timeline, "fcp_xml")).replace("file:///", "file://localhost/")


def _all_in(timeline: Any) -> Iterator[Any]:
    for thing in (timeline.tracks, *timeline.tracks.find_children()):
        yield thing
        if isinstance(thing, otio.core.Item):
            yield from thing.markers


def _put_bare_paths(timeline: Any) -> None:
    for clip in timeline.find_clips():
        reference = clip.media_reference
        if isinstance(reference, otio.schema.ExternalReference) and (path := path_of(reference)):
            reference.target_url = path
            clip.media_reference = reference
