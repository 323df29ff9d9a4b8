# SPDX-License-Identifier: GPL-3.0-or-later
"""The 3D view's blocking as pictures: the camera's view of a range of frames, as fast as this machine draws it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ...core.errors import RefusedError

# Drawn by the graphics card where there is one; else Cycles, which needs none, with one sample.
_ENGINES = ("BLENDER_WORKBENCH", "CYCLES")


def rendered(scene: Any, first: int, frames: int, folder: Path) -> list[Path]:
    """Renders scene frames from `first` on as PNG, `0000.png` …; all settings are as before afterwards.

    Raises RefusedError without a camera, or where nothing can draw.
    """
    if scene.camera is None:
        raise RefusedError("The scene has no camera.", "Add one, and look through it.")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04}.png" for number in range(frames)]
    failed: Exception | None = None
    for engine in _ENGINES:
        with _as_set(scene, engine):
            try:
                for number, path in enumerate(paths):
                    scene.frame_set(first + number)
                    scene.render.filepath = str(path)
                    bpy.ops.render.render(write_still=True, scene=scene.name)
                return paths
            except RuntimeError as error:  # no graphics card, no OpenGL: the next one needs none
                failed = error
    raise RefusedError(f"Nothing here can draw the scene: {failed}.", "Set its render engine to Cycles.")


@contextmanager
def _as_set(scene: Any, engine: str) -> Iterator[None]:
    """The settings of a quick picture, and the user's own behind it."""
    render, settings = scene.render, scene.render.image_settings
    owners = {
        "engine": (render, engine),
        "use_sequencer": (render, False),
        "use_compositing": (render, False),
        "use_overwrite": (render, True),
        "file_format": (settings, "PNG"),
        "color_mode": (settings, "RGB"),
    }
    before = {name: getattr(owner, name) for name, (owner, _) in owners.items()}
    path, frame = render.filepath, scene.frame_current
    samples = scene.cycles.samples if hasattr(scene, "cycles") else None
    try:
        for name, (owner, value) in owners.items():
            setattr(owner, name, value)
        if samples is not None:
            scene.cycles.samples = 1
        yield
    finally:
        for name, (owner, _) in owners.items():
            setattr(owner, name, before[name])
        if samples is not None:
            scene.cycles.samples = samples
        render.filepath = path
        scene.frame_set(frame)
