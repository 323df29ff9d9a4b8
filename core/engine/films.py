"""What the engine does to films: takes asked for, chosen, circled, pruned; a new shot list. The one writer of edits."""

from __future__ import annotations

import shutil
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..errors import NotFoundError, UsageError, storage_error
from ..film import Take
from ..film.take import take_key, take_number
from ..planner import Estimate
from ..project.folder import Film
from ..project.following import Blocking, plan_follow
from ..project.requests import PanelHashes, take_delivery
from ..project.takes import PlannedTake, Wish, plan_takes
from ..protocol import JobRecord
from ..protocol.jobs import DONE
from .desk import Desk
from .models import ModelShelf


def open_film(path: str) -> Film:
    """The film at an absolute path; raises UsageError for a relative one, ProjectError for none."""
    return Film.open(absolute(path))


def absolute(path: str) -> Path:
    """A path that a call names; raises UsageError for a relative one."""
    if not Path(path).is_absolute():
        raise UsageError(f"“{path[:80]}” must be a whole path.", "The engine has a folder of its own.")
    return Path(path)


class FilmDesk:
    """Takes of films, as jobs of a desk."""

    def __init__(self, desk: Desk, shelf: ModelShelf) -> None:
        self._desk, self._shelf = desk, shelf
        self._planning = threading.Lock()  # two wishes at once must not be given the same take numbers
        self._reserved: dict[tuple[str, str], int] = {}  # the highest number of a shot that was given without a job

    def generate(self, film: Film, wish: Wish) -> dict[str, Any]:
        """Queues the takes that a wish comes down to, all or none: `jobs`, and the `estimate` of making them.

        The same wish made again while its takes are under way, or after they were stopped, gives the same jobs.
        """
        with self._planning:
            hashes = PanelHashes(film.path)
            planned = self._planned(film, wish, hashes)
            cost = self._cost(planned)
            for take in planned:
                self._keep_panels(film, take, hashes)
            with self._desk.together():
                jobs = [self._queued(film, take) for take in planned]
        return {"jobs": [job.to_json() for job in jobs], "estimate": asdict(cost)}

    def estimate(self, film: Film, wish: Wish) -> dict[str, Any]:
        """How many `takes` a wish comes down to, and what they cost: nothing is queued."""
        planned = plan_takes(film, wish, PanelHashes(film.path).of, lambda _shot: 0)
        return {"takes": len(planned), **asdict(self._cost(planned))}

    def _cost(self, planned: list[PlannedTake]) -> Estimate:
        cost = Estimate(0.0, 0, 0)
        for take in planned:
            cost += self._shelf.estimate(take.request, take.delivery)
        return cost

    def follow(self, film: Film, name: str, blocking: Blocking, model: str, seed: int | None) -> dict[str, Any]:
        """Queues a take of a shot that follows what was blocked of it: `job`, and its `estimate`.

        The same asked again is the same take, as long as its movie is there. Raises NotFoundError for no such shot,
        RefusedError for a model that can't follow.
        """
        limits = self._shelf.limits(model or film.settings().model)
        with self._planning:
            hashes = PanelHashes(film.path)
            take = plan_follow(film, name, blocking, limits, model, seed, hashes.of, self._highest_taken)
            before = self._desk.table.with_key(take.job_key)
            if before and before.record.state == DONE and not Path(before.record.output or "").is_file():
                take = replace(take, job_key=f"{take.job_key}:{take.key}")  # that one was pruned
            cost = self._shelf.estimate(take.request, take.delivery)
            self._keep_panels(film, take, hashes)
            return {"job": self._queued(film, take).to_json(), "estimate": asdict(cost)}

    def next_take(self, film: Film, shot_id: str) -> dict[str, Any]:
        """The number of a shot's next take, given to nobody else: `take`, `shot`, and its `delivery`.

        Raises NotFoundError for a shot that is not in the list.
        """
        settings, shots = film.settings(), film.shot_list().shots
        found = next(((place, shot) for place, shot in enumerate(shots) if shot.shot_id == shot_id), None)
        if found is None:
            raise NotFoundError("The clip's shot is not in the shot list.", "See it with: shotwright breakdown FILM.")
        ordinal, shot = found
        with self._planning:
            number = max(film.edit().next_take_number(shot_id), self._highest_taken(film, shot.name) + 1)
            self._reserved[str(film.path), shot.name] = number
        key = take_key(number)
        delivery = take_delivery(settings, shot, ordinal, key)
        return {"take": key, "shot": shot.name, "delivery": delivery.to_json()}

    def _planned(self, film: Film, wish: Wish, hashes: PanelHashes) -> list[PlannedTake]:
        again = plan_takes(film, wish, hashes.of, lambda _shot: 0)
        taken = {take.shot.name: self._highest_taken(film, take.shot.name) for take in again}
        # Who asks for just what is under way gets those jobs; any other wish gets numbers behind all that are taken.
        clashing = {
            take.shot.name
            for take in again
            if take_number(take.key) <= taken[take.shot.name] and not self._is_under_way(take.job_key)
        }
        if not clashing:
            return again
        return plan_takes(film, wish, hashes.of, lambda shot: taken[shot] if shot in clashing else 0)

    def _is_under_way(self, key: str) -> bool:
        job = self._desk.table.with_key(key)
        return job is not None and job.record.state != DONE

    def _highest_taken(self, film: Film, shot: str) -> int:
        """The highest take number of a shot that was given to a job or somebody, or whose folder is there."""
        keys = [job.record.take for job in self._desk.table.of_shot(str(film.path), shot)]
        folder = film.take_folder(shot, "TK").parent
        keys += [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return max([self._reserved.get((str(film.path), shot), 0), *map(take_number, keys)])

    def _keep_panels(self, film: Film, take: PlannedTake, hashes: PanelHashes) -> None:
        for panel in take.shot.panels:
            if not self._desk.media.has(hashes.of(panel.path)):
                self._desk.media.add(film.path / panel.path)

    def _queued(self, film: Film, take: PlannedTake) -> JobRecord:
        target = film.take_folder(take.shot.name, take.key)
        return self._desk.submit(
            take.request,
            take.delivery,
            take.job_key,
            (str(film.path), take.shot.name, take.key),
            lambda job_id: (film.private / "work" / job_id, target),
        )


def change_take(film: Film, change: str, shot: str, key: str) -> list[Take]:
    """Activates, circles or uncircles a take; the shot's takes after it. Raises NotFoundError."""
    if change == "activate":
        edit = film.change_edit(lambda edit: edit.activate(shot, key))
    else:
        edit = film.change_edit(lambda edit: edit.circle(shot, key, change == "circle"))
    return [take for take in edit.takes() if take.shot.casefold() == shot.casefold()]


def prune_takes(film: Film, delete: bool) -> dict[str, Any]:
    """The takes that neither play nor are circled, and the size of their media in bytes; deletes them if told to.

    The edit lets go of them first: should the machine stop in between, no clip points to what is gone.
    """
    takes = film.edit().prunable()
    folders = [(film.path / take.media).parent for take in takes]
    size = sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())
    if delete:
        film.change_edit(lambda edit: edit.prune())
        left = {take.media for take in film.edit().takes()}
        try:
            for take, folder in zip(takes, folders, strict=True):
                if take.media not in left and film.path / "media" in folder.parents and folder.is_dir():
                    shutil.rmtree(folder)
        except OSError as error:
            raise storage_error(error, "deleting takes") from error
    return {"takes": [{"shot": take.shot, "key": take.key} for take in takes], "bytes": size}
