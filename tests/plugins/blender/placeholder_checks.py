"""Checks of placeholders: they tell how far it is, are one undo step with what comes of them, and are never orphans."""

from __future__ import annotations

import time
import zlib
from pathlib import Path
from typing import Any

from shotwright.core.hosts import Flow, Place, Session
from shotwright.plugins.blender import placeholders, sessions, versions
from shotwright.plugins.blender.host import BlenderHost
from stage import FOLDER, bpy, check, edit_of, film, put, refused, rows, same, select

operators = bpy.ops.shotwright
GAP = [Place("", "a", 419, 12)]


def two(name: str) -> tuple[Any, BlenderHost, Session]:
    """A film with two movies of somebody's at its end, 12 frames apart; Blender's undo knows it so."""
    scene, host, session = film(name)
    for called, first in (("a", 400), ("b", 432)):
        strips = scene.sequence_editor.strips
        movie = strips.new_movie(name=called, filepath=str(FOLDER / "numbers.mov"), channel=5, frame_start=first)
        put(movie, first, 20, 4)
    assert operators.push() == {"FINISHED"}
    bpy.ops.ed.undo_push(message="two movies")
    return scene, host, session


def now(name: str) -> Any:
    """A scene after undo, which makes others of all objects."""
    return bpy.data.scenes[name]


def standing(scene: Any) -> list[tuple[str, int, int, int]]:
    found = placeholders.standing(scene.sequence_editor.strips)
    return [(each.name, each.channel, versions.first_of(each), versions.frames_of(each)) for each, _ in found]


def asked(host: BlenderHost, session: Session) -> Flow:
    """Filling the gap, as the operator asks for it in a window: under way, and nobody waits."""
    items = {item.name: item for track in host.read_edit().tracks for item in track.items}
    place = Place(items["a"].id, "a", 419, 12)
    options = {"after": items["a"].id, "seed": zlib.crc32(host.scene.name.encode())}  # one that was not made before
    return session.command("Fill gap", "bridge", options, [place])


def until(session: Session, flow: Flow, there: Any) -> None:
    for _ in range(1500):
        if there() or flow.state != "running":
            return
        session.tick()
        time.sleep(0.02)
    raise AssertionError("it never came to that")


@check
def a_placeholder_shows_how_far_it_is() -> Any:
    """As its colour, and as a picture once there is one, which is gone with it."""
    scene, host, session = two("held")
    before, colors, names, pictures = rows(scene), set(), [], {}
    flow = asked(host, session)
    same(standing(scene), [("Fill gap: a", 5, 420, 12)])
    assert host.read_edit() == host.read_edit()
    while flow.state == "running":
        session.tick()
        time.sleep(0.02)
        for strip, _ in placeholders.standing(scene.sequence_editor.strips):
            names.append(strip.name)
            same((strip.channel, versions.first_of(strip), versions.frames_of(strip)), (5, 420, 12))
            if strip.type == "COLOR":
                colors.add(tuple(round(c, 3) for c in strip.color))
                continue
            path = Path(strip.directory, strip.elements[0].filename)
            if path not in pictures:
                pictures[path] = levels(scene, 425), level_of(path)
                same(len(rows(scene)), len(before) + 1)
                assert host.read_edit() == host.read_edit()
                assert len([i for t in host.read_edit().tracks for i in t.items if i.start == 419]) == 0
    assert flow.state == "done", flow.error
    same(standing(scene), [])
    assert colors
    assert pictures
    assert all(abs(seen - made) < 0.03 for seen, made in pictures.values()), pictures
    assert any(made > 0.05 for _, made in pictures.values()), pictures
    for _ in range(200):
        if not any(path.parent.exists() for path in pictures):
            break
        time.sleep(0.1)
    assert not [path for path in pictures if path.parent.exists()]
    assert any("%" in name for name in names), names
    (new,) = [row for row in rows(scene) if row not in before]
    same((new[0], new[1], new[3], new[4]), (5, "MOVIE", 420, 12))
    return sorted(set(names))


def levels(scene: Any, frame: int) -> float:
    """How light the sequencer's picture is at a frame."""
    scene.view_settings.view_transform = "Standard"
    scene.render.image_settings.file_format = "PNG"
    scene.render.use_sequencer = True
    scene.frame_set(frame)
    scene.render.filepath = str(FOLDER / f"{scene.name} {frame}.png")
    bpy.ops.render.render(write_still=True, scene=scene.name)
    return level_of(Path(scene.render.filepath))


def level_of(path: Path) -> float:
    import numpy as np

    image = bpy.data.images.load(str(path))
    return float(np.array(image.pixels[:]).reshape(-1, image.channels)[:, :3].mean())


