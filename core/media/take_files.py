"""What lies on disk for one take: mezzanine, proxy, poster and the lossless frames at its edges."""

from __future__ import annotations

import contextlib
import shutil
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import numpy as np

from ..film.take import CUT_IN_FRAME
from ..protocol import Delivery
from ..protocol.delivery import PASSING
from ..storage import sync_folder
from ..timing import Rate
from .codecs import codec_named
from .frame import Frame
from .pictures import write_picture
from .reading import read_frame
from .scaling import scale_frame
from .writing import MovieWriter

EDGE_FRAMES = 9  # a model that goes on from a take needs 8k+1 frames of it
PROXY_WIDTH = 960


@dataclass(frozen=True)
class TakeMedia:
    """File names in the take's folder; `edges` are its first and its last frames, lossless. A take in passing has its
    mezzanine alone."""

    mezzanine: str
    proxy: str = ""
    poster: str = ""
    edges: tuple[str, ...] = ()


class TakeFiles:
    """Writes a take's files at once, frame by frame, handles included.

    `sound` is a sound file of the take's length for the mezzanine. Where the mezzanine is `there` already, under that
    name in the folder, only what lies beside it is written. `poster_at` is the poster's frame, the middle one without.

    A take `in_passing` is the mezzanine alone.

    In `folder`: `NAME.mov` (or a folder `NAME` with a sequence whose cut-in is number 1001), `NAME.proxy.mp4` (H.264,
    at most 960 wide), `NAME.poster.png` (the middle of the take), `NAME.head.mkv` and `NAME.tail.mkv` (the first
    and last 9 frames, FFV1, exact). Each appears whole; where the block fails none stays. Memory is flat in the take's
    length. Raises as MovieWriter.
    """

    def __init__(
        self,
        folder: Path,
        delivery: Delivery,
        rate: Rate,
        size: tuple[int, int],
        sound: Path | None = None,
        there: str = "",
        poster_at: int | None = None,
    ) -> None:
        codec = codec_named(delivery.codec)
        name = delivery.name
        self.media = TakeMedia(there or (name if codec.sequence else f"{name}{codec.suffix}"))
        self.in_passing = delivery.codec == PASSING
        if not self.in_passing:
            edges = f"{name}.head.mkv", f"{name}.tail.mkv"
            self.media = replace(self.media, proxy=f"{name}.proxy.mp4", poster=f"{name}.poster.png", edges=edges)
        self._folder = folder
        self._delivery = delivery
        self._rate = rate
        self._size = size
        self._head: list[Frame] = []
        self._tail: deque[Frame] = deque(maxlen=EDGE_FRAMES)
        self._frames = 0
        self._poster_at = poster_at
        self._movies = contextlib.ExitStack()
        self._mezzanine = None if there else self._movie(self.media.mezzanine, size, delivery.codec, sound=sound)
        self._proxy = self._movie(self.media.proxy, proxy_size(size), "proxy") if self.media.proxy else None

    def __enter__(self) -> TakeFiles:
        with self._movies:
            for movie in filter(None, (self._mezzanine, self._proxy)):
                self._movies.enter_context(movie)
            self._movies = self._movies.pop_all()
        return self

    def write(self, frame: Frame) -> None:
        """Adds the take's next frame, (height, width, 3) uint8; (…, 4) with alpha where the codec keeps it."""
        self._frames += 1
        if self._mezzanine is not None:
            self._mezzanine.write(frame)
        if self._proxy is None:
            return
        self._proxy.write(scale_frame(_over_black(frame), self._proxy.size))
        if len(self._head) < EDGE_FRAMES:
            self._head.append(frame.copy())
        self._tail.append(frame.copy())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        whole = False
        try:
            self._movies.__exit__(kind, error, trace)
            if error is None:
                if self.media.edges:
                    self._write_stills()
                sync_folder(self._folder)
                whole = True
        finally:
            if not whole:
                self._remove_all()

    def _movie(
        self, name: str, size: tuple[int, int], codec: str, from_frame: int = 0, sound: Path | None = None
    ) -> MovieWriter:
        delivery = self._delivery
        start = delivery.start_frames + from_frame
        first_number = CUT_IN_FRAME - delivery.handle_frames
        return MovieWriter(
            self._folder / name, size, self._rate, codec, start, delivery.drop_frame, sound, first_number
        )

    def _write_stills(self) -> None:
        tail_from = self._frames - len(self._tail)
        for name, edge, from_frame in zip(self.media.edges, (self._head, self._tail), (0, tail_from), strict=True):
            with self._movie(name, self._size, "lossless", from_frame) as movie:
                for frame in edge:
                    movie.write(frame)
        # The middle of the cut part is the middle of the take where its handles are equal.
        shown = self._frames // 2 if self._poster_at is None else self._poster_at
        middle = read_frame(self._folder / self.media.mezzanine, shown, alpha=self._head[0].shape[-1] == 4)
        write_picture(self._folder / self.media.poster, _over_black(middle))

    def _remove_all(self) -> None:
        names = self.media.mezzanine, self.media.proxy, self.media.poster, *self.media.edges
        for name in filter(None, names):
            with contextlib.suppress(OSError):
                path = self._folder / name
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)


def proxy_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size of a take's proxy: at most 960 wide, both sides even, the shape kept to the nearest pixel."""
    width, height = size
    if width <= PROXY_WIDTH:
        return size
    return PROXY_WIDTH, max(16, 2 * round(height * PROXY_WIDTH / width / 2))


def _over_black(frame: Frame) -> Frame:
    if frame.shape[-1] == 3:
        return frame
    alpha = frame[..., 3:].astype(np.uint16)
    return np.asarray((frame[..., :3] * alpha + 127) // 255, dtype=np.uint8)
