"""A shot's takes on one sheet, a row each, the same moments below one another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import NotFoundError
from ..film import Take
from ..media.pictures import write_picture
from ..media.reading import read_frame
from ..media.scaling import scale_frame
from .event_pictures import playable
from .folder import Film
from .paper import Colour, Paper

_MOMENTS = 6
_THUMBNAIL = 320
_MARGIN, _GAP, _LABEL = 24, 8, 34
_GROUND: Colour = (20, 21, 23)
_WHITE: Colour = (238, 238, 236)
_AMBER: Colour = (226, 154, 72)


def takes_sheet(film: Film, takes: Sequence[Take], output: Path) -> None:
    """Draws takes to `output` (.png or .jpg), each with its first, its last and the frames evenly between, of the cut.

    Raises NotFoundError without any take whose media are there, PictureError for another kind of file, StorageError.
    """
    there = [(take, path) for take in takes if (path := playable(film.path, take.media)) is not None]
    if not there:
        raise NotFoundError(
            "There is no take to compare.", "Make some: shotwright generate FILM --shot NAME --takes 3."
        )
    width, height = film.settings().size
    size = _THUMBNAIL, max(2, round(_THUMBNAIL * height / width))
    row = _LABEL + size[1] + _GAP
    paper = Paper(2 * _MARGIN + _MOMENTS * (size[0] + _GAP) - _GAP, 2 * _MARGIN + len(there) * row, _GROUND)
    for number, (take, path) in enumerate(there):
        top = _MARGIN + number * row
        marks = [word for word, on in (("plays", take.active), ("circled", take.circled)) if on]
        made = f"seed {take.seed}   {take.model}" if take.model else "added"
        words = f"{take.shot} {take.key}   {made}   {'   '.join(marks)}"
        paper.words((_MARGIN, top), words, 18, _AMBER if take.active else _WHITE)
        for moment in range(_MOMENTS):
            frame = take.handle_frames + round((take.frames - 1) * moment / (_MOMENTS - 1))
            paper.lay(_MARGIN + moment * (size[0] + _GAP), top + _LABEL, scale_frame(read_frame(path, frame), size))
    write_picture(output, paper.picture)
