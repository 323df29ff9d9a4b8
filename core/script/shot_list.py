"""Shot lists as CSV: every field of every scene and shot out and in, and lists that people made by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..film import DialogueLine, ProjectSettings, Scene, Shot
from ..film.shot import CAMERA_MOVES, SHOT_SIZES
from .camera import read_camera
from .cast import Cast
from .cells import Cells, length_cell, list_cell, names_cell, transition_cell
from .durations import TURN_SECONDS, action_seconds, bounds_frames
from .elements import ACTION, CUE, Element
from .ids import shot_id
from .list_numbers import scenes_of_rows, shot_names
from .prompts import prompt
from .table import Row, read_table, write_table

_SHOT_CELLS = (
    "name",
    "shot_size",
    "camera_move",
    "seconds",
    "frames",
    "text",
    "prompt",
    "dialogue",
    "panels",
    "shot_id",
)


def write_shot_list(path: Path, scenes: Sequence[Scene], shots: Sequence[Shot], settings: ProjectSettings) -> None:
    """Writes scenes and shots as CSV that `read_shot_list` reads back the same; raises StorageError."""
    write_table(path, _rows(scenes, shots, settings))


def read_shot_list(path: Path, settings: ProjectSettings) -> tuple[tuple[Scene, ...], tuple[Shot, ...]]:
    """Scenes and shots from CSV, ours or made by hand; what a row leaves out is filled in as the breakdown would.

    A column of descriptions is enough. Rows without a name get a number between their neighbours'. Raises
    NotFoundError, StorageError, and ScriptError, which knows its line.
    """
    rows = read_table(path)
    cast = _cast(rows, settings)
    scene_of_row, scenes = scenes_of_rows(rows)
    with_shots = [(row, scene) for row, scene in zip(rows, scene_of_row, strict=True) if _has_shot(row)]
    names = shot_names(settings.naming, [(row.cells.get("name", ""), scene) for row, scene in with_shots])
    ids: set[str] = set()
    shots = []
    for (row, scene), name in zip(with_shots, names, strict=True):
        shot = _shot(row, scenes[scene], name, cast, settings)
        if shot.shot_id in ids:  # a row copied in a spreadsheet is a new shot
            shot = replace(shot, shot_id=shot_id(shot.name, shot.shot_id))
        ids.add(shot.shot_id)
        shots.append(shot)
    return tuple(scenes.values()), tuple(shots)


def _rows(scenes: Sequence[Scene], shots: Sequence[Shot], settings: ProjectSettings) -> Iterator[Mapping[str, str]]:
    """A row for each shot, with its scene; a row of its own for each scene that has none ahead of where it stands."""
    by_number = {scene.number: scene for scene in scenes}
    waiting = list(reversed(scenes))
    shown: set[str] = set()
    for shot in shots:
        while shot.scene in by_number and shot.scene not in shown:
            scene = waiting.pop()
            shown.add(scene.number)
            if scene.number != shot.scene:
                yield _scene_cells(scene)
        yield {**_scene_cells(by_number.get(shot.scene)), **_shot_cells(shot, settings)}
    for scene in reversed(waiting):
        yield _scene_cells(scene)


def _scene_cells(scene: Scene | None) -> Mapping[str, str]:
    if scene is None:
        return {}
    return {
        "scene": scene.number,
        "scene_heading": scene.heading,
        "setting": scene.setting,
        "scene_place": scene.place,
        "time_of_day": scene.time_of_day,
        "scene_first_line": str(scene.lines[0]),
        "scene_last_line": str(scene.lines[1]),
    }


def _shot_cells(shot: Shot, settings: ProjectSettings) -> Mapping[str, str]:
    return {
        "name": shot.name,
        "scene": shot.scene,
        "heading": shot.heading,
        "shot_size": shot.shot_size,
        "camera_move": shot.camera_move,
        "seconds": length_cell(shot.frames, settings.rate),
        "text": shot.text,
        "prompt": shot.prompt,
        "cast": names_cell(shot.cast),
        "dialogue": list_cell(shot.dialogue),
        "transition_in": transition_cell(shot.transition_in),
        "transition_out": transition_cell(shot.transition_out),
        "panels": list_cell(shot.panels),
        "audio": shot.audio,
        "first_line": str(shot.lines[0]),
        "last_line": str(shot.lines[1]),
        "shot_id": shot.shot_id,
        "omitted": "yes" if shot.omitted else "",
    }


def _has_shot(row: Row) -> bool:
    return any(name in row.cells for name in _SHOT_CELLS)


def _cast(rows: Sequence[Row], settings: ProjectSettings) -> Cast:
    """The people of a list: who speaks, who stands in its cast column, who is introduced in its descriptions."""
    elements = []
    for row in rows:
        cells = Cells(row.cells, row.lines[0])
        speakers = [said.speaker for said in cells.dialogue(settings.rate) if said.speaker]
        elements += [Element(CUE, name, row.lines) for name in (*cells.names("cast"), *speakers)]
        elements.append(Element(ACTION, cells.text("text"), row.lines))
    return Cast(elements, settings.cast)


def _shot(row: Row, scene: Scene, name: str, cast: Cast, settings: ProjectSettings) -> Shot:
    cells = Cells(row.cells, row.lines[0])
    text = cells.text("text")
    heading = cells.text("heading") or scene.heading
    camera = read_camera(
        " ".join((cells.text("shot_size"), cells.text("camera_move"), "" if cells.text("shot_size") else text))
    )
    size = _one_of(SHOT_SIZES, cells.text("shot_size"), camera.size or "medium")
    move = _one_of(CAMERA_MOVES, cells.text("camera_move"), camera.move or "static")
    dialogue = cells.dialogue(settings.rate)
    who = cells.names("cast") or (() if "shot_id" in row.cells else cast.mentioned(text))
    frames = cells.frames(settings.rate) or _frames(text, dialogue, settings)
    parts = text or " ".join(f"{said.speaker} talks" for said in dialogue[:1] if said.speaker)
    return Shot(
        shot_id=cells.text("shot_id") or shot_id("", name, text),
        name=name,
        scene=scene.number,
        heading=heading,
        text=text,
        prompt=cells.text("prompt") or prompt(size, move, heading, parts, who, cast, settings.look),
        frames=frames,
        lines=(cells.number("first_line", row.lines[0]), cells.number("last_line", row.lines[1])),
        shot_size=size,
        camera_move=move,
        cast=who,
        dialogue=dialogue,
        transition_in=cells.transition("transition_in", settings.rate),
        transition_out=cells.transition("transition_out", settings.rate),
        panels=cells.panels(frames),
        audio=cells.path("audio"),
        omitted=cells.text("omitted").casefold() in ("yes", "true", "1", "x"),
    )


def _one_of(known: Sequence[str], cell: str, otherwise: str) -> str:
    plain = " ".join(cell.lower().replace("_", " ").split())
    return plain if plain in known else otherwise


def _frames(text: str, dialogue: Sequence[DialogueLine], settings: ProjectSettings) -> int:
    """The length of a shot whose row gives none: its words and its action, within the project's bounds."""
    rate, (shortest, longest) = settings.rate, bounds_frames(settings)
    said = sum(line.frames for line in dialogue) + (rate.frames(TURN_SECONDS) if dialogue else 0)
    seen = rate.frames(action_seconds((text,))) if text else 0
    return min(max(shortest, said, seen), longest)
