"""A scene of the script."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """One scene: its number as in shot names (`010`, `012A`), its heading and its lines of the script.

    `setting` is INT, EXT, INT/EXT or EST, empty where the heading says none. `lines` are the first and last line of
    the script, counted from 1, both included.
    """

    number: str
    heading: str
    setting: str
    place: str
    time_of_day: str
    lines: tuple[int, int]
