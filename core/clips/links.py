"""What of a movie was made, link by link: told in a recipe beside it, so that each can be made anew on its own.

links       |      1      |   2   |      3      |
movie    [= footage =|========|=========|============]
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..storage import replace_file
from ..timing import FrameRange
from .jobs import ClipJob

RECIPE = "recipe.json"
_LARGEST = 4_000_000  # bytes of a recipe that is read
_MOST = 10_000


@dataclass(frozen=True)
class Link:
    """Frames of a movie that were made together, and after what."""

    frames: FrameRange
    prompt: str
    model: str
    seed: int

    def to_json(self) -> dict[str, Any]:
        """`from` and `to` count from 0, `to` exclusive."""
        words = {"prompt": self.prompt, "model": self.model, "seed": self.seed}
        return {"from": self.frames.start, "to": self.frames.end, **words}


def links_of(movie: Path, frames: int) -> tuple[Link, ...]:
    """The links of a movie of so many frames, in order; none where no recipe tells, or one of another movie."""
    for recipe in (_beside(movie), movie.parent / RECIPE):
        try:
            if recipe.stat().st_size > _LARGEST:
                continue
            told = json.loads(recipe.read_text(encoding="utf-8"))
            if told["movie"] == {"name": movie.name, "frames": frames}:
                return tuple(_read(link, frames) for link in told["links"][:_MOST])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return ()


def link_of(movie: Path, frames: int, number: int) -> Link:
    """A movie's link by its number, from 1; raises UsageError."""
    links = links_of(movie, frames)
    if not 1 <= number <= len(links):
        many = f"It has {len(links)} links." if links else "No recipe beside it tells what of it was made."
        raise UsageError(f"{movie.name} has no link {number}.", f"{many} Give --from and --to instead.")
    return links[number - 1]


def linked(job: ClipJob, made: Link) -> tuple[Link, ...]:
    """The links of a job's finished clip: what its sources had, and the frames that were made."""
    links: list[Link] = []
    at = 0
    for part in job.parts:
        if part.source is None:
            links.append(replace(made, frames=FrameRange(at, at + len(part.frames))))
        else:
            moved = at - part.frames.start
            for link in links_of(part.source.path, part.source.info.frames):
                start, end = max(link.frames.start, part.frames.start), min(link.frames.end, part.frames.end)
                if start < end:
                    links.append(replace(link, frames=FrameRange(start + moved, end + moved)))
        at += len(part.frames)
    return tuple(links)


def told(movie: Path, job: ClipJob, links: tuple[Link, ...]) -> dict[str, Any]:
    """What a recipe says of a finished clip."""
    frames = job.kept_frames + job.new_frames
    named = {"name": movie.name, "frames": frames}
    return {"generated": True, "movie": named, "links": [link.to_json() for link in links]}


def recipe_of(take: Path) -> dict[str, Any]:
    """The recipe that was written with a take."""
    recipe: dict[str, Any] = json.loads((take.parent / RECIPE).read_text(encoding="utf-8"))
    return recipe


def notices_of(take: Path) -> tuple[str, ...]:
    """What a take's recipe says that its model was not given, and what was done instead."""
    return tuple(recipe_of(take)["plan"].get("notices", ()))


def write_beside(movie: Path, job: ClipJob, link: Link, take: Path) -> tuple[Path, tuple[Link, ...]]:
    """Writes the recipe of a finished clip beside it, with that of the `take` made for it; raises StorageError.

    Gives the recipe's path, and the clip's links.
    """
    recipe = recipe_of(take)
    path, links = _beside(movie), linked(job, link)
    replace_file(path, json.dumps({**told(movie, job, links), "take": recipe}, indent=1) + "\n", "writing the recipe")
    return path, links


def _beside(movie: Path) -> Path:
    return movie.with_name(f"{movie.name}.{RECIPE}")


def _read(link: dict[str, Any], frames: int) -> Link:
    stretch = FrameRange(int(link["from"]), int(link["to"]))
    if not 0 <= stretch.start < stretch.end <= frames:
        raise ValueError
    return Link(stretch, str(link["prompt"])[:10_000], str(link["model"])[:100], int(link["seed"]))
