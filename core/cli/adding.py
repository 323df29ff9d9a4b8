"""`shotwright takes add`: a movie that was made elsewhere becomes a take of a shot.

Stopped while it is written, nothing of it is in the film. Stopped when its folder is in its place and the edit does not
have it yet, the same command finds it there by its recipe and goes on with it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import storage_error
from ..project.folder import Film
from .edit_places import removed_in_trouble
from .reporting import Report

if TYPE_CHECKING:
    from ..clips.adding import Addition
    from ..film import Shot

_WORK = "add-"
_KEPT_SECONDS = 24 * 3600  # of what a killed command left: no other is at it for longer


@dataclass(frozen=True)
class _There:
    """A take that lies in the film: its key, its folder, and its recipe."""

    key: str
    folder: Path
    recipe: dict[str, Any]

    @property
    def movie(self) -> Path:
        """Its mezzanine."""
        return self.folder / str(self.recipe["files"]["mezzanine"])


def add_take(report: Report, film: Film, name: str, media: Path, begin: str, activate: bool) -> None:
    """Makes a movie a take of the shot of that name and answers; a movie that was added so already is added once."""
    from ..client import ensure_engine
    from ..clips.adding import addition
    from ..project.takes import chosen_shots

    (shot,) = chosen_shots(film.shot_list().shots, [name])
    wanted = addition(media, film.settings(), shot.frames, begin)
    _clear_left(film)
    found = _found(film, shot, wanted)
    there = found or _written(report, film, shot, wanted)
    was_there = any((take.shot, take.key) == (shot.name, there.key) for take in film.edit().takes())
    added = there.recipe["added"]
    step = {
        "film": str(film.path),
        "shot_id": shot.shot_id,
        "take": there.key,
        "media": there.movie.relative_to(film.path).as_posix(),
        "activate": activate,
        **{count: added[count] for count in ("frames", "handle_frames", "start_frames")},
    }
    with removed_in_trouble(*(() if found else (there.folder,))):
        answer = ensure_engine().post("/v1/films/takes/add", step)
    _tell(report, shot, there, wanted, answer, was_there)


def _found(film: Film, shot: Shot, wanted: Addition) -> _There | None:
    """The take that was made of the same movie in the same way, whether or not the edit has it yet."""
    from ..clips.links import RECIPE

    for path in sorted(film.take_folder(shot.name, "TK").parent.glob(f"TK*/{RECIPE}")):
        try:
            recipe = json.loads(path.read_text(encoding="utf-8"))
            there = _There(path.parent.name, path.parent, recipe)
            if wanted.facts.items() <= recipe["added"].items() and there.movie.exists():
                return there
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return None


def _written(report: Report, film: Film, shot: Shot, wanted: Addition) -> _There:
    """Writes the movie's take under the shot's next number, and puts its folder into its place in one rename."""
    from ..client import ensure_engine
    from ..clips.adding import write_addition
    from ..clips.links import RECIPE
    from ..protocol import Delivery
    from ..storage import sync_folder
    from .progress import counting

    given = ensure_engine().post("/v1/films/takes/next", {"film": str(film.path), "shot_id": shot.shot_id})
    key, delivery = str(given["take"]), Delivery.from_json(given["delivery"])
    start = delivery.start_frames + delivery.handle_frames - wanted.head_frames
    delivery = replace(delivery, start_frames=start, handle_frames=wanted.head_frames)
    poster_at = min(wanted.frames - 1, wanted.head_frames + shot.frames // 2)
    work, target = film.private / "work", film.take_folder(shot.name, key)
    try:
        work.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work, prefix=_WORK) as folder:
            place = Path(folder) / key
            place.mkdir()
            with counting(report, f"{shot.name} {key}") as progress:
                write_addition(wanted, place, delivery, film.settings(), poster_at, progress)
            sync_folder(place)
            place.rename(target)
            sync_folder(target.parent)
    except OSError as error:
        raise storage_error(error, "keeping the take") from error
    return _There(key, target, json.loads((target / RECIPE).read_text(encoding="utf-8")))


def _clear_left(film: Film) -> None:
    """Removes what commands left that were killed while they wrote."""
    for left in (film.private / "work").glob(f"{_WORK}*"):
        if time.time() - left.stat().st_mtime > _KEPT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _tell(report: Report, shot: Shot, there: _There, wanted: Addition, answer: dict[str, Any], was_there: bool) -> None:
    added, info = there.recipe["added"], wanted.source.info
    notices = [*_changes(wanted, added["copied"]), *answer["notices"]]
    for notice in notices:
        report.say(notice)
    told = {
        "shot": shot.name,
        "take": there.key,
        "output": str(there.movie),
        "frames": added["frames"],
        "handle_frames": added["handle_frames"],
        "rate": added["rate"],
        "size": added["size"],
        "sound": info.has_sound,
        "copied": added["copied"],
        "added": not was_there,
        "active": answer["active"],
        "edit": answer["edit"],
        "notices": notices,
    }
    how = "is added, its frames copied bit by bit" if added["copied"] else "is added"
    how = "was added already" if was_there else how
    plays = "It plays." if answer["active"] else f"Play it: shotwright takes activate FILM {shot.name} {there.key}"
    report.answer(told, f"{shot.name} {there.key} {how}: {added['frames']} frames. {plays}")


def _changes(wanted: Addition, copied: bool) -> list[str]:
    """What of the movie is not as it was, as sentences."""
    info, rate, name = wanted.source.info, wanted.shown.info.rate, wanted.source.path.name
    told = [*wanted.source.notices]
    if info.rate != rate:
        way = "each frame is one of the film's" if info.rate.relabels(rate) else "its nearest frames are taken"
        told.append(f"{name} runs at {info.rate} frames a second, the film at {rate}: {way}.")
    if info.size != wanted.size:
        told.append("{} is {}x{}, the film {}x{}: it is fitted.".format(name, *info.size, *wanted.size))
    if not copied:
        told.append(f"{name} is written anew as the film's mezzanine.")
    return told
