"""What is no script, or a broken one: a sentence that says what to do, quickly, whatever the file."""

import time
from pathlib import Path

import pytest
from shotwright.core.errors import NotFoundError, ScriptError, ShotwrightError
from shotwright.core.film import ProjectSettings
from shotwright.core.script import Breakdown, break_down, read_script

_BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><FinalDraft><Content><Paragraph><Text>&c;</Text></Paragraph></Content>
</FinalDraft>"""
_EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><FinalDraft><Content>&a;</Content></FinalDraft>'


def _break_down(folder: Path, name: str, data: bytes) -> Breakdown:
    path = folder / name
    path.write_bytes(data)
    return break_down(read_script(path), ProjectSettings())


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.fountain", b"", "empty"),
        ("spaces.fountain", b" \n\t\n", "empty"),
        ("mark.fountain", b"\xef\xbb\xbf", "empty"),
        ("bytes.fountain", bytes(range(256)) * 50, "no text"),
        ("zeros.fountain", bytes(10_000), "no text"),
        ("script.pdf", b"%PDF-1.7\n", "PDF"),
        ("script.docx", b"PK\x03\x04rest", "packed document"),
        ("panel.png", b"\x89PNG\r\n\x1a\n", "picture"),
        ("prose.txt", b"Once upon a time.\n\nThe end.\n", "no scene headings"),
        ("title.fountain", b"Title: The Lamp\nAuthor: A. Writer\n", "no scene headings"),
        ("list.csv", b"description\nWaves.\n", "shot list"),
        ("bomb.fdx", _BOMB, "defines entities"),
        ("bomb.fountain", _BOMB, "defines entities"),
        ("external.fdx", _EXTERNAL, "defines entities"),
        ("cut.fdx", b"<FinalDraft><Content>", "broken in line 1"),
        ("page.fdx", b"<html></html>", "no Final Draft script"),
        ("none.fdx", b"<FinalDraft><Content/></FinalDraft>", "no scene headings"),
        ("deep.fdx", b"<FinalDraft>" + b"<a>" * 200_000, "broken"),
        ("object.storyboarder", b"{}", "no storyboard"),
        ("none.storyboarder", b'{"boards": []}', "no boards"),
        ("words.storyboarder", b"not json", "broken in line 1"),
        ("odd.storyboarder", b'{"boards": [3]}', "no storyboard"),
        ("deep.storyboarder", b"[" * 1_000_000, "broken"),
    ],
)
def test_a_clear_sentence_for_what_is_no_script(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(ScriptError) as caught:
        _break_down(tmp_path, name, data)
    assert says in caught.value.message
    assert caught.value.hint.endswith(".")


@pytest.mark.parametrize("start", [b"", b"INT. HOUSE - DAY\n\n", b"{", b"Title: "])
def test_ten_megabytes_on_one_line_are_refused_at_once(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "line.fountain"
    path.write_bytes(start + b"[[ word * ( " * 900_000)
    started = time.process_time()
    with pytest.raises(ScriptError) as caught:
        read_script(path)
    assert time.process_time() - started < 2
    assert caught.value.line in (1, 3)
    assert "characters" in caught.value.message


def test_a_missing_file_a_folder_and_a_giant_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        read_script(tmp_path / "none.fountain")
    with pytest.raises(ScriptError, match="folder"):
        read_script(tmp_path)
    with (tmp_path / "giant.fountain").open("wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(ScriptError, match="too large"):
        read_script(tmp_path / "giant.fountain")


@pytest.mark.parametrize(
    "name", ["two words.fountain", "😀.fountain", "....fountain", "CON.fountain", "no suffix", "ü.txt"]
)
def test_a_script_may_be_called_anything(tmp_path: Path, name: str) -> None:
    assert len(_break_down(tmp_path, name, b"INT. HOUSE - DAY\n\nRain.\n").shots) == 1


@pytest.mark.parametrize(
    "text",
    [
        "INT. ROOM - DAY\n\n" + "A man walks.\n\n" * 10_000,
        "".join(f"INT. ROOM {n} - DAY\n\nA man walks.\n\nHe sits.\n\n" for n in range(5_000)),
    ],
    ids=["one scene", "many scenes"],
)
def test_ten_thousand_shots(tmp_path: Path, text: str) -> None:
    started = time.process_time()
    shots = _break_down(tmp_path, "long.fountain", text.encode()).shots
    assert time.process_time() - started < 5
    assert len({shot.name for shot in shots}) == len({shot.shot_id for shot in shots}) == 10_000


@pytest.mark.parametrize(
    "nasty",
    ["[[" * 40_000, "/*" * 40_000, "*" * 90_000, "(\n" * 50_000, "[[x]] y\n" * 50_000, "A, " * 30_000,
     "MARA (" * 15_000, "PAN " * 20_000, "INT" * 30_000, "_a " * 30_000, "JOE, the " * 10_000, "- " * 40_000],
    ids=lambda text: text[:9].strip(),
)  # fmt: skip
def test_no_repetition_is_slow(tmp_path: Path, nasty: str) -> None:
    started = time.process_time()
    _break_down(tmp_path, "nasty.fountain", f"INT. ROOM - DAY\n\n{nasty}\n\nJOE\n{nasty}\n".encode())
    assert time.process_time() - started < 3


@pytest.mark.parametrize("naming", ["{scene}", "../{scene}_{shot}", "{scene} {shot}", "{scene}{shot}" + "x" * 20])
def test_a_template_that_can_not_name_shots_is_refused(tmp_path: Path, naming: str) -> None:
    (tmp_path / "a.fountain").write_text("INT. HOUSE - DAY\n\nRain.\n")
    with pytest.raises(ShotwrightError, match="naming"):
        break_down(read_script(tmp_path / "a.fountain"), ProjectSettings(naming=naming))


def test_a_board_reaches_no_other_folder(tmp_path: Path) -> None:
    boards = b'{"boards": [{"url": "../../secret.png", "audio": {"filename": "C:\\\\x\\\\s.wav"}, "duration": NaN}]}'
    (shot,) = _break_down(tmp_path, "b.storyboarder", boards).shots
    assert shot.panels[0].path == "images/secret.png"
    assert shot.audio == "images/s.wav"
    assert shot.frames == 48
