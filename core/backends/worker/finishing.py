"""The second half of a take: from the chunks to its files, one frame at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ...media.detail import shaded, shading_of
from ...media.motion import Between
from ...media.scaling import enlarge
from ...media.take_files import TakeFiles, TakeMedia
from ...planner import Chunk, Plan
from .chunk_making import MAKING_SHARE
from .chunk_store import ChunkStore
from .known_media import KnownMedia
from .reporting import Reporter
from .seams import Seams

Frame = npt.NDArray[np.uint8]
_FADE = 6  # native frames over which one chunk gives way to the next


class NativeFrames:
    """A plan's native frames in time, neighbours faded into one another; only a few are held at a time."""

    def __init__(self, plan: Plan, store: ChunkStore, known: KnownMedia) -> None:
        self._plan, self._known = plan, known
        self._chunks = sorted(plan.chunks, key=lambda chunk: chunk.start)
        self._store = store
        self._recent: dict[int, Frame] = {}
        self._passage: tuple[int, Between] | None = None

    def _weight(self, before: Chunk, chunk: Chunk, native: int) -> float:
        """How far a chunk has taken over from the one before it: 0 at the start of the fade, 1 from its end on."""
        fade = min(_FADE, before.end - chunk.start)
        # The fade lies where the chunk that was made later begins to be alone, so that what was given is shown longest.
        begin = chunk.start if before.from_after else before.end - fade
        return min(1.0, max(0.0, (native - begin + 1) / (fade + 1)))

    def _made(self, native: int) -> Frame:
        source = self._plan.known.get(native)
        if source is not None:
            stretch = self._plan.request.known[source.known]
            if stretch.role == "frame" and stretch.keep == 1:
                return self._known.native(source)
        value: Frame | None = None
        for position, chunk in enumerate(self._chunks):
            if not chunk.start <= native < chunk.end:
                continue
            # Opened anew for each frame: what stays mapped of a long take counts as memory.
            frame = np.array(self._store.read(chunk)[native - chunk.start])
            if value is None:
                value = np.asarray(frame)
                continue
            weight = self._weight(self._chunks[position - 1], chunk, native)
            if weight > 0:
                mixed = value.astype(np.float32) * (1 - weight) + frame.astype(np.float32) * weight
                value = (mixed + 0.5).astype(np.uint8)
        assert value is not None  # the planner's chunks cover every native frame
        return value

    def at(self, native: int, share: float = 0.0) -> Frame:
        """One native frame, or what lies `share` of the way from it to the next."""
        if share:
            if self._passage is None or self._passage[0] != native:
                self._passage = native, Between(self.at(native), self.at(native + 1))
            return self._passage[1].at(share)
        if native not in self._recent:
            self._recent = {old: frame for old, frame in self._recent.items() if abs(old - native) <= 1}
            self._recent[native] = self._made(native)
        return self._recent[native]


class Restyled:
    """What frames that are kept in part lay over themselves: their own detail, as much of it as they are kept."""

    def __init__(self, plan: Plan, known: KnownMedia) -> None:
        self._known = known
        self._partly = {
            asked: (k, k.media.frames.start + (asked - k.frames.start if k.media.rate else 0))
            for k in plan.request.known
            if k.role == "frame" and k.keep < 1
            for asked in k.frames
        }

    def over(self, asked: int, frame: Frame) -> Frame:
        """An asked frame, at the asked size, with the detail of what is known of it."""
        if asked not in self._partly:
            return frame
        known, shown = self._partly[asked]
        picture = self._known.asked(known, shown)
        return np.dstack([shaded(frame[..., :3], shading_of(picture[..., :3], known.keep)), picture[..., 3:]])


def _asked_frames(
    plan: Plan, store: ChunkStore, known: KnownMedia, model_leads: bool, with_known: bool
) -> Iterator[Frame]:
    """Every asked frame in order, at the asked size; black for known ones, where they are not asked for."""
    natives = NativeFrames(plan, store, known)
    seams = Seams(plan, known, model_leads)
    restyled = Restyled(plan, known)
    originals = known.originals()
    left, top, width, height = plan.canvas.window
    black = known.with_matte(np.zeros((*plan.request.size[::-1], 3), np.uint8))
    for asked in range(plan.request.frames):
        if asked in originals:
            yield known.asked(*originals[asked]) if with_known else black
            continue
        frame = natives.at(*plan.axis.source_of(asked))
        frame = np.ascontiguousarray(frame[top : top + height, left : left + width])
        yield restyled.over(asked, seams.frame(asked, enlarge(frame, plan.request.size)))


def finish(
    plan: Plan, store: ChunkStore, known: KnownMedia, model_leads: bool, files: TakeFiles, reporter: Reporter
) -> TakeMedia:
    """Writes the take's files, exactly the frames asked for; memory is flat in their number.

    Of a take in passing nobody reads known frames, which come from their own media once more: they are left black.
    """
    with files:
        frames = _asked_frames(plan, store, known, model_leads, not files.in_passing)
        for done, frame in enumerate(frames, 1):
            files.write(frame)
            reporter.progress(MAKING_SHARE + (1 - MAKING_SHARE) * 0.99 * done / plan.request.frames)
    return files.media
