"""The first half of a take: every chunk of its plan, in the order of making."""

from __future__ import annotations

import bisect
import hashlib
from dataclasses import replace

import numpy as np

from ...models.base import ChunkRequest, Frames, VideoModel, Window
from ...planner import Chunk, ModelLimits, Plan
from ...protocol import DRAFT
from .anchoring import Look, anchored, look_of, matched
from .chunk_store import ChunkStore
from .known_media import KnownMedia
from .reporting import Reporter

MAKING_SHARE = 0.85  # of the progress bar; the rest is finishing
_AROUND = 80  # known frames on either side of a window that are shown: some seconds' motion, or all drawings near


def chunk_seed(seed: int, index: int) -> int:
    """A seed of the chunk's own, the same whenever and wherever it is made."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{index}".encode()).digest()[:6], "big")


def _shared(chunk: Chunk) -> slice:
    """The frames it shares with the neighbour made before it; empty for the chunk that leads."""
    return slice(chunk.frames - chunk.from_after, None) if chunk.from_after else slice(0, chunk.from_before)


def _given(plan: Plan, chunk: Chunk, store: ChunkStore) -> Frames | None:
    """How the neighbour has the shared frames."""
    by_index = {other.index: other for other in plan.chunks}
    if chunk.from_before:
        before = by_index[chunk.index - 1]
        return np.asarray(store.read(before)[chunk.start - before.start :][: chunk.from_before])
    if chunk.from_after:
        return np.asarray(store.read(by_index[chunk.index + 1])[: chunk.from_after])
    return None


def _request(plan: Plan, chunk: Chunk, given: Frames | None, known: KnownMedia, limits: ModelLimits) -> ChunkRequest:
    width, height = plan.canvas.size
    sampling = plan.request.sampling
    pictures = np.zeros((chunk.frames, height, width, 3), np.uint8)
    frame_known = np.zeros(chunk.frames, np.bool_)
    panel_known = np.zeros(chunk.frames, np.bool_)
    keep = np.ones(chunk.frames, np.float32)
    if given is not None:
        pictures[_shared(chunk)] = given
        frame_known[_shared(chunk)] = True
    for native, source in plan.known.items():
        at = native - chunk.start
        stretch = plan.request.known[source.known]
        # Neither a drawing nor a frame kept in part stands in for one that was made already.
        told_more = stretch.role == "frame" and stretch.keep == 1
        if not 0 <= at < chunk.frames or (frame_known[at] and not told_more):
            continue
        pictures[at] = known.native(source)
        frame_known[at], panel_known[at] = stretch.role == "frame", stretch.role == "panel"
        keep[at] = stretch.keep
    last = plan.axis.frames - 1 - chunk.start
    if last < chunk.frames and frame_known[last]:  # what lies past the take's end is shown to nobody, and stands still
        for all_frames in (pictures, frame_known, keep):
            all_frames[last + 1 :] = all_frames[last]
    return ChunkRequest(
        prompt=plan.prompt_of(chunk),
        negative=plan.request.negative,
        size=plan.canvas.size,
        rate=plan.rate,
        frames=chunk.frames,
        seed=chunk_seed(plan.request.seed, 0 if plan.windows else chunk.index),
        known=pictures,
        frame_known=frame_known,
        panel_known=panel_known,
        keep=keep,
        depth=_depth(plan, chunk, known),
        window=_window(plan, chunk, known, pictures) if plan.windows else None,
        steps=limits.steps(sampling.steps, sampling.speed),
        guidance=sampling.guidance,
        draft=sampling.speed == DRAFT,
    )


def _window(plan: Plan, chunk: Chunk, known: KnownMedia, shown: Frames) -> Window:
    """What a chunk is told of the whole take; `shown` are its own pictures."""
    frames = max(plan.axis.frames, chunk.end)
    frame_known, panel_known = np.zeros(frames, np.bool_), np.zeros(frames, np.bool_)
    keep = np.ones(frames, np.float32)
    for native, source in plan.known.items():
        stretch = plan.request.known[source.known]
        frame_known[native], panel_known[native] = stretch.role == "frame", stretch.role == "panel"
        keep[native] = stretch.keep
    told = sorted(plan.known)
    first, end = (bisect.bisect_left(told, native) for native in (chunk.start, chunk.end))
    pictures = {
        native: shown[native - chunk.start] if chunk.start <= native < chunk.end else known.native(plan.known[native])
        for native in told[max(0, first - _AROUND) : end + _AROUND]
    }
    return Window(chunk.start, frames, pictures, frame_known, panel_known, keep)


def _turned(request: ChunkRequest) -> ChunkRequest:
    """The same frames the other way round in time."""
    arrays = ("known", "frame_known", "panel_known", "keep", "depth")
    turned = {name: value[::-1].copy() for name in arrays if (value := getattr(request, name)) is not None}
    return replace(request, **turned)


def _depth(plan: Plan, chunk: Chunk, known: KnownMedia) -> Frames | None:
    """How far away all of it is, on the frames of which that is known; mid grey on the others."""
    if not plan.depth:
        return None
    width, height = plan.canvas.size
    distances = np.full((chunk.frames, height, width, 3), 128, np.uint8)
    for at in range(chunk.frames):
        source = plan.depth.get(min(chunk.start + at, plan.axis.frames - 1))
        if source is not None:
            distances[at] = known.native(source)
    return distances


def make_chunks(plan: Plan, model: VideoModel, known: KnownMedia, store: ChunkStore, reporter: Reporter) -> None:
    """Makes and keeps every chunk that is not there yet; raises StoppedError within one step of a stop."""
    first: Look | None = None
    for position, chunk in enumerate(plan.chunks):
        begun = position / len(plan.chunks) * MAKING_SHARE

        def on_step(done: int, steps: int, preview: Frames | None, begun: float = begun) -> None:
            reporter.tell(model.notices)
            reporter.progress(begun + done / steps / len(plan.chunks) * MAKING_SHARE, preview)

        reporter.progress(begun)
        if not store.has(chunk):
            given = _given(plan, chunk, store)
            request = _request(plan, chunk, given, known, model.limits)
            if chunk.backwards:
                frames = np.ascontiguousarray(model.make_chunk(_turned(request), on_step)[::-1])
            else:
                frames = model.make_chunk(request, on_step)
            if given is not None and first is not None:
                frames = anchored(frames, _shared(chunk), given, first)
            else:
                frames = matched(frames, request.frame_known & (request.keep == 1), request.known)
            del request
            store.write(chunk, frames)
            del frames  # before the next chunk is made
        if first is None:
            first = look_of(np.asarray(store.read(chunk)))
