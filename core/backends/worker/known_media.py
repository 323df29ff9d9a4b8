"""Pictures that a request gives: read once, fitted to the model's canvas or to the asked frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...errors import NotFoundError
from ...media.pictures import fit_picture, read_picture
from ...media.probe import probe
from ...media.reading import read_frames
from ...media.scaling import scale_frame
from ...planner import Plan
from ...planner.axis import NativeKnown
from ...protocol import Known
from ...timing import FrameRange

Frame = npt.NDArray[np.uint8]
_KEPT = (16, 64)  # decoded pictures kept at hand, at least for one seam; a stretch is read in order
_KEPT_BYTES = 400_000_000  # what they may take, between the two


class KnownMedia:
    """The media of one plan, by content; raises NotFoundError or PictureError when a picture is asked for."""

    def __init__(self, plan: Plan, files: Mapping[str, Path]) -> None:
        self._plan, self._files = plan, files
        width, height = plan.request.size
        least, most = _KEPT
        self._picture = lru_cache(min(most, max(least, _KEPT_BYTES // (width * height * 3))))(self._read)
        self._reading: dict[str, tuple[int, Iterator[Frame]]] = {}  # which frame comes next of a movie being read

    def _read(self, sha256: str, frame: int, still: bool) -> Frame:
        path = self._files.get(sha256)
        if path is None or not path.is_file():
            raise NotFoundError("A known picture of this take is gone.", "Put its file back and try again.")
        if still:
            return read_picture(path)
        due, frames = self._reading.get(sha256, (-1, iter(())))
        if frame != due:
            frames = read_frames(path, FrameRange(frame, probe(path).frames), alpha=self.matted)
        picture = next(frames)
        self._reading[sha256] = frame + 1, frames
        return picture

    @cached_property
    def matted(self) -> bool:
        """Whether a known movie has alpha: then all frames have."""
        movies = [k.media.sha256 for k in self._plan.request.known if k.role == "frame" and k.media.rate is not None]
        return any(path.is_file() and probe(path).alpha for sha256 in movies if (path := self._files.get(sha256)))

    def asked(self, known: Known, frame: int) -> Frame:
        """A medium's frame fitted to the asked size, (height, width, 3), or 4 where it is `matted`."""
        picture = self._picture(known.media.sha256, frame, known.media.rate is None)
        return self.with_matte(fit_picture(picture, self._plan.request.size, known.fit))

    def with_matte(self, frame: Frame) -> Frame:
        """A frame, opaque where it has no alpha and others have."""
        if not self.matted or frame.shape[2] == 4:
            return frame
        return np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)])

    def native(self, source: NativeKnown) -> Frame:
        """A known frame on the model's canvas; outside the asked window its edges are carried on."""
        known = self._plan.request.known[source.known]
        left, top, width, height = self._plan.canvas.window
        small = scale_frame(self.asked(known, source.frame)[..., :3], (width, height))
        across, down = self._plan.canvas.size
        around = ((top, down - top - height), (left, across - left - width), (0, 0))
        return np.pad(small, around, mode="edge")

    def originals(self) -> dict[int, tuple[Known, int]]:
        """By asked frame: the known frames that must come back as they were given, and which frame of the medium."""
        found: dict[int, tuple[Known, int]] = {}
        for known in self._plan.request.known:
            if known.role == "frame" and known.keep == 1:
                for asked in known.frames:
                    still = known.media.rate is None
                    offset = 0 if still else asked - known.frames.start
                    found[asked] = (known, known.media.frames.start + offset)
        return found
