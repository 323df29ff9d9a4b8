"""Checks of what the panels show: all that they name is there, posters are loaded once, and drawing asks nobody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from shotwright.plugins.blender import panels, posters, sessions, versions
from stage import FOLDER, bpy, check, extension, film, fresh, put, refused, rows, same, select, strip

operators = bpy.ops.shotwright


class Layout:
    """A layout that takes down what is drawn, and refuses operators, properties and icons that are not there."""

    def __init__(self, drawn: list[str], icons: list[int]) -> None:
        self._drawn, self.icons = drawn, icons

    def label(self, text: str = "", icon: str = "NONE") -> None:
        assert isinstance(text, str)
        icons = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items
        assert icon in icons, icon
        self._drawn.append(text)

    def row(self, align: bool = False) -> Layout:
        return self

    def column(self, align: bool = False) -> Layout:
        return self

    def box(self) -> Layout:
        return self

    def template_icon(self, icon_value: int, scale: float = 1.0) -> None:
        self.icons.append(icon_value)

    def operator(self, name: str, text: str | None = None, icon: str = "NONE") -> Any:
        self.label(text or "", icon=icon)
        group, _, short = name.partition(".")
        known = getattr(getattr(bpy.ops, group), short).get_rna_type().properties
        drawn = self._drawn

        class Properties:
            def __setattr__(self, key: str, value: Any) -> None:
                assert key in known, f"{name} has no {key}"
                drawn.append(f"{name}.{key}={value}")

        self._drawn.append(name)
        return Properties()


def drawn(panel: Any) -> tuple[list[str], list[int]]:
    """What a panel draws, and its pictures; nothing where it is not to be seen."""

    class Shown:
        layout = Layout([], [])

    if not hasattr(panel, "poll") or panel.poll(bpy.context):
        panel.draw(Shown(), bpy.context)
    return Shown.layout._drawn, Shown.layout.icons


def every_panel() -> list[str]:
    return [text for panel in panels.CLASSES for text in drawn(panel)[0]]


@check
def the_panels_draw_what_is_there() -> list[str]:
    fresh("panel empty")
    bpy.data.texts.new("seen.fountain")
    before = every_panel()
    assert "shotwright.import_script.text=seen.fountain" in before, before
    scene, _, session = film("panel film")
    unseen = every_panel()
    assert "Connect" in unseen
    assert {"shotwright.extend", "shotwright.blocking_to_take", "shotwright.draw_panels"} <= set(unseen)
    assert operators.look() == {"FINISHED"}
    seen = every_panel()
    assert any(text.startswith("3 takes missing: about ") for text in seen), seen
    assert "Model: previs" in seen
    first = rows(scene)[0][2]
    assert f"shotwright.go_to_shot.shot={first}" in seen
    assert "Connect" not in seen
    assert operators.go_to_shot(shot=rows(scene)[1][2]) == {"FINISHED"}
    same(scene.frame_current, rows(scene)[1][3])
    assert f"{rows(scene)[1][2]} has no take yet" in every_panel()
    refused(operators.go_to_shot, "is not in this cut", shot="SC999")
    # Whatever is drawn is known already: the engine may be anywhere.
    session._engine = None
    same(every_panel()[:3], seen[:3])
    return seen


@check
def takes_are_seen_by_their_posters() -> Any:
    scene, host, session = film("posters")
    assert operators.generate() == {"FINISHED"}
    name = rows(scene)[0][2]
    select(scene, name)
    assert operators.new_take() == {"FINISHED"}
    assert operators.look() == {"FINISHED"}
    scene.sequence_editor.active_strip = strip(scene, name)
    select(scene, name)
    assert host.active() == strip(scene, name)
    posters.free()
    assert posters._previews is None
    texts, icons = drawn(panels.TakesPanel)
    assert [text for text in texts if text.startswith("TK")] == ["TK02", "TK01"], texts
    same(len(icons), 2)
    takes = [take for take in session.film["takes"] if take["shot"] == name]
    same(sorted(posters._previews), sorted(take["poster"] for take in takes))
    for take in takes:
        picture = posters._previews[take["poster"]]
        same(tuple(picture.image_size), (160, 90))
    # None is loaded twice, until it is another.
    loaded = dict(posters._previews.items())
    drawn(panels.TakesPanel)
    assert dict(posters._previews.items()) == loaded
    path = Path(takes[0]["poster"])
    image = bpy.data.images.new("square", 64, 64)
    image.filepath_raw, image.file_format = str(FOLDER / "square.png"), "PNG"
    image.save()
    shutil.copyfile(FOLDER / "square.png", path)
    os.utime(path, ns=(1, 1))
    drawn(panels.TakesPanel)
    assert tuple(posters._previews[str(path)].image_size) == (160, 90)
    assert operators.look() == {"FINISHED"}
    drawn(panels.TakesPanel)
    same(tuple(posters._previews[str(path)].image_size), (64, 64))
    # The one that is pressed plays.
    for key in ("TK02", "TK01", "TK02"):
        select(scene, name)
        assert operators.choose_take(shot=name, take=key) == {"FINISHED"}
        assert Path(bpy.path.abspath(strip(scene, name).filepath)).stem.endswith(key)
    refused(operators.choose_take, "No take is named")
    refused(operators.choose_take, "", shot=name, take="TK77")
    extension.unregister()
    assert posters._previews is None
    extension.register()
    return len(icons)


@check
def a_text_of_the_blend_is_a_script() -> Any:
    text = bpy.data.texts.new("typed.fountain")
    text.write("INT. ATTIC - NIGHT\n\nDust.\n")
    scene = fresh("typed")
    refused(operators.import_script, "There is no text", text="nothing")
    if not bpy.data.filepath:
        refused(operators.import_script, "never saved", text=text.name)
        bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "typed.blend"))
        scene = bpy.data.scenes["typed"]
    assert operators.import_script(text="typed.fountain") == {"FINISHED"}
    same([row[2] for row in rows(scene)], ["SC010_SH0010"])
    tie = sessions.session_of(bpy.context)[0].tie()
    assert tie is not None
    same(tie.film, Path(bpy.data.filepath).parent / "typed")
    return rows(scene)


@check
def frames_past_the_media_are_offered_and_made() -> Any:
    scene, host, _ = film("past")
    operators.generate()
    first, second, third = (row[2] for row in rows(scene))
    for name, by in ((third, 200), (second, 100)):
        moved = strip(scene, name)
        put(moved, versions.first_of(moved) + by, versions.frames_of(moved), 12)
    before = rows(scene)
    one, two = strip(scene, first), strip(scene, second)
    put(one, 1, before[0][4] + 12 + 20, 12)  # its tail handle, and 20 more
    put(two, before[1][3] - 12 - 9, before[1][4] + 12 + 9, -9)
    stretched = rows(scene)
    for name, side, frames in ((first, "TAIL", 20), (second, "HEAD", 9)):
        select(scene, name)
        scene.sequence_editor.active_strip = strip(scene, name)
        same(host.past_media(), {side: frames})
        texts = drawn(panels.MainPanel)[0]
        assert any(text.startswith(f"{frames} frames ") for text in texts), texts
        assert f"shotwright.extend_to_handle.side={side}" in texts
        refused(operators.extend_to_handle, "does not stand outside", side="HEAD" if side == "TAIL" else "TAIL")
    # It fails: everything is as it was, also the handle.
    still = scene.render.fps_base
    scene.render.fps_base = 1.001
    refused(operators.extend_to_handle, "", side="HEAD")
    scene.render.fps_base = still
    same(rows(scene), stretched)
    bpy.ops.ed.undo_push(message="dragged")
    select(scene, second)
    assert operators.extend_to_handle(side="HEAD") == {"FINISHED"}
    same(rows(scene), stretched)
    same(host.past_media(), {})
    select(scene, first)
    scene.sequence_editor.active_strip = strip(scene, first)
    bpy.ops.ed.undo_push(message="selected")
    assert operators.extend_to_handle(side="TAIL") == {"FINISHED"}
    same(rows(scene), stretched)
    for name in (first, second):
        same(versions.past_media(strip(scene, name)), (0, 0))
    bpy.ops.ed.undo()
    scene = bpy.data.scenes["past"]
    same(rows(scene), stretched)
    same(versions.past_media(strip(scene, first)), (0, 20))
    return rows(scene)
