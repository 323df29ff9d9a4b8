"""Checks of what is drawn over the shots: it becomes their panels, as the camera sees it, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shotwright.plugins.blender import sessions, versions
from stage import FOLDER, bpy, check, film, folder_of, fresh, put, refused, rows, same, select, strip

operators = bpy.ops.shotwright
RED, GREEN = (1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 1.0)


def camera_in(scene: Any, lens: str = "ORTHO") -> Any:
    """A camera at the origin that sees 16 by 9 units, from -8 to 8 and from -4.5 to 4.5, at depth 10."""
    camera = bpy.data.objects.new("board", bpy.data.cameras.new("board"))
    camera.data.type = lens
    camera.data.ortho_scale = 16.0
    camera.data.angle = 2 * 0.6747409422235526  # atan(8 / 10)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera


def material(name: str, line: Any = None, fill: Any = None) -> Any:
    made = bpy.data.materials.new(name)
    bpy.data.materials.create_gpencil_data(made)
    settings = made.grease_pencil
    if bpy.app.version < (5, 2, 0):
        settings.show_stroke, settings.show_fill = line is not None, fill is not None
    settings.color, settings.fill_color = line or fill, fill or line
    return made


def pencil(scene: Any, drawings: dict[int, list[tuple[Any, list[tuple[float, float]], float]]]) -> Any:
    """A Grease Pencil object with drawings by their frames: strokes of a material's number, points at depth 10, radius.

    A stroke of material 1 is filled, and nothing else.
    """
    datas = bpy.data.grease_pencils_v3 if bpy.app.version < (5, 0, 0) else bpy.data.grease_pencils
    data = datas.new("board")
    data.materials.append(material("ink", line=RED))
    data.materials.append(material("wash", fill=GREEN))
    layer = data.layers.new("ink")
    for frame, strokes in drawings.items():
        drawing = layer.frames.new(frame).drawing
        if not strokes:
            continue
        drawing.add_strokes([len(points) for _, points, _ in strokes])
        for stroke, (number, points, radius) in zip(drawing.strokes, strokes, strict=True):
            stroke.material_index = number
            if bpy.app.version >= (5, 2, 0) and number == 1:
                stroke.fill_id, stroke.hide_stroke = 1, True
            for point, (x, y) in zip(stroke.points, points, strict=True):
                point.position, point.radius, point.opacity = (x, y, -10.0), radius, 1.0
    thing = bpy.data.objects.new("board", data)
    scene.collection.objects.link(thing)
    return thing


def panels_of(host: Any) -> dict[str, list[tuple[int, str]]]:
    shots = json.loads((folder_of(host) / "shots.json").read_text())["shots"]
    return {s["name"]: [(p["at_frames"], p["path"]) for p in s["panels"]] for s in shots}


def picture(path: Path) -> Any:
    """A picture's pixels, 0 to 1, the topmost row first."""
    import numpy as np

    image = bpy.data.images.load(str(path), check_existing=False)
    image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    return np.array(image.pixels[:]).reshape(height, width, -1)[::-1, :, :3]


LINE = [(0, [(-8.0, 0.0), (8.0, 0.0)], 0.45)]  # through the middle, a tenth of the frame's height
BOX = [(1, [(0.0, 0.0), (8.0, 0.0), (8.0, 4.5), (0.0, 4.5)], 0.1)]  # the right upper quarter


@check
def what_is_drawn_becomes_panels() -> Any:
    scene, host, _ = film("drawn")
    first, second, third = (row[2] for row in rows(scene))
    before = rows(scene)
    refused(operators.draw_panels, "nothing drawn")
    camera_in(scene)
    start = before[1][3]
    thing = pencil(scene, {1: LINE, 31: BOX, start: [], start + 40: BOX + LINE, start + 43: LINE, start + 46: BOX})
    frame = scene.frame_current
    assert operators.draw_panels() == {"FINISHED"}
    same(scene.frame_current, frame)
    found = panels_of(host)
    same([at for at, _ in found[first]], [0, 30])
    same([at for at, _ in found[second]], [46])  # what stands for three frames is animation
    same([at for at, _ in found[third]], [0])
    # The strips show them, where no take does.
    same([row[1] for row in rows(scene)], ["IMAGE"] * 3)
    same([row[2:] for row in rows(scene)], [row[2:] for row in before])
    line, box = (picture(folder_of(host) / path) for _, path in found[first])
    height, width = line.shape[:2]
    same((width, height), (160, 90))
    assert (line[45, ::40] == (1, 0, 0)).all(), line[45, ::40]
    assert (line[35] == 1).all()
    assert (line[55] == 1).all()
    rows_red = int((line[:, 80] != 1).any(1).sum())
    assert 8 <= rows_red <= 10, rows_red
    assert (box[20, 120] == (0, 1, 0)).all(), box[20, 120]
    assert (box[60, 120] == 1).all()
    assert (box[20, 40] == 1).all()
    # Drawn anew: the same frames have others, and what was there before stays a file.
    thing.data.layers[0].frames[0].drawing.strokes[0].points[0].position = (-8, 3, -10)
    select(scene, first)
    assert operators.draw_panels(selected_only=True) == {"FINISHED"}
    again = panels_of(host)
    same([at for at, _ in again[first]], [0, 30])
    assert again[first][0] != found[first][0]
    same((again[first][1], again[second], again[third]), (found[first][1], found[second], found[third]))
    assert (folder_of(host) / found[first][0][1]).is_file()
    # Undone here, they are the shots' still, and a pull shows them.
    now = rows(scene)
    bpy.ops.ed.undo()
    assert operators.push() == {"FINISHED"}
    same(panels_of(host), again)
    assert operators.pull() == {"FINISHED"}
    same(rows(bpy.data.scenes["drawn"]), now)
    return again


