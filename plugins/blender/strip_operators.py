# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of selected strips: they go on, lead to one another or back to their start, are made anew."""

from __future__ import annotations

from functools import partial
from typing import Any

import bpy

from ...core.errors import UsageError
from ...core.hosts import Flow, Place, Session
from .asking import Asking, at_end, chosen, gap_behind, one_chosen, over, pictures
from .host import BlenderHost

_SIDES = (("TAIL", "Tail", "Behind its end"), ("HEAD", "Head", "Before its start"))
_MODES = (
    ("GAP", "Into free space", "Refused where there is too little"),
    ("RIPPLE", "Ripple", "All behind it moves"),
    ("OVERWRITE", "Overwrite", "Over what is there"),
)
_LONGEST = 14_400


class Extend(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Go on from the selected strip, behind its end or before its start"""

    bl_idname = "shotwright.extend"
    bl_label = "Extend"
    side: bpy.props.EnumProperty(name="Side", items=_SIDES, default="TAIL")  # type: ignore[valid-type]
    frames: bpy.props.IntProperty(name="Frames", default=48, min=1, max=_LONGEST)  # type: ignore[valid-type]
    mode: bpy.props.EnumProperty(name="Mode", items=_MODES, default="GAP")  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The engine extends the clip in the film's edit; the sequencer shows it then."""
        item = one_chosen(host)
        options = {"clip": item.id, self.side.lower(): str(self.frames), "mode": self.mode.lower()}
        if self.mode == "OVERWRITE":
            options["over-neighbour"] = True
        return session.command("Extend", "extend", options, at_end(item, self.frames, self.side))


class ExtendToHandle(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make the frames that the strip's handle was dragged past its media"""

    bl_idname = "shotwright.extend_to_handle"
    bl_label = "Extend to Handle"
    side: bpy.props.EnumProperty(name="Side", items=_SIDES, default="TAIL")  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The handle goes back to where the media end, and the rest is asked for; it is as it was where that fails."""
        item = one_chosen(host)
        frames = host.past_media().get(self.side, 0)
        if not frames:
            raise UsageError(
                f"The {self.side.lower()} of {item.name} does not stand outside of its media.",
                "Drag its handle farther out, or extend it by a number of frames.",
            )
        if frames >= item.frames:
            raise UsageError(f"Nothing of {item.name} is inside of its media.", "Drag its handle back to it.")
        host.drag_back(item.id, self.side, frames)
        options = {"clip": item.id, self.side.lower(): str(frames), "mode": "gap"}
        start = item.start + (item.frames - frames if self.side == "TAIL" else 0)
        return session.command(
            "Extend",
            "extend",
            options,
            [Place(item.id, item.name, start, frames)],
            partial(host.drag_back, item.id, str(self.side), -frames),
        )


class FillGap(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Fill the gap behind the selected strip"""

    bl_idname = "shotwright.fill_gap"
    bl_label = "Fill Gap"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Leads from the strip to the next one."""
        item = one_chosen(host)
        return session.command("Fill gap", "bridge", {"after": item.id}, gap_behind(host, item))


class Bridge(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Lead from one selected strip to the other, over the gap between them"""

    bl_idname = "shotwright.bridge"
    bl_label = "Bridge"
    frames: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Frames",
        description="How long the gap is to be: all behind it moves where it is shorter. 0 for the gap as it is",
        default=0,
        min=0,
        max=_LONGEST,
    )

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The two selected strips, or the selected one and the next on its channel."""
        pair = chosen(host)
        if len(pair) not in (1, 2):
            raise UsageError(f"{len(pair)} strips are selected.", "Select the two strips that are to be joined.")
        options = {"after": pair[0].id}
        if len(pair) == 2:
            options["before"] = pair[1].id
        if self.frames:
            options["frames"] = str(self.frames)
        other = pair[1] if len(pair) == 2 else None
        return session.command("Bridge", "bridge", options, gap_behind(host, pair[0], other, self.frames))


class Loop(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Lead from the selected strip's end back to its start, so that it plays round and round"""

    bl_idname = "shotwright.loop"
    bl_label = "Loop"
    frames: bpy.props.IntProperty(name="Frames", default=24, min=1, max=_LONGEST)  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """A shot's strip plays it where there is room behind it; any other one has it above."""
        item = one_chosen(host)
        options = {"clip": item.id, "frames": str(self.frames)}
        return session.command("Loop", "loop", options, at_end(item, self.frames))


class Restyle(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make all of the selected strip anew after other words"""

    bl_idname = "shotwright.restyle"
    bl_label = "Restyle"
    prompt: bpy.props.StringProperty(name="Words", description="What it becomes")  # type: ignore[valid-type]
    strength: bpy.props.FloatProperty(  # type: ignore[valid-type]
        name="Strength",
        description="0 leaves it as it is, 1 keeps nothing of it",
        default=0.6,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
    )

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Asks for the words."""
        asked: set[str] = context.window_manager.invoke_props_dialog(self, width=420)
        return asked

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """A take more of the shot, or a strip above."""
        item = one_chosen(host)
        if not self.prompt.strip():
            raise UsageError("Nothing says what the strip becomes.", "Write the words.")
        options = {"clip": item.id, "prompt": self.prompt, "strength": round(self.strength, 4)}
        return session.command("Restyle", "restyle", options, over([item]))


class Reroll(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make a stretch of the selected strip anew: between two markers, or the scene's preview range"""

    bl_idname = "shotwright.reroll"
    bl_label = "Reroll"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Joined at both ends to what stays."""
        item = one_chosen(host)
        first, end = host.stretch(item.start, item.start + item.frames)
        options = {"clip": item.id, "from": str(first - item.start), "to": str(end - item.start)}
        return session.command("Reroll", "reroll", options, [Place(item.id, item.name, first, end - first)])


class BlockingToTake(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Draw what the camera sees of its shot, and make a take of that: camera or marker are called as the shot is"""

    bl_idname = "shotwright.blocking_to_take"
    bl_label = "Blocking to Take"
    keep: bpy.props.FloatProperty(  # type: ignore[valid-type]
        name="Keep",
        description="How much of the picture stays; 0 is as little as the model can do with",
        default=0.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
    )
    prompt: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Words", description="What it shows, where not as the shot says"
    )

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The shot is that of the camera's marker at the playhead, or else the one that is selected."""
        names, first, frames = host.blocked()
        names += [item.name for item in chosen(host)[:1]]
        called = {name.casefold() for name in names}
        mine = [item for item in pictures(host) if item.name.casefold() in called]
        options = {"keep": round(self.keep, 4), "prompt": self.prompt}
        return session.block(names, first, frames, options, over(mine[:1]))


class DrawPanels(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make panels of what is over the shots: image strips, strips of drawn scenes, or this scene's Grease Pencil"""

    bl_idname = "shotwright.draw_panels"
    bl_label = "Panels from Drawings"
    selected_only: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Selected only", description="Of the selected shots, and of selected strips over shots", default=False
    )

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Each drawing becomes a panel of the shot that it stands over, from the frame on at which it does."""
        items = chosen(host) if self.selected_only else pictures(host)
        if self.selected_only and not items:
            raise UsageError("0 strips are selected.", "Select the shots, or the strips that are drawings.")
        return session.draw_panels(lambda: host.boards(items, self.selected_only))


CLASSES = (Extend, ExtendToHandle, FillGap, Bridge, Loop, Restyle, Reroll, BlockingToTake, DrawPanels)
