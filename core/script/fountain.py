"""Fountain (fountain.io, syntax 1.1), with line and column for every element. One pass; no step looks back twice."""

from __future__ import annotations

from collections.abc import Callable

from . import elements as kinds
from .camera import is_shot_line
from .comments import GONE, take_out_comments
from .directions import is_direction, is_transition
from .elements import Element, Screenplay
from .fountain_words import column, plain, stripped, title_page
from .headings import is_furniture, split_number, starts_like_heading, without_continued

_LONGEST_CUE = 80
_MARKS = tuple(">~=#")


def read_fountain(text: str) -> Screenplay:
    """A screenplay from Fountain text whose lines end in `\\n` alone; never fails: what is nothing else is action."""
    text, notes, notices = take_out_comments(text)
    rows = [
        (number, row) for number, row in enumerate(text.split("\n"), 1) if GONE not in row or row.strip(GONE + " \t\f")
    ]
    title, start = title_page(rows)
    return Screenplay(title, tuple(_Reader(rows, start, notes).read()), (), notices)


class _Reader:
    """Rows to elements; `at` is the row being read."""

    def __init__(self, rows: list[tuple[int, str]], start: int, notes: list[Element]) -> None:
        self.rows = [(number, row, stripped(row)) for number, row in rows]
        self.at = start
        self.notes = notes[::-1]
        self.found: list[Element] = []
        self.place = ""  # the running scene's heading, without number
        self.forced: dict[str, Callable[[str], None]] = {
            ".": self._heading,
            "@": self._speech,
            ">": self._centered_or_transition,
            "~": lambda line: self._one(kinds.LYRIC, line.lstrip("~")),
            "=": self._synopsis,
            "#": lambda line: self._one(kinds.SECTION, line.lstrip("#")),
            "!": lambda line: self._action(),
        }

    def read(self) -> list[Element]:
        after_empty = True
        while self.at < len(self.rows):
            line = self.rows[self.at][2]
            if not line:
                self.at += 1
            elif line[0] in self.forced and (line[0] not in ".@" or line[1:2].isalnum()):
                self.forced[line[0]](line)
            elif after_empty and is_furniture(line):
                self.at += 1
            elif self._is_heading(line, after_empty):
                self._heading(line)
            elif is_transition(line):
                self._one(kinds.TRANSITION, line)
            elif self._is_transition_to_place(line):
                self._transition_to_place(line)
            elif is_shot_line(line):
                self._one(kinds.CAMERA, line)
            elif after_empty and self._is_cue(line):
                self._speech(line)
            else:
                self._action()
            after_empty = not line
        while self.notes:
            self.found.append(self.notes.pop())
        return self.found

    def _add(self, element: Element) -> None:
        """Appends an element, the notes that stand in or ahead of it first."""
        while self.notes and self.notes[-1].lines[0] <= element.lines[1]:
            self.found.append(self.notes.pop())
        self.found.append(element)

    def _one(self, kind: str, words: str, *, number: str = "", dual: bool = False) -> None:
        """The row being read as one element."""
        line, row, _ = self.rows[self.at]
        self._add(Element(kind, plain(words), (line, line), column(row), number, dual))
        self.at += 1

    def _is_heading(self, line: str, after_empty: bool) -> bool:
        return starts_like_heading(line) and (after_empty or line.isupper())

    def _heading(self, line: str) -> None:
        heading, number = split_number(line.removeprefix("."))
        heading, continued = without_continued(plain(heading))
        if continued and heading.casefold() == self.place.casefold():
            self._one(kinds.CONTINUED, heading)
        else:
            self.place = heading
            self._one(kinds.HEADING, heading, number=number)

    def _centered_or_transition(self, line: str) -> None:
        if line.endswith("<"):
            self._one(kinds.CENTERED, line[1:-1])
        else:
            self._one(kinds.TRANSITION, line[1:])

    def _synopsis(self, line: str) -> None:
        self._one(kinds.PAGE_BREAK if line.startswith("===") else kinds.SYNOPSIS, line.lstrip("="))

    def _is_transition_to_place(self, line: str) -> bool:
        """`SMASH CUT TO: INT. BAR - NIGHT` or `CUT TO: THE BAR` on one row."""
        before, colon, behind = line.partition(":")
        behind = behind.lstrip()
        return bool(colon) and is_transition(before + colon) and (behind.isupper() or starts_like_heading(behind))

    def _transition_to_place(self, line: str) -> None:
        before, colon, behind = line.partition(":")
        behind = behind.lstrip()
        self._one(kinds.TRANSITION, before + colon)
        self.at -= 1
        if starts_like_heading(behind):
            self._heading(behind)
        else:
            self._one(kinds.CAMERA, behind)

    def _is_cue(self, line: str) -> bool:
        following = self.rows[self.at + 1][2] if self.at + 1 < len(self.rows) else ""
        if not following or len(line) > _LONGEST_CUE:
            return False
        name, bracket, _ = line.partition("(")
        name = name.rstrip(" ^")
        if bracket and not line.rstrip(" ^").endswith(")"):  # MARA (30s, red raincoat) runs up the path.
            return False
        if not name.isupper() or name.endswith((":", "!", "?", ",")) or "--" in name or "..." in name or "…" in name:
            return False
        last = name.split()[-1]
        return not (last.endswith(".") and len(last) > 4) and not is_direction(name)

    def _speech(self, line: str) -> None:
        """A cue and what stands below it, to the next empty row."""
        cue = line.removeprefix("@")
        self._one(kinds.CUE, cue.rstrip("^ "), dual=cue.endswith("^"))
        while self.at < len(self.rows):
            _, row, line = self.rows[self.at]
            if not line and not (row.startswith("  ") and self.at + 1 < len(self.rows)):
                return
            if not line or line in ("(MORE)", "(CONTINUED)"):
                self.at += 1
            elif _is_shouted_heading(line):
                return
            elif _opens_parenthetical(line):
                self._parenthetical()
            else:
                self._rows_of(kinds.DIALOGUE, lambda row: _opens_parenthetical(row) or _is_shouted_heading(row))

    def _parenthetical(self) -> None:
        """Rows from `(` to the row that ends in `)`, within the speech; words like any others where none does."""
        first = self.at
        while not self.rows[self.at][2].endswith(")"):
            if self.at + 1 >= len(self.rows) or not self.rows[self.at + 1][2]:
                self.at = first
                self._rows_of(kinds.DIALOGUE, _is_shouted_heading)
                return
            self.at += 1
        self._close(kinds.PARENTHETICAL, first)

    def _action(self) -> None:
        self._rows_of(kinds.ACTION, self._ends_action)

    def _ends_action(self, line: str) -> bool:
        return line.startswith(_MARKS) or _is_shouted_heading(line) or (line.isupper() and is_transition(line))

    def _rows_of(self, kind: str, ends: Callable[[str], bool]) -> None:
        """Rows up to an empty one, one that `ends` them, or a gap in the lines, as one element."""
        first = self.at
        while True:
            self.at += 1
            if self.at >= len(self.rows):
                break
            number, _, line = self.rows[self.at]
            if not line or ends(line) or number != self.rows[self.at - 1][0] + 1:
                break
        self.at -= 1
        self._close(kind, first)

    def _close(self, kind: str, first: int) -> None:
        """Makes one element of the rows from `first` to the one being read."""
        taken = self.rows[first : self.at + 1]
        mark = "!" if kind == kinds.ACTION else "~" if kind == kinds.DIALOGUE else ""
        rows = tuple(plain(line.removeprefix(mark)) for _, _, line in taken)
        element = Element(
            kind, " ".join(filter(None, rows)), (taken[0][0], taken[-1][0]), column(taken[0][1]), rows=rows
        )
        self._add(element)
        self.at += 1


def _is_shouted_heading(line: str) -> bool:
    """A heading in capitals is one even where no empty row is ahead of it."""
    return line.isupper() and starts_like_heading(line)


def _opens_parenthetical(line: str) -> bool:
    return line.startswith("(") and (line.endswith(")") or ")" not in line)
