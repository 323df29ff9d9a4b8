"""The plan of a take: rate, canvas, known frames and chunks.

asked   0 . . . . . . . . . . . . . . n-1        at the asked rate
native  0   .   .   .   .   .   .   .   N-1      the same seconds at the model's rate
chunks  [===========]=======]=======]            chunks.py
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..errors import RefusedError
from ..protocol import Known, TakeRequest
from ..timing import Rate
from .axis import Axis, NativeKnown, native_known
from .canvas import Canvas, choose_canvas
from .chunks import Chunk, both_ways, in_making_order, in_time, in_windows
from .limits import FIRST, NONE, WHOLE, ModelLimits
from .stills import ends_of

_RESTYLED_OVERLAP = 9  # native frames that the chunks of a restyled take share, where nothing else is known of them


@dataclass(frozen=True)
class Plan:
    """How a take is made: `chunks` in the order of making, on an `axis` of native frames at the model's `rate`.

    `known` are the native frames that the model is given, `depth` those whose distances it is; `notices` say what it
    could not be given, and what was done instead. Of chunks that are `windows`, each is told of the whole take.
    """

    request: TakeRequest
    canvas: Canvas
    rate: Rate
    axis: Axis
    known: dict[int, NativeKnown]
    chunks: tuple[Chunk, ...]
    notices: tuple[str, ...] = ()
    depth: dict[int, NativeKnown] = field(default_factory=dict)
    windows: bool = False

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


def _told(request: TakeRequest, limits: ModelLimits) -> tuple[str, ...]:
    """What the model makes otherwise of a request than others might."""
    guidance = limits.default_guidance if request.sampling.guidance is None else request.sampling.guidance
    found = []
    if request.negative and (guidance <= 1 or not limits.heeds_negative):
        found.append(f"The model “{request.model}” does not hear what is not to be seen: those words change nothing.")
    if limits.panels_are_frames and any(known.role == "panel" for known in request.known):
        found.append(f"The model “{request.model}” takes a panel for the frame itself: a drawing makes a drawn shot.")
    return tuple(found)


@dataclass(frozen=True)
class _Laid:
    """A take laid out on a model's native frames, as Plan has it."""

    axis: Axis
    known: dict[int, NativeKnown]
    chunks: tuple[Chunk, ...]
    notices: tuple[str, ...] = ()
    windows: bool = False


def _is_one_take(request: TakeRequest) -> bool:
    """Whether its words never change, and what is known of it are drawings and frames that stay as they are: all of
    which a model can be told for the whole take at once."""
    throughout = any(known.role == "depth" or _in_part(known) for known in request.known)
    return not throughout and len({prompt.text for prompt in request.prompts}) == 1


def _on_known(request: TakeRequest, limits: ModelLimits, pace: Fraction, overlap: int, from_stills: bool) -> _Laid:
    """All that is known stands where it is; every chunk is told of all of it, or they go on from each other."""
    axis = Axis(math.ceil((request.frames - 1) * pace) + 1, pace)
    known = native_known(request.known, axis, ("frame", "panel"))
    if limits.windows and _is_one_take(request):
        return _Laid(axis, known, in_windows(axis.frames, limits), windows=True)
    return _Laid(axis, known, in_making_order(in_time(axis.frames, limits, overlap, from_stills), known))


def _from_panel(request: TakeRequest, limits: ModelLimits, pace: Fraction) -> _Laid:
    """From the only picture that is known, inside of the take, on and back."""
    laid = _on_known(request, limits, pace, limits.overlap, from_stills=True)
    words = f"The model “{request.model}” only goes forward: what is seen before the panel runs backwards."
    return replace(laid, chunks=both_ways(min(laid.known), laid.axis.frames, limits), notices=(words,))


def _from_ends(request: TakeRequest, limits: ModelLimits, pace: Fraction) -> _Laid:
    """From the picture at one end of what is made on, or to the one at its other end."""
    ends = ends_of(request, limits)
    count = math.ceil(ends.length * pace) + 1
    known = {0: ends.begin_known}
    if ends.end_known is not None:
        # The last picture is a chunk's last frame: a chunk of nearly that length is spread over the asked one.
        chunk = limits.chunk_frames(count)
        if chunk < count:
            raise RefusedError(
                "That is too long to lead from one picture to another with this model.",
                f"Ask for at most {math.floor((limits.longest_chunk - 1) / pace) - 1} frames, or choose another.",
            )
        count, pace = chunk, Fraction(chunk - 1, ends.length)
        known[count - 1] = ends.end_known
    axis = Axis(count, pace, ends.begin, ends.way)
    chunks = in_making_order(in_time(count, limits, limits.overlap, from_stills=True), known)
    return _Laid(axis, known, chunks, ends.notices)


def _laid(request: TakeRequest, limits: ModelLimits, pace: Fraction) -> _Laid:
    if limits.partial_keep == WHOLE and _restyles(request):
        return _on_known(request, limits, pace, max(limits.overlap, _RESTYLED_OVERLAP), from_stills=False)
    if not limits.stills or (NONE in limits.stills and not request.known):
        return _on_known(request, limits, pace, limits.overlap, from_stills=bool(limits.stills))
    if FIRST in limits.stills and _panel_inside(request):
        return _from_panel(request, limits, pace)
    return _from_ends(request, limits, pace)


def plan(request: TakeRequest, limits: ModelLimits) -> Plan:
    """How a model of these limits makes exactly what was asked for; raises RefusedError where it can't."""
    _check_speed(request, limits)
    _check_roles(request, limits)
    rate, pace = _native_rate(request, limits)
    laid = _laid(request, limits, pace)
    depth = native_known(request.known, laid.axis, ("depth",))
    notices = _told(request, limits) + laid.notices
    canvas = choose_canvas(limits, request.size)
    return Plan(request, canvas, rate, laid.axis, laid.known, laid.chunks, notices, depth, laid.windows)
