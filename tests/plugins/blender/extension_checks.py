"""Checks of movies of somebody's own that go on: at any rate, with offsets, retimed, muted, in a meta, as sequences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shotwright.plugins.blender import sessions, versions
from stage import FOLDER, SCRIPT, bpy, check, fresh, near, put, refused, rows, same, select, shown, strip

operators = bpy.ops.shotwright
FIRST, FRAMES, SKIPPED = 420, 30, 8


def film_at(name: str, base: float) -> tuple[Any, str]:
    """A film at 24 frames a second, or 24 / `base`, and a movie of that rate."""
    scene = fresh(name)
    scene.render.fps_base = base
    (FOLDER / name).mkdir(parents=True)
    script = FOLDER / name / "tea.fountain"
    script.write_text(SCRIPT)
    assert operators.import_script(filepath=str(script)) == {"FINISHED"}
    return scene, str(FOLDER / ("numbers.mov" if base == 1.0 else "numbers 23.976.mov"))


def put_in(scene: Any, path: str, name: str, first: int = FIRST) -> Any:
    """A movie's strip as a user puts it in: on a channel of its own, begun some frames in."""
    movie = scene.sequence_editor.strips.new_movie(name=name, filepath=path, channel=7, frame_start=first)
    put(movie, first, FRAMES, SKIPPED)
    return movie


def goes_on(name: str, base: float) -> Any:
    """Head and tail of a movie with real frames on either side, then past them; each undone."""
    scene, path = film_at(name, base)
    put_in(scene, path, "mine")
    others = [row for row in rows(scene) if row[2] != "mine"]
    for side, frames in (("TAIL", 12), ("HEAD", 5), ("TAIL", 20), ("HEAD", 10)):
        assert operators.push() == {"FINISHED"}
        before = strip(scene, "mine")
        first, length = versions.first_of(before), versions.frames_of(before)
        seen = shown(scene, first, first + length - 1)
        select(scene, "mine")
        bpy.ops.ed.undo_push(message="selected")
        assert operators.extend(side=side, frames=frames) == {"FINISHED"}
        after = strip(scene, "mine")
        begins = first - (frames if side == "HEAD" else 0)
        same((versions.first_of(after), versions.frames_of(after)), (begins, length + frames))
        same(shown(scene, first, first + length - 1), seen)
        same([row for row in rows(scene) if row[2] != "mine"], others)
    # Twelve behind and five before were there to be shown.
    seen = shown(scene, FIRST - 5, FIRST, FIRST + FRAMES - 1, FIRST + FRAMES + 11)
    near(seen, [3, 8, 37, 49])
    made = rows(scene)
    bpy.ops.ed.undo()
    scene = bpy.data.scenes[name]
    one = strip(scene, "mine")
    same((versions.first_of(one), versions.frames_of(one)), (FIRST - 5, FRAMES + 5 + 12 + 20))
    same([row for row in rows(scene) if row[2] != "mine"], others)
    return made


@check
def a_movie_goes_on_at_24() -> Any:
    return goes_on("at 24", 1.0)


@check
def a_movie_goes_on_at_23_976() -> Any:
    return goes_on("at 23.976", 1.001)


@check
def a_muted_movie_goes_on() -> None:
    scene, path = film_at("muted", 1.0)
    put_in(scene, path, "mine").mute = True
    select(scene, "mine")
    assert operators.extend(frames=30) == {"FINISHED"}
    now = strip(scene, "mine")
    same((versions.first_of(now), versions.frames_of(now), now.mute), (FIRST, FRAMES + 30, True))


@check
def a_retimed_movie_goes_on() -> Any:
    scene, path = film_at("retimed mine", 1.0)
    movie = put_in(scene, path, "mine")
    put(movie, FIRST, 20, SKIPPED)
    strips = scene.sequence_editor.strips
    speed = strips.new_effect(name="fast", type="SPEED", channel=8, frame_start=1, **versions.length(1), input1=movie)
    speed.speed_control, speed.speed_factor = "MULTIPLY", 2.0
    seen = shown(scene, FIRST + 1, FIRST + 10, FIRST + 19)
    select(scene, "mine")
    assert operators.extend(frames=10) == {"FINISHED"}
    now = strip(scene, "mine")
    same((versions.first_of(now), versions.frames_of(now)), (FIRST, 30))
    same(shown(scene, FIRST + 1, FIRST + 10, FIRST + 19), seen)
    return seen


def in_a_meta(name: str) -> tuple[Any, Any]:
    """A film with a movie in a meta strip that shows all of it, and the meta."""
    scene, path = film_at(name, 1.0)
    inner = put_in(scene, path, "inner", 600)
    meta = scene.sequence_editor.strips.new_meta(name="meta", channel=9, frame_start=600)
    inner.move_to_meta(meta)
    put(meta, 600, FRAMES, 0)
    assert operators.push() == {"FINISHED"}
    return scene, meta


