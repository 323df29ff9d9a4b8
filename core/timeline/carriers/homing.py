"""What came back from another program, told as ours again: which clip is which, with all its takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from ...timing import Rate
from .. import facts
from ..edit import Edit
from ..merging.identity import aligned
from ..merging.items import Parts, parts_of
from ..operations.piece import Piece
from ..operations.speed import speed_of
from ..shot_clips import renew_occurrence
from ..spans import exact_frames_of
from . import edl
from .outbound import media_start, outbound, shifted

FOREIGN = ("cmx_3600", "fcp_xml", "fcpx", "fcpx_xml")  # what OTIO's adapters note for themselves


@dataclass(frozen=True)
class _Known:
    """A medium of the film: the clip that has it among its references, under which key."""

    clip: Any
    key: str


def homed(sent: Edit, returned: Any) -> Edit:
    """A timeline that another program gave back, with the identities, takes and axes of the edit that was sent to it.

    Clips are known by their IDs, or by what plays, beside what, under which name (`merging/identity.py`). One that is
    new there and plays a take of the film is another occurrence of that shot.
    """
    timeline, rate, out = returned.clone(), sent.rate, outbound(sent)
    facts.put_facts(timeline, facts.facts_of(sent._timeline))
    _put_files(timeline, out)
    _put_cuts(timeline, out, rate)
    _without_notes(timeline)
    was, now = parts_in(out, rate), parts_in(timeline, rate)
    known_tracks = {track.id: ours for track, ours in zip(was.tracks, sent._timeline.tracks, strict=True)}
    pairs = list(zip(was.items(), _items(sent._timeline), strict=True))
    aligned(was, now)  # gives IDs, and cuts what came back cut: the pairs stay
    ours = {item.id: thing for item, thing in pairs}
    media = _media_of(sent)
    for track, theirs in zip(now.tracks, timeline.tracks, strict=True):
        if track.id in known_tracks:
            theirs.metadata.update(_plain(known_tracks[track.id].metadata))
        for item, thing in zip(track.items, _of(theirs), strict=True):
            _come_home(thing, ours.get(item.id), media, rate)
    return Edit(timeline, sent.folder)


def _come_home(thing: Any, ours: Any, media: Mapping[str, list[_Known]], rate: Rate) -> None:
    """Gives a returned item what the one that was sent has and no other program keeps."""
    if not isinstance(thing, otio.schema.Clip):
        if ours is not None:
            thing.metadata.update(_plain(ours.metadata))
        if isinstance(ours, otio.core.Composition) and isinstance(thing, otio.core.Composition):
            inside = list(thing.find_clips()), list(ours.find_clips())
            if [clip.name for clip in inside[0]] == [clip.name for clip in inside[1]]:
                for clip, own in zip(*inside, strict=True):
                    _come_home(clip, own, media, rate)
        return
    name = edl.file_name(thing.media_reference)
    candidates = media.get(name, [])
    known = next((found for found in candidates if found.clip is ours), candidates[0] if candidates else None)
    if known is None and ours is not None and name in ("", ours.name):
        known = _Known(ours, ours.active_media_reference_key)  # a slate: carriers leave it out, or call it as the clip
    if known is None:
        if ours is not None:
            _relinked(thing, ours)
        return
    reference = known.clip.media_references()[known.key]
    start = media_start(known.key, reference, rate)
    if start is not None and thing.source_range is not None:
        shifted(thing, exact_frames_of(reference.available_range.start_time, rate) - Fraction(start), rate)
    thing.metadata.update(_plain(known.clip.metadata))
    thing.set_media_references(_cloned(known.clip.media_references()), known.key)
    if ours is None:
        renew_occurrence(thing)


def _relinked(thing: Any, ours: Any) -> None:
    """A clip that plays media now that the film does not know: it keeps its takes, and plays that."""
    references, new = ours.media_references(), thing.media_reference
    thing.metadata.update(_plain(ours.metadata))
    key = otio.schema.Clip.DEFAULT_MEDIA_KEY
    number = 2
    while key in references:
        key, number = f"{otio.schema.Clip.DEFAULT_MEDIA_KEY} {number}", number + 1
    thing.set_media_references({**_cloned(references), key: new}, key)


def _put_cuts(timeline: Any, out: Any, rate: Rate) -> None:
    """Where a carrier begins each dissolve at the cut, brings cuts back to where they stood in it, in place."""
    lengths = {}
    for track in out.tracks:
        for early, join, late in zip(track, track[1:], track[2:], strict=False):
            if isinstance(join, otio.schema.Transition):
                lengths[early.name, late.name] = join
    for track in timeline.tracks:
        for early, join, late in zip(track, track[1:], track[2:], strict=False):
            ours = lengths.get((early.name, late.name)) if isinstance(join, otio.schema.Transition) else None
            if ours is None or join.in_offset.value or not ours.in_offset.value:
                continue
            frames = exact_frames_of(ours.in_offset, rate)
            if frames + exact_frames_of(ours.out_offset, rate) != exact_frames_of(join.out_offset, rate):
                continue
            pieces = Piece.of(early, rate), Piece.of(late, rate)
            if pieces[1].length <= frames or speed_of(late) is None:
                continue
            pieces[0].play(Fraction(0), frames)
            pieces[1].play(-frames, Fraction(0))
            for piece in pieces:
                piece.write()
            join.in_offset, join.out_offset = ours.in_offset, ours.out_offset


def _media_of(edit: Edit) -> dict[str, list[_Known]]:
    """The film's media by the names of their files: programs rewrite the folders before them."""
    found: dict[str, list[_Known]] = {}
    for clip in edit._timeline.find_clips():
        for key, reference in clip.media_references().items():
            if name := edl.file_name(reference):
                found.setdefault(name, []).append(_Known(clip, key))
    return found


