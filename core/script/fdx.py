"""Final Draft's FDX. It has no lines: `lines` count its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from ..errors import ScriptError
from . import elements as kinds
from .camera import is_shot_line
from .directions import is_transition
from .elements import Element, Screenplay
from .headings import is_furniture, without_continued

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element as Node

_KINDS = {
    "Scene Heading": kinds.HEADING,
    "Action": kinds.ACTION,
    "General": kinds.ACTION,
    "Character": kinds.CUE,
    "Dialogue": kinds.DIALOGUE,
    "Parenthetical": kinds.PARENTHETICAL,
    "Transition": kinds.TRANSITION,
    "Shot": kinds.CAMERA,
    "Singing": kinds.DIALOGUE,
    "New Act": kinds.SECTION,
    "End of Act": kinds.SECTION,
    "Outline 1": kinds.SECTION,
    "Outline 2": kinds.SECTION,
    "Cast List": kinds.SYNOPSIS,
}
_HINT = "Open it in Final Draft and save it again, or export it as Fountain."


def read_fdx(data: bytes, name: str) -> Screenplay:
    """A screenplay from FDX; raises ScriptError where it is no XML, no FDX, or defines entities."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ScriptError(f"“{name}” defines entities, which no script needs; it was not read.", _HINT) from None
    except (ParseError, LookupError, ValueError, RecursionError) as error:
        line = error.position[0] if isinstance(error, ParseError) else 0
        where = f" in line {line}" if line else ""
        raise ScriptError(f"“{name}” is broken{where}.", _HINT, line) from None
    content = root.find("Content")
    if content is None:
        raise ScriptError(f"“{name}” is no Final Draft script.", _HINT)
    return Screenplay(_title(root), tuple(_elements(content)))


def _title(root: Node) -> str:
    """The first words of the title page."""
    page = root.find("TitlePage/Content")
    texts = (_text(paragraph) for paragraph in page.iter("Paragraph")) if page is not None else iter(())
    return next((text for text in texts if text), "")


def _elements(content: Node) -> Iterator[Element]:
    ordinal = 0
    place = ""
    for paragraph, second in _paragraphs(content):
        ordinal += 1
        lines = (ordinal, ordinal)
        for note in paragraph.iter("ScriptNote"):
            yield Element(kinds.NOTE, " ".join(filter(None, (_text(p) for p in note.iter("Paragraph")))), lines)
        text = _text(paragraph)
        kind = _KINDS.get(paragraph.get("Type", ""), kinds.ACTION)
        if not text or (is_furniture(text) and kind != kinds.DIALOGUE):
            continue
        if kind == kinds.HEADING:
            text, continued = without_continued(text)
            if continued and text.casefold() == place.casefold():
                kind = kinds.CONTINUED
            place = text
        elif kind == kinds.ACTION and is_transition(text):
            kind = kinds.TRANSITION
        elif kind == kinds.ACTION and is_shot_line(text):
            kind = kinds.CAMERA
        rows = tuple(" ".join(row.split()) for row in _rows(paragraph).split("\n") if row.strip())
        yield Element(
            kind, text, lines, number=paragraph.get("Number") or "", dual=second and kind == kinds.CUE, rows=rows
        )


def _paragraphs(content: Node) -> Iterator[tuple[Node, bool]]:
    """The script's paragraphs in order, and whether each is the second voice of a dual dialogue."""
    for child in content:
        if child.tag != "Paragraph":
            continue
        dual = child.find("DualDialogue")
        if dual is None:
            yield child, False
            continue
        voices = 0
        for paragraph in dual.findall("Paragraph"):
            voices += paragraph.get("Type") == "Character"
            yield paragraph, voices == 2


def _rows(paragraph: Node) -> str:
    """The words of a paragraph itself, notes and nested paragraphs left out; line breaks kept."""
    return "".join("".join(text.itertext()) for text in paragraph.findall("Text"))


def _text(paragraph: Node) -> str:
    return " ".join(_rows(paragraph).split())