@check
def a_camera_with_perspective_sees_the_same_there() -> Any:
    scene, host, _ = film("perspective")
    camera = camera_in(scene, "PERSP")
    thing = pencil(scene, {1: LINE})
    # Turned and moved together, scaled about the camera: what is seen stays.
    thing.scale = (3, 3, 3)
    for each in (thing, camera):
        each.rotation_euler, each.location = (0.4, 0.2, 1.0), (5, 6, 7)
    bpy.context.view_layer.update()
    assert operators.draw_panels() == {"FINISHED"}
    name = rows(scene)[0][2]
    line = picture(folder_of(host) / panels_of(host)[name][0][1])
    assert (line[45, 4:156:40] == (1, 0, 0)).all(), line[45, ::40]
    rows_red = int((line[:, 80] != 1).any(1).sum())
    assert 8 <= rows_red <= 10, rows_red
    bpy.data.objects[camera.name].data.name = "behind"
    scene.camera = None
    refused(operators.draw_panels, "nothing drawn")
    return rows_red


@check
def strips_of_pictures_and_of_drawn_scenes_become_panels() -> Any:
    drawn = bpy.data.scenes.new("a drawn scene")
    drawn.render.resolution_x, drawn.render.resolution_y = 320, 180
    drawn.frame_start = 10
    camera_in(drawn)
    pencil(drawn, {10: LINE, 40: BOX})
    scene, host, _ = film("strips")
    first, second, third = (row[2] for row in rows(scene))
    before = rows(scene)
    strips = scene.sequence_editor.strips
    board = strips.new_scene(name="board", scene=drawn, channel=8, frame_start=before[1][3])
    put(board, before[1][3] + 10, 60, 10)  # its first frame is the drawn scene's frame 20
    image = bpy.data.images.new("still ünï", 64, 36)
    image.filepath_raw, image.file_format = str(FOLDER / "still ünï.png"), "PNG"
    image.save()
    still = strips.new_image(name="still", filepath=str(FOLDER / "still ünï.png"), channel=9, frame_start=1)
    put(still, before[2][3] - 4, 44, 0)  # over the end of the second, and longer over the third
    assert operators.draw_panels() == {"FINISHED"}
    found = panels_of(host)
    same([at for at, _ in found[second]], [10, 30])
    same([at for at, _ in found[third]], [0])
    same(found[first], [])
    line, box = (picture(folder_of(host) / path) for _, path in found[second])
    same(line.shape, (90, 160, 3))
    assert (line[45, ::40] == (1, 0, 0)).all()
    assert (box[20, 120] == (0, 1, 0)).all()
    kept = [row for row in rows(scene) if row[2] in ("board", "still")]
    same([(row[1], *row[3:]) for row in kept], [("SCENE", before[1][3] + 10, 60), ("IMAGE", before[2][3] - 4, 44)])
    # What is muted, or not selected, is none; a panel that is gone is told.
    still.mute = board.mute = True
    select(scene, "still")
    refused(operators.draw_panels, "nothing drawn", selected_only=True)
    still.mute = False
    Path(FOLDER / "still ünï.png").unlink()
    select(scene, "still")
    refused(operators.draw_panels, "is no picture that is there", selected_only=True)
    same(panels_of(host), found)
    select(scene)
    refused(operators.draw_panels, "0 strips are selected", selected_only=True)
    assert sessions.session_of(bpy.context)[1].flows == []
    assert versions.frames_of(strip(scene, "board")) == 60
    assert fresh("after").name
    return found
