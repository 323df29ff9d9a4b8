"""`shotwright models`: what there is, what can be got, getting it, and models of the user's own."""

from __future__ import annotations

import contextlib
import shutil
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError, RefusedError, UsageError
from .progress import Meter, metering
from .reporting import JsonFlag, Report, amount, reporting

if TYPE_CHECKING:
    from ..models.store.vault import Manifest

app = typer.Typer(help="List models; get, add or remove them.", invoke_without_command=True)
AcceptFlag = Annotated[bool, typer.Option("--accept-licence", help="Accept the licence that is shown.")]
_GET = "Get one with: shotwright models get NAME"
_AUTO = "auto"
_SECONDS_MEASURED = 2.0  # of a download, before it is told how long the rest takes


@app.callback()
def list_models(context: typer.Context, json: JsonFlag = False) -> None:
    """List models that are here and those that can be got, what each can do, and whether it fits this machine."""
    if context.invoked_subcommand is not None:
        return
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.store.listing import all_models

        rows = all_models(state_folder())
        here = sum(row["state"] == "ready" for row in rows)
        report.answer(
            {"models": rows},
            "\n".join([*map(_paragraph, rows), f"{here} ready, {len(rows) - here} more. {_GET}"]),
        )


def _paragraph(row: dict[str, Any]) -> str:
    """A model of the list: its name, where it is, its size and licence, and below whether it fits and what it does."""
    head = [row["name"], row["state"], amount(row["bytes"]) if row["bytes"] else "", row["licence"]]
    fits = ("fits: " if row["fits"]["ok"] else "does not fit: ") + row["fits"]["why"]
    told = [row.get("good_for") or row["domain"], ", ".join(row["jobs"]), fits]
    width = shutil.get_terminal_size().columns
    below = [textwrap.fill(each, width, initial_indent="  ", subsequent_indent="    ") for each in told if each]
    return "\n".join([" · ".join(filter(None, head)), *below, ""])


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="A model of the list, or a repository of the hub: owner/name.")],
    called: Annotated[str | None, typer.Option("--name", help="What to call it here.")] = None,
    accept: AcceptFlag = False,
    json: JsonFlag = False,
) -> None:
    """Fetch a model; a fetch that was interrupted goes on where it stopped."""
    with reporting(json) as report:
        row = _got(name, called, accept, report)
        report.answer(row, f"{row['name']} is ready: shotwright generate FILM --model {row['name']}")


@app.command()
def add(
    path: Annotated[
        str, typer.Argument(help="A diffusers pipeline's folder, a .safetensors or .gguf file, or owner/name.")
    ],
    name: Annotated[str | None, typer.Option(help="What to call it; the folder's name without.")] = None,
    beside: Annotated[str | None, typer.Option(help="For a single file: the folder, or model, of the rest.")] = None,
    accept: AcceptFlag = False,
    json: JsonFlag = False,
) -> None:
    """Add a folder or a file, which stays where it lies; or a repository, which is fetched."""
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.catalogue import add_model, folder_of, registered
        from ..models.store.hub import is_repository

        state = state_folder()
        if is_repository(path) and not Path(path).exists():
            row = _got(path, name, accept, report)
        elif beside is not None:
            from ..models.store.single_file import assemble

            rest = folder_of(beside, state) if beside in registered(state) else Path(beside)
            row = assemble(state, Path(path), rest, name)
        elif Path(path).is_file():
            raise InputError(
                f"“{Path(path).name}” holds weights alone, without what tells how they are used.",
                "Give the folder of the rest of its pipeline with --beside, or the name of a model that is here.",
            )
        else:
            row = add_model(state, Path(path), name)
        report.answer(row, f"Added {row['name']}.")


