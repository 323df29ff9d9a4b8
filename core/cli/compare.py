"""`shotwright diff` and `merge`: two edits, and three, of any program that writes OpenTimelineIO."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .reporting import JsonFlag, reporting

if TYPE_CHECKING:
    from ..timeline.edit import Edit

EditArgument = Annotated[Path, typer.Argument(help="An edit (.otio), or a project folder.")]


def diff(
    one: EditArgument,
    other: EditArgument,
    html: Annotated[bool, typer.Option("--html", help="Print a page with a picture of both.")] = False,
    json: JsonFlag = False,
) -> None:
    """Tell what differs between two edits, in an editor's words."""
    with reporting(json) as report:
        from ..timeline.comparing import changes_between, page_of

        edits = [_read(path) for path in (one, other)]
        if html and not json:
            typer.echo(page_of(edits[0], edits[1], (one.name, other.name)))
            return
        changes = changes_between(edits[0], edits[1])
        lines = "\n".join(change.text for change in changes)
        report.answer({"changes": [change.to_json() for change in changes]}, lines or "They are the same.")


def merge(
    base: EditArgument,
    ours: EditArgument,
    theirs: EditArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The merged edit, an .otio that is not there yet.")],
    html: Annotated[Path | None, typer.Option("--html", help="Write a page on what was brought together.")] = None,
    json: JsonFlag = False,
) -> None:
    """Bring two edits together that went on from one; where they can't both be had, theirs plays and ours stays."""
    with reporting(json) as report:
        from ..errors import UsageError
        from ..storage import replace_file
        from ..timeline.comparing import merge_edits, page_of_merge
        from ..timeline.cutting import with_whole_paths

        output = output.expanduser().absolute()
        if output.suffix.lower() != ".otio":
            raise UsageError(f"“{output.name}” has no known ending.", "Edits are written as .otio.")
        if output.exists():
            raise UsageError(f"{output.name} is there already.", "Choose another name, or remove it.")
        mine = _read(ours)
        result = merge_edits(_read(base), mine, _read(theirs))
        edit = result.edit if result.edit.folder == output.parent else with_whole_paths(result.edit)
        edit.write(output)
        if html is not None:
            replace_file(html.expanduser().absolute(), page_of_merge(mine, edit, result.conflicts))
        for conflict in result.conflicts:
            report.say(conflict.text)
        report.answer(
            {
                "output": str(output),
                "applied": [change.to_json() for change in result.applied],
                "conflicts": [conflict.to_json() for conflict in result.conflicts],
            },
            f"{output}: {len(result.applied)} changes, {len(result.conflicts)} conflicts.",
        )


def _read(path: Path) -> Edit:
    from ..project.folder import Film
    from ..timeline.edit import Edit

    if path.is_dir():
        return Film.open(path).edit()
    return Edit.read(path)
