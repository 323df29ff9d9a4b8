"""An extension as a take of a film's shot: its folder with all the files that a take has, and its recipe."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..media.scaling import scale_frame
from ..media.take_files import TakeFiles, proxy_size
from ..media.writing import MovieWriter
from ..protocol import Delivery
from ..storage import replace_file
from .finishing import Finished, finish, frames_of
from .jobs import ClipJob
from .links import RECIPE, Link, linked, recipe_of, told


def write_take(
    job: ClipJob, made: Path, folder: Path, delivery: Delivery, extends: dict[str, Any], link: Link
) -> Finished:
    """Writes a take's files into an empty folder, the recipe last; raises MediaError, StorageError.

    The recipe is that of the frames that were `made`, with what they extend. The mezzanine is a movie also where the
    project keeps sequences: its kept frames are copies wherever their codec allows it.
    """
    finished = finish(job, made, folder / f"{delivery.name}.mov", delivery.start_frames)
    info = job.like.info
    with TakeFiles(folder, delivery, info.rate, info.size, there=finished.output.name) as files:
        for frame in frames_of(job, job.parts, made):
            files.write(frame)
    recipe = recipe_of(made)
    recipe |= {"delivery": delivery.to_json(), "files": asdict(files.media), "extends": extends}
    recipe |= told(finished.output, job, linked(job, link))
    replace_file(folder / RECIPE, json.dumps(recipe, indent=1) + "\n", "writing the take's recipe")
    return finished


def write_proxy(job: ClipJob, made: Path, movie: Path) -> Path:
    """Writes the proxy of a finished movie beside it, which hosts open in no time; raises MediaError, StorageError."""
    path, size = movie.with_suffix(".proxy.mp4"), proxy_size(job.like.info.size)
    with MovieWriter(path, size, job.like.info.rate, "proxy") as proxy:
        for frame in frames_of(job, job.parts, made):
            proxy.write(scale_frame(frame, size))
    return path
