"""Runs inside Blender's Python: an engine that is killed at random while the extension has it do fifty things.

    python kills.py FOLDER PACKAGE ENGINE SEED

ENGINE is the command of an engine, as JSON. Prints one JSON line of what came of it; `wrong` lists whatever is not as
it must be.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import stage  # isort: skip  # where the package lies
from shotwright.core.client import EngineClient, ensure_engine
from shotwright.core.errors import ShotwrightError
from shotwright.core.hosts import Place
from shotwright.plugins.blender import placeholders, sessions
from stage import FOLDER, bpy, edit_of, extension, folder_of, fresh

JOBS, AT_ONCE, GROWN = 50, 2, 16  # frames: more than a handle has, so that each is a take
ENGINE, SEED = json.loads(sys.argv[3]), int(sys.argv[4])
SHOTS = 6
SCRIPT = "".join(f"INT. ROOM {n} - DAY\n\nAnna waits in a brisk room {n}.\n\n" for n in range(1, SHOTS + 1))
__all__ = ["stage"]


def connect() -> EngineClient:
    return ensure_engine(command=tuple(ENGINE))


class Killer(threading.Thread):
    """Kills whatever engine there is, again and again, until it is told to rest."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._chance, self._rest, self.kills = chance, threading.Event(), 0

    def run(self) -> None:
        while not self._rest.wait(self._chance.uniform(0.5, 5)):
            try:
                told = json.loads((Path(os.environ["SHOTWRIGHT_STATE"]) / "engine.json").read_text())
                os.kill(told["pid"], signal.SIGKILL)
                self.kills += 1
            except (OSError, ValueError):
                continue  # there is none just now

    def rest(self) -> None:
        self._rest.set()
        self.join()


def takes_in(host: Any) -> int:
    listed = connect().post("/v1/films/takes/list", {"film": str(folder_of(host))})["takes"]
    return len(listed)


def ticking(session: Any, at_most: int, wrong: list[str]) -> None:
    """Goes on, as the timer does, until no more flows than that are under way."""
    until = time.monotonic() + 240
    while len(session.flows) > at_most:
        try:
            sessions.tick()
        except (Exception, ShotwrightError):  # noqa: BLE001  # none may come
            wrong.append(traceback.format_exc()[-800:])
        if time.monotonic() > until:
            wrong.append(f"under way for ever: {[flow.name for flow in session.flows]}")
            session.flows.clear()
        time.sleep(0.02)


def main() -> None:
    chance = random.Random(SEED)
    extension.register()
    sessions.connect = connect
    scene = fresh("kills")
    scene.render.resolution_x, scene.render.resolution_y = 128, 72
    script = FOLDER / "many.fountain"
    script.write_text(SCRIPT)
    assert bpy.ops.shotwright.import_script(filepath=str(script)) == {"FINISHED"}
    host, session = sessions.session_of(bpy.context)
    assert bpy.ops.shotwright.generate() == {"FINISHED"}
    was = {"takes": takes_in(host), "frames": sum(row[3] for row in edit_of(host))}
    killer, wrong, flows = Killer(random.Random(SEED + 1)), [], []
    killer.start()
    begun = time.monotonic()
    for number in range(JOBS):
        busy = {getattr(flow, "asked", "") for flow in session.flows}
        items = host.read_edit().tracks[0].items
        item = chance.choice([item for item in items if item.id not in busy])
        if number % 2:
            command, options = "generate", {"shot": [item.name], "takes": 1}
            place = Place(item.id, item.name, item.start, item.frames)
        else:
            command, options = "extend", {"clip": item.id, "tail": str(GROWN), "mode": "ripple"}
            place = Place(item.id, item.name, item.start + item.frames, GROWN)
        flow = session.command(f"{command} {number}", command, options, [place])
        flow.asked = item.id
        flows.append(flow)
        ticking(session, AT_ONCE - 1, wrong)
        sys.stderr.write(f"{number} {time.monotonic() - begun:.0f} s, {killer.kills} kills\n")
    ticking(session, 0, wrong)
    killer.rest()
    bpy.ops.shotwright.pull()
    ended = [flow.state for flow in flows]
    wrong += [f"{flow.name}: {flow.state}, {flow.error}" for flow in flows if flow.state != "done"]
    left = [strip.name for strip, _ in placeholders.standing(scene.sequence_editor.strips)]
    wrong += [f"orphan: {name}" for name in left]
    now = {"takes": takes_in(host), "frames": sum(row[3] for row in edit_of(host))}
    wanted = {"takes": was["takes"] + JOBS, "frames": was["frames"] + GROWN * (JOBS // 2)}
    if now != wanted:
        wrong.append(f"{now} is not {wanted}")
    here = [(item.name, item.start, item.frames) for item in host.read_edit().tracks[0].items]
    if here != [row[1:] for row in edit_of(host)]:
        wrong.append("the sequencer does not show the film")
    unfinished = [job["state"] for job in connect().jobs() if job["state"] != "done"]
    wrong += [f"a job is {state}" for state in unfinished]
    told = {"kills": killer.kills, "done": ended.count("done"), "seconds": round(time.monotonic() - begun), **now}
    sys.stdout.write("KILLS " + json.dumps({**told, "wrong": wrong}) + "\n")
    sys.stdout.flush()
    os._exit(0)


main()
