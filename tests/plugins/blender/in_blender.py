"""Runs inside Blender's Python (`bpy`): the extension against a real engine. Prints one JSON line a check.

    python in_blender.py FOLDER PACKAGE [NAME …]

See stage.py; checks by their names.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import stage  # isort: skip  # where the package lies
import blocking_checks
import drawing_checks
import effect_checks
import extension_checks
import panel_checks
import placeholder_checks
import strip_checks
from shotwright.core.errors import ShotwrightError
from shotwright.core.hosts.compliance import failures
from shotwright.core.protocol import HostEdit
from shotwright.plugins.blender import sessions, versions
from shotwright.plugins.blender.host import BlenderHost
from shotwright.plugins.blender.strips import ID
from stage import (
    CHECKS,
    FOLDER,
    IMPORT_SECONDS,
    bpy,
    check,
    edit_of,
    extension,
    film,
    folder_of,
    fresh,
    put,
    refused,
    rows,
    select,
    skipped_in,
    strip,
)

__all__ = ["blocking_checks", "drawing_checks", "effect_checks", "extension_checks", "panel_checks", "stage"]
__all__ += ["placeholder_checks", "strip_checks"]


@check
def is_imported_in_no_time() -> float:
    assert IMPORT_SECONDS < 0.05, IMPORT_SECONDS
    return round(IMPORT_SECONDS, 4)


@check
def registers_and_leaves_nothing() -> None:
    before = set(dir(bpy.types)), set(dir(bpy.ops.shotwright)), keys()
    assert ("shotwright.next_take", "T", True, True) in before[2]
    for _ in range(20):
        extension.unregister()
        assert not hasattr(bpy.types, "SHOTWRIGHT_PT_main")
        assert keys() == []
        extension.register()
    assert (set(dir(bpy.types)), set(dir(bpy.ops.shotwright)), keys()) == before


def keys() -> list[tuple[str, str, bool, bool]]:
    """The extension's keys in the sequencer: operator, key, Ctrl, Alt."""
    keymap = bpy.context.window_manager.keyconfigs.addon.keymaps.get("Sequencer")
    items = keymap.keymap_items if keymap else ()
    return sorted((each.idname, each.type, each.ctrl, each.alt) for each in items if "shotwright" in each.idname)


@check
def a_script_becomes_strips_and_takes() -> Any:
    scene, host, _ = film("script")
    assert [row[1:3] for row in rows(scene)] == [("COLOR", f"SC0{n}0_SH0010") for n in (1, 2, 3)]
    lengths = [row[4] for row in rows(scene)]
    assert bpy.ops.shotwright.generate() == {"FINISHED"}
    made = rows(scene)
    assert [row[1] for row in made] == ["MOVIE"] * 3
    assert [row[4] for row in made] == lengths
    assert [row[3] for row in made] == [1, 1 + lengths[0], 1 + lengths[0] + lengths[1]]
    assert [(r[2], r[3] - 1, r[4]) for r in made] == [(e[1], e[2], e[3]) for e in edit_of(host)]
    return made


@check
def clips_go_on_at_head_and_tail_and_gaps_are_filled() -> Any:
    scene, host, _ = film("extend")
    bpy.ops.shotwright.generate()
    first, second, third = (row[2] for row in rows(scene))
    for name in (third, second):  # room between them, the last first: where strips meet, Blender moves them up
        moved = strip(scene, name)
        put(moved, versions.first_of(moved) + 100, versions.frames_of(moved), skipped_in(moved))
    before = rows(scene)
    select(scene, first)
    assert bpy.ops.shotwright.extend(side="TAIL", frames=20, mode="GAP") == {"FINISHED"}
    after = rows(scene)
    assert after[0][3:] == (1, before[0][4] + 20)
    assert after[1:] == before[1:]
    select(scene, second)
    assert bpy.ops.shotwright.extend(side="HEAD", frames=10, mode="GAP") == {"FINISHED"}
    headed = rows(scene)
    assert headed[1][3:] == (before[1][3] - 10, before[1][4] + 10)
    assert (headed[0], headed[2]) == (after[0], after[2])
    select(scene, first)
    assert bpy.ops.shotwright.fill_gap() == {"FINISHED"}
    filled = rows(scene)
    assert len(filled) == 4
    assert filled[1][3:] == (1 + after[0][4], headed[1][3] - 1 - after[0][4])
    select(scene, third)
    assert bpy.ops.shotwright.extend(side="TAIL", frames=8, mode="RIPPLE") == {"FINISHED"}
    assert rows(scene)[3][4] == before[2][4] + 8
    assert [(r[2], r[3] - 1, r[4]) for r in rows(scene)] == [(e[1], e[2], e[3]) for e in edit_of(host)]
    return rows(scene)


