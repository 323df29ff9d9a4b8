"""Breakdowns as a person reads them, one file for each script in tests/data/scripts.

Renew them all with `.venv/bin/python tests/script/goldens.py`, then read the difference before it is committed: each
changed line is a shot that films would get differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shotwright.core.film import ProjectSettings, Shot
from shotwright.core.film.shot import CUT, Transition
from shotwright.core.script import break_down, read_script, read_shot_list

_DATA = Path(__file__).parent.parent / "data"
SCRIPTS = sorted((_DATA / "scripts").iterdir())
SETTINGS = ProjectSettings()


def golden_of(script: Path) -> Path:
    """The file that holds the breakdown of a script."""
    return _DATA / "breakdowns" / f"{script.name}.txt"


def readable(script: Path) -> str:
    """The breakdown in words: a line for each scene, and for each shot its picture, prompt and sound."""
    if script.suffix == ".csv":
        scenes, shots = read_shot_list(script, SETTINGS)
        title, notices = "", ()
    else:
        found = break_down(read_script(script), SETTINGS)
        title, scenes, shots, notices = found.title, found.scenes, found.shots, found.notices
    rows = [f"{script.name}: {title}".rstrip(": "), *(f"! {notice}" for notice in notices)]
    for scene in scenes:
        rows += ["", f"{scene.number}  {scene.heading}  (lines {_span(scene.lines)})"]
        for shot in shots:
            if shot.scene == scene.number:
                rows += _shot(shot)
    return "\n".join(rows) + "\n"


def _shot(shot: Shot) -> Iterator[str]:
    seconds = float(SETTINGS.rate.seconds(shot.frames))
    staging = shot.shot_size if shot.camera_move == "static" else f"{shot.shot_size}, {shot.camera_move}"
    yield f"  {shot.name}  {seconds:.2f} s  lines {_span(shot.lines)}  {staging}  [{', '.join(shot.cast)}]"
    yield f"    prompt: {shot.prompt}"
    for said in shot.dialogue:
        unseen = " (unseen)" if said.off_screen else ""
        yield f"    at {said.at_frames} for {said.frames}: {said.speaker or 'someone'}{unseen}: {said.text}"
    for side, transition in (("in", shot.transition_in), ("out", shot.transition_out)):
        if transition != CUT:
            yield f"    {side}: {_words(transition)}"
    for panel in shot.panels:
        yield f"    panel: {panel.path} at {panel.at_frames}"
    if shot.audio:
        yield f"    sound: {shot.audio}"


def _words(transition: Transition) -> str:
    return f"{transition.words} ({transition.kind}, {transition.frames} frames)"


def _span(lines: tuple[int, int]) -> str:
    return f"{lines[0]}-{lines[1]}" if lines[0] <= lines[1] else "none of its own"


if __name__ == "__main__":
    for path in SCRIPTS:
        golden_of(path).write_text(readable(path), encoding="utf-8", newline="\n")