@check
def a_picture_that_forms_is_never_an_orphan() -> None:
    """Undone, redone, saved and loaded while it is there; and its files may be gone at any time."""
    scene, host, session = two("forming")
    before = rows(scene)
    flow = asked(host, session)
    kinds = lambda: [each.type for each, _ in placeholders.standing(now("forming").sequence_editor.strips)]  # noqa: E731
    until(session, flow, lambda: kinds() == ["IMAGE"])
    same(kinds(), ["IMAGE"])
    bpy.ops.ed.undo_push(message="something of its user's")
    ((strip, _),) = placeholders.standing(scene.sequence_editor.strips)
    strip.directory = str(FOLDER / "nowhere")
    until(session, flow, lambda: False)
    same(flow.state, "done")
    after = rows(scene)
    same(len(after), len(before) + 1)
    bpy.ops.ed.undo()  # to before the placeholder, or to the picture, which goes at once
    bpy.ops.ed.redo()
    same((kinds(), rows(now("forming"))), ([], after))


@check
def it_is_one_undo_step_with_what_comes_of_it() -> Any:
    scene, host, _ = two("undone")
    before = rows(scene)
    select(scene, "a")
    bpy.ops.ed.undo_push(message="selected")
    assert operators.fill_gap() == {"FINISHED"}
    after, film_after = rows(scene), edit_of(host)
    assert len(after) == len(before) + 1
    bpy.ops.ed.undo()
    same(rows(now("undone")), before)
    same(standing(now("undone")), [])
    bpy.ops.ed.redo()
    same(standing(now("undone")), [])
    same(rows(now("undone")), after)
    same(edit_of(host), film_after)
    # What is undone here, and pushed, is undone in the film.
    bpy.ops.ed.undo()
    assert operators.push() == {"FINISHED"}
    same(len(edit_of(host)), len(film_after) - 1)
    return after


@check
def undoing_a_placeholder_cancels_its_job_and_redo_takes_it_up() -> Any:
    scene, host, session = two("cancelled")
    before, film_before = rows(scene), edit_of(host)
    flow = asked(host, session)
    until(session, flow, lambda: "%" in "".join(each[0] for each in standing(now("cancelled"))))
    assert flow.state == "running", (flow.state, flow.error)
    bpy.ops.ed.undo()
    same(standing(now("cancelled")), [])
    until(session, flow, lambda: False)
    same((flow.state, rows(now("cancelled")), edit_of(host)), ("cancelled", before, film_before))
    assert not sessions.connect().jobs("running")
    bpy.ops.ed.redo()  # headless it goes on at once, and to its end
    same(standing(now("cancelled")), [])
    (new,) = [row for row in rows(now("cancelled")) if row not in before]
    same((new[1], new[3], new[4]), ("MOVIE", 420, 12))
    same(len(edit_of(host)), len(film_before) + 1)
    return new


@check
def what_fails_or_is_stopped_leaves_no_placeholder() -> None:
    scene, host, session = two("failed")
    before = rows(scene)
    for ask, words in (
        (lambda: operators.extend(frames=48), "There is free space of 12 frames"),
        (lambda: operators.bridge(frames=4), "12 frames long; 4 were asked"),
    ):
        select(scene, "a")
        refused(ask, words)
        same((rows(scene), standing(scene)), (before, []))
    bpy.ops.ed.undo()
    bpy.ops.ed.redo()  # its placeholder is in the undo step, and goes again
    same((rows(now("failed")), standing(now("failed"))), (before, []))
    flow = asked(host, session)
    until(session, flow, lambda: bool(host.shown))
    session.cancel_all()
    until(session, flow, lambda: False)
    same((flow.state, rows(now("failed")), standing(now("failed"))), ("cancelled", before, []))


@check
def it_goes_on_in_a_blend_that_was_saved_meanwhile() -> Any:
    scene, host, session = two("saved meanwhile")
    before = rows(scene)
    flow = asked(host, session)
    until(session, flow, lambda: "%" in "".join(each[0] for each in standing(scene)))
    path = FOLDER / "in flight.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    flow.cancel()
    until(session, flow, lambda: False)
    bpy.ops.wm.open_mainfile(filepath=str(path))
    scene = now("saved meanwhile")
    same(len(standing(scene)), 1)
    ((session, flow),) = sessions.recover()  # what the timer does in a window
    until(session, flow, lambda: False)
    same((flow.state, standing(scene)), ("done", []))
    (new,) = [row for row in rows(scene) if row not in before]
    same((new[1], new[3], new[4]), ("MOVIE", 420, 12))
    assert Path(path).is_file()
    return new
