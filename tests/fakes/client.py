"""A client that wants takes and never gives up. Run as a script: `client.py STATE-FILE COUNT`.

Submits takes under the keys 0 … COUNT-1, starting an engine whenever none runs, and notes in the file, on the disk,
every job that the engine acknowledged. Ends when all are done; failed ones are retried, as a person would.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shotwright.core.client import EngineClient, ensure_engine
from shotwright.core.errors import EngineError, StateError

ENGINE = (sys.executable, str(Path(__file__).with_name("engine.py")), "0")


def asked(call: Callable[[EngineClient], Any]) -> Any:
    """What an engine answers, whichever of them lives long enough to."""
    while True:
        try:
            return call(ensure_engine(command=ENGINE))
        except EngineError:
            time.sleep(0.05)


def main(acknowledged: Path, count: int) -> None:
    """Asks for all, then waits for all."""
    ids = []
    for key in range(count):
        take = {"prompt": "brisk", "frames": 40, "rate": "12", "size": [128, 72], "seed": key}
        job = asked(lambda client, take=take, key=key: client.submit(take, f"{key}", {"codec": "h264"}))
        ids.append(job["id"])
        with acknowledged.open("a") as file:
            file.write(f"{key} {job['id']}\n")
            file.flush()
            os.fsync(file.fileno())
    while True:
        states = {job["id"]: job["state"] for job in asked(lambda client: client.jobs())}
        if all(states.get(job) == "done" for job in ids):
            return
        for job in ids:
            if states.get(job) == "failed":
                try:
                    asked(lambda client, job=job: client.retry(job))
                except StateError:
                    continue  # retried by the call that was cut off
        time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
