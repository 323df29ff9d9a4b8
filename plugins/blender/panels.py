# SPDX-License-Identifier: GPL-3.0-or-later
"""The panels: in the sequencer's sidebar the film, its shots and takes; in the 3D view's what is blocked there.

They show what was seen last (`Session.film`), and ask nobody: drawing must not wait.
"""

from __future__ import annotations

from typing import Any

import bpy

from ...core.hosts import Session
from . import posters, strips
from .host import BlenderHost
from .sessions import session_of

_SHOTS_SHOWN, _TAKES_SHOWN, _TEXTS_SHOWN = 24, 12, 5
_SCRIPTS = (".fountain", ".csv", ".txt")


class _InSequencer:
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Shotwright"


class MainPanel(_InSequencer, bpy.types.Panel):  # type: ignore[misc]
    """Shotwright in the sequencer"""

    bl_idname = "SHOTWRIGHT_PT_main"
    bl_label = "Shotwright"

    def draw(self, context: Any) -> None:
        """The film, what can be done with what is selected, and what is under way."""
        host, session = session_of(context)
        layout = self.layout
        if host.tie() is None:
            _without_film(layout)
        else:
            _film(layout, host, session)
            _asking(layout, host)
        for flow in session.flows:
            row = layout.row()
            row.label(text=host.shown or flow.name, icon="TIME")
            row.operator("shotwright.cancel", text="", icon="X")
        for text, is_error in host.told[-3:]:
            layout.label(text=text, icon="ERROR" if is_error else "INFO")


def _without_film(layout: Any) -> None:
    layout.label(text="No film yet", icon="INFO")
    layout.operator("shotwright.import_script", icon="TEXT")
    for text in [text for text in bpy.data.texts if text.name.lower().endswith(_SCRIPTS)][:_TEXTS_SHOWN]:
        layout.operator("shotwright.import_script", text=f"Import “{text.name}”", icon="TEXT").text = text.name
    layout.operator("shotwright.open_film", icon="FILE_FOLDER")


def _film(layout: Any, host: BlenderHost, session: Session) -> None:
    """What the film is, and whether the engine was there when it was last looked at."""
    tie, film = host.tie(), session.film
    row = layout.row(align=True)
    row.label(text=tie.film.name if tie else "", icon="SEQUENCE")
    row.operator("shotwright.look", text="" if film else "Connect", icon="FILE_REFRESH" if film else "LINKED")
    if film:
        layout.label(text=f"Model: {film['model']}", icon="MODIFIER")
        layout.label(text=_cost(film["missing"]), icon="TIME")
    row = layout.row(align=True)
    row.operator("shotwright.push", icon="EXPORT")
    row.operator("shotwright.pull", icon="IMPORT")


def _cost(missing: dict[str, Any]) -> str:
    """What the takes that are missing would cost."""
    if "error" in missing:
        return str(missing["error"].get("message", ""))
    if not missing["takes"]:
        return "Every shot has a take"
    minutes, seconds = divmod(round(missing["seconds"]), 60)
    took = f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
    count = f"{missing['takes']} take{'s' * (missing['takes'] > 1)}"
    return f"{count} missing: about {took}, {missing['disk_bytes'] / 1e6:.0f} MB"


def _asking(layout: Any, host: BlenderHost) -> None:
    """What can be asked for."""
    for side, frames in host.past_media().items():
        where = "behind the end of" if side == "TAIL" else "before the start of"
        box = layout.box()
        box.label(text=f"{frames} frame{'s' * (frames > 1)} {where} its media", icon="INFO")
        box.operator("shotwright.extend_to_handle", text=f"Make {'them' if frames > 1 else 'it'}").side = side
    layout.operator("shotwright.generate", text="Generate missing takes", icon="RENDER_ANIMATION")
    column = layout.column(align=True)
    column.operator("shotwright.generate", text="Generate selected", icon="RENDER_STILL").selected_only = True
    column.operator("shotwright.new_take", icon="ADD")
    column.operator("shotwright.next_take", icon="FRAME_NEXT")
    row = layout.row(align=True)
    for side, text in (("HEAD", "Extend head"), ("TAIL", "Extend tail")):
        row.operator("shotwright.extend", text=text).side = side
    row = layout.row(align=True)
    row.operator("shotwright.fill_gap", icon="ARROW_LEFTRIGHT")
    row.operator("shotwright.bridge")
    row = layout.row(align=True)
    row.operator("shotwright.loop", icon="FILE_REFRESH")
    row.operator("shotwright.reroll")
    row.operator("shotwright.restyle")
    _drawing(layout)


