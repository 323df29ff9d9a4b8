"""What a model that knows pictures at its own ends alone can honestly do with the known frames of a take.

known  [=====|. . . . . . .            on from the last known frame
                . . . . . .|=====]     back from the first, made on reversed frames, where that is allowed
       [=====|. . . . . . .|=====]     from one still to the other, for a model that knows both
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from ..errors import RefusedError
from ..protocol import TakeRequest
from .axis import NativeKnown, media_frame
from .limits import BOTH, FIRST, ModelLimits


@dataclass(frozen=True)
class Ends:
    """Where a take is begun, at the asked frame `begin`, which `way` it runs from there, and over how many frames.

    `begin_known` is what is seen at its begin, `end_known` where it arrives, None for nowhere. `notices` say what the
    model was not given.
    """

    begin: int
    way: int
    length: int
    begin_known: NativeKnown
    end_known: NativeKnown | None = None
    notices: tuple[str, ...] = ()


def ends_of(request: TakeRequest, limits: ModelLimits) -> Ends:
    """The pictures that a model of `stills` goes on from, and to; raises RefusedError with the reason."""
    shown = {asked: index for index, known in enumerate(request.known) for asked in known.frames}
    in_time = itertools.groupby(range(request.frames), key=lambda asked: asked in shown)
    gaps = [list(frames) for known, frames in in_time if not known]
    called = f"The model “{request.model}”"
    if not limits.stills & {FIRST, BOTH}:
        raise RefusedError(f"{called} makes frames from words alone.", "Choose a model that goes on from pictures.")
    if not shown:
        raise RefusedError(
            f"{called} goes on from a picture, and none is given.", "Give its first frame, or choose another model."
        )
    if len(gaps) > 1:
        raise RefusedError(
            f"{called} knows pictures at its ends alone, and here frames are made in {len(gaps)} places.",
            "Have them made one after the other, or choose another model.",
        )
    (gap,) = gaps or [[request.frames]]
    before, behind = gap[0] - 1, gap[-1] + 1

    def seen(asked: int) -> NativeKnown:
        return NativeKnown(shown[asked], media_frame(request.known[shown[asked]], asked))

    if before in shown and behind in shown:
        if BOTH not in limits.stills:
            raise RefusedError(
                f"{called} goes on from one picture, and can't arrive at another.",
                "Extend one of the two sides instead, or choose a model that knows both ends.",
            )
        words = f"{called} leads from one still to another: how things moved before and after them it did not see."
        return Ends(before, 1, behind - before, seen(before), seen(behind), (words,) if len(shown) > 2 else ())
    if FIRST not in limits.stills:
        raise RefusedError(
            f"{called} leads from one picture to another, and only one side is known here.",
            "Choose a model that goes on from one.",
        )
    if before in shown:
        words = f"{called} goes on from a still, the last known frame: how things moved before it did not see."
        return Ends(before, 1, request.frames - 1 - before, seen(before), None, (words,) if len(shown) > 1 else ())
    if not request.allow_reversed:
        raise RefusedError(
            f"{called} only goes forward from a picture, and here frames are made before one.",
            "--allow-reversed has them made forward and shown backwards: what can't run backwards, such as falling "
            "water, will look wrong. Or choose another model.",
        )
    words = f"{called} only goes forward: these frames go on from a still, the first known frame, and run backwards."
    return Ends(behind, -1, behind, seen(behind), None, (words,))
