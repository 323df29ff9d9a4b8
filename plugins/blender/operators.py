# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of a film: its script, its takes, its edit here and there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from ...core.errors import UsageError
from ...core.hosts import Flow, Session
from ...core.storage import replace_file
from .asking import Asking, chosen, over, pictures, shots_of
from .host import BlenderHost
from .sessions import session_of
from .strips import kind_of


class ImportScript(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make a film of a script: its shots stand on the timeline"""

    bl_idname = "shotwright.import_script"
    bl_label = "Import Script"
    filepath: bpy.props.StringProperty(name="Script", subtype="FILE_PATH")  # type: ignore[valid-type]
    panels: bpy.props.StringProperty(name="Panels", subtype="DIR_PATH")  # type: ignore[valid-type]
    text: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Text", description="A text of this .blend that is the script, instead of a file"
    )

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Asks for the file, where no text is named."""
        if self.text:
            return self.execute(context)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Makes the film beside the .blend, or beside the script where that was never saved."""
        script = _written(self.text) if self.text else Path(bpy.path.abspath(self.filepath)).absolute()
        if not (self.text or self.filepath) or not script.is_file():
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


def _written(name: str) -> Path:
    """A text of the .blend as a file that is there as long as Blender runs; raises UsageError without one."""
    text = bpy.data.texts.get(name)
    if text is None:
        raise UsageError(f"There is no text “{name}” in this .blend.", "Write it in the Text Editor.")
    if not bpy.data.filepath:
        raise UsageError("This .blend was never saved, and the film is to lie beside it.", "Save it, and ask again.")
    kind = Path(name).suffix.lower()
    path = Path(bpy.app.tempdir, f"{Path(name).stem or 'script'}{kind if kind == '.csv' else '.fountain'}")
    replace_file(path, text.as_string(), "writing the script")
    return path


class Generate(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make takes for the film's shots"""

    bl_idname = "shotwright.generate"
    bl_label = "Generate"
    selected_only: bpy.props.BoolProperty(name="Selected only", default=False)  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Takes for the shots that have none, or for the selected ones."""
        if self.selected_only:
            items = chosen(host)
            return session.command("Generate", "generate", {"shot": shots_of(items)}, over(items))
        without = [item for item in pictures(host) if kind_of(item) in ("COLOR", "IMAGE")]
        return session.command("Generate", "generate", {"missing": True}, over(without))


class NewTake(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Make another take of the selected shots"""

    bl_idname = "shotwright.new_take"
    bl_label = "New Take"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """One more take of each."""
        items = chosen(host)
        return session.command("New take", "generate", {"shot": shots_of(items), "takes": 1}, over(items))


class NextTake(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Show the next take of the selected shot"""

    bl_idname = "shotwright.next_take"
    bl_label = "Next Take"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """The take behind the one that plays; behind the last comes the first."""
        (shot, *_) = shots_of(chosen(host))
        return session.next_take(shot)


class ChooseTake(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Show this take of the shot"""

    bl_idname = "shotwright.choose_take"
    bl_label = "Choose Take"
    shot: bpy.props.StringProperty(name="Shot")  # type: ignore[valid-type]
    take: bpy.props.StringProperty(name="Take")  # type: ignore[valid-type]

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """It plays wherever the shot is in the cut; no cut moves."""
        if not self.shot or not self.take:
            raise UsageError("No take is named.", "Name the shot and the take, such as TK02.")
        return session.choose_take(self.shot, self.take)


class GoToShot(bpy.types.Operator):  # type: ignore[misc]
    """Select the shot's strip, and go there"""

    bl_idname = "shotwright.go_to_shot"
    bl_label = "Go to Shot"
    shot: bpy.props.StringProperty(name="Shot")  # type: ignore[valid-type]

    def execute(self, context: Any) -> set[str]:
        """The first strip of the shot."""
        if not session_of(context)[0].go_to(self.shot):
            self.report({"ERROR"}, f"{self.shot} is not in this cut. Pull, or choose another shot.")
            return {"CANCELLED"}
        return {"FINISHED"}


class Look(Asking, bpy.types.Operator):  # type: ignore[misc]
    """See what there is of the film; starts the engine on this machine where none runs"""

    bl_idname = "shotwright.look"
    bl_label = "Look"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Changes nothing."""
        return session.look()


class Push(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Take what was cut here into the film's edit"""

    bl_idname = "shotwright.push"
    bl_label = "Push"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """Both sides' changes come together in the film."""
        return session.push()


class Pull(Asking, bpy.types.Operator):  # type: ignore[misc]
    """Show the film's edit here"""

    bl_idname = "shotwright.pull"
    bl_label = "Pull"

    def ask(self, context: Any, host: BlenderHost, session: Session) -> Flow:
        """What was cut here is taken in before, so that nothing is lost."""
        return session.pull()


class OpenFilm(Asking, bpy.types.Operator):  # type: ignore[misc]
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


CLASSES = (ImportScript, OpenFilm, Generate, NewTake, NextTake, ChooseTake, GoToShot, Look, Push, Pull, Cancel)
