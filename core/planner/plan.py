"""The plan of a take: rate, canvas, known frames and chunks.

asked   0 . . . . . . . . . . . . . . n-1        at the asked rate
native  0   .   .   .   .   .   .   .   N-1      the same seconds at the model's rate
chunk 0 [===========]
chunk 1           [~~~==========]                ~~~ overlap: known from the chunk made before
chunk 2                     [~~~~~~~======]      the last one reaches back to end with the take
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import RefusedError
from ..protocol import Known, TakeRequest
from ..timing import Rate
from .axis import Axis, NativeKnown, native_known
from .canvas import Canvas, choose_canvas
from .limits import FIRST, NONE, WHOLE, ModelLimits
from .stills import Ends, ends_of

_RESTYLED_OVERLAP = 9  # native frames that the chunks of a restyled take share, where nothing else is known of them


@dataclass(frozen=True)
class Chunk:
    """One run of the model: native frames `start` … `start + frames - 1`.

    Its first `from_before` frames are taken from the chunk before it in time, its last `from_after` from the one after;
    only chunks that were made earlier are taken from. A `backwards` one is made the other way round in time; it may
    begin before the take, where nobody sees it.
    """

    index: int
    start: int
    frames: int
    from_before: int = 0
    from_after: int = 0
    backwards: bool = False

    @property
    def end(self) -> int:
        """One past its last native frame."""
        return self.start + self.frames


@dataclass(frozen=True)
class Plan:
    """How a take is made: `chunks` in the order of making, on an `axis` of native frames at the model's `rate`.

    `known` are the native frames that the model is given, `depth` those whose distances it is; `notices` say what it
    could not be given, and what was done instead.
    """

    request: TakeRequest
    canvas: Canvas
    rate: Rate
    axis: Axis
    known: dict[int, NativeKnown]
    chunks: tuple[Chunk, ...]
    notices: tuple[str, ...] = ()
    depth: dict[int, NativeKnown] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """How native frames become the asked ones: `relabel` one to one, or `motion` between two of them."""
        return "relabel" if self.axis.pace == 1 else "motion"

    def prompt_of(self, chunk: Chunk) -> str:
        """The words that hold in the middle of a chunk."""
        middle = self.axis.asked_frame(chunk.start + chunk.frames // 2, self.request.frames)
        return self.request.prompt_at(middle)


def _check_speed(request: TakeRequest, limits: ModelLimits) -> None:
    speed = request.sampling.speed
    if speed and speed not in limits.steps_by_speed:
        raise RefusedError(
            f"The model “{request.model}” has one speed, and no “{speed}”.", "Leave the speed out, or ask for steps."
        )


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
    if limits.partial_keep == WHOLE and any(_in_part(known) for known in request.known) and not _restyles(request):
        raise RefusedError(
            f"The model “{request.model}” restyles whole takes alike, and here only some frames are kept in part.",
            "Have all frames kept in part, by the same much, or choose another model.",
        )


def _in_part(known: Known) -> bool:
    return known.role == "frame" and known.keep < 1


def _restyles(request: TakeRequest) -> bool:
    """Whether all frames of a take are kept in part, by the same much, and nothing else is known."""
    partly = [known for known in request.known if _in_part(known)]
    kept = {asked for known in partly for asked in known.frames}
    keeps = {known.keep for known in partly}
    return len(partly) == len(request.known) and len(keeps) == 1 and len(kept) == request.frames


def _panel_inside(request: TakeRequest) -> bool:
    """Whether one panel is all that is known, and frames are to be made before it: at least a shot's head handle."""
    return [known.role for known in request.known] == ["panel"] and request.known[0].frames.start > 0


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


def _in_time(count: int, limits: ModelLimits, overlap: int, from_stills: bool) -> list[Chunk]:
    """Chunks in order of time; neighbours overlap by so many frames, the last two by as much as it takes."""
    longest = limits.longest_chunk
    if count <= longest:
        return [Chunk(0, 0, limits.chunk_frames(count))]
    stride = longest - overlap
    if overlap < 1 or stride < 1:
        raise RefusedError(
            "This model can't make a take that long: it makes single chunks and can't go on from one.",
            f"Ask for at most {float(limits.rates[0].seconds(longest)):.1f} s, or choose another model.",
        )
    chunks = [Chunk(0, 0, longest)]
    while chunks[-1].end < count:
        start = chunks[-1].start + stride
        frames = limits.chunk_frames(count - start)
        if start + frames > count and not from_stills:  # one picture is all that these take of the chunk before
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


def _told(request: TakeRequest, limits: ModelLimits) -> tuple[str, ...]:
    """What the model makes otherwise of a request than others might."""
    guidance = limits.default_guidance if request.sampling.guidance is None else request.sampling.guidance
    found = []
    if request.negative and (guidance <= 1 or not limits.heeds_negative):
        found.append(f"The model “{request.model}” does not hear what is not to be seen: those words change nothing.")
    if limits.panels_are_frames and any(known.role == "panel" for known in request.known):
        found.append(f"The model “{request.model}” takes a panel for the frame itself: a drawing makes a drawn shot.")
    return tuple(found)


def _both_ways(native: int, count: int, limits: ModelLimits) -> tuple[Chunk, ...]:
    """From one known frame on to the end, then from it back to the start, each chunk from one picture of the other.

    chunk 2   [====|                          made backwards
    chunk 1        [====|                     made backwards
    chunk 0             |=====|====]          | is `native`, of so many frames
    """
    onward = _in_time(count - native, limits, limits.overlap, from_stills=True)
    back = _in_time(native + 1, limits, limits.overlap, from_stills=True)
    made = [
        Chunk(len(back) + chunk.index, native + chunk.start, chunk.frames, from_before=1 if chunk.index else 0)
        for chunk in onward
    ]
    made += [
        Chunk(len(back) - 1 - chunk.index, native + 1 - chunk.end, chunk.frames, from_after=1, backwards=True)
        for chunk in back
    ]
    return tuple(made)


def plan(request: TakeRequest, limits: ModelLimits) -> Plan:
    """How a model of these limits makes exactly what was asked for; raises RefusedError where it can't."""
    _check_speed(request, limits)
    _check_roles(request, limits)
    rate, pace = _native_rate(request, limits)
    restyled = limits.partial_keep == WHOLE and _restyles(request)
    by_words = NONE in limits.stills and not request.known
    inside = _panel_inside(request) and FIRST in limits.stills
    ends = None if restyled or by_words or inside or not limits.stills else ends_of(request, limits)
    axis = _axis(ends.length if ends else request.frames - 1, pace, ends, limits)
    if ends is None:
        known = native_known(request.known, axis, ("frame", "panel"))
    else:
        known = {0: ends.begin_known} | ({axis.frames - 1: ends.end_known} if ends.end_known else {})
    notices = _told(request, limits) + (ends.notices if ends else ())
    if inside:
        chunks = _both_ways(min(known), axis.frames, limits)
        notices += (f"The model “{request.model}” only goes forward: what is seen before the panel runs backwards.",)
    else:
        overlap = max(limits.overlap, _RESTYLED_OVERLAP) if restyled else limits.overlap
        chunks = _in_making_order(_in_time(axis.frames, limits, overlap, bool(limits.stills) and not restyled), known)
    depth = native_known(request.known, axis, ("depth",))
    return Plan(request, choose_canvas(limits, request.size), rate, axis, known, chunks, notices, depth)
