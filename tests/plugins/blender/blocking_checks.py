"""Checks of what is blocked in 3D: drawn with its depth, all settings as they were, and brought back as a take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shotwright.plugins.blender import sessions, versions
from stage import FOLDER, bpy, check, edit_of, film, fresh, refused, rows, strip

operators = bpy.ops.shotwright


def _plane(scene: Any, z: float, left: float, right: float) -> Any:
    mesh = bpy.data.meshes.new("plane")
    mesh.from_pydata([(left, -9, z), (right, -9, z), (right, 9, z), (left, 9, z)], [], [(0, 1, 2, 3)])
    thing = bpy.data.objects.new("plane", mesh)
    scene.collection.objects.link(thing)
    return thing


def _camera(scene: Any, name: str, at: tuple[float, float, float] = (0, 0, 0)) -> Any:
    camera = bpy.data.objects.new(name, bpy.data.cameras.new(name))
    camera.location = at
    scene.collection.objects.link(camera)
    return camera


def _settings(scene: Any) -> list[Any]:
    render, cycles = scene.render, getattr(scene, "cycles", None)
    found = [render.engine, render.filepath, render.resolution_x, render.resolution_y, render.filter_size, scene.camera]
    found += [render.use_sequencer, scene.frame_current, scene.view_settings.view_transform, scene.world]
    found += [scene.view_layers[0].material_override, getattr(cycles, "samples", 0), len(bpy.data.materials)]
    picture = render.image_settings
    found += [picture.file_format, picture.color_mode, picture.color_depth, getattr(picture, "media_type", "")]
    return [*found, [(marker.name, marker.frame, marker.camera) for marker in scene.timeline_markers]]


def _pixels(path: Path) -> Any:
    import numpy as np

    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    return np.array(image.pixels[:]).reshape(height, width, -1)[..., 0]


@check
def the_blocking_is_drawn_with_its_depth() -> Any:
    scene = fresh("blocking")
    scene.world = bpy.data.worlds.new("grey")
    for z, left, right in ((-2, -9, -0.5), (-6, -0.5, 0.5), (-10, 0.5, 9)):
        _plane(scene, z, left, right)
    for name, frame, at in (("A", 1, (0, 0, 0)), ("B", 5, (99, 0, 0))):
        scene.timeline_markers.new(name, frame=frame).camera = _camera(scene, name, at)
    before, folder = _settings(scene), FOLDER / "blocking"
    paths = []
    for path in sessions.session_of(bpy.context)[0].export_frames(-2, 6, (96, 64), folder):
        paths.append(path.name)
        assert _settings(scene) == before  # also between two frames
    assert paths == [f"000{number}.png" for number in range(6)]
    depths = []
    for name in paths:  # the last ones are behind the cut to the other camera, and still seen by the first
        assert _pixels(folder / "frames" / name).std() > 0.01
        depth = _pixels(folder / "depth" / name)
        depths.append([round(float(depth[32, x]), 3) for x in (8, 48, 92)])
    near, far = 2 * 0.999, 10 * 1.02
    wanted = [(far - z) / (far - near) for z in (2, 6, 10)]
    assert all(abs(a - b) < 0.01 for depth in depths for a, b in zip(depth, wanted, strict=True)), (depths, wanted)
    scene.timeline_markers.clear()
    scene.camera = None
    refused(operators.blocking_to_take, "no camera")
    return depths[0]


@check
def what_is_blocked_comes_back_as_a_take() -> Any:
    import numpy as np

    scene, host, _ = film("blocked")
    first, second, third = (row[2] for row in rows(scene))
    thing = _plane(scene, -6, -1, 1)
    thing.location.x = -2
    thing.keyframe_insert("location", frame=1)
    thing.location.x = 2
    thing.keyframe_insert("location", frame=320)
    light = bpy.data.objects.new("light", bpy.data.lights.new("light", "SUN"))
    scene.collection.objects.link(light)
    for shot, row in zip((first, second, third), rows(scene), strict=True):
        scene.timeline_markers.new("", frame=row[3]).camera = _camera(scene, shot)
    before, settings = rows(scene), _settings(scene)
    scene.frame_set(before[1][3] + 3)
    assert operators.blocking_to_take(keep=0.9) == {"FINISHED"}
    scene.frame_set(settings[7])
    assert _settings(scene) == settings
    after = rows(scene)
    assert [(row[2:]) for row in after] == [row[2:] for row in before]
    assert [row[1] for row in after] == ["COLOR", "MOVIE", "COLOR"]
    movie = strip(scene, second)
    assert Path(movie.filepath).name == f"{second}_TK01.mov"
    assert versions.content_of(movie) == before[1][4] + 24  # handles of 12 frames
    assert [(r[2], r[3] - 1, r[4]) for r in after] == [(e[1], e[2], e[3]) for e in edit_of(host)]
    # It follows: what is seen goes from left to right, as the plane does.
    scene.view_settings.view_transform = "Raw" if bpy.app.version < (5, 0, 0) else "Standard"
    places = []
    for at in (5, 95):
        scene.frame_set(before[1][3] + at)
        scene.render.filepath = str(FOLDER / f"blocked {at}.png")
        scene.render.image_settings.file_format = "PNG"
        bpy.ops.render.render(write_still=True, scene=scene.name)
        picture = _pixels(Path(scene.render.filepath))
        apart = np.abs(picture - np.median(picture)).mean(axis=0)
        places.append(float((apart * np.arange(apart.size)).sum() / apart.sum()))
    assert places[1] > places[0] + 8, places
    for marker in scene.timeline_markers:
        marker.camera.name = marker.camera.data.name = "nobody"
    refused(operators.blocking_to_take, "There is no shot")
    assert rows(scene) == after
    return [round(place, 1) for place in places]
