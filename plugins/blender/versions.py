# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between Blender 4.5, 5.0 and 5.2, in one place (measured with the bpy packages of each)."""

from __future__ import annotations

import re
from typing import Any

import bpy

FROM_5_1 = bpy.app.version >= (5, 1, 0)


def sequencer_scene(context: Any) -> Any:
    """The scene whose sequencer is worked in: since 5.0 the workspace's own, else the context's."""
    workspace = getattr(context, "workspace", None)
    return getattr(workspace, "sequencer_scene", None) or context.scene


def start_of(strip: Any) -> float:
    """Where a strip's content begins, trimmed or not; it may be between two frames."""
    return float(strip.content_start if FROM_5_1 else strip.frame_start)


def first_of(strip: Any) -> int:
    """The first frame that a strip shows."""
    return int(strip.left_handle if FROM_5_1 else strip.frame_final_start)


def frames_of(strip: Any) -> int:
    """How many frames a strip shows."""
    return int(strip.duration if FROM_5_1 else strip.frame_final_duration)


def content_of(strip: Any) -> int:
    """How many frames a strip's content has."""
    return int(strip.content_duration if FROM_5_1 else strip.frame_duration)


def past_media(strip: Any) -> tuple[int, int]:
    """How many frames a strip shows before its content begins and behind its end, where its picture stands still."""
    names = ("left_handle_offset", "right_handle_offset") if FROM_5_1 else ("frame_offset_start", "frame_offset_end")
    head, tail = (max(0, -round(getattr(strip, name))) for name in names)
    return head, tail


def place(strip: Any, first: int, frames: int, skipped: int) -> None:
    """Has a strip show so many frames from `first` on, the first of them `skipped` frames into its content."""
    names = (
        ("content_start", "left_handle_offset", "right_handle_offset")
        if FROM_5_1
        else ("frame_start", "frame_offset_start", "frame_offset_end")
    )
    start, before, behind = names
    setattr(strip, before, 0)
    setattr(strip, behind, 0)
    setattr(strip, start, first - skipped)
    setattr(strip, before, skipped)
    setattr(strip, behind, content_of(strip) - skipped - frames)
    setattr(strip, start, first - skipped)  # once more: only this brings effects after what they are over


def move(strip: Any, first: int, skipped: int) -> None:
    """Has a strip, which keeps its length, begin at a frame."""
    setattr(strip, "content_start" if FROM_5_1 else "frame_start", first - skipped)


def length(frames: int) -> dict[str, int]:
    """How a new effect strip at frame 1 is made as long as that: by its end up to 4.5, by its length since 5.0."""
    return {"length": frames} if bpy.app.version >= (5, 0, 0) else {"frame_end": 1 + frames}


def animated(scene: Any, name: str) -> set[str]:
    """The names of the strips whose property of that name changes over time."""
    action = scene.animation_data.action if scene.animation_data else None
    if action is None:
        return set()
    paths = [curve.data_path for curve in getattr(action, "fcurves", ())]  # none since 5.0
    for layer in getattr(action, "layers", ()):
        paths += [c.data_path for strip in layer.strips for bag in strip.channelbags for c in bag.fcurves]
    found = (re.search(rf'\["(.+)"\]\.{name}$', path) for path in paths)
    return {match[1].replace('\\"', '"') for match in found if match}


def pictures_are_written(settings: Any) -> list[tuple[Any, str, Any]]:
    """What is to be set before a picture's format can be chosen: since 5.0, that no movie is meant."""
    return [(settings, "media_type", "IMAGE")] if hasattr(settings, "media_type") else []


def with_nodes(material: Any) -> None:
    """Gives a material its nodes; since 5.0 each has them."""
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True


def draws(material: Any) -> tuple[bool, bool]:
    """Whether lines and insides of a material are shown where a stroke does not say so: since 5.2 it does itself."""
    if bpy.app.version >= (5, 2, 0):
        return True, False
    return bool(material.show_stroke), bool(material.show_fill)
