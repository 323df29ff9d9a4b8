"""Runs inside Blender's Python: how long each call of the extension's timer takes while 1080p ProRes is placed.

    python timing.py FOLDER PACKAGE

FOLDER has a film of many shots, `film`, whose takes are to be given to it while Blender shows it: `takes.json` lists
them, as `/v1/films/takes/add` takes them. Prints one JSON line: of each call, by what was under way, the milliseconds
that went by, and those in which it had a processor.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

import stage  # isort: skip  # where the package lies
from shotwright.plugins.blender import sessions
from stage import FOLDER, bpy, extension, fresh

__all__ = ["stage"]
PERIOD_SECONDS = 0.02  # of a window's loop; the timer's own is longer


Calls = list[tuple[float, float]]


def timed(flow: Any, calls: Calls) -> None:
    """Has the timer's callback called as a window would, to the end of a flow."""
    while flow.state == "running":
        begun = time.perf_counter(), time.thread_time()
        wait = sessions.tick()
        calls.append((1000 * (time.perf_counter() - begun[0]), 1000 * (time.thread_time() - begun[1])))
        time.sleep(min(PERIOD_SECONDS, wait or PERIOD_SECONDS))
    assert flow.state == "done", flow.error


def main() -> None:
    extension.register()
    film = FOLDER / "film"
    takes = json.loads((FOLDER / "takes.json").read_text())
    scene = fresh("timing")
    scene.render.resolution_x, scene.render.resolution_y = 1920, 1080
    _, session = sessions.session_of(bpy.context)
    found: dict[str, Calls] = {"slates": [], "all takes at once": [], "take by take": []}
    timed(session.open_film(film), found["slates"])
    first, later = takes[: len(takes) // 2], takes[len(takes) // 2 :]
    for take in first:
        sessions.connect().post("/v1/films/takes/add", {"film": str(film), **take})
    timed(session.pull(), found["all takes at once"])
    for take in later:
        sessions.connect().post("/v1/films/takes/add", {"film": str(film), **take})
        timed(session.pull(), found["take by take"])
    strips = scene.sequence_editor.strips
    movies = [strip for strip in strips if strip.type == "MOVIE"]
    assert len(movies) == len(first), len(movies)
    assert {os.path.basename(strip.filepath)[-8:] for strip in movies} == {"TK02.mov"}  # noqa: PTH119
    sys.stdout.write("TIMES " + json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


main()
