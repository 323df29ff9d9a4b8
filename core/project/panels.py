"""Which drawing belongs to which shot: by name, or all in order; never guessed one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..film import Panel, Shot
from ..timing import Rate

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})
_AT = re.compile(r"@(\d+(?:\.\d+)?)(s?)$", re.IGNORECASE)


@dataclass(frozen=True)
class PanelMatch:
    """Panels by shot name, with `path` relative to the project, and what to tell the user."""

    panels: dict[str, tuple[Panel, ...]]
    unmatched: tuple[str, ...]
    notices: tuple[str, ...]


def natural(name: str) -> list[tuple[int, int | str]]:
    """A sort key in which board 2 comes before board 10."""
    return [(0, int(part)) if part.isdigit() else (1, part.casefold()) for part in re.split(r"([0-9]+)", name)]


def picture_files(folder: Path) -> list[Path]:
    """The pictures that lie in a folder, in natural order; hidden files and others are left out."""
    found = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted((path for path in found if path.suffix.lower() in PICTURE_SUFFIXES), key=lambda p: natural(p.name))


def _shot_of(stem: str, names: dict[str, Shot]) -> tuple[Shot, str] | None:
    """The shot whose name the stem begins with, the longest such, and the rest of the stem."""
    folded = stem.casefold()
    for end in range(len(folded), 0, -1):
        if folded[:end] in names and not folded[end : end + 1].isalnum():
            return names[folded[:end]], stem[end:]
    return None


def _placed(found: Sequence[tuple[str, str]], shot: Shot, rate: Rate) -> tuple[tuple[Panel, ...], list[str]]:
    """The shot's drawings at the times in their names (`@36`, `@1.5s`); without, spread evenly over the shot.

    Also the names of those whose time lies behind the shot's end: they stand on its last frame.
    """
    panels, late = [], []
    for index, (file_name, rest) in enumerate(found):
        at = _AT.search(rest)
        if at is None:
            frame = shot.frames * index // len(found)
        else:
            frame = rate.frames(Fraction(at[1])) if at[2] else int(Fraction(at[1]))
        if frame >= shot.frames:
            late.append(file_name)
        panels.append(Panel(f"panels/{file_name}", min(frame, shot.frames - 1), "name"))
    return tuple(sorted(panels, key=lambda panel: panel.at_frames)), late


def match_panels(file_names: Iterable[str], shots: Sequence[Shot], rate: Rate) -> PanelMatch:
    """Gives each shot its drawings.

    A file that begins with a shot's name (`SC010_SH0020.png`, `…_b.png`, `…@36.png` at frame 36, `…@1.5s.png`) belongs
    to it. Where no file names any shot, the files are taken in natural order, one a shot, and a notice says so.
    What is left over is reported, not placed.
    """
    names = {shot.name.casefold(): shot for shot in shots}
    by_shot: dict[str, list[tuple[str, str]]] = {}
    unmatched: list[str] = []
    for file_name in file_names:
        match = _shot_of(Path(file_name).stem, names)
        if match is None:
            unmatched.append(file_name)
        else:
            by_shot.setdefault(match[0].name, []).append((file_name, match[1]))
    notices = []
    panels: dict[str, tuple[Panel, ...]] = {}
    for name, found in by_shot.items():
        panels[name], late = _placed(found, names[name.casefold()], rate)
        notices += [
            f"{file_name} stands behind the end of its shot: it was put on the last frame." for file_name in late
        ]
    if not panels and unmatched:
        in_order = dict(zip((shot.name for shot in shots), unmatched, strict=False))
        panels = {name: (Panel(f"panels/{file_name}", 0, "order"),) for name, file_name in in_order.items()}
        unmatched = unmatched[len(in_order) :]
        notices.append(f"No panel is named for a shot: the first {len(panels)} were taken in order, one a shot.")
    if unmatched:
        listed = ", ".join(unmatched[:5]) + (" …" if len(unmatched) > 5 else "")
        notices.append(f"Panels of no shot: {listed} ({len(unmatched)} in all). Name them for their shots.")
    return PanelMatch(panels, tuple(unmatched), tuple(notices))
