# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's sequencer as a HostPort: channels are tracks, strips are items, meta strips nested edits.

An ID of ours is a property of the strip, which Blender copies when it is cut or duplicated. What we know of the whole
(the film, which track a channel is) is a property of the scene. Strips that say nothing of ours and are no movies,
pictures, sounds or metas (effects, text) are left as they are; but for retimes and dissolves, see effects.py.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from ...core.errors import ProjectError, UsageError
from ...core.hosts import Capabilities, Forming, Held, Place, Tie
from ...core.protocol import Board, HostEdit, HostItem, HostMarker
from ...core.timing import Rate
from . import channels, edits, placeholders, ready_made, strips, versions
from .blocking import rendered
from .drawings import boards

_FACTS = "shotwright"
_START = 86400  # the timecode of a scene's first frame, until a film says otherwise


class BlenderHost:
    """The sequencer of one scene, found by its name anew each time: undo and loading make others of all objects."""

    name = "blender"
    capabilities = Capabilities(True, True, True, renders=True, retimes=True, dissolves=True, placeholders=True)

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
        tracks = edits.tracks_of(editor.strips, self.scene.frame_start, there, channels.named(editor), set())
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

    def prepare(self, edit: HostEdit) -> Iterator[None]:
        """Makes the strips that the edit needs, one at a time, out of sight."""
        for number, item in enumerate(edits.to_be_made(self._editor.strips, edit.tracks)):
            ready_made.make(self._editor.strips, item, number)
            yield

    def apply_edit(self, edit: HostEdit, step: str, tie: Tie | None = None) -> None:
        """Makes the sequencer the edit; raises ProjectError for another rate, or where other strips are in the way."""
        scene, editor = self.scene, self._editor
        if edit.rate != self.rate:
            raise ProjectError(
                f"The film runs at {edit.rate} frames a second, the scene at {self.rate}.",
                "Set the scene's frame rate to the film's.",
            )
        known = self._known().get("channels", {})
        places = channels.laid_out(edit.tracks, known, edits.strangers_above(editor.strips))
        with placeholders.aside(editor.strips):
            edits.fill(editor.strips, edit.tracks, places, scene.frame_start)
        for channel in {int(each) for each in known} - set(places):  # a track that has moved up
            editor.channels[channel].name = f"Channel {channel}"
        for track, channel in zip(edit.tracks, places, strict=True):
            editor.channels[channel].name = track.name or f"Channel {channel}"
            editor.channels[channel].mute = not track.enabled
        self._put_markers(edit.markers)
        ends = [item.start + item.frames for track in edit.tracks for item in track.items]
        scene.frame_end = max(scene.frame_start, scene.frame_start + max(ends, default=1) - 1)
        self._know(start=edit.start_frames, channels=channels.facts(edit.tracks, places))
        if tie is not None:
            self.set_tie(tie)
        if step:
            _push(step)

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

    def selected_inside(self) -> tuple[str, ...]:
        """The IDs of the strips that are selected in the meta strip which is open; none where none is."""
        open_ = list(self._editor.meta_stack)
        return tuple(strips.id_of(strip) for strip in open_[-1].strips if strip.select) if open_ else ()

    def active(self) -> Any:
        """The strip that the user works on, None for none; only read, so that a panel may ask."""
        editor = self.scene.sequence_editor
        strip = editor.active_strip if editor else None
        return strip if strip and strip.select and strips.id_of(strip) else None

    def go_to(self, shot: str) -> bool:
        """Selects the first strip of a shot alone, and goes to its first frame; whether there is one."""
        there = [each for each in self._editor.strips if strips.id_of(each)]
        mine = [each for each in there if strips.shot_of(each) == shot and each.type not in strips.SOUNDS]
        if not mine:
            return False
        first = min(mine, key=versions.first_of)
        for each in self._editor.strips:
            each.select = each == first
        self._editor.active_strip = first
        self.scene.frame_current = versions.first_of(first)
        return True

    def past_media(self) -> dict[str, int]:
        """How many frames the active strip's handles stand outside of its media, by `HEAD` and `TAIL`."""
        strip = self.active()
        if strip is None or strip.type != "MOVIE" or strips.facts_of(strip).get("speed", "1") != "1":
            return {}
        sides = zip(("HEAD", "TAIL"), versions.past_media(strip), strict=True)
        return {side: frames for side, frames in sides if frames}

    def drag_back(self, own: str, side: str, frames: int) -> None:
        """Moves a strip's handle inwards by so many frames, outwards below 0; one that is gone is left alone."""
        strips.drag(self._editor.strips, own, side, frames)

    def boards(self, items: Sequence[HostItem], only: bool) -> Iterator[Board | None]:
        """What is drawn or shown over items; see drawings.py."""
        tie = self.tie()
        return boards(lambda: self.scene, tie.film if tie else Path(), items, only)

    def playhead(self) -> int:
        """The record frame under the playhead."""
        return int(self.scene.frame_current - self.scene.frame_start)

    def stretch(self, first: int, end: int) -> tuple[int, int]:
        """The record frames that are marked from `first` to `end`, exclusive: the preview range where there is one.

        Else what lies between the two selected markers, or the only two there. Raises UsageError.
        """
        scene, origin = self.scene, self.scene.frame_start
        if scene.use_preview_range:
            found = [scene.frame_preview_start - origin, scene.frame_preview_end + 1 - origin]
        else:
            there = [marker for marker in scene.timeline_markers if first <= marker.frame - origin <= end]
            picked = [marker for marker in there if marker.select]
            found = sorted(marker.frame - origin for marker in (picked if len(picked) == 2 else there))
        if len(found) != 2 or found[0] >= found[1]:
            raise UsageError(
                "Nothing says which frames are made anew.",
                f"Set the preview range, or two markers at the strip; there are {len(found)}.",
            )
        if not first <= found[0] < found[1] <= end:
            raise UsageError("The preview range is not inside of the strip.", "Set it inside, or turn it off.")
        return found[0], found[1]

    def blocked(self) -> tuple[list[str], int, int]:
        """What the camera looks at from the playhead's marker on: the names that its shot may have, and record frames.

        These go from the marker that its camera is bound to to the next one, or to the scene's end. Without such
        markers they are the preview range, or the scene. Raises UsageError where there is no camera.
        """
        scene, origin = self.scene, self.scene.frame_start
        bound = sorted((m for m in scene.timeline_markers if m.camera), key=lambda marker: marker.frame)
        if not bound:
            if scene.camera is None:
                raise UsageError("The scene has no camera.", "Add one, and bind it to a marker that begins a shot.")
            first = scene.frame_preview_start if scene.use_preview_range else origin
            last = scene.frame_preview_end if scene.use_preview_range else scene.frame_end
            return [scene.camera.name], first - origin, max(1, last + 1 - first)
        here = max((m for m in bound if m.frame <= scene.frame_current), key=lambda m: m.frame, default=bound[0])
        end = min((m.frame for m in bound if m.frame > here.frame), default=max(scene.frame_end, here.frame) + 1)
        names = [here.name, here.camera.name, here.camera.data.name]
        return names, here.frame - origin, end - here.frame

    def export_frames(self, first: int, frames: int, size: tuple[int, int], folder: Path) -> Iterator[Path]:
        """Renders the camera's view and its depth; see blocking.py."""
        return rendered(lambda: self.scene, self.scene.frame_start + first, frames, size, folder)

    def tell(self, text: str, is_error: bool = False) -> None:
        """Keeps a sentence for the panel."""
        self.told = [*self.told[-19:], (text, is_error)]

    def progress(
        self, text: str, share: float | None, key: str = "", shots: Mapping[str, Forming] | None = None
    ) -> None:
        """Keeps what is under way for the panel, and shows it on its placeholders."""
        self.shown = f"{text} {share:.0%}" if text and share is not None else text
        if key and shots:
            placeholders.tell(self._editor.strips, key, shots)

    # -- placeholders ----------------------------------------------------------------------------------------------

    def hold(self, held: Held, places: Sequence[Place]) -> None:
        """Puts placeholders in, as one undo step."""
        placeholders.put(self._editor.strips, self.scene.frame_start, held, places)
        _push(held.title)

    def held(self) -> Sequence[Held]:
        """What the placeholders stand for."""
        return placeholders.held_by(self._editor.strips)

    def holds(self, key: str) -> bool:
        """Whether placeholders of a key are there."""
        return any(told["key"] == key for _, told in placeholders.standing(self._editor.strips))

    def release(self, key: str) -> bool:
        """Takes the placeholders of a key away."""
        return placeholders.take_away(self._editor.strips, key)

    def tidy(self) -> None:
        """Takes away what was made ready and never needed."""
        ready_made.tidy(self._editor.strips)


def _push(step: str) -> None:
    if bpy.ops.ed.undo_push.poll():
        bpy.ops.ed.undo_push(message=step)
