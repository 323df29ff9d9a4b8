"""A take's recipe, by which it can be made again to the same frames."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ..errors import NotFoundError, ProjectError, RefusedError
from ..media.reading import read_frames
from ..protocol import Delivery, TakeRequest
from ..storage import sha256_of
from .event_pictures import playable
from .folder import Film

RECIPE = "recipe.json"


@dataclass(frozen=True)
class Recipe:
    """What a take was asked for, the `pictures` of the film that it needs, its `movie`, and the model that made it."""

    request: dict[str, Any]
    delivery: dict[str, Any]
    pictures: tuple[Path, ...]
    movie: Path
    frames: int
    model: dict[str, Any]


def recipe_of(film: Film, shot: str, key: str) -> Recipe:
    """The recipe beside a take.

    Raises NotFoundError for an unknown take, RefusedError for one that was added, ProjectError where it is broken.
    """
    takes = {(take.shot.casefold(), take.key): take for take in film.edit().takes()}
    take = takes.get((shot.casefold(), key))
    movie = playable(film.path, take.media) if take else None
    if take is None or movie is None:
        raise NotFoundError(f"{shot} has no take “{key[:20]}” whose movie is there.", "See: shotwright takes FILM.")
    try:
        said = json.loads((movie.parent / RECIPE).read_text(encoding="utf-8"))
        if "added" in said:
            raise RefusedError(f"{shot} {key} was added: no model made it.", "Add the movie again where it is needed.")
        request, delivery = TakeRequest.from_json(said["request"]), Delivery.from_json(said["delivery"])
        model = dict(said["model"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ProjectError(f"The recipe of {shot} {key} can't be read.", "It lies beside the take's movie.") from None
    wanted = {known.media.sha256 for known in request.known}
    panels = (path for path in sorted((film.path / "panels").rglob("*")) if path.is_file())
    pictures = tuple(path for path in panels if wanted and sha256_of(path) in wanted)
    return Recipe(request.to_json(), delivery.to_json(), pictures, movie, request.frames, model)


def frames_that_differ(one: Path, other: Path) -> list[int]:
    """The frames, counted from 0, in which two movies are not the same."""
    pairs = zip_longest(read_frames(one), read_frames(other))
    return [n for n, (a, b) in enumerate(pairs) if a is None or b is None or a.tobytes() != b.tobytes()]
