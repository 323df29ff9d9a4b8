"""Steps in a film's edit that change single clips: a take added, a clip extended, a gap bridged.

Each is one change with a snapshot before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import NotFoundError, UsageError
from ..film import Take
from ..film.take import take_number
from ..project.asked import is_done, note_done
from ..project.folder import Film
from ..timeline.steps import Bridge, Extension

if TYPE_CHECKING:  # OTIO is loaded when it is needed, so that an engine starts at once
    from ..timeline.cutting import Notices
    from ..timeline.edit import Edit


def extend_clip(film: Film, extension: Extension, key: str = "") -> dict[str, Any]:
    """Extends a clip: `edit`, and `notices` on what went that nobody asked to go. Under a key it is done once.

    Raises RefusedError where there is too little room, StateError where the clip has changed meanwhile, UsageError
    where its new media are not in the film.
    """
    from ..timeline.cutting import extended

    if extension.media is not None:
        _check_inside(film, extension.media.path)
    return _step(film, lambda edit: extended(edit, extension), key)


def bridge_gap(film: Film, bridge: Bridge, key: str = "") -> dict[str, Any]:
    """Fills the gap behind a clip: `edit`, `notices`; raises as `extend_clip`."""
    from ..timeline.cutting import bridged

    _check_inside(film, bridge.path)
    return _step(film, lambda edit: bridged(edit, bridge), key)


@dataclass(frozen=True, kw_only=True)
class NewTake:
    """A movie in the film's media that is to be take `take` of a shot: `frames` in all, `handle_frames` of them before
    the cut-in; it plays where the shot had no take, or where it is to `activate`."""

    shot_id: str
    take: str
    media: str
    frames: int
    handle_frames: int
    start_frames: int
    activate: bool = False


def add_take(film: Film, new: NewTake) -> dict[str, Any]:
    """Puts a take into the edit that was made elsewhere; doing it again changes nothing: `edit`, `active`, `notices`.

    Raises NotFoundError for a shot that is not in the list, UsageError where the movie is not in the film.
    """
    _check_inside(film, new.media)
    if not 0 <= new.handle_frames < new.frames or not take_number(new.take):
        raise UsageError("This is no take.", "It needs a key, such as TK02, and frames from its cut-in on.")
    shot = next((shot for shot in film.shot_list().shots if shot.shot_id == new.shot_id), None)
    if shot is None:
        raise NotFoundError("The shot is not in the shot list.", "See it with: shotwright breakdown FILM.")
    frames = min(shot.frames, new.frames - new.handle_frames)
    take = Take(shot.name, new.take, new.media, frames, new.handle_frames, new.start_frames, "", 0, "")

    def change(edit: Edit) -> Edit:
        after = edit.with_take(new.shot_id, take, new.frames)
        return after.activate(new.shot_id, new.take) if new.activate else after

    edit = film.change_edit(change)
    plays = any(each.active for each in edit.takes() if (each.shot, each.key) == (shot.name, new.take))
    return {"edit": str(film.edit_path), "active": plays, "notices": list(_lacking(edit, new))}


def _lacking(edit: Edit, new: NewTake) -> Iterator[str]:
    """What of the shot's place in the cut the take has no frames for."""
    for event in edit.events():
        first = event.cut_in - new.handle_frames
        head, tail = first - event.source.start, event.source.end - first - new.frames
        for frames, way in ((head, "begins {} behind the cut"), (tail, "ends {} before the cut does")):
            if event.shot_id == new.shot_id and frames > 0:
                count = f"{frames} frame{'s' * (frames > 1)}"
                yield f"{event.shot} {new.take} {way.format(count)}: a slate stands for what it lacks."


def _step(film: Film, step: Callable[[Edit], tuple[Edit, Notices]], key: str) -> dict[str, Any]:
    told: list[str] = []

    def change(edit: Edit) -> Edit:
        if is_done(film.path, key):
            return edit
        after, notices = step(edit)
        told.extend(notices)
        return after

    film.change_edit(change)
    note_done(film.path, key)
    return {"edit": str(film.edit_path), "notices": told}


def _check_inside(film: Film, path: str) -> None:
    place = (film.path / path).resolve()
    if not place.is_relative_to((film.path / "media").resolve()) or not place.is_file():
        raise UsageError(f"There is no “{path[:80]}” in the film's media.", "Put it there first.")
