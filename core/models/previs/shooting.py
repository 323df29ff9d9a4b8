"""Frames of a take: which of what is known their layers start from, and what becomes of the frames between.

An anchor is a known frame, or a drawing of one, that borders on frames to be made. Each has layers of its own, painted
for its moment; frames between two anchors pass from the layers of one to those of the other.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ...media.detail import Cells, cells_of, guided, shaded, shading_of, within_lines
from ...media.seam.momentum import LASTS, Momentum
from .blocked import ROWS, SAMPLES, Track, followed
from .compositing import Compositor
from .eye import placed
from .lasting import LONGEST, continued, stretched
from .layers import VIEW, Layers
from .model import OnStep, PrevisModel, Seen
from .pace import held_to
from .telling import DEPTH, FRAME, PANEL
from .tracing import Tracer

Frame = npt.NDArray[np.uint8]
Frames = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float32]
_APART = 1 / 24  # seconds between known frames whose motion is followed
_OTHERS = 36  # of them at most: a stride takes 27
SHORTEST = 1.5  # seconds
_CHANGED = 0.9  # of the difference between a clip and its restyled picture that a clip with keep 0 would be given
_LAID = 0.9  # of the model's colours, that a drawing's areas hold together
_FEWEST = 2  # pictures of depth that can be followed
_BROAD = 10.0  # pixels of the view: restyling changes light and colour, not forms
_REACH, _EDGE = 0.05, 0.02  # of the height; and of white, by which depth differs where one thing ends: so with depth


def _small(picture: Frame, rows: int = VIEW[0]) -> Shares:
    """In the view's rows, or so many, whatever the frame's shape; 0 to 1."""
    height, width = picture.shape[:2]
    size = max(1, round(rows * width / height)), rows
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk).astype(np.float32) / np.float32(255)


def after_drawing(frame: Frame, drawing: Frame, keep: float, cells: Cells) -> Frame:
    """A frame with the lines of a drawing of it, and its colours within the drawing's areas."""
    height, width = frame.shape[:2]
    laid = within_lines(frame, cells, _LAID * keep, (width, height))
    return shaded(laid, shading_of(drawing, keep))


def anchors_of(held: Flags, drawn: Flags) -> list[int]:
    """The frames to start from: drawings, and held frames beside ones that are not."""
    count = len(held)
    beside = [i for i in np.flatnonzero(held) if (i > 0 and not held[i - 1]) or (i < count - 1 and not held[i + 1])]
    return sorted({*map(int, beside), *map(int, np.flatnonzero(drawn & ~held))})


def beside(held: Flags, at: int, apart: int) -> list[int]:
    """The held frames to follow motion to a held one from, evenly `apart` (or less, where few are held), nearest first:
    those on the side where more are."""
    run = {}
    for way in (-1, 1):
        run[way] = 0
        while 0 <= at + way * (run[way] + 1) < len(held) and held[at + way * (run[way] + 1)]:
            run[way] += 1
    way = max(run, key=lambda way: run[way])
    apart = max(1, min(apart, run[way]))
    return [at + way * far for far in range(apart, min(run[way], apart * _OTHERS) + 1, apart)]


def _around(frame: int, anchors: Sequence[int]) -> list[int]:
    """The anchors that a frame lies between: the last one before it, or on it, and the next; one beyond them all."""
    after = bisect.bisect_left(anchors, frame)
    return list(anchors[max(after - 1, 0) : after + 1])


def weight_of(frame: int, before: int, after: int) -> float:
    """How far frames between two anchors have passed from the first to the second: 0 to 1, smoothly."""
    share = (frame - before) / (after - before)
    return share * share * (3 - 2 * share)


@dataclass(frozen=True)
class Known:
    """What is known of a take, whose frames are `size` (width, height) large: `pictures` by frame, which frames are
    `held`, which are `drawn` and how much of those is kept; and its `depth`, (frames, height, width, 3), on the frames
    on which that says anything."""

    size: tuple[int, int]
    pictures: Mapping[int, Frame]
    held: Flags
    drawn: Flags
    keep: Shares
    depth: Frames | None = None

    @property
    def frames(self) -> int:
        """How many the take has."""
        return len(self.held)


