"""Steps in a film's edit that change single clips: extended, bridged. Each is one change with a snapshot before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..project.folder import Film
from ..timeline.steps import Bridge, Extension

if TYPE_CHECKING:  # OTIO is loaded when it is needed, so that an engine starts at once
    from ..timeline.cutting import Notices
    from ..timeline.edit import Edit


def extend_clip(film: Film, extension: Extension) -> dict[str, Any]:
    """Extends a clip: `edit`, and `notices` on what went that nobody asked to go.

    Raises RefusedError where there is too little room, StateError where the clip has changed meanwhile, UsageError
    where its new media are not in the film.
    """
    from ..timeline.cutting import extended

    if extension.media is not None:
        _check_inside(film, extension.media.path)
    return _step(film, lambda edit: extended(edit, extension))


def bridge_gap(film: Film, bridge: Bridge) -> dict[str, Any]:
    """Fills the gap behind a clip: `edit`, `notices`; raises as `extend_clip`."""
    from ..timeline.cutting import bridged

    _check_inside(film, bridge.path)
    return _step(film, lambda edit: bridged(edit, bridge))


def _step(film: Film, step: Callable[[Edit], tuple[Edit, Notices]]) -> dict[str, Any]:
    told: list[str] = []

    def change(edit: Edit) -> Edit:
        after, notices = step(edit)
        told.extend(notices)
        return after

    film.change_edit(change)
    return {"edit": str(film.edit_path), "notices": told}


def _check_inside(film: Film, path: str) -> None:
    place = (film.path / path).resolve()
    if not place.is_relative_to((film.path / "media").resolve()) or not place.is_file():
        raise UsageError(f"There is no “{path[:80]}” in the film's media.", "Put it there first.")
