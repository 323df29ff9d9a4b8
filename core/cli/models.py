"""`shotwright models`: what there is, and models of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .reporting import JsonFlag, reporting

app = typer.Typer(help="List models; add or remove your own.", invoke_without_command=True)


@app.callback()
def list_models(context: typer.Context, json: JsonFlag = False) -> None:
    """List the models that there are, what each can do, and whether it fits this machine."""
    if context.invoked_subcommand is not None:
        return
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.catalogue import list_models as listed

        rows = listed(state_folder())
        report.table(
            ("name", "family", "does", "licence", "fits"),
            [(m["name"], m["family"], ", ".join(m["jobs"]), m["licence"], m["fits"]["why"]) for m in rows],
        )
        report.answer({"models": rows}, f"{len(rows)} models.")


@app.command()
def add(
    path: Annotated[Path, typer.Argument(help="A folder saved by a diffusers video pipeline.")],
    name: Annotated[str | None, typer.Option(help="What to call it; the folder's name without.")] = None,
    json: JsonFlag = False,
) -> None:
    """Add a diffusers video pipeline folder; it stays where it lies."""
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.catalogue import add_model

        row = add_model(state_folder(), path, name)
        report.answer(row, f"Added {row['name']}.")


@app.command("rm")
def remove(name: str, json: JsonFlag = False) -> None:
    """Forget a model that was added; its files stay."""
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.catalogue import remove_model

        remove_model(state_folder(), name)
        report.answer({"name": name}, f"Removed {name}; its files are untouched.")