@check
def takes_are_flipped_through() -> Any:
    scene, *_ = film("takes")
    bpy.ops.shotwright.generate()
    name = rows(scene)[0][2]
    select(scene, name)
    assert bpy.ops.shotwright.new_take() == {"FINISHED"}
    before, played = rows(scene), []
    for _ in range(3):
        select(scene, name)
        played.append(Path(bpy.path.abspath(strip(scene, name).filepath)).stem[-4:])
        assert bpy.ops.shotwright.next_take() == {"FINISHED"}
        assert rows(scene) == before
    assert played[0] == played[2] != played[1], (played, rows(scene))
    return played


@check
def the_frames_that_are_rendered_are_the_media_s() -> float:
    import numpy as np

    scene, *_ = film("frames")
    bpy.ops.shotwright.generate()
    scene.view_settings.view_transform = "Raw" if bpy.app.version < (5, 0, 0) else scene.view_settings.view_transform
    movie = strip(scene, rows(scene)[1][2])
    shown = versions.first_of(movie) + 7
    alone = bpy.data.scenes.new("one frame")
    for key in ("resolution_x", "resolution_y", "fps"):
        setattr(alone.render, key, getattr(scene.render, key))
    alone.view_settings.view_transform = scene.view_settings.view_transform
    path = bpy.path.abspath(movie.filepath)
    one = alone.sequence_editor_create().strips.new_movie(name="m", filepath=path, channel=1, frame_start=1)
    skipped = skipped_in(movie) + 7
    pictures = []
    for each, frame in ((scene, shown), (alone, versions.first_of(one) + skipped)):
        each.render.image_settings.file_format = "PNG"
        each.render.use_sequencer = True
        bpy.context.window.scene = each
        each.frame_set(frame)
        each.render.filepath = str(FOLDER / f"{each.name} {frame}.png")
        bpy.ops.render.render(write_still=True, scene=each.name)
        image = bpy.data.images.load(each.render.filepath)
        pictures.append(np.array(image.pixels[:]))
    assert pictures[0].std() > 0.01
    assert np.array_equal(*pictures)
    return float(pictures[0].std())


@check
def what_was_cut_here_and_there_comes_together() -> Any:
    scene, host, _ = film("sync")
    name, _, third = (row[2] for row in rows(scene))
    cut = strip(scene, name)
    put(cut, versions.first_of(cut), versions.frames_of(cut) - 9, skipped_in(cut))
    strip(scene, third).mute = True
    assert bpy.ops.shotwright.push() == {"FINISHED"}
    lengths = {row[1]: row[3] for row in edit_of(host)}
    assert lengths[name] == versions.frames_of(cut)
    kept = rows(scene)
    assert bpy.ops.shotwright.pull() == {"FINISHED"}
    assert rows(scene) == kept
    assert strip(scene, third).mute
    return lengths


IDENTITY: dict[str, Callable[[Any], dict[str, int]]] = {}


def edited(body: Callable[[Any], dict[str, int]]) -> Callable[[Any], dict[str, int]]:
    """An edit, which answers how many strips of each shot there must be afterwards."""
    IDENTITY[body.__name__] = body
    return body


