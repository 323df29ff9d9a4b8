# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies put into strips without making anybody wait.

Blender opens a movie where a strip of it is made: 60 to 130 ms for 1080p ProRes, 5 for the proxy that lies beside each
take. Both have the same frames. So a strip is made of the proxy and then told the take's own name, which Blender opens
when it is to be seen. And strips are made one by one, out of sight, before all of them come to their places at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...core.protocol import HostItem
from . import versions

_READY = "shotwright_ready"
_OUT_OF_SIGHT, _CHANNEL = 900_000, 125  # a frame and a channel where nobody works
_ROWS = 50


def made(there: Any, name: str, path: str, frames: int, channel: int, first: int) -> Any:
    """A strip of a movie of so many frames, 0 where nobody knows how many."""
    light = _light(path)
    if light is None:
        return there.new_movie(name=name, filepath=path, channel=channel, frame_start=first)
    strip = there.new_movie(name=name, filepath=str(light), channel=channel, frame_start=first)
    _name_of_its_own(strip, path, frames)
    return strip


def exchange(strip: Any, path: str, frames: int) -> None:
    """Has a strip play another movie of so many frames, 0 where nobody knows how many."""
    light = _light(path)
    strip.filepath = str(light) if light else path
    if light:
        _name_of_its_own(strip, path, frames)


def _light(path: str) -> Path | None:
    light = Path(path).with_suffix(".proxy.mp4")
    return light if light.is_file() and Path(path).is_file() else None


def _name_of_its_own(strip: Any, path: str, frames: int) -> None:
    if frames and versions.content_of(strip) != frames:
        strip.filepath = path  # they differ after all
    else:
        strip.elements[0].filename = Path(path).name


def let_go(strip: Any) -> None:
    """Has Blender forget what it opened, and open what is to be seen anew."""
    strip.use_deinterlace = not strip.use_deinterlace  # this does it, for all strips
    strip.use_deinterlace = not strip.use_deinterlace


# -- made before they are needed ---------------------------------------------------------------------------------------


def is_ready_made(strip: Any) -> bool:
    """Whether a strip is made but stands for nothing yet."""
    return strip.type == "MOVIE" and bool(strip.get(_READY))


def make_ready(there: Any, item: HostItem, number: int) -> None:
    """Makes the strip for an item out of sight, as number so many of them."""
    row, column = divmod(number, _ROWS)
    first = _OUT_OF_SIGHT + row * 1000
    strip = made(there, "ready", item.media, item.media_frames, _CHANNEL - column, first)
    strip[_READY], strip.mute, strip.select = item.id, True, False


def take_ready_made(there: Any) -> dict[str, Any]:
    """The strips that are made, by the IDs of the items that they are for; each is a strip like others from now on."""
    found = {}
    for strip in [strip for strip in there if is_ready_made(strip)]:
        found[str(strip[_READY])] = strip
        del strip[_READY]
    return found


def tidy(there: Any) -> None:
    """Takes away what was made and is not needed."""
    remove(there, [strip for strip in there if is_ready_made(strip)])


def remove(there: Any, strips: Iterable[Any]) -> None:
    """Removes strips, of which some may go with others."""
    for name in [strip.name for strip in strips]:
        with contextlib.suppress(KeyError):
            there.remove(there[name])