def _put_files(timeline: Any, out: Any) -> None:
    """Gives clips that an EDL knows by reels alone their files' names, in place."""
    files = {
        reel: name for name, reel in edl.reels_of(edl.file_name(c.media_reference) for c in out.find_clips()).items()
    }
    for clip in timeline.find_clips():
        name = files.get(edl.reel_of(clip), "")
        if name and edl.file_name(clip.media_reference) != name:
            clip.media_reference = otio.schema.ExternalReference(target_url=name)


def _items(timeline: Any) -> Iterator[Any]:
    for track in timeline.tracks:
        yield from _of(track)


def _of(track: Any) -> Iterator[Any]:
    """What `merging/items.py` takes for a track's items."""
    for thing in track:
        if isinstance(thing, otio.schema.Gap) and not (
            thing.name or thing.markers or thing.effects or thing.metadata or not thing.enabled
        ):
            continue
        if not isinstance(thing, otio.schema.Transition):
            yield thing


def _without_notes(timeline: Any) -> None:
    """Takes off what adapters noted for themselves, in place."""
    for thing in (timeline, timeline.tracks, *timeline.tracks.find_children()):
        on_it = (*thing.markers, *thing.effects) if isinstance(thing, otio.core.Item) else ()
        reference = (thing.media_reference,) if isinstance(thing, otio.schema.Clip) else ()
        for noted in (thing, *on_it, *reference):
            for name in FOREIGN:
                noted.metadata.pop(name, None)


def _plain(value: Any) -> Any:
    """Metadata as Python's own dictionaries and lists: OTIO's are views that end with what they are of."""
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(held) for held in value]
    return value.clone() if isinstance(value, otio.core.SerializableObject) else value


def _cloned(references: Mapping[str, Any]) -> dict[str, Any]:
    return {key: reference.clone() for key, reference in references.items()}


def parts_in(timeline: Any, rate: Rate) -> Parts:
    return parts_of(json.loads(timeline.to_json_string()), rate)
