"""Fountain's words without what only marks them: emphasis, escapes, revision marks; and its title page."""

from __future__ import annotations

import re

from .comments import GONE

_TITLE_KEYS = frozenset(
    ("title", "credit", "author", "authors", "source", "notes", "draft", "draft date", "date", "contact", "copyright")
)
_KEY = re.compile(r"([A-Za-z][A-Za-z _-]{0,40}):(.*)")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*{1,3}(?=\S)([^*\n]+)\*{1,3}|(?<!\w)_(?=\S)([^_\n]+)_(?!\w))")
_ESCAPED = re.compile(r"\\([*_\\])")
_DEEPEST_EMPHASIS = 2  # _**THE LAMP**_


def plain(text: str) -> str:
    """Words without emphasis marks, comments and spare spaces."""
    text = text.replace(GONE, "")
    for _ in range(_DEEPEST_EMPHASIS):
        text = _EMPHASIS.sub(lambda match: match[1] or match[2], text)
    return " ".join(_ESCAPED.sub(r"\1", text).split())


def stripped(row: str) -> str:
    """A row without its indent and the revision mark at its end."""
    row = row.strip().strip(GONE).strip()
    unmarked = row.rstrip("*")
    if unmarked != row and (not unmarked or unmarked[-1] in " \t"):
        return unmarked.rstrip()
    return row


def title_page(rows: list[tuple[int, str]]) -> tuple[str, int]:
    """The film's title, and the index of the first row behind the title page."""
    start = next((i for i, (_, row) in enumerate(rows) if row.strip()), len(rows))
    first = _KEY.match(rows[start][1]) if start < len(rows) else None
    if not first or first[1].strip().lower() not in _TITLE_KEYS:
        return "", start
    fields: dict[str, list[str]] = {}
    key, index = "", start
    while index < len(rows) and rows[index][1].strip():
        row = rows[index][1]
        if match := _KEY.match(row):
            key = match[1].strip().lower()
            fields[key] = [match[2]]
        else:
            fields[key].append(row)
        index += 1
    return plain(" ".join(fields.get("title", []))), index


def column(row: str) -> int:
    """Where a row's words begin, counted from 1."""
    return len(row) - len(row.lstrip(GONE + " \t\f")) + 1