@dataclass(frozen=True)
class Shooting:
    """Makes takes of one prompt, at a rate of frames a second."""

    model: PrevisModel
    prompt: str
    rate: float
    seed: int
    steps: int
    guidance: float

    def frames(self, known: Known, on_step: OnStep, window: range | None = None) -> Frames:
        """A take's frames, or those of a window of it, (frames, height, width, 3); held ones as they were given.

        Of a drawing, as much is laid over the frames as `keep` says. Depth is followed. A take is the same whatever
        windows it is made in; of its pictures, those are needed that the window's frames lie between.
        """
        window = range(known.frames) if window is None else window
        anchors = anchors_of(known.held, known.drawn)
        track = None if known.depth is None else self._track(known.depth, anchors)
        if track is not None and not anchors:
            anchors = [track.clearest()]
        new = [i for i in window if not known.held[i]]
        made = self._composited_for(new, known, anchors, track, on_step)
        width, height = known.size
        frames = np.empty((len(window), height, width, 3), np.uint8)
        for i in window:
            frames[i - window.start] = known.pictures[i] if known.held[i] else self._between(i, known, anchors, made)
        for at in anchors:
            self._go_on(frames, known, at, window)
        return frames

    def _composited_for(
        self, new: Sequence[int], known: Known, anchors: Sequence[int], track: Track | None, on_step: OnStep
    ) -> dict[int | None, Compositor]:
        """What draws these frames, by the anchor that it starts from."""
        needed: set[int | None] = {at for i in new for at in _around(i, anchors)} if anchors else {None}
        made: dict[int | None, Compositor] = {}
        for at in sorted(needed, key=lambda at: -1 if at is None else at) if new else ():

            def tell(done: int, steps: int, picture: Frame) -> None:
                on_step(len(made) * steps + done, len(needed) * steps, picture)

            made[at] = self._composited(known, track, at, tell)
        return made

    def _between(
        self, frame: int, known: Known, anchors: Sequence[int], made: Mapping[int | None, Compositor]
    ) -> Frame:
        """A frame of the layers of an anchor, or on its way from those of one to those of the next."""
        moment = self._moment(frame, known.frames)
        both = _around(frame, anchors)
        if not both:
            return made[None].frame(moment)
        drawn = [made[at].frame(moment) for at in both]
        if len(drawn) == 1:
            return drawn[0]
        weight = weight_of(frame, *both)
        return np.asarray(cv2.addWeighted(drawn[0], 1 - weight, drawn[1], weight, 0), np.uint8)

    def _go_on(self, frames: Frames, known: Known, at: int, window: range) -> None:
        """Has the frames beside a held one go on as it moved; `frames` are the window's, made and held."""
        lasts, held = max(1, round(LASTS * self.rate)), known.held
        for way in (-1, 1):
            beyond = [i for i in range(at + way, at + way * (lasts + 1), way) if 0 <= i < len(held)]
            new = [i for i in beyond if i in window and not held[i]]
            if new and 0 <= at - way < len(held) and held[at] and held[at - way] and not held[at + way]:
                momentum = Momentum(known.pictures[at - way], known.pictures[at])
                for i in new:
                    frames[i - window.start] = momentum.onto(frames[i - window.start], abs(i - at), lasts)

    def restyled(self, known: Frames, keep: Shares, on_step: OnStep, depth: Frames | None = None) -> Frames:
        """Known frames, each kept in part: their light and colours brought towards what the words say.

        Where their depth is known too, figures and things get colours of their own."""
        count, height, width = known.shape[:3]
        track = None if depth is None else self._track(depth, ())
        if track is None:
            at = count // 2
            seen = Seen(self._moment(at, count), _small(known[at]), PANEL)
            made = Compositor(self._layers(count, (width, height), seen, on_step), (width, height))
            wanted = _small(made.frame(self._moment(at, count))) - _small(known[at])
            soft = cv2.GaussianBlur(wanted, (0, 0), _BROAD) * 255
            change = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
        else:
            made = self._from_depth(count, (width, height), track, track.clearest(), on_step)
        frames = np.empty_like(known)
        for i in range(count):
            if track is None or depth is None:
                by = change
            else:
                apart = made.frame(self._moment(i, count)).astype(np.float32) - known[i]
                by = guided(apart, depth[i, ..., 0] / np.float32(255), round(_REACH * height), _EDGE)
            frames[i] = np.clip(known[i] + by * (_CHANGED * (1 - keep[i])) + 0.5, 0, 255)
        return frames

    def _from_depth(self, count: int, size: tuple[int, int], track: Track, at: int, on_step: OnStep) -> Compositor:
        """Layers painted for the depth of a frame, that move as it does, of so many and as large frames."""
        seen = Seen(self._moment(at, count), track.picture(at), DEPTH)
        return Compositor(followed(self._layers(count, size, seen, on_step), track, at), size)

    def _seconds(self, count: int) -> float:
        """From the first of so many frames to the last; what is shorter than SHORTEST begins a take of that length."""
        return max((count - 1) / self.rate, SHORTEST)

    def _moment(self, frame: int, count: int) -> float:
        """Where a frame lies in the take, 0 to 1."""
        return frame / self.rate / self._seconds(count)

    def _layers(
        self,
        count: int,
        size: tuple[int, int],
        seen: Seen | None,
        on_step: OnStep,
        beside: Mapping[float, Shares] | None = None,
    ) -> Layers:
        """Layers for so many and as large frames, of which one picture may be seen, and known ones `beside` it.

        What goes on from a frame of a long take goes on as fast as it moves; from words or drawings, a long take is
        told slowly.
        """
        seconds = self._seconds(count)
        planned = min(seconds, LONGEST)
        layers = self.model.layers(self.prompt, planned, seen, self.seed, self.steps, self.guidance, on_step, beside)
        if planned < seconds:
            goes_on = seen is not None and seen.kind == FRAME
            layers = continued(layers, seconds) if goes_on else stretched(layers, seconds)
        return layers.within(size[0] / size[1], seen is not None)

    def _track(self, depth: Frames, anchors: Sequence[int]) -> Track | None:
        """What is followed of a chunk's depth: some pictures of it, and those of the anchors."""
        told = [i for i, picture in enumerate(depth) if np.ptp(picture) > 0]
        if len(told) < _FEWEST:
            return None
        some = np.linspace(0, len(told) - 1, min(SAMPLES, len(told))).round().astype(int)
        frames = sorted({*(told[i] for i in some), *(at for at in anchors if at in told)})
        moments = np.array([self._moment(i, len(depth)) for i in frames])
        pictures = [_small(depth[i]) for i in frames]
        looked = [Seen(float(m), picture, DEPTH) for m, picture in zip(moments, pictures, strict=True)]
        greys = np.stack([_small(depth[i], ROWS).mean(-1) for i in frames])
        return Track(frames, moments, pictures, greys, self.model.seen(self.prompt, looked))

    def _composited(self, known: Known, track: Track | None, at: int | None, on_step: OnStep) -> Compositor:
        """Layers that start from a known frame, as fast as those beside it; from a drawing, whose lines they then carry
        along; from a frame of which the depth is known; or from none. Where depth is known, they move as it does."""
        held, pictures, count, size = known.held, known.pictures, known.frames, known.size
        if at is None:
            return Compositor(self._layers(count, size, None, on_step), size)
        if track is not None and not held[at] and not known.drawn[at]:
            return self._from_depth(count, size, track, at, on_step)
        drawing, shown = not held[at], pictures[at]
        seen = Seen(self._moment(at, count), _small(shown), PANEL if drawing else FRAME)
        others = [] if drawing else beside(held, at, max(1, round(self.rate * _APART)))
        earlier = [(pictures[other], (at - other) / self.rate) for other in others if other in pictures]
        layers = self._layers(count, size, seen, on_step, {-apart: _small(frame) for frame, apart in earlier})
        if track is not None and at in track.frames:
            layers = followed(layers, track, at)
        elif earlier:
            paced, own = held_to(layers, shown, earlier)
            return Compositor(paced, size, shown, own, earlier=earlier)
        if not drawing:
            return Compositor(layers, size, shown)
        return self._drawn(layers, size, shown, float(known.keep[at]))

    def _drawn(self, layers: Layers, size: tuple[int, int], drawing: Frame, keep: float) -> Compositor:
        """Layers that carry a drawing along, as much of it as is kept; elements are as large as it has them."""
        cells, at = cells_of(drawing), layers.reference
        tracer = Tracer(cells)
        seen = layers.boxes(at)
        sized = tracer.sized(Compositor(layers, size).bodies(at), seen)
        if sized != seen:
            boxes = [sized.get(slot) for slot in range(len(layers.moves.elements))]
            layers = replace(layers, moves=placed(layers.moves, boxes, at, layers.seconds))
        plain = Compositor(layers, size)
        bodies = plain.bodies(at)
        traced = tracer.traced(bodies, layers.boxes(at))
        covers = {slot: keep * whole + (1 - keep) * bodies[slot] for slot, whole in traced.items()}
        shown = after_drawing(plain.frame(at, covers), drawing, keep, cells)
        return Compositor(layers, size, shown, drawn=covers)
