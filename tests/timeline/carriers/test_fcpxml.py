"""FCPXML at every rate: what is written says its times exactly, and what is read is what was written, to the frame."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import ProjectError
from shotwright.core.timeline import facts
from shotwright.core.timeline.carriers import fcpxml
from shotwright.core.timeline.carriers.exchange import came_back
from shotwright.core.timeline.carriers.files import read_carrier, write_carrier
from shotwright.core.timeline.carriers.losses import programs
from shotwright.core.timeline.carriers.outbound import outbound
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.identities import with_identities
from shotwright.core.timeline.operations import ripple
from shotwright.core.timeline.reading import read_timeline, timeline_of
from shotwright.core.timing import Rate

from . import editorial

FOLDER = Path("/films/Film")
RATES = ("24000/1001", "30000/1001", "25")


def _at_rate(name: str, rate: Rate) -> Edit:
    """A case that counts at another rate: the same frames, each as long as one of that rate."""

    def relabelled(value: dict[str, Any]) -> dict[str, Any]:
        if value.get("OTIO_SCHEMA") == "RationalTime.1":
            return {**value, "rate": float(rate)}
        return {**value, "rate": str(rate)} if "rate" in value else value

    text = (editorial.FOLDER / f"{name}.otio").read_text()
    return with_identities(Edit(timeline_of(json.loads(text, object_hook=relabelled)), FOLDER))


def _written(edit: Edit, path: Path, drop_frame: bool = False) -> Path:
    write_carrier(timeline_of(outbound(edit)), path, edit.rate, drop_frame)
    return path


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", editorial.NAMES)
def test_every_case_comes_back_equal_at_other_rates(name: str, rate: str, tmp_path: Path) -> None:
    edit = _at_rate(name, Rate.parse(rate))
    assert edit.rate == Rate.parse(rate)
    path = _written(edit, tmp_path / "film.fcpxml", drop_frame=rate == "30000/1001")
    back = came_back(path, edit, path, programs()["finalcut"])
    assert json.loads(back._timeline.to_json_string()) == json.loads(edit._timeline.to_json_string())


@pytest.mark.parametrize("rate", [*RATES, "24", "60000/1001", "12"])
def test_what_was_cut_there_is_what_comes_in(rate: str, tmp_path: Path) -> None:
    edit = _at_rate("second-picture-track", Rate.parse(rate))
    sent = _written(edit, tmp_path / "sent.fcpxml")
    changed = ripple(timeline_of(outbound(edit)), (0, 1), 0, -7, linked=False).timeline
    write_carrier(changed, tmp_path / "back.fcpxml", edit.rate)
    back = came_back(tmp_path / "back.fcpxml", edit, sent, programs()["finalcut"])
    lengths = [clip.source_range.duration.value for clip in back._timeline.tracks[0].find_clips()]
    assert lengths == [48, 41, 48]


@pytest.mark.parametrize(
    ("rate", "drop_frame", "start", "frame", "tc_start", "tc_format"),
    [
        ("24", False, 86400, "1/24s", "3600s", "NDF"),
        ("24000/1001", False, 86400, "1001/24000s", "18018/5s", "NDF"),
        ("30000/1001", False, 108000, "1001/30000s", "18018/5s", "NDF"),
        ("30000/1001", True, 107892, "1001/30000s", "8999991/2500s", "DF"),
        ("60000/1001", True, 215784, "1001/60000s", "8999991/2500s", "DF"),
    ],
)
def test_the_file_says_rate_start_and_labels_exactly(
    rate: str, drop_frame: bool, start: int, frame: str, tc_start: str, tc_format: str, tmp_path: Path
) -> None:
    timeline = _at_rate("gap", Rate.parse(rate))._timeline
    timeline.global_start_time = otio.opentime.RationalTime(start, float(Rate.parse(rate)))
    edit = Edit(timeline)
    path = _written(edit, tmp_path / "film.fcpxml", drop_frame)
    root = fromstring(path.read_text())
    assert [form.attrib for form in root.iter("format")] == [{"id": "r1", "frameDuration": frame}]
    sequence = root.find("project/sequence")
    assert sequence is not None
    assert (sequence.get("tcStart"), sequence.get("tcFormat")) == (tc_start, tc_format)
    for element in root.iter():
        for name in ("offset", "start", "duration"):
            told = element.get(name)
            assert told is None or (Fraction(told[:-1]) * edit.rate.fraction).denominator == 1
    back = read_carrier(path, edit.rate, 0)
    assert (back.global_start_time.value, back.global_start_time.rate) == (start, float(edit.rate))
    assert facts.flag(facts.facts_of(back), "drop_frame") == drop_frame


@given(
    st.sampled_from([*RATES, "24", "50", "60000/1001", "120"]),
    st.integers(0, 24 * 3600 * 120),
    st.integers(1, 100_000),
    st.integers(1, 100_000),
)
def test_every_frame_is_read_as_the_frame_that_was_written(text: str, start: int, frames: int, beside: int) -> None:
    rate = Rate.parse(text)
    track = otio.schema.Track("V1", kind="Video")
    track.extend(
        [editorial.clip(name, start, frames, rate=float(rate)) for name, frames in (("A", beside), ("B", frames))]
    )
    film = otio.schema.Timeline("Film", tracks=[track])
    root = fromstring(fcpxml.written(film, rate, False))
    back = list(fcpxml.read(root, None).find_clips())
    assert [clip.source_range.duration.value for clip in back] == [beside, frames]
    assert {clip.source_range.start_time.value for clip in back} == {editorial.MEDIA + start}
    assert {clip.source_range.duration.rate for clip in back} == {float(rate)}
    assert {clip.media_reference.available_range.duration.value for clip in back} == {120}


FINAL_CUT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.10"><resources>
<format id="r1" name="FFVideoFormat1080p2398" frameDuration="1001/24000s" width="1920" height="1080"/>
<format id="r2" frameDuration="100/2500s"/>
<format id="r5" name="FFVideoFormatRateUndefined"/>
<asset id="r3" name="A" src="file:///m/A.mov" start="86486400/24000s" duration="1001/100s" format="r1" hasVideo="1"/>
<asset id="r4" name="B" src="file:///m/B.mov" start="0s" duration="250/25s" format="r2" hasVideo="1"/>
<asset id="r6" name="C" src="file:///m/C.wav" start="0s" duration="480000/48000s" hasAudio="1"/>
</resources><library><event name="E"><project name="Cut">
<sequence format="r1" duration="72072/24000s" tcStart="107999892/30000s" tcFormat="DF"><spine>
<asset-clip ref="r3" name="A" offset="0s" start="86510424/24000s" duration="24024/24000s" format="r1">
<asset-clip ref="r6" name="C" lane="-1" offset="86522436/24000s" start="1/48000s" duration="12012/24000s"/>
</asset-clip>
<gap name="Gap" offset="24024/24000s" start="86486400/24000s" duration="24024/24000s"/>
<asset-clip ref="r4" name="B" offset="48048/24000s" start="4/25s" duration="24024/24000s" format="r1"/>
</spine></sequence></project></event></library></fcpxml>
"""


