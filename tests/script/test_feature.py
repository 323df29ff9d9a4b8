"""A whole feature of 120 pages: quick, about a minute a page, no scene and no line lost."""

import statistics
import time

import pytest
from shotwright.core.film import ProjectSettings
from shotwright.core.script import break_down
from shotwright.core.script.elements import ACTION, DIALOGUE
from shotwright.core.script.fountain import read_fountain

from .feature_script import feature_script

SETTINGS = ProjectSettings()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_feature_breaks_down_into_a_film_of_its_length(seed: int) -> None:
    script = feature_script(120, seed)
    started = time.process_time()  # of this process alone: other work on the machine does not count
    screenplay = read_fountain(script.text)
    found = break_down(screenplay, SETTINGS)
    spent = time.process_time() - started

    seconds = [float(SETTINGS.rate.seconds(shot.frames)) for shot in found.shots]
    assert spent < 1.0
    assert abs(sum(seconds) / 60 - script.pages) <= script.pages / 4
    assert 3 <= statistics.median(seconds) <= 8
    assert [scene.heading for scene in found.scenes] == list(script.headings)
    assert {shot.scene for shot in found.shots} == {scene.number for scene in found.scenes}

    owners: dict[int, int] = {}
    for shot in found.shots:
        for line in range(shot.lines[0], shot.lines[1] + 1):
            owners[line] = owners.get(line, 0) + 1
    told = [e for e in screenplay.elements if e.kind in (ACTION, DIALOGUE)]
    assert all(owners.get(line) == 1 for e in told for line in range(e.lines[0], e.lines[1] + 1))
