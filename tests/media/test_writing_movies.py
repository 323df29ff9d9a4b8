"""What is written comes back: colour, tags, timecode, alpha, sound, and the same bits twice."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shotwright.core.media.codecs import CODECS
from shotwright.core.media.frame import Frame
from shotwright.core.media.probe import probe, snapped
from shotwright.core.media.reading import read_frame, read_frames
from shotwright.core.media.sound import mix
from shotwright.core.media.writing import MovieWriter
from shotwright.core.timing import Rate, format_timecode

Write = Callable[..., Path]
Numbered = Callable[..., Frame]

# 75 % and 100 % bars (SMPTE EG 1, ITU-R BT.1729), black, greys and skins, as R'G'B'.
BARS = [
    *[(r, g, b) for r in (0, 191) for g in (0, 191) for b in (0, 191)],
    *[(r, g, b) for r in (0, 255) for g in (0, 255) for b in (0, 255)],
    *[(16, 16, 16), (64, 64, 64), (128, 128, 128), (235, 235, 235), (224, 172, 105), (141, 85, 36), (255, 219, 172)],
]
BAR = 24
MOVIES = [name for name, codec in CODECS.items() if not codec.sequence]


def colour_bars() -> Frame:
    return np.repeat(np.array(BARS, np.uint8)[None], 128, axis=0).repeat(BAR, axis=1)[:, : len(BARS) * BAR // 2 * 2]


def name_for(codec: str) -> str:
    return "bars" if CODECS[codec].sequence else f"bars{CODECS[codec].suffix}"


@pytest.mark.parametrize("codec", sorted(set(CODECS) - {"proxy"}))
def test_colour_bars_come_back_within_two_code_values(codec: str, tmp_path: Path) -> None:
    bars, path = colour_bars(), tmp_path / name_for(codec)
    size = (bars.shape[1], bars.shape[0])
    with MovieWriter(path, size, Rate.parse(24), codec) as movie:
        for _ in range(3):
            movie.write(bars)
    back = read_frame(path, 1).astype(int)
    assert back.shape == bars.shape
    for bar, expected in enumerate(BARS):
        inside = back[8:-8, bar * BAR + 8 : (bar + 1) * BAR - 8]
        assert np.abs(inside - expected).max() <= 2, f"{expected} became {inside.mean(axis=(0, 1))}"


@pytest.mark.parametrize("codec", MOVIES)
def test_all_four_colour_tags_are_there(codec: str, write_numbered: Write) -> None:
    info = probe(write_numbered(name_for(codec), codec, 2, size=(256, 128)))
    assert (info.primaries, info.transfer) == ("bt709", "bt709")
    assert (info.matrix, info.range) == (("gbr", "pc") if codec in ("lossless", "passing") else ("bt709", "tv"))
    assert not info.interlaced
    assert not info.alpha
    assert not info.has_sound
    assert info.duration == Fraction(2, 24)


@settings(max_examples=12)
@example(rate_text="7001/250", start=75022, drop=False, codec="prores")  # 28.004: timecode counts 28, not 29
@given(
    st.sampled_from(["24", "25", "24000/1001", "30000/1001", "60000/1001", "12", "48", "120", "15/2", "7001/250"]),
    st.integers(0, 24 * 3600 * 24),
    st.booleans(),
    st.sampled_from(["prores", "h264"]),
)
def test_rate_and_timecode_come_back(
    tmp_path_factory: pytest.TempPathFactory, rate_text: str, start: int, drop: bool, codec: str
) -> None:
    rate = Rate.parse(rate_text)
    drop = drop and rate.is_ntsc and rate.nominal % 30 == 0
    path = tmp_path_factory.mktemp("timecode") / "movie.mov"
    with MovieWriter(path, (64, 64), rate, codec, start, drop) as movie:
        for _ in range(3):
            movie.write(np.zeros((64, 64, 3), np.uint8))
    info = probe(path)
    assert (info.rate, info.frames, info.drop_frame) == (rate, 3, drop)
    assert info.start_frames is not None
    assert format_timecode(info.start_frames, rate, drop) == format_timecode(start, rate, drop)


@pytest.mark.parametrize("codec", ["prores", "dnxhr", "h264", "h265", "lossless"])
def test_the_same_frames_make_the_same_movie(codec: str, write_numbered: Write) -> None:
    size = (320, 192)
    first = write_numbered(f"first{CODECS[codec].suffix}", codec, 30, size=size)
    second = write_numbered(f"second{CODECS[codec].suffix}", codec, 30, size=size)
    for one, other in zip(read_frames(first), read_frames(second), strict=True):
        assert np.array_equal(one, other)


def test_alpha_comes_back_from_prores_4444(tmp_path: Path) -> None:
    frame = np.zeros((96, 128, 4), np.uint8)
    frame[..., :3] = (200, 120, 40)
    frame[:, :64, 3], frame[:48, 64:, 3], frame[48:, 64:, 3] = 255, 128, 0
    path = tmp_path / "title.mov"
    with MovieWriter(path, (128, 96), Rate.parse(25), "prores4444") as movie:
        movie.write(frame)
    assert probe(path).alpha
    back = read_frame(path, 0, alpha=True).astype(int)
    assert np.abs(back - frame).max() <= 2
    assert read_frame(path, 0).shape == (96, 128, 3)


def test_a_movie_without_alpha_reads_as_opaque(write_numbered: Write) -> None:
    assert (read_frame(write_numbered("movie.mov", "prores", 1), 0, alpha=True)[..., 3] == 255).all()


def test_sound_is_muxed_whole(numbered: Numbered, tmp_path: Path) -> None:
    rate = Rate.parse("24000/1001")
    track = tmp_path / "silence.wav"
    mix(track, [], 48, rate)
    for name, codec in (("reel.mp4", "h264"), ("take.mov", "prores")):
        with MovieWriter(tmp_path / name, (160, 96), rate, codec, sound=track) as movie:
            for number in range(48):
                movie.write(numbered(number))
        info = probe(tmp_path / name)
        assert info.has_sound
        assert info.frames == 48


def test_odd_characters_in_a_path_are_only_characters(tmp_path: Path, numbered: Numbered) -> None:
    folder = tmp_path / "100% %d 'film': [a]\U0001f3ac"
    for name, codec in (("take.mov", "prores"), ("take %03d", "png")):
        with MovieWriter(folder / name, (160, 96), Rate.parse(24), codec) as movie:
            movie.write(numbered(7))
        assert np.abs(read_frame(folder / name, 0).astype(int) - numbered(7)).mean() < 3


@pytest.mark.parametrize(
    ("average", "meant"),
    [
        (Fraction(24), Fraction(24)),
        (Fraction(2997, 125), Fraction(24000, 1001)),
        (Fraction(19001, 317), Fraction(60000, 1001)),
        (Fraction(25001, 1000), Fraction(25)),
        (Fraction(25, 2), Fraction(25, 2)),
    ],
)
def test_averaged_rates_snap_to_what_is_meant(average: Fraction, meant: Fraction) -> None:
    assert snapped(average) == meant