@app.command()
def plan(
    name: Annotated[str, typer.Argument(help="A model that is here.")],
    chosen: Annotated[str | None, typer.Argument(help="The plan it is to begin with, or auto.")] = None,
    json: JsonFlag = False,
) -> None:
    """Show by which plans a model can be held in this machine's memory, or choose one."""
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.catalogue import plans_of
        from ..models.running.chosen_plans import choose_plan

        state = state_folder()
        told = plans_of(state, name)
        names = [each["name"] for each in told["plans"]]
        if chosen is not None:
            if chosen not in (*names, _AUTO):
                raise UsageError(
                    f"There is no plan “{chosen[:40]}” on this machine.", f"There are {', '.join(names)} and {_AUTO}."
                )
            choose_plan(state, name, "" if chosen == _AUTO else chosen)
            told = plans_of(state, name)
        marks = [f"{'*' if each['name'] == told['chosen'] else ' '} {each['why']}" for each in told["plans"]]
        by = f"begins with {told['chosen']}" if told["chosen"] else "takes the first that fits"
        report.answer(told, "\n".join([*marks, f"{name} {by}, from its next load on."]))


@app.command("rm")
def remove(
    name: str,
    yes: Annotated[bool, typer.Option("--yes", help="Remove its files without asking.")] = False,
    json: JsonFlag = False,
) -> None:
    """Forget a model. Files that were fetched are removed; those of your own folders stay."""
    with reporting(json) as report:
        from ..client.state_folder import state_folder
        from ..models.catalogue import registered, remove_model
        from ..models.store.vault import Vault

        state = state_folder()
        vault = Vault(state)
        ours, size = vault.manifest(name) is not None, vault.bytes_of(name)
        if ours and not yes:
            _ask(f"Remove the {amount(size)} of {name}?", report, "Give --yes to remove them.")
        if not ours or name in registered(state):
            remove_model(state, name)
        vault.discard(name)
        told = f"{amount(size)} of files removed" if ours else "its files are untouched"
        report.answer({"name": name, "removed_bytes": size}, f"Forgot {name}; {told}.")


def _got(wanted: str, name: str | None, accepted: bool, report: Report) -> dict[str, Any]:
    """A model's row, once it is here: what it takes and may be used for is said, and agreed to, before."""
    from ..client.state_folder import state_folder
    from ..models.store.getting import fetch
    from ..models.store.licences import accept, is_accepted
    from ..models.store.looking import already_here, look

    state = state_folder()
    here = already_here(state, wanted, name)
    if here is not None:
        report.say(f"{here['name']} is here already.")
        return here
    manifest = look(state, wanted, name)
    _introduce(manifest, report)
    if not is_accepted(manifest.licence, state):
        if not accepted:
            _ask("Do you accept this licence?", report, "Read it, then give --accept-licence.")
        accept(manifest.licence, manifest.name, state)
    with metering(report) as meter:
        return fetch(state, manifest, _Arriving(manifest, meter).count, report.say)


class _Arriving:
    """Shows how a model arrives."""

    def __init__(self, manifest: Manifest, meter: Meter) -> None:
        self._manifest, self._meter = manifest, meter
        self._before: int | None = None  # bytes that were here when it began
        self._came, self._begun = 0, time.monotonic()

    def count(self, size: int) -> None:
        """As `fetch` counts: what is here first, then what comes."""
        if self._before is None:
            self._before = size
        else:
            self._came += size
        passed = time.monotonic() - self._begun
        lacking = self._manifest.bytes - self._before - self._came
        left = lacking * passed / self._came if passed > _SECONDS_MEASURED and self._came > 0 else None
        self._meter.show(self._manifest.name, 1 - lacking / max(1, self._manifest.bytes), left)


def _introduce(manifest: Manifest, report: Report) -> None:
    licence = manifest.licence
    report.say(f"{manifest.name}: {amount(manifest.bytes)} in {len(manifest.files)} files of {manifest.repository}.")
    limits = f" {licence.limits}" if licence.limits else ""
    where = f" Its text: {licence.url}" if licence.url else ""
    report.say(f"Licence: {licence.name}.{limits}{where}")


def _ask(question: str, report: Report, hint: str) -> None:
    """Raises RefusedError unless somebody at a terminal says yes."""
    yes = False
    if sys.stdin.isatty() and not report.as_json:
        with contextlib.suppress(typer.Abort):
            yes = typer.confirm(question, err=True)
    if not yes:
        raise RefusedError("Nothing was done: you were asked, and did not say yes.", hint)