def test_a_film_with_media_of_several_rates_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "cut.fcpxml"
    path.write_text(FINAL_CUT)
    film, second = read_timeline(path), Fraction(24000, 1001)
    picture = next(track for track in film.tracks if track.kind == "Video")
    a, gap, b = picture
    assert [item.source_range.duration.value for item in (a, gap, b)] == [24, 24, 24]
    assert a.source_range.start_time.value == 86424
    assert a.source_range.start_time.rate == float(second)
    assert b.source_range.start_time.value == pytest.approx(float(Fraction(4, 25) * second), rel=1e-14)
    assert b.media_reference.available_range.duration.value == pytest.approx(float(10 * second), rel=1e-14)
    (sound,) = (track for track in film.tracks if track.kind == "Audio")
    assert [thing.source_range.duration.value for thing in sound] == [12, 12]
    assert sound[1].source_range.start_time.value == pytest.approx(float(second / 48000), rel=1e-14)
    assert film.global_start_time.value == round(Fraction(107999892, 30000) * second)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('frameDuration="1001/24000s" ', "", "does not say how fast"),
        ("1001/24000s", "1001/0s", "does not say how fast"),
        ("1001/24000s", "1/9000s", "9000 frames a second"),
        ("<sequence", "<other", "no sequence"),
        ("4/25s", "4/99999999999999999999s", "no frames"),
        ("4/25s", "for a while", "can't be read"),
    ],
)
def test_what_is_broken_is_a_sentence(before: str, after: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.fcpxml"
    text = FINAL_CUT.replace(before, after)
    path.write_text(text.replace("</sequence", "</other") if after == "<other" else text)
    with pytest.raises(ProjectError, match=words):
        read_timeline(path)


def test_names_with_apostrophes_are_kept(tmp_path: Path) -> None:
    timeline = _at_rate("cuts", Rate.parse("24000/1001"))._timeline
    timeline.tracks[0][1].name = 'Anna\'s "turn"'
    edit = Edit(timeline)
    back = read_carrier(_written(edit, tmp_path / "film.fcpxml"), edit.rate, 0)
    assert [clip.name for clip in back.find_clips()] == ["A", 'Anna\'s "turn"', "C"]
