# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's sequencer as a HostPort: channels are tracks, strips are items, meta strips nested edits.

An ID of ours is a property of the strip, which Blender copies when it is cut or duplicated. What we know of the whole
(the film, which track a channel is) is a property of the scene. Strips that say nothing of ours and are no movies,
pictures, sounds or metas (effects, text) are left as they are.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from ...core.errors import ProjectError, UsageError
from ...core.hosts import Capabilities, Tie
from ...core.protocol import HostEdit, HostItem, HostMarker, HostTrack
from ...core.timing import Rate
from . import channels, strips, versions
from .blocking import rendered

_FACTS = "shotwright"
_START = 86400  # the timecode of a scene's first frame, until a film says otherwise


class BlenderHost:
    """The sequencer of one scene, found by its name anew each time: undo and loading make others of all objects."""

    name = "blender"
    capabilities = Capabilities(edits_in_place=True, selection=True, playhead=True, renders=True)

    def __init__(self, scene: str) -> None:
        self._scene_name = scene
        self._exchange = 0  # the last one shown: what the scene says goes back with Blender's undo
        self.shown = ""
        self.told: list[tuple[str, bool]] = []

    @property
    def scene(self) -> Any:
        """The scene; raises UsageError where it is gone."""
        found = bpy.data.scenes.get(self._scene_name)
        if found is None:
            raise UsageError("The scene is no longer there.", "Choose another scene, and ask again.")
        return found

    @property
    def _editor(self) -> Any:
        return self.scene.sequence_editor or self.scene.sequence_editor_create()

    # -- what it knows of us ---------------------------------------------------------------------------------------

    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self.scene.get(_FACTS, "{}"))
        except (ValueError, TypeError):
            return {}
        return known if isinstance(known, dict) else {}

    def _know(self, **facts: Any) -> None:
        self.scene[_FACTS] = json.dumps({**self._known(), **facts})

    def tie(self) -> Tie | None:
        """What the scene is tied to; a film that was moved together with the .blend is found beside it."""
        known = self._known()
        if not known.get("film"):
            return None
        film = Path(known["film"])
        if not film.is_dir() and known.get("beside"):
            film = Path(strips.whole(known["beside"]))
        return Tie(film, self._exchange or int(known.get("exchange", 0)))

    def set_tie(self, tie: Tie) -> None:
        """Ties the scene."""
        self._exchange = tie.exchange
        beside = ""
        if bpy.data.filepath:
            with contextlib.suppress(ValueError):  # on another drive
                beside = bpy.path.relpath(str(tie.film))
        self._know(film=str(tie.film), beside=beside, exchange=tie.exchange)

    @property
    def rate(self) -> Rate:
        """The scene's exact rate."""
        render = self.scene.render
        return Rate(Fraction(render.fps) / Fraction(render.fps_base).limit_denominator(10_000))

    # -- reading ---------------------------------------------------------------------------------------------------

    def read_edit(self) -> HostEdit:
        """The sequencer as an edit; raises UsageError for strips that begin before the scene does."""
        known, editor = self._known(), self._editor
        there = dict(known.get("channels", {}))
        tracks = _tracks(editor.strips, self.scene.frame_start, there, channels.named(editor), set())
        self._know(channels=there)
        return HostEdit(self.rate, int(known.get("start", _START)), tracks, self._markers())

    def _markers(self) -> tuple[HostMarker, ...]:
        """The scene's markers, each with an ID: known by name and frame, or by its name alone where it was moved."""
        known, first = self._known().get("markers", {}), self.scene.frame_start
        ids = {(name, frame): own for own, (name, frame, _) in known.items()}
        found: list[HostMarker] = []
        ordered = sorted(self.scene.timeline_markers, key=lambda marker: (marker.frame, marker.name))
        left = set(known) - {ids.get((marker.name, marker.frame - first)) for marker in ordered}
        for marker in ordered:
            own = ids.get((marker.name, marker.frame - first)) or next(
                (each for each in sorted(left) if known[each][0] == marker.name), uuid.uuid4().hex[:12]
            )
            left.discard(own)
            frames = known[own][2] if own in known else 0  # Blender's have no length
            found.append(HostMarker(own, marker.name, marker.frame - first, frames))
        self._know_markers(found)
        return tuple(found)

    def _know_markers(self, markers: Sequence[HostMarker]) -> None:
        self._know(markers={marker.id: [marker.name, marker.at, marker.frames] for marker in markers})

    # -- writing ---------------------------------------------------------------------------------------------------

    def apply_edit(self, edit: HostEdit, step: str, tie: Tie | None = None) -> None:
        """Makes the sequencer the edit; raises ProjectError for another rate, or where other strips are in the way."""
        scene, editor = self.scene, self._editor
        if edit.rate != self.rate:
            raise ProjectError(
                f"The film runs at {edit.rate} frames a second, the scene at {self.rate}.",
                "Set the scene's frame rate to the film's.",
            )
        places = channels.laid_out(edit.tracks, self._known().get("channels", {}))
        _fill(editor.strips, edit.tracks, places, scene.frame_start)
        for track, channel in zip(edit.tracks, places, strict=True):
            editor.channels[channel].name = track.name or f"Channel {channel}"
            editor.channels[channel].mute = not track.enabled
        self._put_markers(edit.markers)
        ends = [item.start + item.frames for track in edit.tracks for item in track.items]
        scene.frame_end = max(scene.frame_start, scene.frame_start + max(ends, default=1) - 1)
        self._know(start=edit.start_frames, channels=channels.facts(edit.tracks, places))
        if tie is not None:
            self.set_tie(tie)
        if not bpy.app.background:
            bpy.ops.ed.undo_push(message=step)

    def _put_markers(self, markers: Sequence[HostMarker]) -> None:
        """Brings markers after the edit's; one that is there keeps what its user bound to it, such as a camera."""
        scene, there = self.scene, {}
        for own, marker in zip((known.id for known in self._markers()), self._in_order(), strict=True):
            there[own] = marker
        for marker in markers:
            found = there.pop(marker.id, None) or scene.timeline_markers.new(marker.name)
            found.name, found.frame = marker.name, scene.frame_start + marker.at
        for gone in there.values():
            scene.timeline_markers.remove(gone)
        self._know_markers(markers)

    def _in_order(self) -> list[Any]:
        return sorted(self.scene.timeline_markers, key=lambda marker: (marker.frame, marker.name))

    # -- the rest --------------------------------------------------------------------------------------------------

    def selected(self) -> tuple[str, ...]:
        """The IDs of the selected strips in the order of time; reading the edit gives each one."""
        chosen = [strip for strip in self._editor.strips if strip.select and strips.id_of(strip)]
        return tuple(strips.id_of(strip) for strip in sorted(chosen, key=versions.first_of))

    def playhead(self) -> int:
        """The record frame under the playhead."""
        return int(self.scene.frame_current - self.scene.frame_start)

    def export_frames(self, first: int, frames: int, folder: Path) -> list[Path]:
        """Renders the camera's view; see blocking.py."""
        return rendered(self.scene, self.scene.frame_start + first, frames, folder)

    def tell(self, text: str, is_error: bool = False) -> None:
        """Keeps a sentence for the panel."""
        self.told = [*self.told[-19:], (text, is_error)]

    def progress(self, text: str, share: float | None) -> None:
        """Keeps what is under way for the panel."""
        self.shown = f"{text} {share:.0%}" if text and share is not None else text


