# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's sequencer as a HostPort: channels are tracks, strips are items, meta strips nested edits.

An ID of ours is a property of the strip, which Blender copies when it is cut or duplicated. What we know of the whole
(the film, which track a channel is) is a property of the scene. Strips that say nothing of ours and are no movies,
pictures, sounds or metas (effects, text) are left as they are.
"""

from __future__ import annotations

import json
import uuid
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from ...core.errors import ProjectError, UsageError
from ...core.hosts import Capabilities
from ...core.protocol import HostEdit, HostItem, HostMarker, HostTrack
from ...core.timing import Rate
from . import versions
from .blocking import rendered

ID, FACTS, SCENE_FACTS = "shotwright_id", "shotwright", "shotwright"
_PICTURES, _SOUNDS, _METAS = ("MOVIE", "IMAGE"), ("SOUND",), ("META",)
_PARKED = 126  # a channel that nobody works on, for a strip on its way
_PARKING = 60  # channels below it, for many at once
_FAR = 500_000  # a frame behind every film
_OURS = (*_PICTURES, *_SOUNDS, *_METAS)


class BlenderHost:
    """The sequencer of one scene, found by its name anew each time: undo and loading make others of all objects."""

    name = "blender"
    capabilities = Capabilities(edits_in_place=True, selection=True, playhead=True, renders=True)

    def __init__(self, scene: str) -> None:
        self._scene_name = scene
        self.shown = ""
        self.told: list[tuple[str, bool]] = []

    @property
    def scene(self) -> Any:
        """The scene; raises UsageError where it is gone."""
        found = bpy.data.scenes.get(self._scene_name)
        if found is None:
            raise UsageError("The scene is no longer there.", "Choose another scene, and ask again.")
        return found

    # -- what it knows of us ---------------------------------------------------------------------------------------

    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self.scene.get(SCENE_FACTS, "{}"))
        except ValueError:
            return {}
        return known if isinstance(known, dict) else {}

    def _know(self, **facts: Any) -> None:
        self.scene[SCENE_FACTS] = json.dumps({**self._known(), **facts})

    def film(self) -> Path | None:
        """The project folder, kept in the scene; relative to the .blend where it lies beside it."""
        said = self._known().get("film", "")
        return Path(bpy.path.abspath(said)).absolute() if said else None

    def set_film(self, film: Path) -> None:
        """Keeps the project folder in the scene."""
        self._know(film=str(film))

    @property
    def rate(self) -> Rate:
        """The scene's exact rate."""
        render = self.scene.render
        return Rate(Fraction(render.fps) / Fraction(render.fps_base).limit_denominator(10_000))

    # -- reading ---------------------------------------------------------------------------------------------------

    def read_edit(self) -> HostEdit:
        """The sequencer as an edit; raises UsageError for strips that begin before the scene does."""
        scene, known = self.scene, self._known()
        editor = scene.sequence_editor or scene.sequence_editor_create()
        channels = dict(known.get("channels", {}))
        tracks = self._tracks(editor.strips, scene.frame_start, channels, _named(editor), set())
        self._know(channels=channels)
        ids = known.get("markers", {})
        markers = tuple(
            HostMarker(ids.get(marker.name, ""), marker.name, marker.frame - scene.frame_start)
            for marker in sorted(scene.timeline_markers, key=lambda marker: marker.frame)
        )
        return HostEdit(self.rate, int(known.get("start", 86400)), tracks, markers)

    def _tracks(
        self, strips: Any, origin: int, channels: dict[str, Any], names: dict[int, str], seen: set[str]
    ) -> tuple[HostTrack, ...]:
        found: dict[tuple[int, str], list[HostItem]] = {}
        for strip in sorted(strips, key=lambda strip: (versions.first_of(strip), strip.channel)):
            if strip.type in _OURS or strip.get(ID):
                kind = "audio" if strip.type in _SOUNDS else "video"
                found.setdefault((strip.channel, kind), []).append(self._item(strip, origin, seen))
        for number, about in channels.items():  # a track that was emptied is one still
            found.setdefault((int(number), about["kind"]), [])
        tracks = []
        for (channel, kind), items in sorted(found.items()):
            own = channels.get(str(channel), {})
            if own.get("kind") != kind:  # somebody's own channel is a track from now on
                own = {"id": uuid.uuid4().hex[:12], "name": f"Channel {channel}", "kind": kind, "enabled": True}
                channels.setdefault(str(channel), own)
            name = names.get(channel) or own["name"]
            tracks.append(HostTrack(own["id"], name, kind, tuple(items), own["enabled"]))
        return tuple(sorted(tracks, key=lambda track: track.kind != "video"))

    def _item(self, strip: Any, origin: int, seen: set[str]) -> HostItem:
        own = str(strip.get(ID, ""))
        if not own or own in seen:  # put in by somebody, or a copy
            own = strip[ID] = uuid.uuid4().hex[:12]
        seen.add(own)
        first = versions.first_of(strip) - origin
        if first < 0:
            raise UsageError(f"“{strip.name}” begins before the scene's first frame.", "Move it behind that frame.")
        facts = _facts(strip)
        path, length = _media_of(strip)
        same = facts.get("media") == path
        skipped = round(
            versions.first_of(strip) - (_inside(strip) if strip.type == "META" else versions.start_of(strip))
        )
        tracks: tuple[HostTrack, ...] = ()
        if strip.type == "META":
            inside = _inside(strip)
            tracks = self._tracks(strip.strips, inside, facts.get("channels", {}), {}, set())
        return HostItem(
            own,
            str(facts["name"] if facts.get("shown") == strip.name else strip.name),
            first,
            versions.frames_of(strip),
            path,
            skipped + int(facts.get("hidden", 0)) if same else skipped,
            facts.get("media_first") if same else None,
            int(facts.get("media_frames", length)) if same else length,
            str(facts.get("speed", "1")),
            not strip.mute,
            tracks,
        )

    # -- writing ---------------------------------------------------------------------------------------------------

    def apply_edit(self, edit: HostEdit, step: str) -> None:
        """Makes the sequencer the edit; raises ProjectError for another rate."""
        scene = self.scene
        if edit.rate != self.rate:
            raise ProjectError(
                f"The film runs at {edit.rate} frames a second, the scene at {self.rate}.",
                "Set the scene's frame rate to the film's.",
            )
        editor = scene.sequence_editor or scene.sequence_editor_create()
        channels = _channels(edit, self._known().get("channels", {}))
        self._fill(editor.strips, edit.tracks, channels, scene.frame_start)
        for track, channel in zip(edit.tracks, channels, strict=True):
            editor.channels[channel].name = track.name or f"Channel {channel}"
            editor.channels[channel].mute = not track.enabled
        self._put_markers(edit)
        ends = [item.start + item.frames for track in edit.tracks for item in track.items]
        scene.frame_end = max(scene.frame_start, scene.frame_start + max(ends, default=1) - 1)
        self._know(start=edit.start_frames, channels=_channel_facts(edit.tracks, channels))
        if not bpy.app.background:
            bpy.ops.ed.undo_push(message=step)

    def _fill(self, strips: Any, tracks: tuple[HostTrack, ...], channels: list[int], origin: int) -> None:
        """Brings strips after tracks: what is gone is removed, what is there is placed, what is new is put in."""
        wanted = {
            item.id: (item, channel) for track, channel in zip(tracks, channels, strict=True) for item in track.items
        }
        known = {str(strip.get(ID, "")) for strip in strips} - {""}
        _check_room(strips, list(wanted.values()), known, origin)
        there: dict[str, Any] = {}
        for strip in list(strips):
            own = str(strip.get(ID, ""))
            if own in wanted and own not in there and _plays(strip, wanted[own][0]):
                there[own] = strip
            elif own:
                strips.remove(strip)
        placed: list[tuple[Any, HostItem, int]] = []
        for own, (item, channel) in wanted.items():
            strip = there.get(own) or self._made(strips, item)
            if item.tracks and strip.type == "META":
                self._fill(strip.strips, item.tracks, _nested_channels(item.tracks), _inside(strip))
            _know(strip, item)
            placed.append((strip, item, channel))
        _settle(placed, origin)

    def _made(self, strips: Any, item: HostItem) -> Any:
        name, about = item.name or "clip", {"channel": _PARKED, "frame_start": 1}
        if item.tracks:
            return strips.new_meta(name=name, **about)
        if not item.media:
            color = strips.new_effect(name=name, type="COLOR", **about, **_length(item.frames))
            color.color = (0.16, 0.17, 0.19)
            return color
        if _is_picture(item.media):
            return strips.new_image(name=name, filepath=item.media, **about)
        if _is_sound(item.media):
            return strips.new_sound(name=name, filepath=item.media, **about)
        return strips.new_movie(name=name, filepath=item.media, **about)

    def _put_markers(self, edit: HostEdit) -> None:
        scene, ids = self.scene, self._known().get("markers", {})
        for marker in [marker for marker in scene.timeline_markers if marker.name in ids]:
            scene.timeline_markers.remove(marker)
        for marker in edit.markers:
            scene.timeline_markers.new(marker.name, frame=scene.frame_start + marker.at)
        self._know(markers={marker.name: marker.id for marker in edit.markers})

    # -- the rest --------------------------------------------------------------------------------------------------

    def selected(self) -> tuple[str, ...]:
        """The IDs of the selected strips in the order of time; reading the edit gives each one."""
        editor = self.scene.sequence_editor
        chosen = [strip for strip in editor.strips if strip.select and strip.get(ID)] if editor else []
        return tuple(str(strip[ID]) for strip in sorted(chosen, key=versions.first_of))

    def playhead(self) -> int:
        """The record frame under the playhead."""
        return int(self.scene.frame_current - self.scene.frame_start)

    def export_frames(self, first: int, frames: int, folder: Path) -> list[Path]:
        """Renders the camera's view; see blocking.py."""
        return rendered(self.scene, self.scene.frame_start + first, frames, folder)

    def tell(self, text: str, is_error: bool = False) -> None:
        """Keeps a sentence for the panel, and prints it where there is no window."""
        self.told = [*self.told[-19:], (text, is_error)]

    def progress(self, text: str, share: float | None) -> None:
        """Keeps what is under way for the panel."""
        self.shown = f"{text} {share:.0%}" if text and share is not None else text


