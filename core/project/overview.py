"""A film as a host's panel shows it: its model, its shots, their takes with posters."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from ..film import Take
from .folder import Film
from .takes import standing


def overview(film: Film) -> dict[str, Any]:
    """As JSON: `model`; `shots`, each with `name, heading, frames, panels, omitted`; and `takes` and `bridges`, as in
    `takes.Standing`, each take with its `poster`, a whole path, empty for none, and when that was `poster_written`.
    """
    now = standing(film)
    rows = now.to_json()
    shots = [
        {
            "name": shot.name,
            "heading": shot.heading,
            "frames": shot.frames,
            "panels": len(shot.panels),
            "omitted": shot.omitted,
        }
        for shot in film.shot_list().shots
    ]
    takes = [{**row, **_poster(film, take)} for row, (take, _) in zip(rows["takes"], now.takes, strict=True)]
    return {"model": film.settings().model, "shots": shots, "takes": takes, "bridges": rows["bridges"]}


def _poster(film: Film, take: Take) -> dict[str, Any]:
    media = Path(film.path, take.media)
    path = media.parent / f"{media.name.split('.')[0]}.poster.png"
    with contextlib.suppress(OSError):
        return {"poster": str(path), "poster_written": path.stat().st_mtime_ns}
    return {"poster": "", "poster_written": 0}
