"""What is read from a script: encodings, line ends, marks, and where everything stands."""

from pathlib import Path

import pytest
from shotwright.core.script import Screenplay, read_script
from shotwright.core.script import elements as kinds
from shotwright.core.script.camera import camera_in_action
from shotwright.core.script.fountain import read_fountain
from shotwright.core.script.headings import lit

_TEXT = "Title: Café\n\nINT. CAFÉ – DAY\n\nZOË enters.\nShe sits.\n\nZOË\nÇa va?\n"


def _read(folder: Path, data: bytes, name: str = "script.fountain") -> Screenplay:
    path = folder / name
    path.write_bytes(data)
    return read_script(path)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_reads_the_same(tmp_path: Path, encoding: str, line_end: str) -> None:
    text = _TEXT if encoding != "latin-1" else _TEXT.replace("–", "-")
    found = _read(tmp_path, text.replace("\n", line_end).encode(encoding))
    assert found == read_fountain(text)
    assert found.title == "Café"
    assert [element.lines for element in found.elements] == [(3, 3), (5, 6), (8, 8), (9, 9)]


def test_a_few_broken_letters_are_mended_and_told(tmp_path: Path) -> None:
    found = _read(tmp_path, _TEXT.encode() + b"\n\nCaf\xe9 closes.\n")
    assert found.elements[-1].text == "Caf\ufffd closes."
    assert len(found.notices) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_final_draft_is_known_by_its_content(tmp_path: Path, encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><FinalDraft><Content>'
        '<Paragraph Type="Scene Heading"><Text>INT. CAFÉ</Text></Paragraph></Content></FinalDraft>'
    )
    assert _read(tmp_path, text.encode(encoding), "script.txt").elements[0].text == "INT. CAFÉ"


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(element.kind, element.text) for element in read_fountain(text).elements]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("INT. HOUSE - DAY", kinds.HEADING, "INT. HOUSE - DAY"),
        ("int./ext. car - night", kinds.HEADING, "int./ext. car - night"),
        ("I/E VAN", kinds.HEADING, "I/E VAN"),
        ("EST. CITY", kinds.HEADING, "EST. CITY"),
        (".ROOF", kinds.HEADING, "ROOF"),
        ("...and then", kinds.ACTION, "...and then"),
        ("INTERIOR MONOLOGUE FILLS HIM.", kinds.ACTION, "INTERIOR MONOLOGUE FILLS HIM."),
        ("!INT. HOUSE", kinds.ACTION, "INT. HOUSE"),
        ("CUT TO:", kinds.TRANSITION, "CUT TO:"),
        ("FADE IN:", kinds.TRANSITION, "FADE IN:"),
        ("FADE OUT.", kinds.TRANSITION, "FADE OUT."),
        ("SMASH CUT TO:", kinds.TRANSITION, "SMASH CUT TO:"),
        ("DISSOLVE TO:", kinds.TRANSITION, "DISSOLVE TO:"),
        ("> Burn out.", kinds.TRANSITION, "Burn out."),
        ("> THE END <", kinds.CENTERED, "THE END"),
        ("~La la la", kinds.LYRIC, "La la la"),
        ("# Act One", kinds.SECTION, "Act One"),
        ("= He leaves.", kinds.SYNOPSIS, "He leaves."),
        ("====", kinds.PAGE_BREAK, ""),
        ("[[a note]]", kinds.NOTE, "a note"),
        ("CLOSE ON THE LAMP", kinds.CAMERA, "CLOSE ON THE LAMP"),
        ("MARA'S POV", kinds.CAMERA, "MARA'S POV"),
        ("INSERT - LETTER", kinds.CAMERA, "INSERT - LETTER"),
        ("*Very* **loud** ***now*** _here_ \\*not\\*", kinds.ACTION, "Very loud now here *not*"),
        ("The lamp. *", kinds.ACTION, "The lamp."),
        ("PANIC ON THE STREETS.", kinds.ACTION, "PANIC ON THE STREETS."),
        ("TILTED HEADS EVERYWHERE", kinds.ACTION, "TILTED HEADS EVERYWHERE"),
        ("ONE OF THEM FALLS.", kinds.ACTION, "ONE OF THEM FALLS."),
        ("INSERT COIN", kinds.ACTION, "INSERT COIN"),
    ],
)
def test_each_element_is_what_it_looks_like(text: str, kind: str, words: str) -> None:
    assert _kinds(f"\n\n{text}\n\n") == [(kind, words)]


