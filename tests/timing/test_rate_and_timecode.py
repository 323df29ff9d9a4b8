from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import UsageError
from shotwright.core.timing import FrameRange, Rate, format_timecode, parse_length, parse_timecode
from shotwright.core.timing.timecode import frames_a_day

NTSC = Rate.parse("30000/1001")


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("24", Fraction(24)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
        (" 25 ", Fraction(25)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_rates_are_exact(text: str, exact: Fraction) -> None:
    assert Rate.parse(text).fraction == exact


@pytest.mark.parametrize("text", ["0", "-24", "fast", "", "1/0", "nan", "inf", "1e9", "24/", "1000"])
def test_rates_that_can_not_be_used_are_told(text: str) -> None:
    with pytest.raises(UsageError):
        Rate.parse(text)


def test_a_rate_is_written_as_others_read_it() -> None:
    assert str(Rate.parse("23.976")) == "24000/1001"
    assert str(Rate.parse("24")) == "24"


def test_relabelling_stops_at_two_in_a_thousand() -> None:
    film = Rate.parse("24")
    assert film.relabels(Rate.parse("24000/1001"))
    assert not film.relabels(Rate.parse("25"))


# SMPTE 12M-1: labels :00 and :01 (at 29.97) are skipped at each minute but the tenth.
@pytest.mark.parametrize(
    ("frames", "label"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (17981, "00:09:59;29"),
        (17982, "00:10:00;00"),
        (107892, "01:00:00;00"),
    ],
)
def test_drop_frame_labels(frames: int, label: str) -> None:
    assert format_timecode(frames, NTSC, drop_frame=True) == label
    assert parse_timecode(label, NTSC) == frames


def test_timecode_wraps_before_midnight() -> None:
    assert format_timecode(-1, Rate.parse("24")) == "23:59:59:23"


@pytest.mark.parametrize("label", ["00:01:00;00", "25:00:00:00", "00:00:00:30", "00:61:00:00", "x", "1:2:3:4"])
def test_labels_that_do_not_exist_are_refused(label: str) -> None:
    with pytest.raises(UsageError):
        parse_timecode(label, NTSC)


@given(
    st.integers(0, 10**7),
    st.sampled_from(["24", "23.976", "25", "29.97", "30", "50", "59.94", "60", "120"]),
    st.booleans(),
)
def test_a_label_leads_back_to_its_frame(frames: int, rate_text: str, drop: bool) -> None:
    rate = Rate.parse(rate_text)
    drop = drop and rate_text in ("29.97", "59.94")
    label = format_timecode(frames, rate, drop)
    assert parse_timecode(label, rate, drop) == frames % frames_a_day(rate, drop)


@pytest.mark.parametrize(("text", "frames"), [("48", 48), ("2s", 48), ("1.5s", 36), ("00:00:02:00", 48)])
def test_lengths_as_people_type_them(text: str, frames: int) -> None:
    assert parse_length(text, Rate.parse("24")) == frames


@pytest.mark.parametrize("text", ["", "0", "0s", "two", "-4", "٣", "1e3", "9" * 5000])
def test_lengths_that_make_no_sense_are_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse_length(text, Rate.parse("24"))


def test_ranges_end_exclusive() -> None:
    stretch = FrameRange(10, 20)
    assert len(stretch) == 10
    assert 19 in stretch
    assert 20 not in stretch
    assert stretch.widened(2) == FrameRange(8, 22)
    assert stretch.intersection(FrameRange(15, 30)) == FrameRange(15, 20)
    assert len(stretch.intersection(FrameRange(40, 50))) == 0
    with pytest.raises(UsageError):
        FrameRange(3, 2)
