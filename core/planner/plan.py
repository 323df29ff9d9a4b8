"""The plan of a take: rate, canvas, known frames and chunks.

asked   0 . . . . . . . . . . . . . . n-1        at the asked rate
native  0   .   .   .   .   .   .   .   N-1      the same seconds at the model's rate
chunk 0 [===========]
chunk 1           [~~~==========]                ~~~ overlap: known from the chunk made before
chunk 2                     [~~~~~~~======]      the last one reaches back to end with the take
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..errors import RefusedError
from ..protocol import Known, TakeRequest
from ..timing import FrameRange, Rate
from .canvas import Canvas, choose_canvas
from .limits import ModelLimits

RELABEL = "relabel"
MOTION = "motion"


@dataclass(frozen=True)
class NativeKnown:
    """A native frame that is known: from which of the request's known stretches, and which of its frames."""

    known: int
    frame: int


@dataclass(frozen=True)
class Chunk:
    """One run of the model: native frames `start` … `start + frames - 1`.

    Its first `from_before` frames are taken from the chunk before it in time, its last `from_after` from the one after;
    only chunks that were made earlier are taken from.
    """

    index: int
    start: int
    frames: int
    from_before: int = 0
    from_after: int = 0

    @property
    def end(self) -> int:
        """One past its last native frame."""
        return self.start + self.frames


