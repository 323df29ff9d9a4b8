"""`python -m shotwright.core.backends.worker`: started by the engine, never by people."""

from .loop import main

main()
