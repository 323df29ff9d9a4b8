"""`python -m shotwright.core.engine`: the engine that a command or a host started, ending by itself when idle."""

from __future__ import annotations

import logging
import sys

from ..errors import ShotwrightError, StateError
from .serve import serve


def main() -> int:
    """0 when it ended well or another engine was there first, which is as well."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        serve()
    except (StateError, KeyboardInterrupt):
        return 0
    except ShotwrightError as error:
        logging.getLogger(__name__).error("%s %s", error.message, error.hint)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
