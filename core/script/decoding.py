"""Bytes to text: byte order marks, UTF-8, UTF-16 with and without a mark, Windows and Latin-1; binary is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

from ..errors import NotFoundError, ScriptError, storage_error

LARGEST_BYTES = 64 << 20
LONGEST_LINE = 100_000  # a long chapter of a novel; no screenplay has a paragraph like that
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN_BINARIES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a packed document (Word, Pages, ZIP)",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "a rich text document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_EXPORT_HINT = "Export it from your writing program as Fountain (.fountain) or Final Draft (.fdx)."


def read_bytes(path: Path) -> bytes:
    """The whole file; raises NotFoundError, StorageError, and ScriptError where it is empty, huge or no script."""
    try:
        if path.is_dir():
            raise ScriptError(f"“{path.name}” is a folder, not a script.", "Give the script file itself.")
        if path.stat().st_size > LARGEST_BYTES:
            raise ScriptError(
                f"“{path.name}” is too large for a script.", "A feature has about 0.3 MB: check the file."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"There is no script “{path.name}”.", "Check the name and the folder.") from None
    except OSError as error:
        raise storage_error(error, f"reading “{path.name}”") from error
    for start, what in _KNOWN_BINARIES.items():
        if data.startswith(start):
            raise ScriptError(f"“{path.name}” is {what}, not a script.", _EXPORT_HINT)
    if not data.strip():
        raise ScriptError(f"“{path.name}” is empty.", "Check that the script was saved.")
    return data


def decode(data: bytes, name: str, keep_line_ends: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text, its lines ended by `\\n` alone, and what was mended; raises ScriptError for what is no text."""
    text, notices = _text_of(data)
    if not keep_line_ends:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or _unprintable(text) > len(text) // 100:
        raise ScriptError(f"“{name}” is no text.", _EXPORT_HINT)
    if not text.strip():
        raise ScriptError(f"“{name}” is empty.", "Check that the script was saved.")
    return text, notices


def check_lines(text: str, name: str) -> None:
    """Raises ScriptError where a line is longer than LONGEST_LINE characters."""
    if len(text) <= LONGEST_LINE:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise ScriptError(
                f"Line {number} of “{name}” has {len(line):,} characters: this is no screenplay.",
                "Check that it is the right file, and that it was saved with its line ends.",
                number,
            )


def _text_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    if b"\0" in data[:4096]:
        # Mostly Latin letters in UTF-16 have a zero in every second byte; the side it is on tells the order.
        low, high = data[0:4096:2].count(0), data[1:4096:2].count(0)
        if max(low, high) < max(4 * min(low, high), len(data[:4096]) // 40):
            return data.decode("latin-1"), ()  # few zeros, or on both sides: no text, and they will tell
        return _marked(data, "utf-16-le" if high > low else "utf-16-be")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    mended = data.decode("utf-8", "replace")
    foreign = sum(not sign.isascii() for sign in mended)
    if mended.count("\ufffd") * 4 < foreign:  # UTF-8 with a few broken letters, not another encoding
        return mended, ("A few broken letters were replaced by \ufffd: search for it in the script.",)
    try:
        return data.decode("cp1252"), ()
    except UnicodeDecodeError:
        return data.decode("latin-1"), ()


def _marked(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    return text, ("Some letters could not be read.",) if "\ufffd" in text else ()


def _unprintable(text: str) -> int:
    """How many control signs stand in the text, beside tabs, line and page ends."""
    return sum(map(text.count, (chr(code) for code in range(1, 32) if chr(code) not in "\t\n\r\f\v\x1a")))
