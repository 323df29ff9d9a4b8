"""Words on frames: there, readable, inside the frame, in any language, never a crash."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shotwright.core.media.lettering import CORNERS, letter, slate, subtitle
from shotwright.core.media.text import width_of, wrap

SIZES = [(1280, 720), (640, 360), (128, 72), (360, 640), (64, 64)]


def changed(before: np.ndarray, after: np.ndarray) -> tuple[int, int, int, int]:
    """Top, bottom, left, right of what differs."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("corner", CORNERS)
def test_a_burn_in_stands_in_its_corner(size: tuple[int, int], corner: str) -> None:
    width, height = size
    frame = np.full((height, width, 3), 150, np.uint8)
    lettered = letter(frame, ["TK01", "1001"], corner)
    top, bottom, left, right = changed(frame, lettered)
    assert (bottom < height * 0.66) if corner.startswith("top") else (top > height * 0.33)
    assert (right < width * 0.66) if corner.endswith("left") else (left > width * 0.33)
    assert lettered.max() > 210
    assert lettered.min() < 100
    assert frame.min() == frame.max() == 150


def test_long_lines_shrink_to_the_frame() -> None:
    frame = np.full((360, 640, 3), 150, np.uint8)
    _, bottom, _, right = changed(frame, letter(frame, ["SC010_SH0010 " * 12], "top-left"))
    assert right < 639
    assert bottom < 60


@pytest.mark.parametrize("size", SIZES[:-1])
def test_a_subtitle_is_wrapped_inside_the_safe_area(size: tuple[int, int]) -> None:
    width, height = size
    frame = np.full((height, width, 3), 150, np.uint8)
    words = "You never told me the sea was this loud. I would have brought the other coat."
    top, bottom, left, right = changed(frame, subtitle(frame, words))
    assert bottom < height
    assert left >= width * 0.02
    assert right <= width * 0.98
    if width > 128:
        assert top > height * 0.6
    assert subtitle(frame, "  ") is frame


def test_wrapped_lines_keep_every_word_and_their_room() -> None:
    text = "Seven long days the fog has held, and Antidisestablishmentarianism has not helped."
    lines = wrap(text, 20, 150)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 20) <= 150 for line in lines)
    assert wrap("霧の中から船が現れる。灯台は黙っている。", 20, 100)[0]


def test_slates_are_dark_and_say_something() -> None:
    for size in SIZES:
        card = slate(size, ["SC010_SH0020", "INT. LIGHTHOUSE KITCHEN — NIGHT", "Will stands at the window. " * 20])
        assert card.shape == (size[1], size[0], 3)
        assert card.mean() < 90
        assert card.max() > 150
    assert slate((640, 360), []).shape == (360, 640, 3)


def test_other_scripts_are_drawn() -> None:
    frame = np.zeros((120, 400, 3), np.uint8)
    unknown = subtitle(frame, "\U000e0021")
    for words in ("Ñandú — “où?”", "Ελληνικά", "Русский", "日本語", "한국어", "עברית"):
        drawn = subtitle(frame, words)
        assert drawn.max() > 200
        assert not np.array_equal(drawn, unknown)


@settings(max_examples=60)
@given(st.text(max_size=60), st.sampled_from(SIZES[1:]))
def test_no_text_crashes(text: str, size: tuple[int, int]) -> None:
    frame = np.full((size[1], size[0], 3), 60, np.uint8)
    for drawn in (letter(frame, [text, text], "bottom-right"), subtitle(frame, text), slate(size, [text, text])):
        assert drawn.shape == frame.shape


def test_broken_unicode_is_drawn_without() -> None:
    frame = np.zeros((72, 128, 3), np.uint8)
    assert letter(frame, ["a\ud800b\x00c\r\n"], "top-left").max() > 200
