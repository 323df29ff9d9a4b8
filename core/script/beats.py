"""Elements to beats: paragraphs, speeches and the directions between them, before any camera is placed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from . import directions
from . import elements as kinds
from .camera import Camera, read_camera
from .cues import names_of, says_unseen, speaker_is_absent
from .elements import Element

HEADING = "heading"
PARAGRAPH = "paragraph"
ITEM = "item"  # of a montage
SPEECH = "speech"
WORDS_ON_SCREEN = "words on screen"
CAMERA = "camera"
TRANSITION = "transition"
MONTAGE = "montage"
MONTAGE_END = "montage end"
INTERCUT = "intercut"
INTERCUT_END = "intercut end"

_SIMPLE = {
    kinds.HEADING: HEADING,
    kinds.TRANSITION: TRANSITION,
    kinds.CENTERED: WORDS_ON_SCREEN,
    kinds.LYRIC: PARAGRAPH,
    kinds.DIALOGUE: PARAGRAPH,  # without a name above it, as some programs export it
    kinds.PARENTHETICAL: PARAGRAPH,
}
_DIRECTIONS = (
    (INTERCUT, directions.opens_intercut),
    (INTERCUT_END, directions.closes_intercut),
    (MONTAGE_END, directions.closes_montage),
    (WORDS_ON_SCREEN, directions.is_words_on_screen),
    (MONTAGE, directions.opens_montage),
)
_SHOT_NOTE = "SHOT:"
_PAUSES = ("beat", "pause", "silence", "then", "long")


@dataclass
class Beat:
    """One thing that happens: its words, its lines, and for a speech who says what in which line.

    `cue` is the name above a speech with its extension. `spoken` are (line, words) of each row that is said. `together`
    is the second of two simultaneous speeches. `pauses` counts (beat) and (pause).
    """

    kind: str
    text: str
    lines: tuple[int, int]
    rows: tuple[str, ...] = ()
    cue: str = ""
    spoken: list[tuple[int, str]] = field(default_factory=list)
    pauses: int = 0
    camera: Camera | None = None
    together: Beat | None = None

    @property
    def words(self) -> str:
        """All that is said in a speech."""
        return " ".join(words for _, words in self.spoken)


def beats_of(elements: Iterable[Element]) -> list[Beat]:
    """The beats of a script, in order."""
    reader = _Reader()
    for element in elements:
        reader.take(element)
    return [
        beat for beat in reader.found if beat.kind != SPEECH or beat.spoken or (beat.together and beat.together.spoken)
    ]


class _Reader:
    """Elements to beats; knows whether a montage runs, and which speech."""

    def __init__(self) -> None:
        self.found: list[Beat] = []
        self.speech: Beat | None = None
        self.in_montage = False
        self.marked_items = False

    def take(self, element: Element) -> None:
        if element.kind == kinds.CUE:
            self._open_speech(element)
        elif element.kind in (kinds.DIALOGUE, kinds.PARENTHETICAL) and self.speech:
            _say(self.speech, element)
        elif element.kind == kinds.NOTE:
            if element.text[: len(_SHOT_NOTE)].upper() == _SHOT_NOTE:
                camera = read_camera(element.text[len(_SHOT_NOTE) :])
                self.found.append(Beat(CAMERA, camera.words, element.lines, camera=camera))
        else:
            self.speech = None
            self._take_picture(element)

    def _open_speech(self, element: Element) -> None:
        if self.speech and _goes_on(self.speech.cue, element):
            return
        self.speech = Beat(SPEECH, "", element.lines, cue=element.text)
        first = self.found[-1] if self.found and self.found[-1].kind == SPEECH else None
        if element.dual and first and not first.together:
            first.together = self.speech
        else:
            self.found.append(self.speech)

    def _take_picture(self, element: Element) -> None:
        rows = element.rows or (element.text,)
        if element.kind in _SIMPLE:
            self.found.append(Beat(_SIMPLE[element.kind], element.text, element.lines, rows))
            if element.kind == kinds.HEADING:
                self.in_montage, self.marked_items = directions.is_montage_heading(element.text), False
        elif element.kind == kinds.CAMERA:
            self.found.append(Beat(CAMERA, element.text, element.lines, camera=read_camera(element.text)))
        elif element.kind == kinds.ACTION:
            direction = next((kind for kind, says in _DIRECTIONS if says(rows[0])), "")
            if direction == MONTAGE:
                self._open_montage(element, rows)
            elif direction:
                self.in_montage = self.in_montage and direction != MONTAGE_END
                self.found.append(Beat(direction, element.text, element.lines, rows))
            elif self.in_montage:
                self._take_items(rows, element.lines)
            else:
                self.found.append(Beat(PARAGRAPH, element.text, element.lines, rows))

    def _open_montage(self, element: Element, rows: tuple[str, ...]) -> None:
        first, last = element.lines
        self.in_montage, self.marked_items = True, False
        self.found.append(Beat(MONTAGE, rows[0], (first, first), rows[:1]))
        if len(rows) > 1:
            self._take_items(rows[1:], (min(first + 1, last), last))

    def _take_items(self, rows: tuple[str, ...], lines: tuple[int, int]) -> None:
        """One beat for each marked row, with the unmarked rows behind it; an unmarked paragraph is one beat.

        Where items are marked, an unmarked paragraph ends the montage.
        """
        marked = [directions.item_of(row) for row in rows]
        if marked[0] is None and self.marked_items:
            self.in_montage = False
            self.found.append(Beat(PARAGRAPH, " ".join(rows), lines, rows))
            return
        self.marked_items = self.marked_items or marked[0] is not None
        starts = [i for i, words in enumerate(marked) if words is not None or i == 0]
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
            words = (marked[start] or rows[start], *rows[start + 1 : end])
            first, last = min(lines[0] + start, lines[1]), min(lines[0] + end - 1, lines[1])
            self.found.append(Beat(ITEM, " ".join(words), (first, last), words))


def _goes_on(cue: str, following: Element) -> bool:
    """Whether the cue behind a speech only says, as over a page break, that it goes on: MARA, MARA (CONT'D)."""
    same = names_of(cue) == names_of(following.text) and speaker_is_absent(cue) == speaker_is_absent(following.text)
    return same and not following.dual and "(CONT" in following.text.upper()


def _say(speech: Beat, element: Element) -> None:
    first, last = element.lines
    speech.lines = (speech.lines[0], last)
    if element.kind == kinds.PARENTHETICAL:
        speech.pauses += element.text.strip("() .").lower().startswith(_PAUSES)
        if says_unseen(element.text) and "(" not in speech.cue:
            speech.cue += f" {element.text}"
    else:
        speech.spoken += [(min(first + i, last), row) for i, row in enumerate(element.rows or (element.text,))]
