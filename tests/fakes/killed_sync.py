"""Pushes and pulls a film again and again, each killed at a random moment; tells how often what was found.

The edit must be the one before or the one after, and the same command must then go through.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from shotwright.core.project.folder import Film
from shotwright.core.project.sync import Exchange
from shotwright.core.timeline.carriers.files import read_carrier, write_carrier
from shotwright.core.timeline.comparing import differ
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.operations import ripple
from shotwright.core.timing import Rate


def _changed_there(film: Film) -> None:
    file = Exchange(film, "xml").status().file
    timeline = read_carrier(file, Rate.parse(24), 86400)
    write_carrier(ripple(timeline, (0, 0), 0, -7, linked=False).timeline, file, Rate.parse(24))


def _run(film: Film, what: str) -> None:
    getattr(Exchange(film, "xml"), what)()


def _state(film: Film) -> Edit:
    return Edit.read(film.edit_path)


def main(folder: Path, times: int) -> dict[str, int]:
    """Kills so many of them."""
    dice = random.Random(1)
    found = {"killed": 0, "before": 0, "after": 0}
    pristine: dict[str, Path] = {}
    wanted: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for what in ("push", "pull"):
        pristine[what] = folder.with_name(f"pristine {what}")
        shutil.copytree(folder, pristine[what])
        for _ in range(2):  # the first one loads what it needs, and takes longer than a forked one
            shutil.rmtree(folder)
            shutil.copytree(pristine[what], folder)
            begun = time.monotonic()
            _run(Film(folder), what)
            seconds[what] = time.monotonic() - begun
        wanted[what] = _state(Film(folder))
        if what == "push":
            _changed_there(Film(folder))
    while found["killed"] < times:
        what = dice.choice(("push", "pull"))
        shutil.rmtree(folder)
        shutil.copytree(pristine[what], folder)
        film = Film(folder)
        before = film.edit_path.read_bytes()
        child = os.fork()
        if not child:
            _run(film, what)
            os._exit(0)
        # It is written late, and a forked one takes longer: its memory is copied as it changes.
        time.sleep(seconds[what] * dice.choice((dice.uniform(0, 1.2), dice.uniform(0.8, 1.6))))
        os.kill(child, signal.SIGKILL)
        if os.waitpid(child, 0)[1] == 0:
            continue  # it was done before
        found["killed"] += 1
        now = film.edit_path.read_bytes()
        if now == before:
            found["before"] += 1
        else:
            found["after"] += 1
            assert what == "push" or not differ(_state(film), wanted[what])
        _run(film, what)
        assert what == "push" or not differ(_state(film), wanted[what])
        assert Exchange(film, "xml").status().state == "in step"
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
