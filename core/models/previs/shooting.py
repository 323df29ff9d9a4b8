"""A chunk of a take: which of what is known its layers start from, and what becomes of the frames between.

An anchor is a known frame, or a drawing of one, that borders on frames to be made. Each has layers of its own, painted
for its moment; frames between two anchors pass from the layers of one to those of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ...media.detail import cells_of, guided, shaded, shading_of, within_lines
from ...media.seam.momentum import LASTS, Momentum
from .blocked import FINER, SAMPLES, Track, followed
from .compositing import Compositor
from .layers import VIEW, Layers
from .model import OnStep, PrevisModel, Seen
from .pace import held_to
from .telling import DEPTH, FRAME, PANEL

Frame = npt.NDArray[np.uint8]
Frames = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float32]
_APART = 1 / 24  # seconds between known frames whose motion is followed
_OTHERS = 36  # of them at most: a stride takes 27
SHORTEST = 1.5  # seconds: what is shorter is the beginning of a take of that length
_CHANGED = 0.9  # of the difference between a clip and its restyled picture that a clip with keep 0 would be given
_LAID = 0.9  # of the model's colours, that a drawing's areas hold together
_FEWEST = 2  # pictures of depth that can be followed
_BROAD = 7.0  # pixels of the view: restyling changes light and colour, not forms
_REACH, _EDGE = 0.05, 0.02  # of the height; and of white, by which depth differs where one thing ends: so with depth


def _small(picture: Frame, finer: int = 1) -> Shares:
    """At the view's scale, or so many times finer, whatever the frame's shape; 0 to 1."""
    height, width = picture.shape[:2]
    size = max(1, round(VIEW[0] * finer * width / height)), VIEW[0] * finer
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk).astype(np.float32) / np.float32(255)


def after_drawing(frame: Frame, drawing: Frame, keep: float) -> Frame:
    """A frame with the lines of a drawing of it, and its colours within the drawing's areas."""
    height, width = frame.shape[:2]
    laid = within_lines(frame, cells_of(drawing), _LAID * keep, (width, height))
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


def weight_of(frame: int, before: int, after: int) -> float:
    """How far frames between two anchors have passed from the first to the second: 0 to 1, smoothly."""
    share = (frame - before) / (after - before)
    return share * share * (3 - 2 * share)


@dataclass(frozen=True)
class _Given:
    """What is known of a chunk: frames, which of them are held, which are drawings and how much of those is kept, and
    its depth."""

    known: Frames
    held: Flags
    drawn: Flags
    keep: Shares
    track: Track | None


