"""`shotwright serve`: the engine in the foreground."""

from __future__ import annotations

from typing import Annotated

import typer

from .reporting import JsonFlag, reporting


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 lets the system choose.")] = 0,
    idle_minutes: Annotated[float, typer.Option(min=0, help="End when idle for so long; 0 never does.")] = 0,
    json: JsonFlag = False,
) -> None:
    """Run the engine until it is stopped; hosts and other commands find it by themselves."""
    with reporting(json):
        from ..engine.serve import serve as run

        run(port=port, idle_seconds=idle_minutes * 60, json_line=json)
