"""Long speeches cut into pieces that a shot can hold: at sentence ends, else at a comma, else between two words."""

from __future__ import annotations

from dataclasses import dataclass

_SENTENCE_ENDS = (".", "!", "?", "…", ".”", "!”", "?”", '."', '!"', '?"')
_CLAUSE_ENDS = (",", ";", ":", "—", "–", "--")


@dataclass(frozen=True)
class Piece:
    """Part of a speech: its words, how many they are, and the lines whose first word it has.

    `lines` is None for a piece that begins and ends inside lines that an earlier piece has.
    """

    text: str
    words: int
    lines: tuple[int, int] | None


def pieces_of(spoken: list[tuple[int, str]], most_words: int) -> list[Piece]:
    """A speech, as (line, words) of each row, in pieces of `most_words` at most; pieces come out about even."""
    words: list[str] = []
    row_starts: list[tuple[int, int]] = []
    for line, text in spoken:
        row_starts.append((len(words), line))
        words += text.split()
    pieces = []
    start = row = 0
    while start < len(words):
        end = _end_of_piece(words, start, most_words)
        lines = []
        while row < len(row_starts) and row_starts[row][0] < end:
            lines.append(row_starts[row][1])
            row += 1
        pieces.append(Piece(" ".join(words[start:end]), end - start, (lines[0], lines[-1]) if lines else None))
        start = end
    return pieces


def _end_of_piece(words: list[str], start: int, most: int) -> int:
    left = len(words) - start
    if left <= most:
        return len(words)
    even = start + left // -(-left // most)
    earliest, latest = start + max(1, most // 4), start + most
    for ends in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        found = [end for end in range(earliest, latest + 1) if words[end - 1].endswith(ends)]
        if found:
            return min(found, key=lambda end: abs(end - even))
    return even
