# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips that are made one by one, out of sight, before all of them come to their places at once.

So that nobody waits while a hundred files are opened. They stand for nothing until an edit takes them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from ...core.protocol import HostItem
from . import strips, versions

_READY = "shotwright_ready"
_OUT_OF_SIGHT, _CHANNEL = 900_000, 125  # a frame and a channel where nobody works
_ROWS = 50
_APART = 2_000


def is_one(strip: Any) -> bool:
    """Whether a strip is made but stands for nothing yet."""
    return bool(strip.get(_READY))


def make(there: Any, item: HostItem, number: int) -> None:
    """Makes the strip for an item, as number so many of them."""
    row, column = divmod(number, _ROWS)
    strip = strips.made(there, item)
    strip[_READY], strip.mute, strip.select = item.id, True, False
    strip.channel = _CHANNEL - column
    versions.move(strip, _OUT_OF_SIGHT + row * _APART, 0)


def taken(there: Any) -> dict[str, Any]:
    """The strips that are made, by the IDs of the items that they are for; each is a strip like others from now on."""
    found = {}
    for strip in [strip for strip in there if is_one(strip)]:
        found[str(strip[_READY])] = strip
        del strip[_READY]
    return found


def tidy(there: Any) -> None:
    """Takes away what was made and is not needed."""
    remove(there, [strip for strip in there if is_one(strip)])


def remove(there: Any, gone: Iterable[Any]) -> None:
    """Removes strips, of which some may go with others."""
    for name in [strip.name for strip in gone]:
        with contextlib.suppress(KeyError):
            there.remove(there[name])
