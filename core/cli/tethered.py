"""The command line as an engine runs it: it ends when the engine does, which holds the other end of its stdin.

Else one that outlives its engine would go on beside the same one that the next engine is asked for.
"""

from __future__ import annotations

import os
import threading

from .main import main

_STDIN = 0
_CUT_OFF = 143  # as after SIGTERM


def _wait_for_the_end() -> None:
    while os.read(_STDIN, 1024):  # not by sys.stdin: its lock would be held when this ends in its own time
        pass
    os._exit(_CUT_OFF)  # whatever it was writing comes into place whole or not at all


if __name__ == "__main__":
    threading.Thread(target=_wait_for_the_end, name="tether", daemon=True).start()
    main()
