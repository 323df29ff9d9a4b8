"""Numbers and names of scenes and shots."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.errors import ProjectError, UsageError
from shotwright.core.film.numbering import (
    is_name,
    label_key,
    locked_between,
    number_between,
    scene_code,
    scene_code_by_tens,
    scene_codes,
    shot_code_by_tens,
    shot_name,
)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("1A", "001A"),
        ("12", "012"),
        ("010", "010"),
        ("A3A", "A003A"),
        ("3aa", "003AA"),
        ("I-1-A", "I001A"),
        ("110.", "110"),
        ("1024", "1024"),
        ("0", "000"),
        ("…", ""),
        ("٣", ""),
    ],
)
def test_scene_keeps_the_number_of_the_script(number: str, code: str) -> None:
    assert scene_code(number) == code


@given(st.text())
def test_a_scene_code_is_its_own_code(number: str) -> None:
    code = scene_code(number)
    assert len(code) <= 8
    assert scene_code(code) == code


def test_without_numbers_scenes_and_shots_count_by_tens() -> None:
    assert [scene_code_by_tens(i) for i in (0, 1, 99)] == ["010", "020", "1000"]
    assert [shot_code_by_tens(i) for i in (0, 1, 999)] == ["0010", "0020", "10000"]


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        ("0010", "0020", "0015"),
        ("0010", "0015", "0012"),
        ("0010", "0011", "0010A"),
        ("0010A", "0020", "0015"),
        ("0020", None, "0030"),
        (None, "0010", "0005"),
        (None, "0001", "A0001"),
        (None, None, "0010"),
    ],
)
def test_a_later_shot_takes_a_number_between(before: str | None, after: str | None, label: str) -> None:
    assert number_between(before, after) == label


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        ("3", None, "3A"),
        ("3", "4", "3A"),
        ("3", "3A", "A3A"),
        ("3A", "3B", "3AA"),
        ("3AA", "3B", "3AB"),
        ("A3A", "3A", "B3A"),
        ("3", "A3A", "AA3A"),
        ("3H", "4", "3J"),
        ("3N", "4", "3P"),
        ("3Z", "4", "3ZA"),
        (None, "1", "A1"),
    ],
)
def test_locked_numbers_take_letters(before: str | None, after: str | None, label: str) -> None:
    assert locked_between(before, after) == label


def test_an_omitted_number_is_never_used_again() -> None:
    assert locked_between("3", "4", taken={"3A", "3B"}) == "3C"
    assert number_between("0010", None, taken={"0020"}) == "0030"
    assert number_between("0010", "0020", taken={"0015"}) == "0010A"


@pytest.mark.parametrize(("before", "after"), [("4", "3"), ("3", "3"), ("3A", "A3A"), ("three", "4"), ("3", "4-5")])
def test_what_has_no_order_is_refused(before: str, after: str) -> None:
    with pytest.raises(UsageError):
        locked_between(before, after)


@given(st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_insertions_keeps_the_script_order(dice: random.Random, locked: bool) -> None:
    labels = ["0001", "0002", "0003"]
    between = locked_between if locked else number_between
    for _ in range(40):
        at = dice.randrange(1, len(labels))
        try:
            labels.insert(at, between(labels[at - 1], labels[at], labels))
        except UsageError:
            continue  # 24 insertions in front of one number: nothing is left, and it says so
    keys = [label_key(label) for label in labels]
    assert keys == sorted(set(keys))


def test_names_come_from_the_template() -> None:
    assert shot_name("SC{scene}_SH{shot}", "012A", "0010") == "SC012A_SH0010"
    assert len(shot_name("SC{scene}_SH{shot}", "12345678", "999990")) <= 24


@pytest.mark.parametrize("naming", ["SC{scene}", "{scene} {shot}", "../{scene}{shot}", "{scene}{shot}{take}", "x" * 30])
def test_a_template_that_can_not_name_files_is_refused(naming: str) -> None:
    with pytest.raises(ProjectError):
        shot_name(naming, "010", "0010")


@pytest.mark.parametrize("name", ["CON", "con", "LPT1", "", "_x", "a b", "ü", "..", "x" * 25])
def test_no_shot_is_called_what_no_file_can_be(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        (["", "", ""], ["010", "020", "030"]),
        (["1", "1A", "2"], ["001", "001A", "002"]),
        (["12A", "", "12B"], ["012A", "012AA", "012B"]),
        (["1", "", "", "2"], ["001", "001A", "001B", "002"]),
        (["", "1"], ["A001", "001"]),
        (["14", "14", "15"], ["014", "014A", "015"]),
        (["3", "", "1"], ["003", "003A", "001"]),
        (["I-1-A", "", "7"], ["I001A", "J001A", "007"]),
    ],
)
def test_scenes_without_a_number_get_one_between(numbers: list[str], codes: list[str]) -> None:
    assert list(scene_codes(numbers)) == codes


@given(st.lists(st.sampled_from(["", "", "1", "1A", "2", "A1", "10", "x", "12345678", "Z9Z"]), max_size=30))
def test_no_two_scenes_have_the_same_code(numbers: list[str]) -> None:
    codes = scene_codes(numbers)
    assert len(codes) == len(numbers)
    assert len(set(codes)) == len(codes)
    assert all(codes)
