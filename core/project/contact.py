"""The contact sheet: the whole film on one sheet, a row a scene, each shot with its picture, name and length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from ..errors import ShotwrightError
from ..film import ProjectSettings, Scene, Shot
from ..media.frame import Frame
from ..media.lettering import slate
from ..media.mask import draw_mask
from ..media.pictures import read_picture, write_picture
from ..media.scaling import scale_frame
from ..timeline.edit import Edit
from ..timeline.events import Event
from ..timing import format_timecode
from .event_pictures import EventPictures, fitted
from .paper import Colour, Paper, fitting_size, paragraph, shortened

POSTER_SUFFIX = ".poster.png"
_WIDTH = 2000
_MARGIN = 72
_GUTTER = 24
_TALLEST = 14_000  # a page: beyond, viewers give up; the rest goes on the next one
_THUMBNAIL_HEIGHT = 240  # about: pictures of upright films are narrower, and more stand in a row
_COLUMNS = (3, 6)

_GROUND: Colour = (20, 21, 23)
_EDGE: Colour = (46, 48, 52)
_WHITE: Colour = (238, 238, 236)
_GREY: Colour = (160, 163, 168)
_DIM: Colour = (132, 135, 141)
_AMBER: Colour = (226, 154, 72)
_BLUE: Colour = (118, 160, 196)
_MARKS: dict[str, tuple[Colour, str]] = {
    "take": (_AMBER, "take"),
    "panel": (_BLUE, "panel"),
    "media": (_WHITE, "media"),
    "slate": (_DIM, "no picture"),
    "black": (_DIM, "no picture"),
}

_NAME, _LINE, _SMALL = 21, 17, 16
_CAPTION_HEIGHT = 122
_ROW_GAP = 22
_SCENE_HEIGHT = 74
_HEAD_HEIGHT = 176
_FOOT_HEIGHT = 64

Draw = Callable[[Paper, int], None]


@dataclass(frozen=True)
class _Strip:
    """A strip across the sheet: its height in pixels and what draws it, given the paper and the strip's top."""

    height: int
    draw: Draw
    keeps_with_next: bool = False


def contact_sheet(
    edit: Edit,
    shots: Sequence[Shot],
    scenes: Sequence[Scene],
    settings: ProjectSettings,
    film: Path,
    output: Path,
) -> tuple[Path, ...]:
    """Draws the film's shots to `output` (.png or .jpg) and returns the pages written.

    A film too long for a page of 14,000 pixels goes on in `NAME-02.png` and so on. Missing media are slates. Raises
    PictureError for another kind of file, StorageError.
    """
    sheet = _Sheet(edit, shots, scenes, settings, film)
    pages = sheet.pages()
    written = []
    for number, strips in enumerate(pages, 1):
        paper = Paper(_WIDTH, _HEAD_HEIGHT + sum(strip.height for strip in strips) + _FOOT_HEIGHT, _GROUND)
        sheet.draw_head(paper, number, len(pages))
        top = _HEAD_HEIGHT
        for strip in strips:
            strip.draw(paper, top)
            top += strip.height
        _draw_foot(paper, top)
        path = output if number == 1 else output.with_name(f"{output.stem}-{number:02}{output.suffix}")
        write_picture(path, paper.picture)
        written.append(path)
    return tuple(written)


def _draw_foot(paper: Paper, top: int) -> None:
    """What the marks beside the shots mean."""
    paper.fill(_MARGIN, top, _WIDTH - 2 * _MARGIN, 1, _EDGE)
    left = _MARGIN
    for colour, words in ((_AMBER, "take, generated"), (_BLUE, "panel, drawn"), (_DIM, "no picture yet")):
        paper.fill(left, top + 26, 9, 9, colour)
        left = paper.words((left + 17, top + 20), words, _LINE, _GREY) + 32
    paper.words_ending_at(_WIDTH - _MARGIN, top + 20, "Shotwright", _LINE, _DIM)