def _drawing(layout: Any) -> None:
    layout.operator("shotwright.draw_panels", icon="GREASEPENCIL")
    layout.operator("shotwright.blocking_to_take", icon="VIEW_CAMERA")


def _shot_at_work(host: BlenderHost) -> str:
    """The name of the shot that is worked on, empty for none."""
    strip = host.active()
    return strips.shot_of(strip) if strip else ""


class _OfFilm(_InSequencer):
    bl_parent_id = "SHOTWRIGHT_PT_main"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Where the film was looked at."""
        return bool(session_of(context)[1].film)


class TakesPanel(_OfFilm, bpy.types.Panel):  # type: ignore[misc]
    """The takes of the shot that is worked on, each with its poster"""

    bl_idname = "SHOTWRIGHT_PT_takes"
    bl_label = "Takes"

    def draw(self, context: Any) -> None:
        """The newest first; one that is pressed plays."""
        host, session = session_of(context)
        shot = _shot_at_work(host)
        takes = [take for take in session.film["takes"] if take["shot"] == shot]
        if not takes:
            self.layout.label(text=f"{shot} has no take yet" if shot else "Select a shot", icon="INFO")
        for take in takes[: -_TAKES_SHOWN - 1 : -1]:
            row = self.layout.row()
            row.template_icon(icon_value=posters.icon_of(take["poster"], take["poster_written"]), scale=3.0)
            column = row.column(align=True)
            icon = "PLAY" if take["active"] else "NONE"
            choose = column.operator("shotwright.choose_take", text=take["key"], icon=icon)
            choose.shot, choose.take = shot, take["key"]
            marks = [word for word in ("circled", "stale") if take[word]]
            column.label(text=", ".join([*marks, *take["stale_because"][:1]]))


class ShotsPanel(_OfFilm, bpy.types.Panel):  # type: ignore[misc]
    """The film's shots"""

    bl_idname = "SHOTWRIGHT_PT_shots"
    bl_label = "Shots"

    def draw(self, context: Any) -> None:
        """Those around the one that is worked on."""
        host, session = session_of(context)
        shot = _shot_at_work(host)
        shots = [each for each in session.film["shots"] if not each["omitted"]]
        at = next((number for number, each in enumerate(shots) if each["name"] == shot), 0)
        first = max(0, min(at - _SHOTS_SHOWN // 2, len(shots) - _SHOTS_SHOWN))
        column = self.layout.column(align=True)
        for each in shots[first : first + _SHOTS_SHOWN]:
            count = sum(take["shot"] == each["name"] for take in session.film["takes"])
            text = f"{each['name']}   {each['frames']} frames, {count} take{'s' * (count != 1)}"
            icon = "RADIOBUT_ON" if each["name"] == shot else "IMAGE_DATA" if each["panels"] else "BLANK1"
            column.operator("shotwright.go_to_shot", text=text, icon=icon).shot = each["name"]
        if len(shots) > _SHOTS_SHOWN:
            self.layout.label(text=f"{len(shots)} shots in all")


class ViewPanel(bpy.types.Panel):  # type: ignore[misc]
    """Shotwright in the 3D view"""

    bl_idname = "SHOTWRIGHT_PT_view"
    bl_label = "Shotwright"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Shotwright"

    def draw(self, context: Any) -> None:
        """What can be made of what stands here."""
        if session_of(context)[0].tie() is None:
            self.layout.label(text="No film yet: see the sequencer", icon="INFO")
        else:
            _drawing(self.layout)


CLASSES = (MainPanel, TakesPanel, ShotsPanel, ViewPanel)