@pytest.mark.parametrize(
    "cue", ["MARA", "MARA (V.O.)", "MARA (on the radio)", "@McCLANE", "DR. WEBB", "R2-D2", "MARA ^"]
)
def test_a_name_over_words_speaks(cue: str) -> None:
    assert [kind for kind, _ in _kinds(f"{cue}\nHello.")] == [kinds.CUE, kinds.DIALOGUE]


@pytest.mark.parametrize(
    "row", ["MARA (30s) runs.", "SUDDENLY!", "BANG --", "THE DOOR OPENS.", "Mara", "23", "SUPER: 1953", "MONTAGE"]
)
def test_what_is_no_name_does_not_speak(row: str) -> None:
    assert [kind for kind, _ in _kinds(f"{row}\nHello.")] == [kinds.ACTION]


@pytest.mark.parametrize(
    ("row", "heading", "number"),
    [
        ("INT. BAR - DAY #12A#", "INT. BAR - DAY", "12A"),
        ("INT. BAR - DAY #I-1-A#", "INT. BAR - DAY", "I-1-A"),
        ("12A INT. BAR - DAY 12A", "INT. BAR - DAY", "12A"),
        ("3. EXT. SEA", "EXT. SEA", "3"),
        ("INT. ROOM 12 - DAY", "INT. ROOM 12 - DAY", ""),
    ],
)
def test_scene_numbers_are_taken_off_the_heading(row: str, heading: str, number: str) -> None:
    (element,) = read_fountain(row).elements
    assert (element.kind, element.text, element.number) == (kinds.HEADING, heading, number)


def test_lines_and_columns_count_from_one_through_notes_and_boneyard() -> None:
    text = "INT. A - DAY\n\n/* gone\n\ngone */\n  Rain [[note\nstill]] falls.\n\n    MARA\n  Hello.\n"
    found = [(e.kind, e.lines, e.column) for e in read_fountain(text).elements]
    assert found == [
        (kinds.HEADING, (1, 1), 1),
        (kinds.NOTE, (6, 7), 8),
        (kinds.ACTION, (6, 7), 3),
        (kinds.CUE, (9, 9), 5),
        (kinds.DIALOGUE, (10, 10), 3),
    ]


def test_two_spaces_keep_a_speech_together() -> None:
    assert _kinds("MARA\nOne.\n  \nTwo.")[1:] == [(kinds.DIALOGUE, "One."), (kinds.DIALOGUE, "Two.")]


def test_a_heading_without_its_empty_row_still_opens_a_scene() -> None:
    assert [kind for kind, _ in _kinds("Rain.\nINT. BAR - DAY\nSmoke.")] == [kinds.ACTION, kinds.HEADING, kinds.ACTION]


def test_a_scene_that_goes_on_keeps_the_light_of_the_one_before() -> None:
    headings = [
        "INT. STAIRS - CONTINUOUS",
        "EXT. PIER - NIGHT",
        "INT. BOAT - CONTINUOUS",
        "INT. BOAT - MOMENTS LATER",
        "EXT. PIER - DAWN",
        "EXT. SAME PIER - SAME",
        "INT. CABIN",
    ]
    assert lit(headings) == [
        "INT. STAIRS - CONTINUOUS",
        "EXT. PIER - NIGHT",
        "INT. BOAT - NIGHT",
        "INT. BOAT - NIGHT",
        "EXT. PIER - DAWN",
        "EXT. SAME PIER - DAWN",
        "INT. CABIN",
    ]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Wide. A woman walks.", {"size": "wide"}),
        ("Extreme wide. A boat drifts.", {"size": "extreme wide"}),
        ("MEDIUM. He talks.", {"size": "medium"}),
        ("Close-up. Her eyes.", {"size": "close-up"}),
        ("Long shot. The road.", {"size": "wide"}),
        ("Wide. A black horse walks left to right. Crane up.", {"size": "wide", "move": "crane up"}),
        ("A horse walks on. Pan left slowly.", {"move": "pan left"}),
        ("Push in. She looks up.", {"move": "push in"}),
        ("The door opens. Slowly pull back.", {"move": "pull out"}),
    ],
)
def test_a_size_or_a_move_as_a_sentence_of_its_own_is_the_paragraphs(text: str, asked: dict[str, str]) -> None:
    camera = camera_in_action(text)
    assert {name: getattr(camera, name) for name in asked} == asked


@pytest.mark.parametrize(
    "text",
    [
        *("Wide awake, she listens.", "Medium height, a scar.", "Wide.", "Long ago. Rain."),
        *("He slows. Pulls over.", "They push in the boat. Rain.", "Push back the chair.", "Tilt down the lane."),
    ],
)
def test_words_that_only_sound_like_a_size_or_a_move_ask_for_nothing(text: str) -> None:
    assert camera_in_action(text) is None