def _names(scene: Any) -> list[str]:
    return [row[2] for row in rows(scene)]


def _nudge(scene: Any, number: int, first: int = 0, frames: int = 0, skipped: int = 0) -> dict[str, int]:
    names = _names(scene)
    one = strip(scene, names[number])
    put(one, versions.first_of(one) + first, versions.frames_of(one) + frames, max(0, skipped_in(one) + skipped))
    return dict.fromkeys(names, 1)


for _number in range(3):
    for _what, _by in {
        "trimmed at the tail": {"frames": -7},
        "trimmed at the head": {"first": 5, "frames": -5, "skipped": 5},
        "slipped": {"skipped": 4},
        "moved": {"first": 400},
    }.items():
        IDENTITY[f"{_what} {_number}"] = lambda scene, n=_number, by=_by: _nudge(scene, n, **by)


for _number in range(3):

    def _razored(scene: Any, n: int = _number) -> dict[str, int]:
        names = _names(scene)
        one = strip(scene, names[n])
        one.split(frame=versions.first_of(one) + 20, split_method="SOFT")
        return dict.fromkeys(names, 1) | {names[n]: 2}

    def _duplicated(scene: Any, n: int = _number) -> dict[str, int]:
        names = _names(scene)
        one = strip(scene, names[n])
        copy = scene.sequence_editor.strips.new_movie(name=one.name, filepath=one.filepath, channel=9, frame_start=900)
        for key in one.keys():  # noqa: SIM118  # what Blender's own duplicate copies
            copy[key] = one[key]
        put(copy, 900, versions.frames_of(one), skipped_in(one))
        return dict.fromkeys(names, 1) | {names[n]: 2}

    def _muted(scene: Any, n: int = _number) -> dict[str, int]:
        names = _names(scene)
        strip(scene, names[n]).mute = True
        return dict.fromkeys(names, 1)

    def _lifted(scene: Any, n: int = _number) -> dict[str, int]:
        names = _names(scene)
        scene.sequence_editor.strips.remove(strip(scene, names[n]))
        return dict.fromkeys(names, 1) | {names[n]: 0}

    def _raised(scene: Any, n: int = _number) -> dict[str, int]:
        names = _names(scene)
        strip(scene, names[n]).channel += 1
        return dict.fromkeys(names, 1)

    def _renamed(scene: Any, n: int = _number) -> dict[str, int]:
        names = _names(scene)
        strip(scene, names[n]).name = "called otherwise"
        return dict.fromkeys(names, 1)

    IDENTITY |= {
        f"{body.__name__.strip('_')} {_number}": body
        for body in (_razored, _duplicated, _muted, _lifted, _raised, _renamed)
    }


