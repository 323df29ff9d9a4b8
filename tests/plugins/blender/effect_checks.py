"""Checks of retimes and dissolves: what a user makes in Blender is in the film, and the film's is seen in Blender."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shotwright.plugins.blender import sessions, versions
from stage import FOLDER, SCRIPT, bpy, check, film, folder_of, fresh, put, rows, same, shown, strip

operators = bpy.ops.shotwright
NUMBERS = FOLDER / "numbers.mov"


def _movie(scene: Any, name: str, channel: int, first: int, frames: int, skipped: int) -> Any:
    made = scene.sequence_editor.strips.new_movie(name=name, filepath=str(NUMBERS), channel=channel, frame_start=first)
    put(made, first, frames, skipped)
    return made


def _over(scene: Any, kind: str, channel: int, *inputs: Any) -> Any:
    given = {f"input{number}": each for number, each in enumerate(inputs, 1)}
    new = scene.sequence_editor.strips.new_effect
    return new(name=kind, type=kind, channel=channel, frame_start=1, **versions.length(1), **given)


def _otio(host: Any) -> dict[str, dict[str, Any]]:
    """The film's clips by names: start in the record, frames, first media frame, speed, the dissolve at the tail."""
    timeline = json.loads((folder_of(host) / "edit.otio").read_text())
    found: dict[str, dict[str, Any]] = {}
    for track in timeline["tracks"]["children"]:
        at, last = 0, ""
        for child in track["children"]:
            if child["OTIO_SCHEMA"].startswith("Transition"):
                facts = child["metadata"].get("shotwright", {})
                lengths = (int(child["in_offset"]["value"]), int(child["out_offset"]["value"]))
                found[last]["tail"] = (*lengths, bool(facts.get("gamma")))
                continue
            span = child["source_range"]
            if child["OTIO_SCHEMA"].startswith("Clip"):
                speeds = [each.get("time_scalar") for each in child["effects"]]
                last = child["name"]
                found[last] = {
                    "track": track["name"],
                    "record": (at, int(span["duration"]["value"])),
                    "first": int(span["start_time"]["value"]),
                    "speed": speeds[0] if speeds else 1,
                }
            at += int(span["duration"]["value"])
    return found


@check
def retimes_of_a_user_are_in_the_film_and_come_back() -> Any:
    scene, host, _ = film("retimed")
    fast, slow, held = (_movie(scene, name, 5, at, 20, 8) for name, at in (("fast", 400), ("slow", 430), ("held", 460)))
    stretched, backwards = _movie(scene, "stretched", 5, 500, 26, 8), _movie(scene, "backwards", 5, 530, 20, 4)
    for movie, factor in ((fast, 2.0), (slow, 0.5), (held, 0.0)):
        effect = _over(scene, "SPEED", 6, movie)
        effect.speed_control, effect.speed_factor = "MULTIPLY", factor
    _over(scene, "SPEED", 6, stretched)
    backwards.use_reverse_frames = True
    before = rows(scene)
    wanted = {401: 10.0, 405: 18.0, 431: 9.0, 434: 10.0, 460: 8.0, 470: 8.0, 501: 10.0, 510: 28.0, 530: 55.0, 531: 54.0}
    same(shown(scene, *wanted), list(wanted.values()))
    assert operators.push() == {"FINISHED"}
    known = _otio(host)
    speeds = {
        name: (known[name]["first"], known[name]["speed"])
        for name in (m.name for m in (fast, slow, held, stretched, backwards))
    }
    same(speeds, {"fast": (8, 2), "slow": (8, 0.5), "held": (8, 0), "stretched": (8, 2), "backwards": (36, -1)})
    assert operators.pull() == {"FINISHED"}
    same(rows(scene), before)
    same(shown(scene, *wanted), list(wanted.values()))
    # Another scene shows the same, and a clip that was trimmed there is trimmed here.
    other = fresh("retimed elsewhere")
    assert operators.open_film(directory=str(folder_of(host))) == {"FINISHED"}
    same(shown(other, *wanted), list(wanted.values()))
    movie = strip(other, "fast")
    put(movie, 403, 17, 11)
    assert operators.push() == {"FINISHED"}
    trimmed = _otio(host)["fast"]
    assert (trimmed["record"], trimmed["first"], trimmed["speed"]) == ((402, 17), 11, 2)
    other.sequence_editor.strips.remove(
        next(s for s in other.sequence_editor.strips if s.type == "SPEED" and s.input_1.name == "slow")
    )
    assert operators.push() == {"FINISHED"}
    same(_otio(host)["slow"], {**known["slow"], "speed": 1})
    return speeds


