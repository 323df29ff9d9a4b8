# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies put into strips without making anybody wait.

Blender opens a movie where a strip of it is made: 60 to 130 ms for 1080p ProRes, 5 for the proxy that lies beside each
take. Both have the same frames. So a strip is made of the proxy and then told the take's own name, which Blender opens
when it is to be seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import versions

_NOTHING = "nothing"  # no file: Blender finds none, and leaves the strip as it is


def made(there: Any, name: str, path: str, frames: int, channel: int) -> Any:
    """A strip of a movie of so many frames, 0 where nobody knows how many."""
    light = _light(path)
    if light is None:
        return there.new_movie(name=name, filepath=path, channel=channel, frame_start=1)
    strip = there.new_movie(name=name, filepath=str(light), channel=channel, frame_start=1)
    _name_of_its_own(strip, path, frames)
    return strip


def exchange(strip: Any, path: str, frames: int) -> None:
    """Has a strip play another movie of so many frames, 0 where nobody knows how many."""
    light = _light(path)
    if light and frames == versions.content_of(strip):
        light = light.with_name(_NOTHING)  # as long as before: nothing needs to be opened
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
