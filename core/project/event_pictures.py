"""What one event of the edit looks like, frame by frame: its take, panel, slate or black. Never a crash: what is
missing or damaged is a slate, and said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from ..errors import InputError, ShotwrightError, StorageError
from ..film import ProjectSettings
from ..media.frame import Frame
from ..media.lettering import slate
from ..media.pictures import fit_picture, read_picture
from ..media.probe import probe
from ..media.reading import read_frames
from ..media.scaling import scale_frame
from ..timeline.events import Event
from ..timing import FrameRange
from .panels import PICTURE_SUFFIXES

Notice = Callable[[str], None]
PROXY_SUFFIX = ".proxy.mp4"


def playable(film: Path, media: str) -> Path | None:
    """The file of a take or movie that can be read: itself, else its proxy beside it, else None."""
    path = film / media
    proxy = path.with_name(path.stem + PROXY_SUFFIX)
    return next((file for file in (path, proxy) if file.exists()), None)


def fitted(frame: Frame, size: tuple[int, int], fit: str) -> Frame:
    """A frame at `size` (width, height), by scaling where its shape is that already, else cropped or padded."""
    height, width = frame.shape[:2]
    if (width, height) == size:
        return frame
    if abs(width * size[1] - height * size[0]) <= 2 * max(width, height):
        return scale_frame(frame, size)
    return fit_picture(frame, size, fit)


class EventPictures:
    """The frames of one event, asked for in the film's order; memory is that of two frames."""

    def __init__(self, event: Event, settings: ProjectSettings, film: Path, notice: Notice) -> None:
        self.event = event
        self._settings = settings
        self._film = film
        self._notice = notice
        self._movie: _Movie | None = None
        self._still = cache(self._drawn)
        self._card = cache(self._slate)
        if event.shows in ("take", "media"):
            self._movie = self._opened()

    def at(self, frame: int) -> Frame:
        """The picture at a frame of the film; a dissolve holds a take's edge frame where it has no more."""
        event = self.event
        if event.shows == "black":
            return np.zeros((self._settings.size[1], self._settings.size[0], 3), np.uint8)
        if event.shows == "panel":
            panel = event.panel_at(frame)
            return self._still(panel.path) if panel else self._card("There is no panel.")
        if event.shows == "slate":
            return self._card("")
        if Path(event.media).suffix.lower() in PICTURE_SUFFIXES and event.shows == "media":
            return self._still(event.media)
        return self._played(frame)

    def close(self) -> None:
        """Lets go of the movie and the stills."""
        if self._movie:
            self._movie.close()
        self._movie = None
        self._still.cache_clear()

    def _name(self) -> str:
        return " ".join(filter(None, (self.event.shot, self.event.key if self.event.take else "")))

    def _opened(self) -> _Movie | None:
        media = self.event.media
        if Path(media).suffix.lower() in PICTURE_SUFFIXES:
            return None
        path = playable(self._film, media)
        if path is None:
            self._notice(f"{self._name()} is offline: there is no {media}. A slate stands for it.")
            return None
        try:
            first = max(0, self.event.axis_frame(self.event.seen.start) - self.event.available.start)
            return _Movie(path, first)
        except (InputError, StorageError) as error:
            self._notice(f"{self._name()} can't be read: {error.message} A slate stands for it.")
            return None

    def _played(self, frame: int) -> Frame:
        if self._movie is None:
            return self._card("This picture is offline.")
        index = self.event.axis_frame(frame) - self.event.available.start
        last = min(self._movie.count, len(self.event.available)) - 1
        if frame not in self.event.record:
            index = min(max(index, 0), last)
        if not 0 <= index <= last:
            self._notice(f"{self._name()} is shorter than its place in the cut. A slate stands for what it lacks.")
            return self._card("The take ends before the cut.")
        try:
            return fitted(self._movie.frame(index), self._settings.size, self._settings.panel_fit)
        except ShotwrightError as error:
            self._notice(f"{self._name()} is damaged: {error.message} A slate stands for the rest.")
            self._movie.close()
            self._movie = None
            return self._card("This picture is damaged.")

    def _drawn(self, path: str) -> Frame:
        try:
            return fit_picture(read_picture(self._film / path), self._settings.size, self._settings.panel_fit)
        except (InputError, StorageError) as error:
            self._notice(f"The panel of {self.event.shot} is offline: {error.message} A slate stands for it.")
            return self._card("Its panel is offline.")

    def _slate(self, reason: str) -> Frame:
        words = [reason] if reason else []
        return slate(self._settings.size, [self._name(), *words, *filter(None, (self.event.heading, self.event.text))])


class _Movie:
    """A movie read forwards, one frame at a time."""

    def __init__(self, path: Path, first: int) -> None:
        self.count = probe(path).frames
        self._next = min(first, self.count - 1)
        self._frames: Iterator[Frame] = read_frames(path, FrameRange(self._next, self.count))
        self._current: Frame | None = None

    def frame(self, index: int) -> Frame:
        """The frame of that index, not before the one given last."""
        while self._current is None or self._next <= index:
            self._current = next(self._frames)
            self._next += 1
        return self._current

    def close(self) -> None:
        """Ends reading."""
        if close := getattr(self._frames, "close", None):
            close()