@check
def what_blender_can_not_retime_is_kept() -> None:
    scene, host, _ = film("ramp")
    ramp, double = _movie(scene, "ramp", 5, 400, 20, 8), _movie(scene, "double", 5, 430, 20, 8)
    effect = _over(scene, "SPEED", 6, ramp)
    effect.speed_control = "MULTIPLY"
    for frame, factor in ((400, 1.0), (419, 2.0)):
        effect.speed_factor = factor
        effect.keyframe_insert("speed_factor", frame=frame)
    other = _over(scene, "SPEED", 6, double)
    other.speed_control = "FRAME_NUMBER"
    before = rows(scene)
    for _ in range(2):
        assert operators.push() == {"FINISHED"}
        assert operators.pull() == {"FINISHED"}
        same(rows(scene), before)
    assert {_otio(host)[name]["speed"] for name in ("ramp", "double")} == {1}
    # A speed that only the film can have stays there.
    path = folder_of(host) / "edit.otio"
    timeline = json.loads(path.read_text())
    clip = next(c for t in timeline["tracks"]["children"] for c in t["children"] if c.get("name") == "double")
    clip["effects"] = [
        {
            "OTIO_SCHEMA": "LinearTimeWarp.1",
            "metadata": {},
            "name": "",
            "effect_name": "LinearTimeWarp",
            "time_scalar": -2.0,
            "enabled": True,
        }
    ]
    path.write_text(json.dumps(timeline))
    assert operators.pull() == {"FINISHED"}
    assert operators.push() == {"FINISHED"}
    assert _otio(host)["double"]["speed"] == -2


@check
def crosses_of_a_user_are_dissolves_in_the_film() -> Any:
    scene, host, _ = film("crossed")
    a, b, c = (
        _movie(scene, "a", 5, 401, 30, 4),
        _movie(scene, "b", 6, 421, 30, 10),
        _movie(scene, "c", 5, 444, 30, 6),
    )
    _over(scene, "CROSS", 7, a, b)
    _over(scene, "GAMMA_CROSS", 7, b, c)
    before, seen = rows(scene), shown(scene, 420, 423, 428, 440, 447, 452)
    assert operators.push() == {"FINISHED"}
    known = _otio(host)
    assert {known[name]["track"] for name in "abc"} == {"Channel 5"}
    places = [(known[name]["record"], known[name]["first"], known[name].get("tail")) for name in "abc"]
    wanted = [((400, 25), 4, (5, 5, False)), ((425, 21), 15, (3, 4, True)), ((446, 27), 9, None)]
    same(places, wanted)
    for _ in range(2):
        assert operators.pull() == {"FINISHED"}
        same(rows(scene), before)
        same(shown(scene, 420, 423, 428, 440, 447, 452), seen)
    # The cut moves with the strips; a cross that is taken away is a cut no more.
    put(strip(scene, "c"), 448, 26, 10)
    put(strip(scene, "a"), 401, 34, 4)
    assert operators.push() == {"FINISHED"}
    same([_otio(host)[name].get("tail") for name in "abc"], [(7, 7, False), (1, 2, True), None])
    scene.sequence_editor.strips.remove(next(s for s in scene.sequence_editor.strips if s.type == "GAMMA_CROSS"))
    put(strip(scene, "c"), 451, 23, 13)
    assert operators.push() == {"FINISHED"}
    same([_otio(host)[name].get("tail") for name in "abc"], [(7, 7, False), None, None])
    assert known["a"]["record"][0] == 400
    return seen


@check
def dissolves_of_the_film_are_seen() -> Any:
    scene = fresh("dissolves")
    folder = FOLDER / "dissolves"
    folder.mkdir(parents=True)
    script = folder / "tea.fountain"
    script.write_text(
        SCRIPT.replace("EXT. STREET", "DISSOLVE TO:\n\nEXT. STREET").replace("EXT. SEA", "DISSOLVE TO:\n\nEXT. SEA")
    )
    assert operators.import_script(filepath=str(script)) == {"FINISHED"}
    host, _ = sessions.session_of(bpy.context)
    made = rows(scene)
    names = [row[2] for row in sorted(made, key=lambda row: row[3]) if row[1] == "COLOR"]
    tails = [_otio(host)[name].get("tail") for name in names]
    crosses = [row for row in made if row[1] == "CROSS"]
    assert len(crosses) == 2, made
    assert [row[4] for row in sorted(crosses, key=lambda row: row[3])] == [tail[0] + tail[1] for tail in tails[:2]]
    before = (folder_of(host) / "edit.otio").read_text()
    assert operators.push() == {"FINISHED"}
    assert (folder_of(host) / "edit.otio").read_text() == before
    assert operators.pull() == {"FINISHED"}
    same(rows(scene), made)
    # A title above, which is nobody's item, stays above all of it, where it is.
    strips = scene.sequence_editor.strips
    title = strips.new_effect(name="title", type="TEXT", channel=9, frame_start=10, **versions.length(20))
    where = title.channel, versions.first_of(title), versions.frames_of(title)
    first = strip(scene, names[0])
    put(first, versions.first_of(first), versions.frames_of(first) - 6, 0)
    assert operators.pull() == {"FINISHED"}
    assert (title.channel, versions.first_of(title), versions.frames_of(title)) == where
    assert {row[1] for row in rows(scene)} == {"COLOR", "CROSS", "TEXT"}
    assert Path(folder_of(host)).is_dir()
    return made
