"""All models that a user may choose from: those that are here, those on their way, and those that can be got."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import catalogue
from ..running.machine import this_machine
from .offers import offers
from .vault import Manifest, Vault

PARTLY, TO_BE_GOT = "partly here", "to be got"


def all_models(state: Path) -> list[dict[str, Any]]:
    """Rows as `catalogue.list_models` has them, the models that are here first; each with its `bytes` on the disk.

    Those that are not here have as `state` whether something of them is, as `fits` also whether the disk has room.
    """
    vault, machine = Vault(state), this_machine()
    free, begun = vault.free(), vault.unfinished()
    here = [{**row, "bytes": vault.bytes_of(row["name"])} for row in catalogue.list_models(state)]
    names = {row["name"] for row in here}
    found = [offer.row(machine) for name, offer in offers().items() if name not in names]
    found += [_of_manifest(manifest) for name, manifest in begun.items() if name not in {*names, *offers()}]
    for row in found:
        come = vault.bytes_of(row["name"])
        row |= {"state": PARTLY if row["name"] in begun else TO_BE_GOT, "bytes_here": come}
        if row["bytes"] - come > free:
            why = f"{(row['bytes'] - come) / 1e9:.0f} GB are to be fetched, {free / 1e9:.0f} GB of the disk is free"
            row["fits"] = {"ok": False, "why": why}
    return [*here, *sorted(found, key=lambda row: (row["family"], row["bytes"]))]


def _of_manifest(manifest: Manifest) -> dict[str, Any]:
    row = catalogue.unknown(manifest.name, "not known before it is here")
    told = {"licence": manifest.licence.name, "licence_limits": manifest.licence.limits, "bytes": manifest.bytes}
    return row | told | {"repository": manifest.repository, "good_for": ""}
