"""Fountain's notes [[ ]] and boneyard /* */: taken out before anything else is read, in one pass over the text."""

from __future__ import annotations

import re

from .elements import NOTE, Element

GONE = "\0"  # stands where a note or boneyard was, so that lines and columns stay; no text has it (decoding refuses it)
_OPENING = re.compile(r"/\*|\[\[")


def take_out_comments(text: str) -> tuple[str, list[Element], tuple[str, ...]]:
    """The text with GONE for every sign of a comment, the notes in order, and what was left open.

    A note ends at `]]` and does not reach over an empty line; a boneyard ends at `*/` wherever it is. One that is never
    closed stays text.
    """
    kept: list[str] = []
    notes: list[Element] = []
    open_lines: dict[str, int] = {}
    done = counted = line_start = 0  # text before `done` is dealt with; `line` was counted up to `counted`
    line = 1
    closers = {"/*": "*/", "[[": "]]"}
    ends = {kind: text.find(closer) for kind, closer in closers.items()}  # the next closer of each kind, found once
    empty_line = text.find("\n\n")
    for opening in _OPENING.finditer(text):
        start, kind = opening.start(), opening[0]
        if start < done:
            continue
        line += text.count("\n", counted, start)
        line_start = max(line_start, text.rfind("\n", counted, start) + 1)
        counted = start
        if 0 <= ends[kind] < start + 2:
            ends[kind] = text.find(closers[kind], start + 2)
        end = ends[kind]
        if kind == "[[" and 0 <= empty_line < start:
            empty_line = text.find("\n\n", start)
        if end < 0 or (kind == "[[" and 0 <= empty_line < end):
            open_lines.setdefault(kind, line)
            continue
        end += 2
        comment = text[start:end]
        if kind == "[[":
            words = " ".join(comment[2:-2].split())
            notes.append(Element(NOTE, words, (line, line + comment.count("\n")), start - line_start + 1))
        kept += (text[done:start], "\n".join(GONE * max(1, len(row)) for row in comment.split("\n")))
        done = end
    kept.append(text[done:])
    names = {"/*": "boneyard /*", "[[": "note [["}
    notices = tuple(
        f"The {names[kind]} in line {line} is never closed; it was read as text." for kind, line in open_lines.items()
    )
    return "".join(kept), notes, notices
