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
from ..protocol import TakeRequest
from ..timing import Rate
from .axis import Axis, NativeKnown, native_known
from .canvas import Canvas, choose_canvas
from .limits import ModelLimits
from .stills import Ends, ends_of


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
    """How a take is made: `chunks` in the order of making, on an `axis` of native frames at the model's `rate`.

    `known` are the native frames that the model is given; `notices` say what it could not be given, and what was done
    instead.
    """

    request: TakeRequest
    canvas: Canvas
    rate: Rate
    axis: Axis
    known: dict[int, NativeKnown]
    chunks: tuple[Chunk, ...]
    notices: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """How native frames become the asked ones: `relabel` one to one, or `motion` between two of them."""
        return "relabel" if self.axis.pace == 1 else "motion"

    def prompt_of(self, chunk: Chunk) -> str:
        """The words that hold in the middle of a chunk."""
        middle = self.axis.asked_frame(chunk.start + chunk.frames // 2, self.request.frames)
        return self.request.prompt_at(middle)


def _check_roles(request: TakeRequest, limits: ModelLimits) -> None:
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


def _native_rate(request: TakeRequest, limits: ModelLimits) -> tuple[Rate, Fraction]:
    """A native rate that relabels, else the nearest one, and how many of its frames pass with each asked one."""
    for rate in limits.rates:
        if rate.relabels(request.rate):
            return rate, Fraction(1)
    rate = min(limits.rates, key=lambda rate: abs(rate.fraction - request.rate.fraction))
    return rate, rate.fraction / request.rate.fraction


def _axis(length: int, pace: Fraction, ends: Ends | None, limits: ModelLimits) -> Axis:
    """The axis of native frames over `length` asked ones behind the first."""
    count = math.ceil(length * pace) + 1
    if ends is None:
        return Axis(count, pace)
    if ends.end_known is not None:
        # The last picture is a chunk's last frame: a chunk of nearly that length is spread over the asked one.
        chunk = limits.chunk_frames(count)
        if chunk < count:
            raise RefusedError(
                "That is too long to lead from one picture to another with this model.",
                f"Ask for at most {math.floor((limits.longest_chunk - 1) / pace) - 1} frames, or choose another.",
            )
        count, pace = chunk, Fraction(chunk - 1, length)
    return Axis(count, pace, ends.begin, ends.way)


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
        if start + frames > count and not limits.stills:  # one picture is all that these take of the chunk before
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
    rate, pace = _native_rate(request, limits)
    ends = ends_of(request, limits) if limits.stills else None
    axis = _axis(ends.length if ends else request.frames - 1, pace, ends, limits)
    if ends is None:
        known = native_known(request.known, axis)
    else:
        known = {0: ends.begin_known} | ({axis.frames - 1: ends.end_known} if ends.end_known else {})
    chunks = _in_making_order(_in_time(axis.frames, limits), known)
    return Plan(request, choose_canvas(limits, request.size), rate, axis, known, chunks, ends.notices if ends else ())
