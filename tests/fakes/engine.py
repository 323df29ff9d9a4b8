"""The real engine with the fake worker. Run as a script: `engine.py IDLE_SECONDS`."""

import logging
import sys
from pathlib import Path

from shotwright.core.engine.serve import serve
from shotwright.core.errors import StateError

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    try:
        serve(
            idle_seconds=float(sys.argv[1]),
            json_line=True,
            worker=[sys.executable, str(Path(__file__).with_name("worker.py"))],
        )
    except StateError:
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
