"""From shots to jobs and back: which shots want a take, what each asks for, and the take's place in the edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NotFoundError, UsageError
from ..film import Shot, Take
from ..film.take import take_key
from ..protocol import SPEEDS, Delivery, JobRecord, Sampling, TakeRequest
from ..protocol.take_request import MAX_SEED
from .folder import Film
from .requests import PanelHashes, mezzanine_path, take_delivery, take_request
from .staleness import Staleness

if TYPE_CHECKING:
    from ..timeline.bridging import LaidBridge

MAX_TAKES = 99


@dataclass(frozen=True)
class PlannedTake:
    """A take to be made: the same plan has the same `job_key`, so that asking twice makes it once."""

    shot: Shot
    key: str
    request: TakeRequest
    delivery: Delivery
    job_key: str


@dataclass(frozen=True)
class Wish:
    """What `generate` was asked for; no names and no flags mean every shot.

    Asked twice under the same `key`, it is done once.
    """

    shots: tuple[str, ...] = ()
    missing: bool = False
    stale: bool = False
    takes: int = 1
    model: str = ""
    seed: int | None = None
    speed: str = ""
    key: str = ""


def chosen_shots(shots: Sequence[Shot], names: Iterable[str]) -> list[Shot]:
    """The shots of these names in the film's order; without names all that are not omitted. Raises NotFoundError."""
    wanted = {name.casefold(): name for name in names}
    found = [shot for shot in shots if (shot.name.casefold() in wanted if wanted else not shot.omitted)]
    lost = set(wanted) - {shot.name.casefold() for shot in found}
    if lost:
        raise NotFoundError(
            f"There is no shot “{wanted[sorted(lost)[0]]}”.", "See the names with: shotwright breakdown FILM."
        )
    return found


def default_seed(shot_id: str, key: str) -> int:
    """A seed of the take's own, the same each time it is asked for."""
    return int.from_bytes(hashlib.sha256(f"{shot_id}:{key}".encode()).digest()[:6], "big") & MAX_SEED


def plan_takes(
    film: Film, wish: Wish, media_hash: Callable[[str], str], reserved: Callable[[str], int]
) -> list[PlannedTake]:
    """The takes that a wish comes down to, in the film's order.

    `reserved` gives the highest take number that is under way for a shot of that name, 0 for none.
    Raises NotFoundError for unknown shots, UsageError for an impossible count of takes, or a speed that is none.
    """
    if not 1 <= wish.takes <= MAX_TAKES:
        raise UsageError(f"{wish.takes} takes can't be made.", f"Ask for 1 to {MAX_TAKES} a shot.")
    if wish.speed and wish.speed not in SPEEDS:
        raise UsageError(f"“{wish.speed[:40]}” is no speed.", f"Speeds are {', '.join(SPEEDS)}.")
    settings, edit = film.settings(), film.edit()
    all_shots = film.shot_list().shots
    ordinals = {shot.shot_id: ordinal for ordinal, shot in enumerate(all_shots)}
    takes = edit.takes()
    staleness = Staleness(film.path, settings, takes, media_hash)
    made: dict[str, list[Take]] = {}
    for take in takes:
        made.setdefault(take.shot, []).append(take)
    planned = []
    for shot in chosen_shots(all_shots, wish.shots):
        if (wish.missing or wish.stale) and not _wanted(shot, made.get(shot.name, []), wish, staleness):
            continue
        first = max(edit.next_take_number(shot.shot_id), reserved(shot.name) + 1)
        for number in range(first, first + wish.takes):
            key = take_key(number)
            seed = default_seed(shot.shot_id, key) if wish.seed is None else (wish.seed + number - first) & MAX_SEED
            asked = take_request(settings, shot, seed, media_hash, wish.model)
            request = replace(asked, sampling=Sampling(speed=wish.speed))
            delivery = take_delivery(settings, shot, ordinals[shot.shot_id], key)
            told = [wish.key, number - first] if wish.key else [request.to_json(), delivery.to_json()]
            planned.append(PlannedTake(shot, key, request, delivery, _job_key(film, shot, told)))
    return planned


def _wanted(shot: Shot, takes: Sequence[Take], wish: Wish, staleness: Staleness) -> bool:
    if not takes:
        return wish.missing
    shown = next((take for take in takes if take.active), takes[-1])
    return wish.stale and bool(staleness.asked_anew(shot, shown))


def _job_key(film: Film, shot: Shot, told: Sequence[Any]) -> str:
    parts = [str(film.path), shot.shot_id, *told]
    return "film:" + hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def place_take(job: JobRecord) -> None:
    """Adds a published take to its film's edit; doing it again changes nothing.

    A shot that was taken out of the list meanwhile keeps its media and is left out of the edit.
    """
    film = Film.open(Path(job.film))
    shot = film.shot_list().named(job.shot)
    if shot is None or job.output is None:
        return
    request, delivery = TakeRequest.from_json(job.request), Delivery.from_json(job.delivery)
    asked = replace(request, known=tuple(known for known in request.known if known.role == "panel"))
    take = Take(
        shot=shot.name,
        key=job.take,
        media=mezzanine_path(film.path, job.output),
        frames=request.frames - 2 * delivery.handle_frames,
        handle_frames=delivery.handle_frames,
        start_frames=delivery.start_frames,
        model=request.model,
        seed=request.seed,
        request_hash=asked.hash_without_seed(),  # what it follows beside that, the shot does not ask for
    )
    film.change_edit(lambda edit: edit.with_take(shot.shot_id, take))


@dataclass(frozen=True)
class Standing:
    """How a film's `takes` and the `bridges` between them stand: each with why it is stale, empty where it is not."""

    takes: tuple[tuple[Take, tuple[str, ...]], ...]
    bridges: tuple[tuple[LaidBridge, tuple[str, ...]], ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON: rows, each with `stale` and `stale_because`."""
        return {
            "takes": [{**asdict(take), **_told(because)} for take, because in self.takes],
            "bridges": [
                {"name": bridge.name, "media": bridge.media, **_told(because)} for bridge, because in self.bridges
            ],
        }


def _told(because: tuple[str, ...]) -> dict[str, Any]:
    return {"stale": bool(because), "stale_because": list(because)}


def standing(film: Film, shot: str | None = None) -> Standing:
    """How the takes of a film, or of one shot, and bridges at it stand; raises NotFoundError for an unknown shot."""
    from ..timeline.cutting import bridges

    settings, shots, edit = film.settings(), film.shot_list().shots, film.edit()
    chosen = {found.name: found for found in (chosen_shots(shots, [shot]) if shot else shots)}
    staleness = Staleness(film.path, settings, edit.takes(), PanelHashes(film.path).of)
    names = {each.shot_id: each.name for each in shots}
    joined = [(bridge, [(names.get(of, ""), key) for of, key in bridge.between]) for bridge in bridges(edit)]
    return Standing(
        tuple((take, staleness.because(chosen[take.shot], take)) for take in edit.takes() if take.shot in chosen),
        tuple(
            (bridge, staleness.bridge_because(between))
            for bridge, between in joined
            if any(name in chosen for name, _ in between)
        ),
    )