def open_at_inner(scene: Any) -> Any:
    """Opens the meta strip, as Tab does, and selects the movie in it."""
    meta = strip(scene, "meta")
    scene.sequence_editor.display_stack(meta)
    for inner in meta.strips:
        inner.select = inner.name.startswith("inner")
    return meta


@check
def a_meta_itself_is_told() -> None:
    scene, meta = in_a_meta("a meta")
    before = rows(scene)
    for ask in (operators.extend, operators.loop, operators.fill_gap):
        select(scene, "meta")
        refused(ask, "“meta” is a meta strip")
    scene.sequence_editor.display_stack(meta)
    meta.strips["inner"].select = True
    refused(operators.fill_gap, "There is no clip")
    scene.sequence_editor.display_stack(None)
    same(rows(scene), before)


@check
def what_is_in_a_meta_goes_on_at_both_ends() -> None:
    scene, _ = in_a_meta("in a meta")
    for side, first, end in (("TAIL", 600, 600 + FRAMES + 12), ("HEAD", 594, 600 + FRAMES + 12)):
        frames = 12 if side == "TAIL" else 6
        open_at_inner(scene)
        bpy.ops.ed.undo_push(message="selected")
        assert operators.extend(side=side, frames=frames, mode="GAP") == {"FINISHED"}
        scene.sequence_editor.display_stack(None)
        meta = strip(scene, "meta")
        (inner,) = meta.strips
        same((versions.first_of(meta), versions.first_of(meta) + versions.frames_of(meta)), (first, end))
        same((versions.first_of(inner), versions.first_of(inner) + versions.frames_of(inner)), (first, end))
        near(shown(scene, 600, 600 + FRAMES - 1), [8, 37])
    # Twelve behind and six before were there to be shown.
    near(shown(scene, 594, 600 + FRAMES + 11), [2, 49])
    bpy.ops.ed.undo()
    meta = strip(bpy.data.scenes["in a meta"], "meta")
    same((versions.first_of(meta), versions.frames_of(meta)), (600, FRAMES + 12))
    same([versions.frames_of(inner) for inner in meta.strips], [FRAMES + 12])


@check
def sequences_of_pictures_are_told() -> Any:
    scene, _ = film_at("sequence", 1.0)
    folder = FOLDER / "sequence ünï"
    folder.mkdir()
    image = bpy.data.images.new("frame", 160, 90)
    for number in range(1001, 1013):
        image.filepath_raw, image.file_format = str(folder / f"sh.{number}.png"), "PNG"
        image.save()
    pictures = scene.sequence_editor.strips.new_image(
        name="sequence", filepath=str(folder / "sh.1001.png"), channel=7, frame_start=FIRST
    )
    for number in range(1002, 1013):
        pictures.elements.append(f"sh.{number}.png")
    before = rows(scene)
    names = [element.filename for element in pictures.elements]
    assert operators.push() == {"FINISHED"}
    assert operators.pull() == {"FINISHED"}
    same(rows(scene), before)
    now = strip(scene, "sequence")
    same([element.filename for element in now.elements], names)
    select(scene, "sequence")
    refused(operators.extend, "plays a picture")
    same(rows(scene), before)
    assert Path(folder).is_dir()
    return len(names)


@check
def an_engine_of_another_version_is_told() -> None:
    scene, _ = film_at("version", 1.0)
    before, version = rows(scene), sessions.__version__
    sessions.__version__ = "99.0"
    try:
        refused(operators.pull, "this extension 99.0. Install both anew")
    finally:
        sessions.__version__ = version
    same(rows(scene), before)
    assert operators.pull() == {"FINISHED"}


@check
def each_of_two_in_a_row_is_one_step() -> None:
    name = "two in a row"
    scene, path = film_at(name, 1.0)
    put_in(scene, path, "mine")
    assert operators.push() == {"FINISHED"}
    select(scene, "mine")
    bpy.ops.ed.undo_push(message="selected")
    for frames, there in ((20, 50), (30, 80)):
        assert operators.extend(side="TAIL", frames=frames) == {"FINISHED"}
        same(versions.frames_of(strip(bpy.data.scenes[name], "mine")), there)
    for go, there in ((bpy.ops.ed.undo, 50), (bpy.ops.ed.redo, 80), (bpy.ops.ed.undo, 50), (bpy.ops.ed.undo, FRAMES)):
        go()
        same(versions.frames_of(strip(bpy.data.scenes[name], "mine")), there)
    assert operators.pull() == {"FINISHED"}
    same(versions.frames_of(strip(bpy.data.scenes[name], "mine")), FRAMES)  # the film has it so, too
