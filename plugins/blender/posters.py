# SPDX-License-Identifier: GPL-3.0-or-later
"""Posters of takes as Blender's small pictures: each loaded when it is first shown, and anew where it was changed."""

from __future__ import annotations

from typing import Any

_loaded: dict[str, int] = {}  # when each was written that is there, by its path
_previews: Any = None


def icon_of(path: str, written: int) -> int:
    """The icon of a poster that was `written` at that time; 0 for none, which Blender draws as nothing."""
    global _previews
    if not path:
        return 0
    if _previews is None:
        from bpy.utils import previews

        _previews = previews.new()
    if _loaded.get(path) != written:
        _previews.pop(path, None)
        _previews.load(path, path, "IMAGE", force_reload=True)
        _loaded[path] = written
    return int(_previews[path].icon_id)


def free() -> None:
    """Gives all of them back."""
    global _previews
    if _previews is not None:
        from bpy.utils import previews

        previews.remove(_previews)
    _previews = None
    _loaded.clear()