def _know(strip: Any, item: HostItem) -> None:
    """Writes down on a strip what it stands for, and what Blender has no place for."""
    strip[ID] = item.id
    strip.name, strip.mute = item.name or "clip", not item.enabled
    path, _ = _media_of(strip)
    strip[FACTS] = json.dumps(
        {
            "name": item.name,
            "shown": strip.name,  # Blender makes names unique
            "media": path or item.media,
            "media_first": item.media_first,
            "media_frames": item.media_frames,
            "hidden": item.media_start - _skipped_by(strip, item),
            "speed": item.speed,
            "channels": _channel_facts(item.tracks, _nested_channels(item.tracks)),
        }
    )


def _skipped_by(strip: Any, item: HostItem) -> int:
    """How far into a strip's content it begins: pictures and colours have no time of their own."""
    return 0 if strip.type in ("IMAGE", "COLOR") else item.media_start


def _settle(placed: list[tuple[Any, HostItem, int]], origin: int) -> None:
    """Brings strips to their places over a place far behind: where two meet, Blender moves one of them somewhere."""
    restless = [each for each in placed if not _is_at(*each, origin)]
    longest = max((versions.content_of(strip) + item.frames for strip, item, _ in restless), default=0)
    for number, (strip, item, _) in enumerate(restless):
        row, column = divmod(number, _PARKING)
        strip.channel = _PARKED - column
        versions.place(strip, _FAR + row * 2 * longest, item.frames, _skipped_by(strip, item))
    for strip, item, channel in restless:
        strip.channel = channel
        versions.move(strip, origin + item.start, _skipped_by(strip, item))


