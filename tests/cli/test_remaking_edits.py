"""`loop`, `reroll`, `restyle` and `bridge --before` on edits, end to end: the real engine and worker, a fake model."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames

from ..timeline.operations.drawing import drawn
from .conftest import Command
from .test_extending_edits import cut, edit_of, engine, films, lengths, project

__all__ = ["cut", "engine", "films", "project"]
FIRST = "SC010_SH0010"


def _takes(shotwright: Command, project: Path) -> list[tuple[str, bool]]:
    takes = shotwright("takes", project, FIRST, "--json").answer["takes"]
    return [(take["key"], take["active"]) for take in takes]


def _frames(project: Path, key: str) -> list[Any]:
    return list(read_frames(project / "media" / FIRST / key / f"{FIRST}_{key}.mov"))


@pytest.mark.parametrize(
    "words",
    [
        ("reroll", "--from", "8", "--to", "16"),
        ("reroll", "--from", "01:00:00:08", "--to", "01:00:01:04"),
        ("restyle", "--prompt", "EXT. MOON - NIGHT.", "--strength", "0.5"),
        ("loop", "--frames", "6"),
    ],
)
def test_a_shot_plays_it_as_its_next_take(words: tuple[str, ...], shotwright: Command, project: Path) -> None:
    before = edit_of(project / "edit.otio")
    done = shotwright(words[0], project, "--clip", FIRST, *words[1:], "--json")
    assert done.code == 0, done.err
    assert done.answer["take"] == "TK02"
    assert _takes(shotwright, project) == [("TK01", False), ("TK02", True)]
    after = edit_of(project / "edit.otio")
    assert (drawn(after), lengths(after)) == (drawn(before), lengths(before))
    old, new = _frames(project, "TK01"), _frames(project, "TK02")
    same = [np.array_equal(a, b) for a, b in zip(old, new, strict=False)]
    plays = lengths(before)[0]
    recipe = json.loads((project / "media" / FIRST / "TK02" / "recipe.json").read_text())
    links = [(link["from"], link["to"], link["prompt"]) for link in recipe["links"]]
    if words[0] == "reroll":  # 4 frames of handle before the first that plays
        assert links == [(12, 20, "")]
        assert len(new) == len(old)
        assert all(same[:12] + same[20:])
    elif words[0] == "restyle":
        assert links == [(0, len(new), "EXT. MOON - NIGHT.")]
        assert len(new) == len(old)
    else:
        assert links == [(4 + plays, 4 + plays + 6, "")]
        assert all(same[: 4 + plays])
        told = f"The 6 frames that lead back wait behind the cut of {FIRST}: there is free space of 0."
        assert done.answer["notices"] == [told]


def test_a_loop_plays_where_there_is_room(shotwright: Command, project: Path) -> None:
    before = edit_of(project / "edit.otio")
    last = before.tracks[0][-1].name
    done = shotwright("loop", project, "--clip", last, "--frames", "1s", "--json")
    assert done.code == 0, done.err
    assert done.answer["notices"] == []
    was = lengths(before)
    assert lengths(edit_of(project / "edit.otio")) == [*was[:-1], was[-1] + 12]


def test_any_other_clip_stays_and_has_it_above(shotwright: Command, cut: Path) -> None:
    for words, name, frames in (
        (("reroll", "--from", "4", "--to", "8"), "A_new", 24),
        (("restyle", "--prompt", "Night."), "A_new_2", 24),
        (("loop", "--frames", "6"), "A_new_3", 30),
    ):
        out = cut.with_name(f"{words[0]}.otio")
        done = shotwright(words[0], cut, "--clip", "A", *words[1:], "-o", out, "--json")
        assert done.code == 0, done.err
        assert drawn(edit_of(out))[0] == drawn(edit_of(cut))[0]
        assert drawn(edit_of(out))[1].startswith(f"V2 {name}")
        assert drawn(edit_of(out))[1].endswith(f"[0-{frames})")
        assert drawn(edit_of(out))[2] == drawn(edit_of(cut))[1]
        found = probe(Path(done.answer["output"]))
        assert (found.frames, found.has_sound) == (38, True)  # a loop keeps no handle behind


def test_two_clips_are_bridged_where_room_is_asked_for(shotwright: Command, cut: Path) -> None:
    done = shotwright("bridge", cut, "--after", "A", "--before", "B", "--frames", "20", "--json")
    assert done.code == 0, done.err
    assert (done.answer["frames_new"], done.answer["frames_from_handles"]) == (12, 8)
    assert drawn(edit_of(Path(done.answer["edit"]))) == [
        "V1 A[0-24) A to B-88[24-44) B[44-68)",
        "A1 A[0-24) .[24-68)",
    ]


def test_what_can_not_be_made_anew_changes_nothing(shotwright: Command, project: Path) -> None:
    before = (project / "edit.otio").read_bytes()
    for words, said in (
        (("restyle",), "Nothing says what the clip becomes."),
        (("reroll",), "Nothing says which frames are made anew."),
        (("reroll", "--from", "x", "--to", "9"), "“x” is no place in a clip."),
        (("reroll", "--from", "9", "--to", "4"), "Frames 9 to 4 run backwards."),
        (("reroll", "--from", "0", "--to", "9999"), f"Frames 0 to 9999 are not inside of {FIRST}"),
        (("loop", "--frames", "0"), "A length of nothing can't be made."),
    ):
        told = shotwright(words[0], project, "--clip", FIRST, *words[1:], "--json")
        assert told.code != 0
        assert told.answer["error"]["message"].startswith(said)
    assert shotwright("loop", project, "--json").answer["error"]["hint"] == "Say which of its clips: --clip NAME."
    (project / "media" / FIRST / "TK01" / f"{FIRST}_TK01.mov").unlink()
    told = shotwright("loop", project, "--clip", FIRST, "--json")
    assert (told.code, told.answer["error"]["kind"]) == (1, "media")
    assert (project / "edit.otio").read_bytes() == before
    assert not (project / "media" / FIRST / "TK02").exists()
