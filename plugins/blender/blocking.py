# SPDX-License-Identifier: GPL-3.0-or-later
"""The 3D view's blocking as pictures: the camera's view of a range of frames, and how far away all of it is.

One frame at a time, so that a window can be drawn between two; all settings are the user's own again in between.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy

from ...core.errors import RefusedError
from . import versions

# Drawn by the graphics card where there is one; else Cycles, which needs none, with one sample.
_ENGINES = ("BLENDER_WORKBENCH", "CYCLES")
_NEARER, _FARTHER = 0.999, 1.02  # of the distances met: what is farthest is not black yet, as nothing is
_SHAPES = {"MESH", "CURVE", "SURFACE", "META", "FONT", "CURVES", "POINTCLOUD", "VOLUME", "GREASEPENCIL"}


def rendered(
    scene_now: Callable[[], Any], first: int, frames: int, size: tuple[int, int], folder: Path
) -> Iterator[Path]:
    """Renders scene frames from `first` on into a folder: `frames/0000.png` … and `depth/0000.png` …, one at a time.

    Depth is grey, white at the nearest point of the whole stretch, dark at the farthest and black where nothing is. The
    camera is the one that looks in the middle of the stretch. Raises RefusedError without one, or where nothing can
    draw.
    """
    scene = scene_now()
    camera = camera_at(scene, first + frames // 2)
    if camera is None:
        raise RefusedError("The scene has no camera.", "Add one, and look through it.")
    name, span = camera.name, _distances(scene, camera, range(first, first + frames))
    able = list(_ENGINES)
    for number in range(frames):
        scene = scene_now()
        path = folder / "frames" / f"{number:04}.png"
        with _as_set(scene, bpy.data.objects[name], size):
            _draw(scene, first + number, path, able)
            with _only_distance(scene, span):
                _draw(scene, first + number, folder / "depth" / path.name, ["CYCLES"])
        yield path


def camera_at(scene: Any, frame: int) -> Any:
    """The camera that looks at a frame: that of the last marker with one before it, else the scene's."""
    bound = [marker for marker in scene.timeline_markers if marker.camera and marker.frame <= frame]
    return max(bound, key=lambda marker: marker.frame).camera if bound else scene.camera


def _draw(scene: Any, frame: int, path: Path, able: list[str]) -> None:
    """One picture, by the first of the engines that can; those that can't are taken off the list."""
    failed: Exception | None = None
    while able:
        scene.render.engine = able[0]
        scene.frame_set(frame)
        scene.render.filepath = str(path)
        try:
            bpy.ops.render.render(write_still=True, scene=scene.name)
            return
        except RuntimeError as error:  # no graphics card, no OpenGL: the next one needs none
            failed = error
            able.pop(0)
    raise RefusedError(f"Nothing here can draw the scene: {failed}.", "Install Blender with Cycles.")


def _distances(scene: Any, camera: Any, frames: range) -> tuple[float, float]:
    """The nearest and the farthest distance from the camera, along its axis, of all that it may see in these frames."""
    now, found = scene.frame_current, []
    try:
        for frame in frames:
            scene.frame_set(frame)
            looking = camera.matrix_world.inverted()
            for thing in scene.objects:
                if thing.type in _SHAPES and not thing.hide_render:
                    placed = looking @ thing.matrix_world
                    found += [-(placed @ type(camera.location)(corner)).z for corner in thing.bound_box]
    finally:
        scene.frame_set(now)
    least, most = camera.data.clip_start, camera.data.clip_end
    near = max(least, min(found, default=least))
    far = min(most, max(found, default=most))
    return near * _NEARER, (far if far > near else near + 1.0) * _FARTHER


@contextlib.contextmanager
def _as_set(scene: Any, camera: Any, size: tuple[int, int]) -> Iterator[None]:
    """The settings of a quick picture through a camera, and the user's own behind it."""
    render, settings = scene.render, scene.render.image_settings
    bound = [(marker.name, marker.frame, marker.camera) for marker in scene.timeline_markers if marker.camera]
    before, frame, looked = render.filepath, scene.frame_current, scene.camera
    wanted: list[tuple[Any, str, Any]] = [
        (render, "engine", "CYCLES"),
        (render, "use_sequencer", False),
        (render, "use_compositing", False),
        (render, "use_overwrite", True),
        (render, "use_border", False),
        (render, "resolution_x", size[0]),
        (render, "resolution_y", size[1]),
        (render, "resolution_percentage", 100),
        (render, "pixel_aspect_x", 1.0),
        (render, "pixel_aspect_y", 1.0),
        *versions.pictures_are_written(settings),
        (settings, "file_format", "PNG"),
        (settings, "color_mode", "RGB"),
        (settings, "color_depth", "8"),
        (scene.view_settings, "view_transform", "Standard"),
    ]
    if hasattr(scene, "cycles"):
        wanted += [(scene.cycles, "samples", 1), (scene.cycles, "use_denoising", False)]
    try:
        with _set(wanted):
            for marker in scene.timeline_markers:
                marker.camera = None  # frames beside the cut are seen by the same camera
            scene.camera = camera
            yield
    finally:
        for marker in scene.timeline_markers:
            marker.camera = next((c for name, at, c in bound if (name, at) == (marker.name, marker.frame)), None)
        scene.camera, render.filepath = looked, before
        scene.frame_set(frame)


@contextlib.contextmanager
def _only_distance(scene: Any, span: tuple[float, float]) -> Iterator[None]:
    """All surfaces show how far away they are, as a value that no view transform changes."""
    material = _distance_material(*span)
    layers = list(scene.view_layers)
    wanted: list[tuple[Any, str, Any]] = [
        *((layer, "material_override", material) for layer in layers),
        (scene, "world", None),
        (scene.render, "film_transparent", False),
        (scene.render, "filter_size", 0.01),
        (scene.render.image_settings, "color_mode", "BW"),
        (scene.render.image_settings, "color_depth", "16"),
        (scene.view_settings, "view_transform", "Raw"),
    ]
    if hasattr(scene, "cycles"):
        wanted += [(scene.cycles, "filter_width", 0.01)]
    try:
        with _set(wanted):
            yield
    finally:
        bpy.data.materials.remove(material)


def _distance_material(near: float, far: float) -> Any:
    material = bpy.data.materials.new(".shotwright distance")
    versions.with_nodes(material)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    camera, ranged = nodes.new("ShaderNodeCameraData"), nodes.new("ShaderNodeMapRange")
    emission, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    for name, value in (("From Min", near), ("From Max", far), ("To Min", 1.0), ("To Max", 0.0)):
        ranged.inputs[name].default_value = value
    links.new(camera.outputs["View Z Depth"], ranged.inputs["Value"])
    links.new(ranged.outputs["Result"], emission.inputs["Color"])
    links.new(emission.outputs["Emission"], output.inputs["Surface"])
    return material


@contextlib.contextmanager
def _set(wanted: list[tuple[Any, str, Any]]) -> Iterator[None]:
    """Sets attributes of owners in this order, and back in the other one."""
    before: list[tuple[Any, str, Any]] = []
    try:
        for owner, name, value in wanted:
            before.append((owner, name, getattr(owner, name)))
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in reversed(before):
            setattr(owner, name, value)
