# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in the sequencer's sidebar."""

from __future__ import annotations

from typing import Any

import bpy

from .sessions import session_of


class MainPanel(bpy.types.Panel):  # type: ignore[misc]
    """Shotwright in the sequencer"""

    bl_idname = "SHOTWRIGHT_PT_main"
    bl_label = "Shotwright"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Shotwright"

    def draw(self, context: Any) -> None:
        """The film, what can be done with what is selected, and what is under way."""
        host, session = session_of(context)
        layout, tie = self.layout, host.tie()
        if tie is None:
            layout.label(text="No film yet", icon="INFO")
            layout.operator("shotwright.import_script", icon="TEXT")
            layout.operator("shotwright.open_film", icon="FILE_FOLDER")
        else:
            layout.label(text=tie.film.name, icon="SEQUENCE")
            row = layout.row(align=True)
            row.operator("shotwright.push", icon="EXPORT")
            row.operator("shotwright.pull", icon="IMPORT")
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
            layout.operator("shotwright.blocking_to_take", icon="VIEW_CAMERA")
        for flow in session.flows:
            row = layout.row()
            row.label(text=host.shown or flow.name, icon="TIME")
            row.operator("shotwright.cancel", text="", icon="X")
        for text, is_error in host.told[-3:]:
            layout.label(text=text, icon="ERROR" if is_error else "INFO")


CLASSES = (MainPanel,)
