"""Dialogue on the screen: readable, in time, never two at once."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from shotwright.core.film import DialogueLine, ProjectSettings, Shot
from shotwright.core.timeline.edit import Edit
from shotwright.core.timeline.events import Subtitle
from shotwright.core.timeline.subtitles import LINE_LENGTH, on_screen, readable, srt
from shotwright.core.timing import FrameRange, Rate

SPEECH = (
    "I told you on the first day that the tide comes twice, and you laughed. Now look at the road. "
    "There is no road. There is only the sea and what we carry."
)


def test_srt_times_are_the_frames_own() -> None:
    lines = [Subtitle(FrameRange(24, 72), "Nearly there.", "MARA"), Subtitle(FrameRange(86_400, 86_401), "Oh --> no")]
    assert srt(lines, Rate.parse("23.976")) == (
        "1\n00:00:01,001 --> 00:00:03,003\nNearly there.\n\n2\n01:00:03,600 --> 01:00:03,642\nOh → no\n"
    )


def test_a_long_speech_is_cut_at_its_sentences() -> None:
    pieces = readable(Subtitle(FrameRange(100, 340), SPEECH))
    assert " ".join(piece.text for piece in pieces) == SPEECH
    assert [piece.text[-1] for piece in pieces] == [".", ".", "."]
    assert pieces[0].record.start == 100
    assert pieces[-1].record.end == 340


@given(st.text("ab .!?é漢\n", max_size=300).map(str.split).map(" ".join).filter(bool), st.integers(1, 400))
def test_pieces_fill_their_time_and_follow_each_other(text: str, frames: int) -> None:
    pieces = readable(Subtitle(FrameRange(7, 7 + frames), text))
    assert pieces[0].record.start == 7
    assert pieces[-1].record.end == 7 + frames
    assert all(len(piece.record) for piece in pieces)
    assert all(a.record.end == b.record.start for a, b in pairwise(pieces))


def test_two_lines_of_about_one_length() -> None:
    first, second = on_screen("He was born there, and he will know the way from here to the sea.").split("\n")
    assert abs(len(first) - len(second)) < 10
    assert max(len(first), len(second)) <= LINE_LENGTH


def test_who_speaks_together_stands_together(settings: ProjectSettings, shots: list[Shot]) -> None:
    both = (
        DialogueLine("MARA", "Stop!", 4, 10),
        DialogueLine("JON", "Go!", 4, 12),
        DialogueLine("MARA", "Oh.", 10, 99),
    )
    edit = Edit.from_shots(settings, [replace(shots[0], dialogue=both), *shots[1:]])
    found = [(line.record.start, line.record.end, line.text, line.speaker) for line in edit.subtitles()]
    assert found[:2] == [(4, 10, "– Stop!\n– Go!", "MARA, JON"), (10, 24, "Oh.", "MARA")]
