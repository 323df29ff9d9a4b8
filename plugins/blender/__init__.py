# SPDX-License-Identifier: GPL-3.0-or-later
"""Shotwright in Blender's sequencer."""

from __future__ import annotations

from typing import Any

_keys: list[tuple[Any, Any]] = []


def register() -> None:
    """Puts operators, panel and keys into Blender."""
    import bpy

    from . import operators, panels, sessions, strip_operators

    for each in (*operators.CLASSES, *strip_operators.CLASSES, *panels.CLASSES):
        bpy.utils.register_class(each)
    for name, handler in sessions.HANDLERS.items():
        getattr(bpy.app.handlers, name).append(handler)
    keys = bpy.context.window_manager.keyconfigs.addon if bpy.context.window_manager else None
    if keys is not None:
        keymap = keys.keymaps.new(name="Sequencer", space_type="SEQUENCE_EDITOR")
        for name, key in (("shotwright.extend", "E"), ("shotwright.next_take", "T")):
            _keys.append((keymap, keymap.keymap_items.new(name, key, "PRESS", ctrl=True, alt=True)))


def unregister() -> None:
    """Takes all of it out again."""
    import bpy

    from . import operators, panels, posters, sessions, strip_operators

    sessions.forget()
    posters.free()
    for name, handler in sessions.HANDLERS.items():
        getattr(bpy.app.handlers, name).remove(handler)
    for keymap, item in _keys:
        keymap.keymap_items.remove(item)
    _keys.clear()
    for each in reversed((*operators.CLASSES, *strip_operators.CLASSES, *panels.CLASSES)):
        bpy.utils.unregister_class(each)
