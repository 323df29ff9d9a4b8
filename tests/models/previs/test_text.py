"""Words as the reader has them: any text, sides, and which of the words that it does not know are heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.models.previs.text import LONGEST, Vocabulary

from .conftest import WORDS


@pytest.mark.parametrize(
    "text", ["", "   ", "red car", "x" * 10_000, "砂漠の赤い車", "ROTES AUTO, übers Meer!", "\x00\ud7ff", "🚗 " * 3000]
)
def test_any_text_becomes_numbers(text: str) -> None:
    numbers = WORDS.encode(text)
    assert len(numbers) == LONGEST
    assert all(0 <= number < len(WORDS) for number in numbers)


def test_unknown_words_are_kept_apart_from_known_ones() -> None:
    assert WORDS.encode("red")[0] != WORDS.encode("zanzibar")[0] != 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A car drives left to right.", ["a", "car", "drives", "from-left", "to", "to-right"]),
        ("walks from the right to the left", ["walks", "from", "the", "from-right", "to", "the", "to-left"]),
        ("drives left", ["drives", "to-left"]),
        ("PAN LEFT.", ["pan", "pan-left"]),
        ("enters from the left", ["enters", "from", "the", "from-left"]),
        ("leaves frame right", ["leaves", "frame", "leaves-right"]),
        ("left", ["-left"]),
        ("left left", ["-left", "-left"]),
    ],
)
def test_a_side_is_one_word_with_what_leads_to_it(text: str, words: list[str]) -> None:
    assert Vocabulary.split(text) == words


def test_new_words_leave_the_old_ones_their_numbers() -> None:
    more = WORDS.with_more(["wave", "car", "window"])
    assert more.words == (*WORDS.words, "wave", "window")
    assert more.encode("red car")[:2] == WORDS.encode("red car")[:2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We see a red car at sea; a red car drives.", "we see a red car at sea drives"),
        ("a red car and a red car", "a red car and a red car"),
        ("A man in a red coat talks to a woman in a red coat.", "a man in a red coat talks to a woman in a red coat"),
        ("a car. A car. An old man. An old man sits.", "a car a car an old man sits"),
    ],
)
def test_who_is_named_twice_in_the_same_words_is_one(text: str, words: str) -> None:
    assert Vocabulary.split(text) == words.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EXT. SNOWY FIELD - DAY.", "ext snowy snowfield day"),
        ("snow-covered hills", "snow covered snowfield"),
        ("Snow falls. A field.", "snow falls a field"),
        ("a field of snow", "a field of snow"),
    ],
)
def test_open_country_under_snow_is_a_snowfield(text: str, words: str) -> None:
    assert Vocabulary.split(text) == words.split()


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("as we see MARA slowly turn away", "mara turn"),
        ("a red car past the old shops", "red car"),
        ("the detective", "detective"),
        ("Mara with a stranger", "mara stranger"),
        ("his", ""),
    ],
)
def test_words_that_name_nobody_are_not_heard_as_somebody(text: str, heard: str) -> None:
    known = WORDS.with_more(["the", "a", "past"])
    numbers = [number for number in known.encode(text) if number]
    silent = {known.encode(word)[0] for word in ("the", "a", "past")}
    assert [n for n in numbers if n not in silent] == [known.encode(word)[0] for word in heard.split()]


@given(st.text(alphabet="aeinorst ", max_size=300))
def test_naming_again_never_adds_or_exchanges_words(text: str) -> None:
    words = iter(text.split())
    assert all(word in words for word in Vocabulary.split(text))
