# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked for: each operator returns at once in a window, and waits for its result without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import bpy

from ...core.errors import ShotwrightError, UsageError
from ...core.hosts import Flow, Session
from .host import BlenderHost
from .sessions import begun, session_of

_SIDES = (("TAIL", "Tail", "Behind its end"), ("HEAD", "Head", "Before its start"))
_MODES = (
    ("GAP", "Into free space", "Refused where there is too little"),
    ("RIPPLE", "Ripple", "All behind it moves"),
    ("OVERWRITE", "Overwrite", "Over what is there"),
)


class _Asking:
    """Runs an operator's `ask`, which begins its flow, and reports what goes wrong in Blender's own way."""

    if TYPE_CHECKING:

        def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow: ...

    bl_options: ClassVar = {"REGISTER"}  # the flow pushes its undo step itself, when the timeline changes

    def execute(self, context: Any) -> set[str]:
        """Blender's call."""
        host, session = session_of(context)
        try:
            flow = begun(session, self.ask(context, host, session))
        except ShotwrightError as error:
            self.report({"ERROR"}, f"{error.message} {error.hint}".strip())  # type: ignore[attr-defined]
            return {"CANCELLED"}
        return {"CANCELLED"} if flow.state == "cancelled" else {"FINISHED"}


def _one_selected(host: BlenderHost) -> str:
    host.read_edit()  # gives IDs to what has none
    chosen = host.selected()
    if len(chosen) != 1:
        raise UsageError(f"{len(chosen)} strips are selected.", "Select the one strip that is meant.")
    return chosen[0]


class ImportScript(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make a film of a script: its shots stand on the timeline"""

    bl_idname = "shotwright.import_script"
    bl_label = "Import Script"
    filepath: bpy.props.StringProperty(name="Script", subtype="FILE_PATH")  # type: ignore[valid-type]
    panels: bpy.props.StringProperty(name="Panels", subtype="DIR_PATH")  # type: ignore[valid-type]

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Asks for the file."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Makes the film beside the .blend, or beside the script where that was never saved."""
        script = Path(bpy.path.abspath(self.filepath)).absolute()
        if not self.filepath or not script.is_file():
            raise UsageError(
                f"There is no script “{script.name}”.", "Choose a Fountain, FDX, Storyboarder or CSV file."
            )
        beside = Path(bpy.data.filepath).parent if bpy.data.filepath else script.parent
        film = beside / script.stem
        number = 2
        while film.exists():
            film, number = beside / f"{script.stem} {number}", number + 1
        render = host.scene.render
        size = f"{render.resolution_x}x{render.resolution_y}"
        panels = Path(bpy.path.abspath(self.panels)).absolute() if self.panels else None
        return session.new_film(film, script, panels, str(host.rate), size)


class Generate(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make takes for the film's shots"""

    bl_idname = "shotwright.generate"
    bl_label = "Generate"
    selected_only: bpy.props.BoolProperty(name="Selected only", default=False)  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Takes for the shots that have none, or for the selected ones."""
        if not self.selected_only:
            return session.command("Generate", "generate", {"missing": True})
        return session.command("Generate", "generate", {"shot": _shots(host)})


def _shots(host: BlenderHost) -> list[str]:
    """The names of the selected strips' shots."""
    tracks = host.read_edit().tracks
    chosen = set(host.selected())
    names = [item.name for track in tracks for item in track.items if item.id in chosen and track.kind == "video"]
    if not names:
        raise UsageError("No shot is selected.", "Select the strips of the shots that are meant.")
    return list(dict.fromkeys(names))


class NewTake(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make another take of the selected shots"""

    bl_idname = "shotwright.new_take"
    bl_label = "New Take"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """One more take of each."""
        return session.command("New take", "generate", {"shot": _shots(host), "takes": 1})


class NextTake(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Show the next take of the selected shot"""

    bl_idname = "shotwright.next_take"
    bl_label = "Next Take"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The take behind the one that plays; behind the last comes the first."""
        (shot, *_) = _shots(host)
        return session.next_take(shot)


class Extend(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Go on from the selected strip, behind its end or before its start"""

    bl_idname = "shotwright.extend"
    bl_label = "Extend"
    side: bpy.props.EnumProperty(name="Side", items=_SIDES, default="TAIL")  # type: ignore[valid-type]
    frames: bpy.props.IntProperty(name="Frames", default=48, min=1, max=14_400)  # type: ignore[valid-type]
    mode: bpy.props.EnumProperty(name="Mode", items=_MODES, default="GAP")  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The engine extends the clip in the film's edit; the sequencer shows it then."""
        options = {"clip": _one_selected(host), self.side.lower(): str(self.frames), "mode": self.mode.lower()}
        if self.mode == "OVERWRITE":
            options["over-neighbour"] = True
        return session.command("Extend", "extend", options)


class FillGap(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Fill the gap behind the selected strip"""

    bl_idname = "shotwright.fill_gap"
    bl_label = "Fill Gap"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Leads from the strip to the next one."""
        return session.command("Fill gap", "bridge", {"after": _one_selected(host)})


class Push(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Take what was cut here into the film's edit"""

    bl_idname = "shotwright.push"
    bl_label = "Push"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Both sides' changes come together in the film."""
        return session.push()


class Pull(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Show the film's edit here"""

    bl_idname = "shotwright.pull"
    bl_label = "Pull"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """What was cut here is taken in before, so that nothing is lost."""
        return session.pull()


class OpenFilm(_Asking, bpy.types.Operator):  # type: ignore[misc]
    """Show a film in this sequencer"""

    bl_idname = "shotwright.open_film"
    bl_label = "Open Film"
    directory: bpy.props.StringProperty(name="Folder", subtype="DIR_PATH")  # type: ignore[valid-type]

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Asks for the folder."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Ties the scene to the film."""
        film = Path(bpy.path.abspath(self.directory)).absolute()
        if not (film / "shotwright.toml").is_file():
            raise UsageError(f"“{film.name}” is no film's folder.", "Choose the folder that `shotwright new` made.")
        return session.open_film(film)


class Cancel(bpy.types.Operator):  # type: ignore[misc]
    """Stop what is under way; what is made so far is kept"""

    bl_idname = "shotwright.cancel"
    bl_label = "Cancel"

    def execute(self, context: Any) -> set[str]:
        """Asks all flows to end."""
        session_of(context)[1].cancel_all()
        return {"FINISHED"}


CLASSES = (ImportScript, OpenFilm, Generate, NewTake, NextTake, Extend, FillGap, Push, Pull, Cancel)
