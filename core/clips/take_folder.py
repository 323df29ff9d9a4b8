"""An extension as a take of a film's shot: its folder with all the files that a take has, and its recipe."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..media.take_files import TakeFiles
from ..protocol import Delivery
from ..protocol.delivery import LOSSLESS
from ..storage import replace_file
from .finishing import Finished, finish, frames_of
from .jobs import ClipJob
from .links import RECIPE, Link, linked, told


def write_take(
    job: ClipJob, made: Path, folder: Path, delivery: Delivery, extends: dict[str, Any], link: Link
) -> Finished:
    """Writes a take's files into an empty folder, the recipe last; raises MediaError, StorageError.

    The recipe is that of the frames that were `made`, with what they extend. The mezzanine is a movie also where the
    project keeps sequences: its kept frames are copies wherever their codec allows it.
    """
    finished = finish(job, made, folder / f"{delivery.name}.mov", delivery.start_frames)
    info = job.like.info
    with tempfile.TemporaryDirectory(dir=folder, prefix=".beside") as beside:
        with TakeFiles(Path(beside), replace(delivery, codec=LOSSLESS), info.rate, info.size) as files:
            for frame in frames_of(job, job.parts, made):
                files.write(frame)
        media = replace(files.media, mezzanine=finished.output.name)
        for name in (media.proxy, media.poster, *media.edges):
            (Path(beside) / name).rename(folder / name)
    recipe = json.loads((made.parent / RECIPE).read_text(encoding="utf-8"))
    recipe |= {"delivery": delivery.to_json(), "files": asdict(media), "extends": extends}
    recipe |= told(finished.output, job, linked(job, link))
    replace_file(folder / RECIPE, json.dumps(recipe, indent=1) + "\n", "writing the take's recipe")
    return finished