@edited
def saved_and_loaded(scene: Any) -> dict[str, int]:
    names, own = _names(scene), scene.name
    path = str(FOLDER / "saved.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    sessions._sessions.clear()
    bpy.context.window.scene = bpy.data.scenes[own]
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = bpy.data.scenes[own]
    return dict.fromkeys(names, 1)


@check
def identity_survives_what_an_editor_does() -> Any:
    _, host, _ = film("identity")
    bpy.ops.shotwright.generate()
    folder = folder_of(host)
    timeline = (folder / "edit.otio").read_bytes()
    shots = {child["name"]: _shot(child) for child in _clips(timeline)}
    recovered, lost = 0, []
    for number, (what, change) in enumerate(IDENTITY.items()):
        (folder / "edit.otio").write_bytes(timeline)
        scene = fresh(f"identity {number}")
        assert bpy.ops.shotwright.open_film(directory=str(folder)) == {"FINISHED"}, what
        wanted = change(scene)
        assert bpy.ops.shotwright.push() == {"FINISHED"}, what
        there = [_shot(child) for child in _clips((folder / "edit.otio").read_bytes())]
        found = {name: there.count(shot) for name, shot in shots.items()}
        if found == wanted and len(there) == sum(wanted.values()):
            recovered += 1
        else:
            lost.append((what, found, wanted))
        timeline_now = json.loads((folder / "edit.otio").read_text())
        assert timeline_now["OTIO_SCHEMA"]
    assert recovered >= 0.95 * len(IDENTITY), lost
    return {"recovered": recovered, "of": len(IDENTITY), "lost": lost}


def _clips(text: bytes) -> list[Any]:
    tracks = json.loads(text)["tracks"]["children"]
    return [c for t in tracks if t["kind"] == "Video" for c in t["children"] if c["OTIO_SCHEMA"].startswith("Clip")]


def _shot(clip: Any) -> str:
    return str(clip["metadata"].get("shotwright", {}).get("shot_id", ""))


@check
def bad_input_is_a_sentence_and_changes_nothing() -> Any:
    scene = fresh("bad")
    operators = bpy.ops.shotwright
    refused(operators.push, "belongs to no film")
    refused(operators.import_script, "There is no script", filepath=str(FOLDER / "nothing.fountain"))
    refused(operators.import_script, "There is no script", filepath="")
    scene, host, _ = film("bad film ünï")
    names = _names(scene)
    select(scene)
    refused(operators.extend, "0 strips are selected")
    select(scene, *names)
    refused(operators.extend, "3 strips are selected")
    select(scene, names[0])
    refused(operators.fill_gap, "")
    before = rows(scene)
    scene.render.fps_base = 1.001
    refused(operators.push, "runs at")
    refused(operators.pull, "")
    scene.render.fps_base = 1.0
    early = strip(scene, names[0])
    put(early, -20, versions.frames_of(early), 0)
    refused(operators.push, "begins before")
    put(early, 1, versions.frames_of(early), 0)
    assert rows(scene) == before
    gone = scene.sequence_editor.strips.new_movie(name="gone", filepath="//nowhere.mov", channel=5, frame_start=500)
    pictures = scene.sequence_editor.strips.new_image(
        name="still", filepath=str(FOLDER / "nothing.png"), channel=6, frame_start=500
    )
    put(pictures, 500, 24, 0)
    assert operators.push() == {"FINISHED"}
    assert gone.get(ID)
    assert {row[1] for row in edit_of(host)} == {*names, "gone", "still"}
    return len(edit_of(host))


@check
def other_strips_stay_as_they_are() -> None:
    scene, _, _ = film("others")
    strips = scene.sequence_editor.strips
    length = {"length": 20} if bpy.app.version >= (5, 0, 0) else {"frame_end": 30}
    text = strips.new_effect(name="title", type="TEXT", channel=7, frame_start=10, **length)
    before = (text.channel, versions.first_of(text), versions.frames_of(text))
    bpy.ops.shotwright.push()
    bpy.ops.shotwright.pull()
    assert (text.channel, versions.first_of(text), versions.frames_of(text)) == before
    assert not text.get(ID)


@check
def a_pull_takes_nothing_away_and_puts_nothing_twice() -> Any:
    scene, *_ = film("pulled")
    bpy.ops.shotwright.generate()
    name = rows(scene)[0][2]
    cut = strip(scene, name)
    put(cut, versions.first_of(cut), versions.frames_of(cut) - 9, skipped_in(cut))
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene.timeline_markers.new("look", frame=20).camera = camera
    scene.timeline_markers.new("look", frame=50)
    cut["of its user"] = 7
    cut.blend_alpha = 0.5
    kept = rows(scene)
    for _ in range(2):
        assert bpy.ops.shotwright.pull() == {"FINISHED"}
        assert rows(scene) == kept
        assert [(m.name, m.frame, m.camera) for m in sorted(scene.timeline_markers, key=lambda m: m.frame)] == [
            ("look", 20, camera),
            ("look", 50, None),
        ]
    select(scene, name)
    assert bpy.ops.shotwright.new_take() == {"FINISHED"}
    select(scene, name)
    assert bpy.ops.shotwright.next_take() == {"FINISHED"}
    flipped = strip(scene, name)
    assert flipped.filepath.endswith(".mov")
    assert (flipped["of its user"], round(flipped.blend_alpha, 3)) == (7, 0.5)
    assert rows(scene) == kept
    return kept


@check
def a_film_is_shown_in_two_scenes() -> None:
    scene, host, _ = film("first scene")
    folder, kept = folder_of(host), rows(scene)
    other = fresh("second scene")
    assert bpy.ops.shotwright.open_film(directory=str(folder)) == {"FINISHED"}
    assert rows(other) == kept
    gone = rows(other)[1][2]
    other.sequence_editor.strips.remove(strip(other, gone))
    assert bpy.ops.shotwright.push() == {"FINISHED"}
    bpy.context.window.scene = scene
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = scene
    assert bpy.ops.shotwright.push() == {"FINISHED"}  # it shows more than the film has, and takes nothing back
    assert bpy.ops.shotwright.pull() == {"FINISHED"}
    assert [row[2] for row in rows(scene)] == [row[2] for row in kept if row[2] != gone]


@check
def nested_edits_are_metas() -> Any:
    scene, *_ = film("nested")
    bpy.ops.shotwright.generate()
    strips = scene.sequence_editor.strips
    names = _names(scene)[:1]
    put(strip(scene, names[0]), 600, 105, skipped_in(strip(scene, names[0])))
    meta = strips.new_meta(name="inside", channel=4, frame_start=600)
    strip(scene, names[0]).move_to_meta(meta)
    put(meta, 600, 105, 0)
    assert bpy.ops.shotwright.push() == {"FINISHED"}
    kept = rows(scene), [(s.name, versions.frames_of(s)) for s in meta.strips]
    assert bpy.ops.shotwright.pull() == {"FINISHED"}
    meta = scene.sequence_editor.strips["inside"]
    now = rows(scene), [(s.name, versions.frames_of(s)) for s in meta.strips]
    assert now == kept, (now, kept)
    return kept


@check
def a_host_edit_read_and_applied_is_the_same() -> None:
    _, host, _ = film("same")
    edit = host.read_edit()
    host.apply_edit(edit, "the same")
    assert host.read_edit() == edit
    assert HostEdit.from_json(json.loads(json.dumps(edit.to_json()))) == edit


@check
def blender_complies() -> None:
    scene, *_ = film("compliance")
    bpy.ops.shotwright.generate()
    media = bpy.path.abspath(strip(scene, rows(scene)[0][2]).filepath)

    def port() -> BlenderHost:
        own = bpy.data.scenes.new("port")
        own.render.fps = 24
        return BlenderHost(own.name)

    failed = failures(port, media)
    assert failed == {}, failed


@check
def an_engine_that_dies_is_started_again() -> Any:
    scene, host, session = film("killed")
    flow = session.command("Generate", "generate", {"missing": True})
    killed = 0
    while flow.state == "running":
        session.tick()
        time.sleep(0.05)
        if host.shown and killed < 2 and len(session.flows) and time.perf_counter() % 3 < 0.06:
            pid = json.loads((Path(os.environ["SHOTWRIGHT_STATE"]) / "engine.json").read_text())["pid"]
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    assert flow.error is None, flow.error
    assert [row[1] for row in rows(scene)] == ["MOVIE"] * 3
    return killed


def main() -> None:
    extension.register()
    wanted = sys.argv[3:] or list(CHECKS)
    for name in wanted:
        begun = time.perf_counter()
        try:
            said: Any = CHECKS[name]()
            result = {"check": name, "ok": True, "said": said}
        except (Exception, ShotwrightError):  # noqa: BLE001  # whatever a check meets is told
            result = {"check": name, "ok": False, "said": traceback.format_exc()[-1800:]}
        sys.stdout.write("CHECK " + json.dumps({**result, "seconds": round(time.perf_counter() - begun, 2)}) + "\n")
        sys.stdout.flush()
    os._exit(0)  # some versions hang or fall over when they end by themselves


main()