class _Sheet:
    """The film laid out in strips."""

    def __init__(
        self, edit: Edit, shots: Sequence[Shot], scenes: Sequence[Scene], settings: ProjectSettings, film: Path
    ) -> None:
        self._edit = edit
        self._shots = shots
        self._scenes = {scene.number: scene for scene in scenes}
        self._settings = settings
        self._film = film
        self._events: dict[str, Event] = {}
        self._lengths: dict[str, int] = {}
        for event in edit.events():
            self._events.setdefault(event.shot_id, event)
            self._lengths[event.shot_id] = self._lengths.get(event.shot_id, 0) + len(event.record)
        self._takes = Counter(take.shot for take in edit.takes())
        width, height = settings.size
        room = _WIDTH - 2 * _MARGIN
        fitting = round((room + _GUTTER) / (_THUMBNAIL_HEIGHT * width / height + _GUTTER))
        self._columns = min(max(fitting, _COLUMNS[0]), _COLUMNS[1])
        self._width = (room - (self._columns - 1) * _GUTTER) // self._columns
        self._height = max(1, round(self._width * height / width))

    def pages(self) -> list[list[_Strip]]:
        """All strips, parted so that no page is too tall and no heading stands alone at its foot."""
        pages: list[list[_Strip]] = [[]]
        height = 0
        strips = list(self._strips())
        for index, strip in enumerate(strips):
            needed = strip.height + (strips[index + 1].height if strip.keeps_with_next else 0)
            if pages[-1] and height + needed > _TALLEST - _HEAD_HEIGHT - _FOOT_HEIGHT:
                pages.append([])
                height = 0
            pages[-1].append(strip)
            height += strip.height
        return pages

    def draw_head(self, paper: Paper, page: int, pages: int) -> None:
        """The film's title, and its facts below."""
        settings, right = self._settings, _WIDTH - _MARGIN
        paper.words((_MARGIN, 52), shortened(settings.title, 46, right - _MARGIN - 420, True), 46, _WHITE, True)
        takes = sum(event.shows == "take" for event in self._events.values())
        facts = [
            _count(len({shot.scene for shot in self._shots}), "scene"),
            _count(len(self._shots), "shot"),
            f"{takes} with a take",
            f"{float(self._edit.rate):.5g} fps",
            "{}×{}".format(*settings.size),
        ]
        if settings.mask:
            facts.append(f"mask {settings.mask}")
        paper.words((_MARGIN, 118), "   ·   ".join(facts), 20, _GREY)
        length = format_timecode(self._edit.frames, self._edit.rate, settings.drop_frame)
        paper.words_ending_at(right, 60, length, 34, _WHITE)
        paper.words_ending_at(right, 118, "running time" if pages == 1 else f"page {page} of {pages}", 20, _GREY)

    def _strips(self) -> Iterator[_Strip]:
        for number, found in groupby(self._shots, key=lambda shot: shot.scene):
            shots = list(found)
            yield _Strip(_SCENE_HEIGHT, self._scene_drawing(number, shots), keeps_with_next=True)
            for first in range(0, len(shots), self._columns):
                row = shots[first : first + self._columns]
                yield _Strip(self._height + _CAPTION_HEIGHT + _ROW_GAP, self._row_drawing(row))

    def _scene_drawing(self, number: str, shots: Sequence[Shot]) -> Draw:
        scene = self._scenes.get(number)
        heading = scene.heading if scene else shots[0].heading
        frames = sum(self._frames(shot) for shot in shots)

        def draw(paper: Paper, top: int) -> None:
            right = _WIDTH - _MARGIN
            paper.fill(_MARGIN, top, right - _MARGIN, 1, _EDGE)
            paper.fill(_MARGIN, top, 56, 3, _AMBER)
            end = paper.words((_MARGIN, top + 20), number, 25, _AMBER, True)
            length = f"{_count(len(shots), 'shot')}   ·   {self._seconds(frames)}"
            room = right - end - 400
            paper.words((end + 18, top + 20), shortened(heading, 25, room, True), 25, _WHITE, True)
            paper.words_ending_at(right, top + 24, length, 20, _GREY)

        return draw

    def _row_drawing(self, row: Sequence[Shot]) -> Draw:
        def draw(paper: Paper, top: int) -> None:
            for column, shot in enumerate(row):
                left = _MARGIN + column * (self._width + _GUTTER)
                paper.fill(left - 1, top - 1, self._width + 2, self._height + 2, _EDGE)
                paper.lay(left, top, self._thumbnail(shot))
                self._caption(paper, left, top + self._height + 9, shot)

        return draw

    def _caption(self, paper: Paper, left: int, top: int, shot: Shot) -> None:
        event = self._events.get(shot.shot_id)
        right = left + self._width
        frames = self._frames(shot)
        length = self._seconds(frames)
        paper.words_ending_at(right, top, length, _NAME, _WHITE)
        size = fitting_size(shot.name, _NAME, self._width - 90)
        paper.words((left, top + (_NAME - size)), shot.name, size, _WHITE, True)
        colour, word = _MARKS[event.shows if event else "slate"]
        line = top + 30
        paper.fill(left, line + 6, 9, 9, colour)
        end = paper.words((left + 17, line), self._what_plays(event) or word, _LINE, colour, True)
        paper.words_ending_at(right, line, f"{frames} f", _LINE, _DIM)
        camera = shot.shot_size if shot.camera_move == "static" else f"{shot.shot_size}, {shot.camera_move}"
        paper.words((end + 14, line), shortened(camera, _LINE, right - end - 90), _LINE, _GREY)
        for ordinal, words in enumerate(paragraph(_action(shot.text), _SMALL, self._width, 2)):
            paper.words((left, top + 57 + ordinal * 22), words, _SMALL, _DIM)

    def _what_plays(self, event: Event | None) -> str:
        """A take by its number, of how many, circled or not; several panels by their count; empty for all else."""
        if event is None or (event.take is None and (event.shows != "panel" or len(event.panels) < 2)):
            return ""
        if event.take is None:
            return f"{len(event.panels)} panels"
        count = self._takes[event.take.shot]
        return event.key + (f" of {count}" if count > 1 else "") + (", circled" if event.take.circled else "")

    def _thumbnail(self, shot: Shot) -> Frame:
        scaled = scale_frame(self._picture(shot), (self._width, self._height))
        return draw_mask(scaled, self._settings.mask_ratio())

    def _picture(self, shot: Shot) -> Frame:
        event, settings = self._events.get(shot.shot_id), self._settings
        if event is None or event.shows in ("slate", "black"):
            return slate((self._width, self._height), [shot.name, "No picture yet"])
        if event.take:
            poster = self._film / PurePosixPath(event.media).with_name(
                f"{PurePosixPath(event.media).stem}{POSTER_SUFFIX}"
            )
            try:
                return fitted(read_picture(poster), settings.size, settings.panel_fit)
            except ShotwrightError:
                pass  # no poster: a frame of the take itself, and a slate where that is gone too
        pictures = EventPictures(event, settings, self._film, lambda _: None)
        try:
            middle = event.record.start + len(event.record) // 2
            return pictures.at(middle if event.take or event.shows == "media" else event.record.start)
        finally:
            pictures.close()

    def _frames(self, shot: Shot) -> int:
        return self._lengths.get(shot.shot_id, shot.frames)

    def _seconds(self, frames: int) -> str:
        seconds = float(self._edit.rate.seconds(frames))
        return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {seconds % 60:.0f} s"


def _action(text: str) -> str:
    """What happens in a shot, without a shot line (CLOSE ON MARA) ahead of it: the caption names the camera already."""
    first, _, rest = text.partition("\n")
    return rest if rest.strip() and first.isupper() else text


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
