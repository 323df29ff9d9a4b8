"""`shotwright plugin`: the extension for a host program, built as one file, or put into the programs there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .reporting import JsonFlag, reporting

Host = Annotated[Literal["blender"], typer.Argument(help="The host program.")]

app = typer.Typer(help="Build or install the extension for a host program.", no_args_is_help=True)


@app.command()
def build(
    host: Host,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write.")] = None,
    json: JsonFlag = False,
) -> None:
    """Build the extension: one zip, which Blender takes by “Install from Disk”."""
    with reporting(json) as report:
        from ..project.plugins import build_blender

        path = build_blender((output or Path(f"shotwright_{host}.zip")).expanduser().absolute())
        report.answer({"path": str(path)}, f"{path}: in Blender, Preferences > Get Extensions > Install from Disk.")


@app.command()
def install(host: Host, json: JsonFlag = False) -> None:
    """Put the extension into every Blender of this user that can take it."""
    with reporting(json) as report:
        from ..client.state_folder import remember_program, state_folder
        from ..project.plugins import install_blender

        remember_program(state_folder())  # so that the extension finds this program
        paths = [str(path) for path in install_blender()]
        words = "\n".join(paths)
        report.answer({"path": paths[0], "paths": paths}, f"{words}\nTick “Shotwright” under Preferences > Add-ons.")
