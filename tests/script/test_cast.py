"""How somebody is introduced: the words that every later prompt of theirs needs, and no more of the sentence."""

from pathlib import Path

import pytest
from shotwright.core.film import ProjectSettings
from shotwright.core.script import break_down, read_script


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("EMIL, 60s, green coat, stands at the fountain.", "60s, green coat"),
        ("EMIL, 60s, a green coat, stands at the fountain.", "60s, a green coat"),
        ("EMIL (60s), long white hair, stands at the fountain.", "60s, long white hair"),
        ("EMIL, grey raincoat and boots, stands at the fountain.", "grey raincoat and boots"),
        ("EMIL, 60s, stands at the fountain.", "60s"),
        ("EMIL, his coat on the floor, stands at the fountain.", ""),
        ("EMIL, lamp in hand, stands at the fountain.", ""),
    ],
)
def test_an_introduction_ends_where_the_sentence_goes_on(tmp_path: Path, action: str, words: str) -> None:
    (tmp_path / "s.fountain").write_text(f"EXT. SQUARE - DAY\n\n{action}\n\nEMIL\nIt rains.\n\nEmil walks away.\n")
    *_, last = break_down(read_script(tmp_path / "s.fountain"), ProjectSettings()).shots
    who = f"EMIL ({words})" if words else "Emil"
    assert last.prompt == f"Close-up, static. EXT. SQUARE - DAY. {who} walks away."
