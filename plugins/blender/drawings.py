# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn over the shots, as boards: Grease Pencil as lines, seen through the camera, and image strips.

    strips of scenes that have drawings   a board for each drawing that they show
    no such strips                        the scene's own drawings, as its cameras see them, over each shot
    image strips that are not the film's  each is a board

A drawing is one board for as long as it stands: from its keyframe to the next one of any layer.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import bpy

from ...core.protocol import Board, HostItem, Stroke
from ...core.protocol.board import Colour
from . import placeholders, strips, versions
from .blocking import camera_at

_SHORTEST_SECONDS = 0.5  # a drawing that stands less long is animation, and the one before it is the board
_AT_ONCE = 1_500  # points that are looked at before others have their turn


def boards(scene_now: Callable[[], Any], film: Path, items: Sequence[HostItem], only: bool) -> Iterator[Board | None]:
    """The boards over items, in record frames; `only` those of selected strips and over selected ones.

    None where others may have their turn. All settings are the user's own then.
    """
    scene = scene_now()
    there = [strip for strip in scene.sequence_editor.strips if not strip.mute and (strip.select or not only)]
    origin = scene.frame_start
    for strip in there:
        path = strips.media_of(strip)[0] if strip.type == "IMAGE" and not placeholders.is_one(strip) else ""
        if path and film not in Path(path).parents:
            yield Board(versions.first_of(strip) - origin, versions.frames_of(strip), path)
    spans = [
        (strip.scene.name, versions.first_of(strip), versions.frames_of(strip), _scene_frame(strip))
        for strip in there
        if strip.type == "SCENE" and strip.scene is not None and list(_drawn_in(strip.scene))
    ]
    if not spans:
        spans = [(scene.name, origin + item.start, item.frames, origin + item.start) for item in items]
    for name, first, frames, inside in spans:
        for at, length in _stands(bpy.data.scenes[name], inside, frames):
            yield from _board(bpy.data.scenes[name], at, first + at - inside - origin, length)


def _scene_frame(strip: Any) -> int:
    """The frame of its own scene that a scene strip shows first."""
    return int(strip.scene.frame_start) + versions.first_of(strip) - round(versions.start_of(strip))


def _drawn_in(scene: Any) -> Iterator[tuple[Any, Any]]:
    """The Grease Pencil objects of a scene that are rendered, and their visible layers, the lowest first."""
    for thing in scene.objects:
        if thing.type == "GREASEPENCIL" and not thing.hide_render:
            for layer in thing.data.layers:
                if not layer.hide and not (layer.parent_group and layer.parent_group.hide):
                    yield thing, layer


def _stands(scene: Any, first: int, frames: int) -> list[tuple[int, int]]:
    """At which frames of a stretch a drawing begins to stand there, and for how long each does."""
    keys = {frame.frame_number for _, layer in _drawn_in(scene) for frame in layer.frames}
    begins = [first, *sorted(key for key in keys if first < key < first + frames)]
    ends = [*begins[1:], first + frames]
    least = _SHORTEST_SECONDS * scene.render.fps / scene.render.fps_base
    long = [(at, end - at) for at, end in zip(begins, ends, strict=True) if end - at >= least]
    return long or [(first, frames)]


def _board(scene: Any, frame: int, start: int, frames: int) -> Iterator[Board | None]:
    """The drawing that a scene's camera sees at a frame; none where nothing is drawn."""
    camera = camera_at(scene, frame)
    if camera is None:
        return
    now = scene.frame_current
    try:
        scene.frame_set(frame)
        size = round(scene.render.resolution_x), round(scene.render.resolution_y)
        looking = _looking(scene, camera, size)
        read = [_Layer(thing, layer, frame) for thing, layer in _drawn_in(scene) if layer.get_frame_at(frame)]
    finally:
        scene.frame_set(now)
    yield None
    found: list[Stroke] = []
    seen = 0
    for layer in read:
        for points, about in layer.strokes():
            stroke = layer.seen(points, about, looking)
            found += [stroke] if stroke is not None else []
            seen += len(points)
            if seen > _AT_ONCE:
                seen = 0
                yield None
    if found:
        yield Board(start, frames, "", size, tuple(found))


def _looking(scene: Any, camera: Any, size: tuple[int, int]) -> Any:
    """What takes a point in the world to its place in the camera's picture."""
    render = scene.render
    shape = {"x": size[0], "y": size[1], "scale_x": render.pixel_aspect_x, "scale_y": render.pixel_aspect_y}
    seen = camera.calc_matrix_camera(scene.view_layers[0].depsgraph, **shape)
    return seen @ camera.matrix_world.normalized().inverted()


