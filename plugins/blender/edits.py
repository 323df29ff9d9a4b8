# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips as the tracks and items of an edit, and strips brought after them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...core.errors import UsageError
from ...core.protocol import HostItem, HostTrack
from . import channels, effects, movies, placeholders, ready_made, strips, versions


def tracks_of(
    there: Any, origin: int, known: dict[str, Any], names: dict[int, str], seen: set[str]
) -> tuple[HostTrack, ...]:
    """Strips as tracks, pictures first; channels that are new are added to the `known` ones."""
    found: dict[tuple[int, str], list[HostItem]] = {}
    lead, crosses = effects.leads_of(there, effects.crosses_in(there))
    tails = {cross.left.name: cross.join() for cross in crosses}
    heads = {cross.right.name: cross.join() for cross in crosses}
    speeds = effects.speeds_in(there)
    for strip in sorted(there, key=lambda strip: (versions.first_of(strip), strip.channel)):
        if placeholders.is_one(strip) or ready_made.is_one(strip):
            continue
        if strip.type in strips.OURS or strips.id_of(strip):
            kind = "audio" if strip.type in strips.SOUNDS else "video"
            head, tail = heads.get(strip.name), tails.get(strip.name)
            item = _item(strip, origin, seen, speeds.get(strip.name))
            if head or tail:
                item = effects.cut(item, head.early if head else 0, tail.late if tail else 0)
                item = replace(item, tail=tail or item.tail)
            channel = lead.get(strip.name, strip).channel
            found.setdefault((channel, kind), []).append(item)
    for number, about in known.items():  # a track that was emptied is one still
        found.setdefault((int(number), about["kind"]), [])
    tracks = []
    for (channel, kind), items in sorted(found.items()):
        own = known.get(str(channel), {})
        if own.get("kind") != kind:  # somebody's own channel is a track from now on
            own = {"id": uuid.uuid4().hex[:12], "name": f"Channel {channel}", "kind": kind, "enabled": True}
            known.setdefault(str(channel), own)
        name = names.get(channel) or own["name"]
        tracks.append(HostTrack(own["id"], name, kind, tuple(_met(items)), own["enabled"]))
    return tuple(sorted(tracks, key=lambda track: track.kind != "video"))


def strangers_above(there: Any) -> int:
    """The highest channel on which something stands that is no item of an edit, nor over one; 0 for none."""
    return max((each.channel for each in _strangers(there)), default=0)


def _strangers(there: Any) -> Iterator[Any]:
    for strip in there:
        apart = effects.is_managed(strip) or placeholders.is_one(strip) or ready_made.is_one(strip)
        if not strips.id_of(strip) and not apart:
            yield strip


def _met(items: Sequence[HostItem]) -> list[HostItem]:
    """Items of which none has a dissolve at its head that stands at the tail of the one before it."""
    found: list[HostItem] = []
    for item in items:
        meets = bool(found) and found[-1].start + found[-1].frames == item.start
        found.append(replace(item, head=None) if meets and item.head else item)
    return found


def _item(strip: Any, origin: int, seen: set[str], effect: Any) -> HostItem:
    own = strips.id_of(strip)
    if not own or own in seen:  # put in by somebody, or a copy
        own = strip[strips.ID] = uuid.uuid4().hex[:12]
    seen.add(own)
    first, begins = versions.first_of(strip), strips.begins_at(strip)
    if first < origin:
        raise UsageError(f"“{strip.name}” begins before the scene's first frame.", "Move it behind that frame.")
    facts, (path, length) = strips.facts_of(strip), strips.media_of(strip)
    same = facts.get("media") == path
    tracks: tuple[HostTrack, ...] = ()
    if strip.type in strips.METAS:
        inside = dict(facts.get("channels", {}))
        tracks = tracks_of(strip.strips, begins, inside, {}, seen)
        strips.note(strip, channels=inside)
    speed = effects.speed_of(strip, effect, str(facts.get("speed", "1")))
    plays_from = strips.played_from(strip, first - begins, versions.frames_of(strip))
    return HostItem(
        own,
        strips.shot_of(strip),
        first - origin,
        versions.frames_of(strip),
        path,
        plays_from + (int(facts.get("hidden", 0)) if same else 0),
        facts.get("media_first") if same else None,
        int(facts.get("media_frames", length)) if same else length,
        speed,
        not strip.mute,
        tracks,
        *strips.unshown_joins(facts),
    )


def fill(there: Any, tracks: Sequence[HostTrack], places: Sequence[int], origin: int) -> None:
    """Brings strips after tracks: what is gone is removed, what is there is changed, what is new is put in."""
    seen = [(effects.shown(track), place) for track, place in zip(tracks, places, strict=True)]
    wanted = {item.id: (item, place + row) for each, place in seen for item, row in each.items}
    above = [(effect, place + effect.row) for each, place in seen for effect in each.effects]
    strips.check_room(list(_strangers(there)), list(wanted.values()), origin)
    found: dict[str, Any] = {}
    played = {strips.id_of(strip): strips.media_of(strip)[0] for strip in there if strip.type == "MOVIE"}
    picked = {strips.id_of(strip) for strip in there if strip.select}
    stale = effects.present(there) != effects.asked(effect for effect, _ in above)
    kept = effects.taken_off(there) if stale else {}
    gone = []
    for strip in there:
        own = strips.id_of(strip)
        if own in wanted and own not in found and strips.stands_for(strip, wanted[own][0]):
            found[own] = strip
        elif own:
            gone.append(strip)
    ready_made.remove(there, gone)
    ready = ready_made.taken(there)
    placed: list[strips.Placed] = []
    for own, (item, channel) in wanted.items():
        strip = found[own] = found.get(own) or ready.pop(own, None) or strips.made(there, item)
        strip.select = own in picked
        inside = channels.laid_out(item.tracks, strips.facts_of(strip).get("channels", {}))
        if item.tracks:
            fill(strip.strips, item.tracks, inside, strips.begins_at(strip))
        strips.write(strip, item, channels.facts(item.tracks, inside))
        placed.append((strip, item, channel))
    if strips.are_restless(placed, origin) and not stale:
        stale, kept = True, effects.taken_off(there)
    ready_made.remove(there, ready.values())
    strips.settle(placed, origin)
    if stale:
        effects.lay(there, above, found, kept)
    exchanged = [
        strip for own, strip in found.items() if strip.type == "MOVIE" and played.get(own) != strips.media_of(strip)[0]
    ]
    if exchanged:
        movies.let_go(exchanged[0])


def to_be_made(there: Any, tracks: Sequence[HostTrack]) -> list[HostItem]:
    """The items of an edit for which strips are to be made yet; those of nested edits are made where they are."""
    having = {strips.id_of(strip): strip for strip in there if strips.id_of(strip)}
    return [
        item
        for track in tracks
        for item in track.items
        if not item.tracks and (item.id not in having or not strips.stands_for(having[item.id], item))
    ]