@dataclass(frozen=True)
class Plan:
    """How a take is made: `chunks` in the order of making, `native_frames` in all, `known` by native frame.

    `method` names how native frames become the asked ones: `relabel` one to one, or `motion` between two of them.
    """

    request: TakeRequest
    canvas: Canvas
    rate: Rate
    native_frames: int
    method: str
    known: dict[int, NativeKnown]
    chunks: tuple[Chunk, ...]

    def source_of(self, frame: int) -> tuple[int, float]:
        """Where an asked frame lies among the native ones: the frame before it and the share of the way to the next."""
        if self.method == RELABEL:
            return frame, 0.0
        place = frame * self.rate.fraction / self.request.rate.fraction
        before = min(math.floor(place), self.native_frames - 1)
        return before, float(place - before) if before < self.native_frames - 1 else 0.0

    def asked_frame(self, native: int) -> int:
        """The asked frame nearest to a native one."""
        if self.method == RELABEL:
            return min(native, self.request.frames - 1)
        place = native * self.request.rate.fraction / self.rate.fraction
        return min(math.floor(place + Fraction(1, 2)), self.request.frames - 1)

    def prompt_of(self, chunk: Chunk) -> str:
        """The words that hold in the middle of a chunk."""
        return self.request.prompt_at(self.asked_frame(min(chunk.start + chunk.frames // 2, self.native_frames - 1)))


def _check_roles(request: TakeRequest, limits: ModelLimits) -> None:
    if limits.begins_with_picture and [known.frames for known in request.known] != [FrameRange(0, 1)]:
        raise RefusedError(
            f"The model “{request.model}” goes on from one picture, the take's first frame, and knows no other.",
            "Give it just that one, or choose another model.",
        )
    for known in request.known:
        if known.role not in limits.roles:
            raise RefusedError(
                f"The model “{request.model}” can't follow known frames of the kind “{known.role}”.",
                f"It follows {', '.join(sorted(limits.roles)) or 'words alone'}; choose another model.",
            )
        if known.role == "frame" and known.keep < 1 and not limits.partial_keep:
            raise RefusedError(
                f"The model “{request.model}” holds known frames exactly or not at all.",
                "Ask with keep 1, or choose a model that can restyle.",
            )


def _native_rate(request: TakeRequest, limits: ModelLimits) -> tuple[Rate, str]:
    """A native rate that relabels, else the nearest one, and the method that follows from it."""
    for rate in limits.rates:
        if rate.relabels(request.rate):
            return rate, RELABEL
    return min(limits.rates, key=lambda rate: abs(rate.fraction - request.rate.fraction)), MOTION


def _media_frame(known: Known, asked: int) -> int:
    """Which frame of the medium shows an asked frame; a still shows itself throughout."""
    if known.media.rate is None:
        return known.media.frames.start
    return known.media.frames.start + asked - known.frames.start


def _native_known(request: TakeRequest, rate: Rate, method: str, count: int) -> dict[int, NativeKnown]:
    """Native frames that are known: those within half an asked frame of a known one.

    A stretch that no native frame meets gets the nearest, so that a single panel is never lost. Where stretches
    overlap, the one kept more wins; among equals the frame itself before a drawing of it.
    """
    step = request.rate.fraction / rate.fraction if method == MOTION else Fraction(1)
    found: dict[int, NativeKnown] = {}
    order = sorted(range(len(request.known)), key=lambda i: (request.known[i].role == "frame", request.known[i].keep))
    for index in order:
        known = request.known[index]
        if known.role == "reference":
            continue
        stretch = known.frames
        first = math.ceil((stretch.start - Fraction(1, 2)) / step)
        last = math.ceil((stretch.end - Fraction(1, 2)) / step)
        natives = list(range(max(0, first), min(count, last)))
        if not natives:
            natives = [min(count - 1, math.floor(stretch.start / step + Fraction(1, 2)))]
        for native in natives:
            asked = min(max(math.floor(native * step + Fraction(1, 2)), stretch.start), stretch.end - 1)
            found[native] = NativeKnown(index, _media_frame(known, asked))
    return found


def _in_time(count: int, limits: ModelLimits) -> list[Chunk]:
    """Chunks in order of time; neighbours overlap by the model's overlap, the last two by as much as it takes."""
    longest = limits.longest_chunk
    if count <= longest:
        return [Chunk(0, 0, limits.chunk_frames(count))]
    stride = longest - limits.overlap
    if limits.overlap < 1 or stride < 1:
        raise RefusedError(
            "This model can't make a take that long: it makes single chunks and can't go on from one.",
            f"Ask for at most {float(limits.rates[0].seconds(longest)):.1f} s, or choose another model.",
        )
    chunks = [Chunk(0, 0, longest)]
    while chunks[-1].end < count:
        start = chunks[-1].start + stride
        frames = limits.chunk_frames(count - start)
        if start + frames > count:
            start = count - frames
        chunks.append(Chunk(len(chunks), start, frames))
    return chunks


def _in_making_order(chunks: list[Chunk], known: dict[int, NativeKnown]) -> tuple[Chunk, ...]:
    """From the chunk that holds most known frames on to the end, then back to the start: what is given leads.

    Of equal ones the first, unless all that is known stands behind it: then the last, so that a head grows backwards.
    """
    behind = min(known, default=0) >= chunks[0].end
    candidates = chunks[::-1] if behind else chunks
    begin = max(candidates, key=lambda chunk: sum(chunk.start <= native < chunk.end for native in known)).index
    ordered = []
    for chunk in chunks[begin:]:
        before = chunks[chunk.index - 1].end - chunk.start if chunk.index > begin else 0
        ordered.append(Chunk(chunk.index, chunk.start, chunk.frames, from_before=before))
    for chunk in reversed(chunks[:begin]):
        after = chunk.end - chunks[chunk.index + 1].start
        ordered.append(Chunk(chunk.index, chunk.start, chunk.frames, from_after=after))
    return tuple(ordered)


def plan(request: TakeRequest, limits: ModelLimits) -> Plan:
    """How a model of these limits makes exactly what was asked for; raises RefusedError where it can't."""
    _check_roles(request, limits)
    rate, method = _native_rate(request, limits)
    if method == RELABEL:
        count = request.frames
    else:
        count = math.ceil((request.frames - 1) * rate.fraction / request.rate.fraction) + 1
    known = _native_known(request, rate, method, count)
    chunks = _in_making_order(_in_time(count, limits), known)
    return Plan(request, choose_canvas(limits, request.size), rate, count, method, known, chunks)
