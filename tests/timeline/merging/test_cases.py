"""Merges cut by hand (cases.txt, drawn as `operations/drawing.py` says), each come out as an editor expects."""

import re
from pathlib import Path
from typing import Any

import pytest
from shotwright.core.timeline.merging.items import Parts
from shotwright.core.timeline.merging.merge import merged

from ..operations.drawing import IN_POINT, film, span
from .histories import lines_of, parts

CASES = Path(__file__).with_name("cases.txt").read_text().split("\n\n")


def _parts(line: str) -> Parts:
    """`A+4:20{12,8}` is a clip whose in point is 4 frames later than usual."""
    moved: dict[str, int] = {
        name: int(by) for name, by in re.findall(r"(\w+)([+-]\d+):", re.sub(r"/\d+\+\d+/", "", line))
    }
    made = film(*(part.strip() for part in re.sub(r"(\w)[+-]\d+:", r"\1:", line).split("|")))
    for clip in made.find_clips():
        if by := moved.get(clip.name, 0):
            clip.source_range = span(IN_POINT + by, clip.source_range.duration.value)
            head = re.search(rf"{clip.name}[+-]\d+:\d+\{{(\d+),(\d+)\}}", line)
            assert head is not None
            length = clip.source_range.duration.value + int(head[1]) + int(head[2])
            clip.media_reference.available_range = span(IN_POINT + by - int(head[1]), length)
    return parts(made)


@pytest.mark.parametrize("case", CASES, ids=[case.splitlines()[0].removeprefix("# ") for case in CASES])
def test_a_merge_comes_out_as_an_editor_expects(case: str) -> None:
    said: dict[str, Any] = {"aside": [], "conflict": []}
    for line in case.splitlines()[1:]:
        what, _, rest = line.partition(" ")
        if what in ("aside", "conflict"):
            said[what].append(rest.strip())
        else:
            said[what] = rest.strip()
    outcome = merged(*(_parts(said[side]) for side in ("base", "ours", "theirs")))
    wanted = [*(track.strip() for track in said["merged"].split("|")), *said["aside"]]
    assert lines_of(outcome.parts) == wanted
    assert [f"{conflict.kind} {conflict.item}" for conflict in outcome.conflicts] == said["conflict"]
    for track in outcome.parts.tracks:
        assert track.value.get("enabled", True) is not track.name.startswith("Ours: ")
