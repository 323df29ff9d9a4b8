"""What all checks in Blender share: the extension imported from its package, films in scenes of their own, strips.

    python in_blender.py FOLDER PACKAGE [NAME …]

PACKAGE is a folder in which `shotwright` can be imported from; SHOTWRIGHT_STATE has `program.json`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER, PACKAGE = Path(sys.argv[1]), sys.argv[2]
sys.path.insert(0, PACKAGE)

import bpy  # noqa: E402

_begun = time.perf_counter()
import shotwright.plugins.blender as extension  # noqa: E402

IMPORT_SECONDS = time.perf_counter() - _begun
from shotwright.core.hosts import Session  # noqa: E402
from shotwright.plugins.blender import sessions, versions  # noqa: E402
from shotwright.plugins.blender.host import BlenderHost  # noqa: E402

__all__ = ["bpy", "extension"]
SCRIPT = """INT. KITCHEN - DAY

Anna pours tea.

EXT. STREET - NIGHT

A red car drives past.

EXT. SEA - DAY

Waves.
"""
CHECKS: dict[str, Callable[[], Any]] = {}


def check(body: Callable[[], Any]) -> Callable[[], Any]:
    CHECKS[body.__name__] = body
    return body


def fresh(name: str) -> Any:
    """A scene of its own, small and at 24 frames a second, with a film of three shots."""
    scene = bpy.data.scenes.new(name)
    scene.render.fps, scene.render.fps_base = 24, 1.0
    scene.render.resolution_x, scene.render.resolution_y = 160, 90
    bpy.context.window.scene = scene
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = scene
    sessions._sessions.clear()
    return scene


def film(name: str) -> tuple[Any, BlenderHost, Session]:
    scene = fresh(name)
    (FOLDER / name).mkdir(parents=True)
    script = FOLDER / name / "tea.fountain"
    script.write_text(SCRIPT)
    assert bpy.ops.shotwright.import_script(filepath=str(script)) == {"FINISHED"}
    return scene, *sessions.session_of(bpy.context)


def rows(scene: Any) -> list[tuple[int, str, str, int, int]]:
    """Channel, type, name, first frame, frames of each strip, in order."""
    strips = sorted(scene.sequence_editor.strips, key=lambda s: (s.channel, versions.first_of(s)))
    return [(s.channel, s.type, s.name, versions.first_of(s), versions.frames_of(s)) for s in strips]


def select(scene: Any, *names: str) -> None:
    for strip in scene.sequence_editor.strips:
        strip.select = strip.name in names


def strip(scene: Any, name: str) -> Any:
    return scene.sequence_editor.strips[name]


def put(one: Any, first: int, frames: int, skipped: int) -> None:
    """Places a strip as its user does: others are where they are, and it is out of their way meanwhile."""
    channel, one.channel = one.channel, 125
    versions.place(one, first, frames, skipped)
    one.channel = channel


def folder_of(host: BlenderHost) -> Path:
    tie = host.tie()
    assert tie is not None
    return tie.film


def edit_of(host: BlenderHost) -> Any:
    """The film's edit as it lies on disk, by names: start, frames, media."""
    timeline = json.loads((folder_of(host) / "edit.otio").read_text())
    found = []
    for track in timeline["tracks"]["children"]:
        at = 0
        for child in track["children"]:
            if not child["OTIO_SCHEMA"].startswith("Transition"):
                frames = int(child["source_range"]["duration"]["value"])
                if child["OTIO_SCHEMA"].startswith("Clip"):
                    found.append((track["name"], child["name"], at, frames))
                at += frames
    return [row for row in found if row[0].startswith(("V", "Channel"))]


def same(found: Any, wanted: Any) -> None:
    assert found == wanted, f"{found}\nis not\n{wanted}"


def near(found: list[float], wanted: list[float]) -> None:
    """Raises AssertionError where other frames are shown: of movies made anew, a reading may be half a frame off."""
    assert all(abs(a - b) <= 0.5 for a, b in zip(found, wanted, strict=True)), f"{found}\nis not\n{wanted}"


def refused(operator: Callable[..., Any], words: str, **options: Any) -> None:
    said = "nothing was refused"
    try:
        operator(**options)
    except RuntimeError as error:  # Blender raises what an operator reports, where there is no window
        said = str(error)
    assert words in said, said
    assert said != "nothing was refused"


def skipped_in(moved: Any) -> int:
    return round(versions.first_of(moved) - versions.start_of(moved))


def shown(scene: Any, *frames: int) -> list[float]:
    """Which frames of `numbers.mov` the sequencer shows, parts of frames where two are mixed."""
    import numpy as np

    scene.view_settings.view_transform = "Standard"
    scene.render.image_settings.file_format = "PNG"
    scene.render.use_sequencer = True
    found = []
    for frame in frames:
        scene.frame_set(frame)
        scene.render.filepath = str(FOLDER / f"{scene.name} {frame}.png")
        bpy.ops.render.render(write_still=True, scene=scene.name)
        image = bpy.data.images.load(scene.render.filepath)
        level = float(np.array(image.pixels[:]).reshape(*reversed(image.size), -1)[40, 80, 0])
        found.append(round((level * 255 - 10) / 4 * 2) / 2)
    return found
