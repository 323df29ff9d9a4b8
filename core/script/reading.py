"""One door for scripts: what a file is, is told by its content first and its suffix second."""

from __future__ import annotations

from pathlib import Path

from ..errors import ScriptError
from .decoding import check_lines, decode, read_bytes
from .elements import Screenplay
from .fdx import read_fdx
from .fountain import read_fountain
from .storyboarder import read_storyboarder

SHOT_LIST_SUFFIXES = (".csv", ".tsv")
_FDX_MARK = "<FinalDraft"


def read_script(path: Path) -> Screenplay:
    """A screenplay from Fountain (also .txt and .md), FDX or `.storyboarder`.

    Raises NotFoundError, StorageError, and ScriptError, which knows its line, for what can't be read as a script.
    """
    path = Path(path)
    data = read_bytes(path)
    if path.suffix.lower() == ".fdx" or _is_fdx(data):
        return read_fdx(data, path.name)
    text, notices = decode(data, path.name)
    if path.suffix.lower() in SHOT_LIST_SUFFIXES:
        raise ScriptError(f"“{path.name}” is a shot list, not a script.", "Use it where a shot list is asked for.")
    if path.suffix.lower() == ".storyboarder" or (text.lstrip()[:1] == "{" and '"boards"' in text):
        return read_storyboarder(text, path.name, path.stem)
    check_lines(text, path.name)
    found = read_fountain(text)
    return Screenplay(found.title, found.elements, notices=(*notices, *found.notices))


def _is_fdx(data: bytes) -> bool:
    head = data[:2000]
    return any(_FDX_MARK.encode(encoding) in head for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