def _tracks(
    there: Any, origin: int, known: dict[str, Any], names: dict[int, str], seen: set[str]
) -> tuple[HostTrack, ...]:
    """Strips as tracks, pictures first; channels that are new are added to the `known` ones."""
    found: dict[tuple[int, str], list[HostItem]] = {}
    for strip in sorted(there, key=lambda strip: (versions.first_of(strip), strip.channel)):
        if strip.type in strips.OURS or strips.id_of(strip):
            kind = "audio" if strip.type in strips.SOUNDS else "video"
            found.setdefault((strip.channel, kind), []).append(_item(strip, origin, seen))
    for number, about in known.items():  # a track that was emptied is one still
        found.setdefault((int(number), about["kind"]), [])
    tracks = []
    for (channel, kind), items in sorted(found.items()):
        own = known.get(str(channel), {})
        if own.get("kind") != kind:  # somebody's own channel is a track from now on
            own = {"id": uuid.uuid4().hex[:12], "name": f"Channel {channel}", "kind": kind, "enabled": True}
            known.setdefault(str(channel), own)
        tracks.append(HostTrack(own["id"], names.get(channel) or own["name"], kind, tuple(items), own["enabled"]))
    return tuple(sorted(tracks, key=lambda track: track.kind != "video"))


def _item(strip: Any, origin: int, seen: set[str]) -> HostItem:
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
        tracks = _tracks(strip.strips, begins, inside, {}, seen)
        strips.note(strip, channels=inside)
    return HostItem(
        own,
        str(facts["name"] if facts.get("shown") == strip.name else strip.name),
        first - origin,
        versions.frames_of(strip),
        path,
        first - begins + (int(facts.get("hidden", 0)) if same else 0),
        facts.get("media_first") if same else None,
        int(facts.get("media_frames", length)) if same else length,
        str(facts.get("speed", "1")),
        not strip.mute,
        tracks,
    )


def _fill(there: Any, tracks: Sequence[HostTrack], places: Sequence[int], origin: int) -> None:
    """Brings strips after tracks: what is gone is removed, what is there is changed, what is new is put in."""
    wanted = {item.id: (item, place) for track, place in zip(tracks, places, strict=True) for item in track.items}
    strips.check_room([strip for strip in there if not strips.id_of(strip)], list(wanted.values()), origin)
    found: dict[str, Any] = {}
    for strip in list(there):
        own = strips.id_of(strip)
        if own in wanted and own not in found and strips.stands_for(strip, wanted[own][0]):
            found[own] = strip
        elif own:
            there.remove(strip)
    placed: list[strips.Placed] = []
    for own, (item, channel) in wanted.items():
        strip = found.get(own) or strips.made(there, item)
        inside = channels.laid_out(item.tracks, strips.facts_of(strip).get("channels", {}))
        if item.tracks:
            _fill(strip.strips, item.tracks, inside, strips.begins_at(strip))
        strips.write(strip, item, channels.facts(item.tracks, inside))
        placed.append((strip, item, channel))
    strips.settle(placed, origin)