@dataclass(frozen=True)
class Shooting:
    """Makes chunks of one prompt, at a rate of frames a second."""

    model: PrevisModel
    prompt: str
    rate: float
    seed: int
    steps: int
    guidance: float

    def frames(
        self, known: Frames, held: Flags, drawn: Flags, keep: Shares, on_step: OnStep, depth: Frames | None = None
    ) -> Frames:
        """The chunk's frames, as many and as large as `known`; held ones as they were given.

        Of a drawing, as much is laid over the frames as `keep` says. `depth`, shaped as `known`, is followed on the
        frames on which it says anything.
        """
        anchors = anchors_of(held, drawn)
        track = None if depth is None else self._track(depth, anchors)
        if track is not None and not anchors:
            anchors = [track.clearest()]
        given = _Given(known, held, drawn, keep, track)
        made: list[Compositor] = []
        for index, at in enumerate(anchors or [None]):

            def tell(done: int, steps: int, picture: Frame, index: int = index) -> None:
                on_step(index * steps + done, max(1, len(anchors)) * steps, picture)

            made.append(self._composited(given, at, tell))
        frames = np.empty_like(known)
        frames[held] = known[held]
        for i in map(int, np.flatnonzero(~held)):
            after = int(np.searchsorted(anchors, i))
            moment = self._moment(i, len(known))
            frame = made[min(max(after - 1, 0), len(made) - 1)].frame(moment)
            if 0 < after < len(anchors):
                weight = weight_of(i, anchors[after - 1], anchors[after])
                frame = cv2.addWeighted(frame, 1 - weight, made[after].frame(moment), weight, 0)
            frames[i] = frame
        for at in anchors:
            self._go_on(frames, held, at)
        return frames

    def _go_on(self, frames: Frames, held: Flags, at: int) -> None:
        """Has the frames beside a held one go on as it moved; `frames` are the chunk's, made and held."""
        lasts = max(1, round(LASTS * self.rate))
        for way in (-1, 1):
            beyond = range(at + way, at + way * (lasts + 1), way)
            new = [i for i in beyond if 0 <= i < len(frames) and not held[i]]
            if 0 <= at - way < len(frames) and held[at] and held[at - way] and at + way in new:
                momentum = Momentum(frames[at - way], frames[at])
                for i in new:
                    frames[i] = momentum.onto(frames[i], abs(i - at), lasts)

    def restyled(self, known: Frames, keep: Shares, on_step: OnStep, depth: Frames | None = None) -> Frames:
        """Known frames, each kept in part: their light and colours brought towards what the words say.

        Where their depth is known too, figures and things get colours of their own."""
        count, height, width = known.shape[:3]
        track = None if depth is None else self._track(depth, ())
        if track is None:
            at = count // 2
            made = Compositor(self._layers(known, self._seen(known, at, PANEL), on_step), (width, height))
            wanted = _small(made.frame(self._moment(at, count))) - _small(known[at])
            soft = cv2.GaussianBlur(wanted, (0, 0), _BROAD) * 255
            change = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
        else:
            made = self._from_depth(known, track, track.clearest(), on_step)
        frames = np.empty_like(known)
        for i in range(count):
            if track is None or depth is None:
                by = change
            else:
                apart = made.frame(self._moment(i, count)).astype(np.float32) - known[i]
                by = guided(apart, depth[i, ..., 0] / np.float32(255), round(_REACH * height), _EDGE)
            frames[i] = np.clip(known[i] + by * (_CHANGED * (1 - keep[i])) + 0.5, 0, 255)
        return frames

    def _from_depth(self, known: Frames, track: Track, at: int, on_step: OnStep) -> Compositor:
        """Layers painted for the depth of a frame, that move as it does, for a chunk shaped as `known`."""
        size = known.shape[2], known.shape[1]
        seen = Seen(self._moment(at, len(known)), track.picture(at), DEPTH)
        return Compositor(followed(self._layers(known, seen, on_step), track, at), size)

    def _seconds(self, count: int) -> float:
        """From the first of so many frames to the last, of what is planned."""
        return max((count - 1) / self.rate, SHORTEST)

    def _moment(self, frame: int, count: int) -> float:
        """Where a frame lies in what is planned, 0 to 1."""
        return frame / self.rate / self._seconds(count)

    def _seen(self, known: Frames, at: int, kind: str) -> Seen:
        return Seen(self._moment(at, len(known)), _small(known[at]), kind)

    def _layers(self, known: Frames, seen: Seen | None, on_step: OnStep) -> Layers:
        """Layers for a chunk as many and as large as `known`, of which one picture may be seen."""
        count, height, width = known.shape[:3]
        seconds = self._seconds(count)
        layers = self.model.layers(self.prompt, seconds, seen, self.seed, self.steps, self.guidance, on_step)
        return layers.within(width / height, seen is not None)

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
        greys = np.stack([_small(depth[i], FINER).mean(-1) for i in frames])
        return Track(frames, moments, pictures, greys, self.model.seen(self.prompt, looked))

    def _composited(self, given: _Given, at: int | None, on_step: OnStep) -> Compositor:
        """Layers that start from a known frame, as fast as those beside it; from a drawing, whose lines they then carry
        along; from a frame of which the depth is known; or from none. Where depth is known, they move as it does."""
        known, held, track = given.known, given.held, given.track
        size = known.shape[2], known.shape[1]
        if at is None:
            return Compositor(self._layers(known, None, on_step), size)
        if track is not None and not held[at] and not given.drawn[at]:
            return self._from_depth(known, track, at, on_step)
        drawing, shown = not held[at], known[at]
        layers = self._layers(known, self._seen(known, at, PANEL if drawing else FRAME), on_step)
        if track is not None and at in track.frames:
            layers = followed(layers, track, at)
        elif not drawing and (others := beside(held, at, max(1, round(self.rate * _APART)))):
            earlier = [(known[other], (at - other) / self.rate) for other in others]
            paced, own = held_to(layers, shown, earlier)
            return Compositor(paced, size, shown, own, earlier=earlier)
        if drawing:
            plain = Compositor(layers, size).frame(layers.reference)
            shown = after_drawing(plain, shown, float(given.keep[at]))
        return Compositor(layers, size, shown, drawn=drawing)