def _check_room(strips: Any, placed: list[tuple[HostItem, int]], known: set[str], origin: int) -> None:
    """Raises ProjectError where a strip that is not of the film stands where one of it is to be."""
    others = [strip for strip in strips if str(strip.get(ID, "")) not in known]
    for item, channel in placed if others else ():
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
    if there != (channel, origin + item.start, item.frames):
        return False
    begins = _inside(strip) if strip.type == "META" else round(versions.start_of(strip))
    return versions.first_of(strip) - begins == _skipped_by(strip, item)


def _facts(strip: Any) -> dict[str, Any]:
    try:
        facts = json.loads(strip.get(FACTS, "{}"))
    except (ValueError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _inside(meta: Any) -> int:
    """The frame at which the content of a meta strip begins: what is in it stands at frames of the timeline."""
    return min([versions.first_of(strip) for strip in meta.strips], default=round(versions.start_of(meta)))


def _media_of(strip: Any) -> tuple[str, int]:
    """The file that a strip plays, whole, and how many frames it has."""
    if strip.type == "MOVIE":
        return _whole(strip.filepath), versions.content_of(strip)
    if strip.type == "SOUND" and strip.sound is not None:
        return _whole(strip.sound.filepath), versions.content_of(strip)
    if strip.type == "IMAGE" and len(strip.elements):
        return _whole(str(Path(strip.directory) / strip.elements[0].filename)), 0
    return "", 0


def _whole(path: str) -> str:
    return str(Path(bpy.path.abspath(path)).absolute()) if path else ""


def _plays(strip: Any, item: HostItem) -> bool:
    """Whether a strip can go on to stand for an item: it plays the same file, or neither plays any."""
    path, _ = _media_of(strip)
    return (strip.type == "META") == bool(item.tracks) and path == (item.media and _whole(item.media))


def _named(editor: Any) -> dict[int, str]:
    """Names that channels were given."""
    return {n: c.name for n, c in enumerate(editor.channels) if c.name and not c.name.startswith("Channel ")}


def _channels(edit: HostEdit, known: dict[str, Any]) -> list[int]:
    """A channel for each track: the one that it had, else one above all others; at first as Blender lays them out."""
    had = {about["id"]: int(channel) for channel, about in known.items()}
    if not any(track.id in had for track in edit.tracks):
        return _nested_channels(edit.tracks)
    channels: list[int] = []
    for track in edit.tracks:
        channel = had.get(track.id, 0)
        if not channel or channel in channels:
            channel = max([*had.values(), *channels]) + 1
        channels.append(channel)
    return channels


def _nested_channels(tracks: tuple[HostTrack, ...]) -> list[int]:
    sounds = [number for number, track in enumerate(tracks) if track.kind == "audio"]
    pictures = [number for number, track in enumerate(tracks) if track.kind == "video"]
    order = {number: channel for channel, number in enumerate([*reversed(sounds), *pictures], 1)}
    return [order[number] for number in range(len(tracks))]


def _channel_facts(tracks: tuple[HostTrack, ...], channels: list[int]) -> dict[str, Any]:
    return {
        str(channel): {"id": track.id, "name": track.name, "kind": track.kind, "enabled": track.enabled}
        for track, channel in zip(tracks, channels, strict=True)
    }


def _is_picture(path: str) -> bool:
    return Path(path).suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".webp", ".bmp")


def _is_sound(path: str) -> bool:
    return Path(path).suffix.lower() in (".wav", ".mp3", ".aif", ".aiff", ".flac", ".ogg", ".m4a")


def _length(frames: int) -> dict[str, int]:
    """How an effect strip is made as long as that: by its end up to 4.5, by its length since 5.0."""
    return {"length": frames} if bpy.app.version >= (5, 0, 0) else {"frame_end": 1 + frames}
