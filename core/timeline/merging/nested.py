"""Edits inside an edit: a nested one taken apart as an edit of its own, so that two can cut in it at once."""

from __future__ import annotations

from ...errors import ProjectError
from ...timing import Rate
from .items import Json, Parts, parts_of

_STACK = "Stack."
INSIDE = ("children", "markers")  # of a nested edit's JSON: what is an edit's; the rest is an item's


def insides(values: tuple[Json, ...], rate: Rate) -> list[Parts] | None:
    """The edits inside of items' JSON; None where any of them is no stack of tracks."""
    found = []
    for value in values:
        if not str(value.get("OTIO_SCHEMA", "")).startswith(_STACK):
            return None
        stack = {key: value[key] for key in ("OTIO_SCHEMA", *INSIDE) if key in value}
        try:
            found.append(parts_of({"tracks": stack}, rate))
        except ProjectError:  # clips stacked without tracks: they are compared as they are
            return None
    return found