class _Layer:
    """What a layer's drawing says at a frame, as plain numbers: Blender may throw its own away meanwhile."""

    def __init__(self, thing: Any, layer: Any, frame: int) -> None:
        drawing = layer.get_frame_at(frame).drawing
        self._offsets = [each.value for each in drawing.curve_offsets]
        self._of_points = {name: _values(drawing, name) for name in ("position", "radius", "opacity", "vertex_color")}
        names = ("material_index", "cyclic", "hide_stroke", "fill_id", "fill_color")
        self._of_strokes = {name: values for name in names if (values := _values(drawing, name))}
        placed = layer.parent.matrix_world @ layer.matrix_parent_inverse if layer.parent else thing.matrix_world
        self._matrix = (placed @ layer.matrix_local).copy()
        self._scale, self._wider = self._matrix.median_scale, float(layer.radius_offset)
        self._cover, self._tint = float(layer.opacity), (*layer.tint_color, float(layer.tint_factor))
        self._materials = [
            _of_material(slot.material.grease_pencil)
            for slot in thing.material_slots
            if slot.material and slot.material.grease_pencil
        ]

    def strokes(self) -> Iterator[tuple[range, dict[str, Any]]]:
        """Each stroke: which of the points are its own, and what it says of itself."""
        for number, (first, end) in enumerate(zip(self._offsets, self._offsets[1:], strict=False)):
            yield range(first, end), {name: values[number] for name, values in self._of_strokes.items()}

    def seen(self, points: range, about: dict[str, Any], looking: Any) -> Stroke | None:
        """A stroke as the camera sees it; None for one that is behind it, or not shown."""
        index = int(about.get("material_index", 0))
        if not 0 <= index < len(self._materials):
            return None
        line, fill, has_line, has_fill = self._materials[index]
        has_line = not about["hide_stroke"] if "hide_stroke" in about else has_line
        has_fill = bool(about["fill_id"]) if "fill_id" in about else has_fill
        positions, radii = self._of_points["position"], self._of_points["radius"]
        across, down, _, away = ((*row,) for row in looking @ self._matrix)
        found = []
        for point in points:
            x, y, depth = (_along(row, positions[point]) for row in (across, down, away))
            if depth <= 1e-6:
                continue
            wide = 2 * ((radii[point] if radii else 0.01) + self._wider) * self._scale
            found.append(((x / depth + 1) / 2, (1 - y / depth) / 2, wide * self._upward(looking) / depth / 2))
        if not found:
            return None
        colours, covers = self._of_points["vertex_color"], self._of_points["opacity"]
        middle = points[len(points) // 2]
        own = colours[middle] if colours else (0.0, 0.0, 0.0, 0.0)
        cover = (sum(covers[point] for point in points) / len(points) if covers else 1.0) * self._cover
        inside = about.get("fill_color", (0.0, 0.0, 0.0, 0.0))
        return Stroke(
            tuple((min(900.0, max(-900.0, x)), min(900.0, max(-900.0, y)), min(10.0, wide)) for x, y, wide in found),
            self._coloured(line, own, cover) if has_line else None,
            self._coloured(fill, inside, self._cover) if has_fill else None,
            bool(about.get("cyclic", False)),
        )

    def _upward(self, looking: Any) -> float:
        """How large one unit of the world is, of half the picture's height, at depth 1."""
        return float((looking[1][0] ** 2 + looking[1][1] ** 2 + looking[1][2] ** 2) ** 0.5)

    def _coloured(self, colour: Sequence[float], own: Sequence[float], cover: float) -> Colour:
        """A material's colour with what is painted over it, and the layer's tint."""
        mixed = [a + (b - a) * own[3] for a, b in zip(colour[:3], own[:3], strict=True)]
        red, green, blue = (a + (b - a) * self._tint[3] for a, b in zip(mixed, self._tint[:3], strict=True))
        return _as_seen((red, green, blue, colour[3] * cover))


def _along(row: Sequence[float], at: Sequence[float]) -> float:
    """A row of a matrix with a point."""
    return row[0] * at[0] + row[1] * at[1] + row[2] * at[2] + row[3]


def _values(drawing: Any, name: str) -> list[Any]:
    """The values of an attribute of a drawing, empty where it has none of that name."""
    found = drawing.attributes.get(name)
    if found is None or not len(found.data):
        return []
    key, wide, kind = {
        "FLOAT_VECTOR": ("vector", 3, "f"),
        "FLOAT_COLOR": ("color", 4, "f"),
        "FLOAT": ("value", 1, "f"),
        "INT": ("value", 1, "i"),
    }.get(found.data_type, ("value", 1, "b"))
    row = array(kind, bytes(array(kind).itemsize * wide * len(found.data)))
    if found.data_type == "BOOLEAN":
        return [bool(each.value) for each in found.data]
    found.data.foreach_get(key, row)
    return list(row) if wide == 1 else [tuple(row[at : at + wide]) for at in range(0, len(row), wide)]


def _of_material(material: Any) -> tuple[tuple[float, ...], tuple[float, ...], bool, bool]:
    """The colours of lines and insides, and whether they are shown where a stroke does not say so."""
    return tuple(material.color), tuple(material.fill_color), *versions.draws(material)


def _as_seen(colour: tuple[float, float, float, float]) -> Colour:
    """A colour of light as it is seen (sRGB)."""
    red, green, blue = (
        12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        for value in (min(1.0, max(0.0, each)) for each in colour[:3])
    )
    return red, green, blue, min(1.0, max(0.0, colour[3]))
