"""Checks of what is asked of strips: bridged, looped, made anew, each as one step that moves nobody else."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

from shotwright.core.hosts import Session
from shotwright.plugins.blender import versions
from shotwright.plugins.blender.host import BlenderHost
from shotwright.plugins.blender.strips import ID
from stage import FOLDER, bpy, check, edit_of, film, folder_of, put, refused, rows, select, skipped_in, strip

operators = bpy.ops.shotwright


def shot(name: str, apart_frames: int = 0) -> tuple[Any, BlenderHost, Session, list[str]]:
    """A film whose three shots have takes, so many frames between them, and their names."""
    scene, host, session = film(name)
    operators.generate()
    names = [row[2] for row in rows(scene)]
    for number in (2, 1):  # the last first: where strips meet, Blender moves them up
        moved = strip(scene, names[number])
        put(
            moved,
            versions.first_of(moved) + number * apart_frames,
            versions.frames_of(moved),
            skipped_in(moved),
        )
    return scene, host, session, names


def foreign(scene: Any, folder: Path, first: int) -> tuple[str, str]:
    """A movie with its sound, both from outside of the film, as Blender puts them in; their strips' names."""
    take = next((folder / "media").rglob("*_TK01.mov"))
    movie = FOLDER / f"foreign {folder.name}.mov"
    movie.write_bytes(take.read_bytes())
    hum = FOLDER / f"hum {folder.name}.wav"
    with wave.open(str(hum), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(bytes(48000 * 2 * 3))
    strips = scene.sequence_editor.strips
    sound = strips.new_sound(name="hum", filepath=str(hum), channel=6, frame_start=first)
    picture = strips.new_movie(name="foreign", filepath=str(movie), channel=7, frame_start=first)
    put(sound, first, 48, 0)
    put(picture, first, 48, 10)
    return picture.name, sound.name


def plays(one: Any) -> str:
    return Path(bpy.path.abspath(one.filepath)).name


def same_as_film(scene: Any, host: BlenderHost) -> None:
    here = {(r[2], r[3] - scene.frame_start, r[4]) for r in rows(scene) if r[1] != "SOUND"}
    there = {(e[1], e[2], e[3]) for e in edit_of(host) if e[1] != "hum"}
    assert here == there, (sorted(here - there), sorted(there - here))


@check
def two_strips_are_bridged() -> Any:
    scene, host, _, (first, second, third) = shot("bridge", 30)
    before = rows(scene)
    select(scene, first, second)
    assert operators.bridge() == {"FINISHED"}
    after = rows(scene)
    assert [row for row in after if row[2] in (first, second, third)] == before
    (made,) = [row for row in after if row not in before]
    assert (made[0], made[1], made[3:]) == (before[0][0], "MOVIE", (before[0][3] + before[0][4], 30))
    same_as_film(scene, host)
    # Another channel, and a gap that is to be longer: all behind it moves.
    strip(scene, third).channel = 9
    select(scene, third, second)
    assert operators.bridge(frames=40) == {"FINISHED"}
    now = rows(scene)
    assert [row for row in now if row[2] == third] == [(9, "MOVIE", third, before[2][3] + 10, before[2][4])]
    assert [row[3:] for row in now if row[2] in (first, second)] == [row[3:] for row in before[:2]]
    same_as_film(scene, host)
    select(scene, second, first, third)
    refused(operators.bridge, "3 strips are selected")
    select(scene, first, second)
    refused(operators.bridge, "stands between")
    assert rows(scene) == now
    return now


@check
def a_shot_is_looped_restyled_and_rerolled_as_its_next_take() -> Any:
    scene, host, _, (first, second, third) = shot("anew")
    before, takes = rows(scene), []
    select(scene, first)
    assert operators.restyle(prompt="EXT. MOON - NIGHT. Snow.", strength=0.5) == {"FINISHED"}
    takes.append(plays(strip(scene, first)))
    assert rows(scene) == before
    for number, at in enumerate((10, 30)):
        scene.timeline_markers.new(f"cut {number}", frame=scene.frame_start + at)
    select(scene, first)
    assert operators.reroll() == {"FINISHED"}
    takes.append(plays(strip(scene, first)))
    assert rows(scene) == before
    select(scene, first)
    assert operators.loop(frames=12) == {"FINISHED"}  # no room behind it: what leads back waits there
    takes.append(plays(strip(scene, first)))
    assert rows(scene) == before
    assert any("wait behind the cut" in text for text, _ in host.told), host.told
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = versions.first_of(strip(scene, third)), 10_000
    select(scene, third)
    refused(operators.reroll, "not inside of the strip")
    scene.frame_preview_end = scene.frame_preview_start + 11
    assert operators.reroll() == {"FINISHED"}
    select(scene, third)
    assert operators.loop(frames=12) == {"FINISHED"}
    assert rows(scene) == [*before[:2], (*before[2][:4], before[2][4] + 12)]
    assert takes == [f"{first}_TK0{number}.mov" for number in (2, 3, 4)]
    assert plays(strip(scene, third)) == f"{third}_TK03.mov"
    assert plays(strip(scene, second)) == f"{second}_TK01.mov"
    same_as_film(scene, host)
    return takes


@check
def any_other_strip_stays_and_has_it_above() -> Any:
    scene, host, _, _ = shot("above")
    picture, sound = foreign(scene, folder_of(host), 300)
    before = rows(scene)
    for number, ask in enumerate(
        (
            lambda: operators.restyle(prompt="Night.", strength=0.7),
            lambda: operators.loop(frames=8),
            lambda: operators.reroll(),
        )
    ):
        scene.use_preview_range = True
        scene.frame_preview_start, scene.frame_preview_end = 310, 319
        select(scene, picture, sound)  # as a click in Blender does: the sound is no second strip
        assert ask() == {"FINISHED"}
        after = rows(scene)
        assert [row for row in after if row in before] == before
        new = [row for row in after if row not in before]
        assert len(new) == number + 1
        assert {row[3] for row in new} == {300}
        assert sorted(row[4] for row in new) == sorted([48, 56, 48][: number + 1])
        assert len({row[0] for row in new} | {7}) == number + 2  # each on a channel of its own, above
        assert min(row[0] for row in new) > 7
    same_as_film(scene, host)
    return rows(scene)


@check
def strips_that_can_not_be_gone_on_from_are_told() -> Any:
    scene, host, _, names = shot("hindered")
    strips = scene.sequence_editor.strips
    before = rows(scene)
    asked = {
        "loop": operators.loop,
        "reroll": operators.reroll,
        "bridge": operators.bridge,
        "fill_gap": operators.fill_gap,
        "extend": operators.extend,
        "restyle": lambda: operators.restyle(prompt="Night."),
    }
    select(scene)
    for ask in asked.values():
        refused(ask, "0 strips are selected")
    select(scene, names[1])
    refused(operators.reroll, "Nothing says which frames")
    refused(operators.restyle, "Nothing says what the strip becomes")
    refused(operators.bridge, "There is no gap behind")
    assert rows(scene) == before
    # Far more than anybody means.
    for number in range(497):
        color = strips.new_effect(name=f"c{number}", type="COLOR", channel=20, frame_start=1, **versions.length(8))
        color[ID] = f"many{number}"
        put(color, 5000 + 10 * number, 8, 0)
    for one in strips:
        one.select = True
    for ask in asked.values():
        refused(ask, "500 strips are selected")
    for one in [one for one in strips if str(one.get(ID, "")).startswith("many")]:
        strips.remove(one)
    assert rows(scene) == before
    # A slate, a missing file, a picture.
    gone = strips.new_movie(name="gone", filepath=str(FOLDER / "nowhere ünï.mov"), channel=8, frame_start=600)
    put(gone, 600, 30, 0)
    still = strips.new_image(name="still", filepath=str(FOLDER / "none.png"), channel=9, frame_start=700)
    put(still, 700, 24, 0)
    there = rows(scene)
    for name, words in (("gone", "nowhere ünï.mov"), ("still", "plays a picture")):
        select(scene, name)
        scene.use_preview_range = True
        scene.frame_preview_start = versions.first_of(strip(scene, name)) + 4
        scene.frame_preview_end = scene.frame_preview_start + 4
        for ask in (operators.loop, operators.reroll, asked["restyle"], operators.extend):
            refused(ask, words)
    assert rows(scene) == there
    assert len(list((folder_of(host) / "media").rglob("*.mov"))) == 3
    return there
