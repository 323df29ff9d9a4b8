"""Dialogue as people can read it, and as SubRip text.

Pieces are at most two lines of 42 characters (BBC and Netflix guidelines agree on about that), cut at the ends of
sentences where there are any, and share the line's time by their lengths.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ..timing import FrameRange, Rate
from .events import Subtitle

LINE_LENGTH = 42
_PIECE_LENGTH = 2 * LINE_LENGTH - 6  # two lines are never filled to the last letter
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)]*\s+")


def readable(line: Subtitle) -> list[Subtitle]:
    """The line in pieces that fit on the screen, each at least a frame long; a line of two speakers stays one."""
    pieces = [line.text] if "\n" in line.text else _pieces(line.text)
    pieces = pieces[: max(1, len(line.record))]
    found = []
    done, total = 0, sum(map(len, pieces))
    for ordinal, piece in enumerate(pieces):
        start = max(line.record.start + len(line.record) * done // total, line.record.start + ordinal)
        found.append((start, piece))
        done += len(piece)
    ends = [start for start, _ in found[1:]] + [line.record.end]
    return [
        Subtitle(FrameRange(start, max(start, end)), piece, line.speaker)
        for (start, piece), end in zip(found, ends, strict=True)
        if end > start
    ]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        if pieces and len(pieces[-1]) + 1 + len(sentence) <= _PIECE_LENGTH:
            pieces[-1] = f"{pieces[-1]} {sentence}"
        elif len(sentence) <= _PIECE_LENGTH:
            pieces.append(sentence)
        else:
            count = -(-len(sentence) // _PIECE_LENGTH)
            even = min(_PIECE_LENGTH, len(sentence) // count + LINE_LENGTH // 4)
            pieces += textwrap.wrap(sentence, even)
    return pieces or [text]


def on_screen(text: str) -> str:
    """A piece on at most two lines of about the same length."""
    if len(text) <= LINE_LENGTH or "\n" in text:
        return text
    middle = len(text) // 2
    spaces = [match.start() for match in re.finditer(" ", text)]
    if not spaces:
        return text
    cut = min(spaces, key=lambda at: abs(at - middle))
    return f"{text[:cut]}\n{text[cut + 1 :]}"


def srt(subtitles: Iterable[Subtitle], rate: Rate) -> str:
    """SubRip text; times count from the film's first frame, exact to the millisecond that SubRip has."""
    return "\n".join(_blocks(subtitles, rate))


def _blocks(subtitles: Iterable[Subtitle], rate: Rate) -> Iterator[str]:
    for number, line in enumerate(subtitles, 1):
        times = f"{_time(line.record.start, rate)} --> {_time(line.record.end, rate)}"
        words = on_screen(line.text).replace("-->", "→")
        yield f"{number}\n{times}\n{words}\n"


def _time(frame: int, rate: Rate) -> str:
    thousandths = int(rate.seconds(frame) * 1000 + Fraction(1, 2))
    seconds, thousandth = divmod(thousandths, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{thousandth:03}"
