"""From layers to frames: the plate moved by its distances, the elements laid over it far to near, as cards in 2.5D."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ...media.scaling import enlarge
from .clearing import cleared, shade, spread
from .cutting import REACH, cut_out
from .layers import (
    CAMERA_TRACKS,
    ELEMENT,
    GLIMPSE,
    HOPPING,
    PLATE,
    VIEW,
    Array,
    Box,
    ElementMove,
    Layers,
    at_moment,
    onto_view,
)
from .tracing import recut

Frame = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
_ROUNDS = 3  # of finding which place of the plate is seen at a pixel
SOLID = 0.42  # mattes above this are bodies, whose edges are drawn sharp; below it shadows, which stay soft
_LARGER = (1, 2, 4, 8, 16)  # times that an element is enlarged before it is laid in
_DARK = 0.15  # shadows are darker than that; what is twice as light is none
_UNLIKE = 0.16  # mean difference from the known frame over a body: more, and it is not that body
_MOVES = 6.0  # mean code values by which its motion tells a body better than the camera's: it is there
_ENDS = 0.05  # frame heights above the frame's lower edge: what ends higher is not cut by it
_MOST = 3  # frame heights, of which so many rows are kept of an element cut from a known frame
_EDGE = np.ones((9, 9), np.uint8)  # pixels around a drawn body that its edge is soft in
_STEPPING = 0.2  # steps a second, below which an element does not step
_CROSSING = 0.01  # of the picture's left and right edge, that an element may cross
_STILL = 0.004  # frame heights: camera moves smaller than this over a take are none


def _smooth(values: Floats, larger: int) -> Floats:
    """An element (rows, columns, 4) so many times larger, the edges of bodies as sharp as before."""
    size = values.shape[1] * larger, values.shape[0] * larger
    matte: Any = values[..., 3:]
    body = np.where(matte > SOLID, matte, 0.001).astype(np.float32)
    colour = values[..., :3] / np.maximum(matte, 0.001)
    # Colours run on beyond their body, so that its edge is cut from its own colour.
    around = cv2.GaussianBlur(colour * body, (0, 0), 1.0) / cv2.GaussianBlur(body, (0, 0), 1.0)[..., None]
    colour = np.where(matte > 0.9, colour, around)
    colour = np.where((matte > 0.01) & (matte <= SOLID), values[..., :3] / np.maximum(matte, 0.01), colour)
    small = (np.clip(colour, 0, 1) * 255 + 0.5).astype(np.uint8)
    colour = enlarge(small, size).astype(np.float32) / np.float32(255)
    matte = np.clip(cv2.resize(matte, size, interpolation=cv2.INTER_CUBIC), 0, 1)[..., None]
    steep = 1 + 0.8 * (larger - 1)
    body_cut = np.clip((matte - 0.5) * steep + 0.5, 0, 1)
    on_shadow = SOLID + (1 - SOLID) * np.clip((matte - (1 + SOLID) / 2) * steep + 0.5, 0, 1)
    on_shadow = np.where(matte > SOLID, on_shadow, matte)
    # What is faint and has a colour is no shadow but the rim of a body, which would glow.
    lit = np.clip((colour.max(-1, keepdims=True) - _DARK) / _DARK, 0, 1)
    matte = on_shadow + (body_cut - on_shadow) * lit
    return np.concatenate([colour * matte, matte], -1).astype(np.float32)


def _body(layer: Floats) -> Floats:
    """Which places (rows, columns, 1) of an element's picture (rows, columns, 4) are its body's, 0 or 1."""
    return np.asarray(layer[..., 3:] > SOLID, np.float32)


def _shadow(layer: Floats) -> Floats:
    """What an element's picture (rows, columns, 4) shows besides its body, carried on beneath it."""
    around = 1 - cv2.dilate(_body(layer), _EDGE)[..., None]
    return spread(layer * around, around)


def _sides(element: Floats) -> tuple[int, int]:
    """Rows and columns of an element's picture that fill its box; the rows below them carry its lower edge on."""
    return ELEMENT[0] * element.shape[1] // ELEMENT[1], element.shape[1]


def _around(box: Box) -> Box:
    """Where the picture of an element that was cut out of a known frame lies, if its box is there."""
    left, top, right, bottom = box
    beside, over = REACH * (right - left), REACH * (bottom - top)
    return left - beside, top - over, right + beside, 2 * bottom - top


def _moved(box: Box, by: tuple[float, float], grown: float) -> Box:
    """A box moved, and grown about the middle of its lower edge."""
    middle, bottom = (box[0] + box[2]) / 2 + by[0], box[3] + by[1]
    half, high = (box[2] - box[0]) / 2 * grown, (box[3] - box[1]) * grown
    return middle - half, bottom - high, middle + half, bottom


@dataclass(frozen=True)
class Own:
    """How an element moves in known frames.

    `better` (rows, columns): by how many code values each pixel of the reference frame is better explained by the
    element's motion than by the camera's. `path`: how fast it then moves down besides what its tracks say, and how much
    faster, in frame heights and seconds; it stays between `least` and `most`. Where it goes through `cycles` of so many
    frames, the surest first, it goes on with these `speeds`: across and down, in frame heights, and growing.
    """

    better: Floats
    path: Array = field(default_factory=lambda: np.zeros(2))
    least: float = 0.0
    most: float = 0.0
    cycles: tuple[int, ...] = ()
    speeds: Array = field(default_factory=lambda: np.zeros(3))

    def down(self, since: float) -> float:
        """How far it has moved so many seconds after the reference moment."""
        return float(np.clip(self.path[0] * since + self.path[1] * since**2 / 2, self.least, self.most))


class Compositor:
    """Draws any moment of some layers, `size` (width, height) in pixels.

    Where the frame of the reference moment is `known`, (height, width, 3), its own pixels are carried along with the
    layers: what it shows of the plate, and what it shows of the elements, which then keep the pose they have in it.
    `own` says, by slot, how elements move there; `earlier` are known frames so many seconds before it, as in `pace.py`:
    an element that goes through a cycle goes on with its pictures from them. Where it is a drawing's, laid over these
    layers, `drawn` has the mattes of elements in it, as far as its lines tell them; others have their own as well.
    """

    def __init__(
        self,
        layers: Layers,
        size: tuple[int, int],
        known: Frame | None = None,
        own: Mapping[int, Own] | None = None,
        drawn: Mapping[int, Floats] | None = None,
        earlier: Sequence[tuple[Frame, float]] = (),
    ) -> None:
        self._layers, (self._width, self._height) = layers, size
        self._plate = self._enlarged_plate()
        self._enlarged: dict[tuple[int, int, int], Floats] = {}  # by slot, pose and how many times
        grid_rows, grid_columns = GLIMPSE[0] * 2, round(GLIMPSE[0] * 2 * self._width / self._height)
        ys = (np.arange(grid_rows, dtype=np.float32) + 0.5) / grid_rows - 0.5
        xs = ((np.arange(grid_columns, dtype=np.float32) + 0.5) / grid_columns - 0.5) * (self._width / self._height)
        self._xs, self._ys = np.meshgrid(xs, ys)
        self._there = [slot for slot, move in enumerate(layers.moves.elements) if move is not None]
        # Pictures of elements from the known frame, and from those before it where an element goes through a cycle.
        self._held: dict[int, list[Floats]] = {}
        self._thrown: dict[int, tuple[Floats, Box]] = {}  # how dark their shadows are there, and their boxes
        self._earlier = earlier
        self._own = dict(own or {})
        if known is not None:
            self._carry(known, drawn)

    def _enlarged_plate(self) -> Floats:
        """The plate at the frame's own scale, its edges sharp; mirrored beside it where the frame is wider."""
        # As many rows above the view as below it, and columns beside it: its middle is the plate's.
        rows, columns = (
            own + 2 * round((self._height * side / VIEW[0] - own) / 2)
            for own, side in zip((self._height, self._width), PLATE, strict=True)
        )
        small = (np.clip(self._layers.plate[..., :3], 0, 1) * 255 + 0.5).astype(np.uint8)
        large = enlarge(small, (columns, rows)).astype(np.float32) / np.float32(255)
        beside = max(0, self._width - columns + 1) // 2
        return np.asarray(cv2.copyMakeBorder(large, 0, 0, beside, beside, cv2.BORDER_REFLECT_101), np.float32)

    def _carry(self, known: Frame, traced: Mapping[int, Floats] | None) -> None:
        """Puts the known frame's pixels into the plate and the elements."""
        at, pixels = self._layers.reference, known.astype(np.float32) / np.float32(255)
        apart = np.abs(self.frame(at).astype(np.float32) / 255 - pixels).mean(-1)
        mattes: dict[int, Floats] = {}
        covered: list[Floats] = []
        for slot in self._there:
            laid = self.laid(slot, at)
            matte = (traced or {}).get(slot)
            if matte is None:
                matte = self._matte(slot, laid, known, apart, traced is not None)
            if matte is not None:
                mattes[slot] = matte
                covered.append(np.maximum(matte, _shadow(laid)[..., 3]))
        self._there = list(mattes)
        clear = cleared(pixels, self._plate[self._within()], covered)
        self._plate = self._around_view(clear)
        for slot, matte in mattes.items():
            box = self._layers.box(slot, at)
            self._thrown[slot] = shade(pixels, clear, matte), box
            self._held[slot] = [self._picture_of(slot, pixels, matte, box), *self._cycle(slot, matte)]

    def _matte(self, slot: int, laid: Floats, known: Frame, apart: Floats, drawn: bool) -> Floats | None:
        """The matte of an element in a known frame from which the layers' own is so far `apart`, (height, width), 0 to
        1; None where the known frame has no such element."""
        body = laid[..., 3] > SOLID
        better = self._own[slot].better if slot in self._own else None
        if body.any() and apart[body].mean() > _UNLIKE and not self._moves_there(better, body):
            return None
        own = np.where(body, laid[..., 3], 0)
        cut = cut_out(known, body.astype(np.float32), better)
        if cut is None:
            return own
        return np.maximum(cut, own) if drawn else cut

    def _moves_there(self, better: Floats | None, body: npt.NDArray[np.bool_]) -> bool:
        """Whether what is seen where an element's body is moves as the element, not as the camera."""
        if better is None:
            return False
        told = cv2.resize(better, (self._width, self._height), interpolation=cv2.INTER_LINEAR)
        return float(told[body].mean()) > _MOVES

    def _within(self) -> tuple[slice, slice]:
        """Where the view lies in the plate."""
        rows, columns = self._plate.shape[:2]
        top, left = (rows - self._height) // 2, (columns - self._width) // 2
        return slice(top, top + self._height), slice(left, left + self._width)

    def _around_view(self, clear: Floats) -> Floats:
        """The plate of a view; beside it a mirror image: the plate there goes on from another picture than that."""
        rows, columns = self._within()
        borders = rows.start, self._plate.shape[0] - rows.stop, columns.start, self._plate.shape[1] - columns.stop
        return np.asarray(cv2.copyMakeBorder(clear, *borders, cv2.BORDER_REFLECT_101), np.float32)

    def _cycle(self, slot: int, matte: Floats) -> list[Floats]:
        """An element as the frames before the known one show it, the nearest first, through one cycle of its limbs."""
        own = self._own.get(slot)
        if own is None or not own.cycles:
            return []
        here = self._layers.box(slot, self._layers.reference)
        pictures: list[Floats] = []
        for frame, seconds in self._earlier[: max(own.cycles) - 1]:
            across, down, grows = own.speeds * -seconds
            there = _moved(here, (across, down), 1 + grows)
            expected = self._matte_at(matte, here, there)
            cut = cut_out(frame, expected, None)
            found = expected if cut is None else cut
            if (found[:, [0, -1]] > SOLID).mean() > _CROSSING:
                break  # part of it was beyond the picture's edge
            pictures.append(self._picture_of(slot, frame.astype(np.float32) / np.float32(255), found, there))
        cycle = next((count for count in own.cycles if count <= len(pictures) + 1), 1)
        return pictures[: cycle - 1]

    def _matte_at(self, matte: Floats, here: Box, there: Box) -> Floats:
        """A matte of one box, in another."""
        sides = 64, 64
        to_here, to_there = (np.vstack([self._motion(box, sides), [0, 0, 1]]) for box in (here, there))
        motion = (to_there @ np.linalg.inv(to_here))[:2]
        return np.asarray(
            cv2.warpAffine(matte, motion, (self._width, self._height), flags=cv2.INTER_LINEAR), np.float32
        )

    def _picture_of(self, slot: int, known: Floats, matte: Floats, box: Box) -> Floats:
        """An element as a frame shows it within its matte, and as it is drawn beside that frame; on its shadow."""
        drawn = self._sized(slot, 0, (box[3] - box[1]) * self._height)
        around = _around(box)
        across, down = (around[2] - around[0]) * self._height, (around[3] - around[1]) * self._height
        less = min(1.0, _MOST * self._height / max(across, down))
        size = max(2, round(across * less)), max(2, round(down * less))
        onto_frame = np.vstack([self._motion(around, size[::-1]), [0, 0, 1]])
        of_drawn = np.vstack([self._motion(box, _sides(drawn)), [0, 0, 1]])
        behind = cv2.warpAffine(drawn, (np.linalg.inv(onto_frame) @ of_drawn)[:2], size, flags=cv2.INTER_LINEAR)
        flags: Any = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        whole = np.concatenate([known * matte[..., None], matte[..., None], np.ones_like(matte)[..., None]], -1)
        seen = cv2.warpAffine(whole, onto_frame[:2], size, flags=flags)
        dark, there = self._thrown[slot]
        cast = cv2.warpAffine(dark, self._motion(_around(there), size[::-1]), size, flags=flags)[..., None]
        under = (
            np.concatenate([np.zeros((*cast.shape[:2], 3), np.float32), cast], -1) if dark.any() else _shadow(behind)
        )
        shadowed = seen[..., :4] + under * (1 - seen[..., 3:4])
        return np.asarray(shadowed * seen[..., 4:] + behind * (1 - seen[..., 4:]), np.float32)

    def _motion(self, box: Box, sides: tuple[int, int]) -> Array:
        """How a picture of so many rows and columns lies in the frame."""
        return onto_view(box, sides, self._height, (self._width, self._height))

    def _camera(self, moment: float) -> tuple[float, ...]:
        moves = self._layers.moves
        tracks = [getattr(moves, name) for name in CAMERA_TRACKS]
        then = [at_moment(track, self._layers.reference) for track in tracks]
        now = [at_moment(track, moment) for track in tracks]
        away = [there - here for here, there in zip(then, now, strict=True)]
        still = max(float(np.ptp(track)) for track in tracks) < _STILL
        return (0.0,) * 5 if still else tuple(away)

    def seen(self, moment: float) -> tuple[Array, Array]:
        """Which place of the plate, x and y in frame heights, each pixel shows; (2 * GLIMPSE rows, columns) each."""
        x, y, z, pan, tilt = self._camera(moment)
        moves = self._layers.moves
        pan_then, tilt_then = (at_moment(t, self._layers.reference) for t in (moves.pan, moves.tilt))
        away_x, away_y = self._xs - (pan + pan_then), self._ys - (tilt + tilt_then)
        px: Array = self._xs - pan
        py: Array = self._ys - tilt
        if not (x or y or z):
            return px, py
        for _ in range(_ROUNDS):
            near = self._layers.nearness_at(px, py)
            grown = 1 - z * near
            px = x * near + away_x * grown + pan_then
            py = -y * near + away_y * grown + tilt_then
        return px, py

    def _background(self, moment: float) -> Floats:
        px, py = (cv2.resize(p, (self._width, self._height), interpolation=cv2.INTER_LINEAR) for p in self.seen(moment))
        rows, columns = self._plate.shape[:2]
        unit = self._height
        at_x = (px * unit + (columns / 2 - 0.5)).astype(np.float32)
        at_y = (py * unit + (rows / 2 - 0.5)).astype(np.float32)
        mirror = cv2.BORDER_REFLECT_101
        return np.asarray(cv2.remap(self._plate, at_x, at_y, cv2.INTER_CUBIC, borderMode=mirror), np.float32)

    def _pose(self, move: ElementMove, moment: float) -> int:
        held = at_moment(move.pose, moment) > 0
        if move.cadence > _STEPPING and move.hop < HOPPING:
            swung = np.sin(2 * np.pi * move.cadence * moment * self._layers.seconds) >= 0
            return 0 if swung or not held else 1
        return 0 if held else 1

    def _sized(self, slot: int, pose: int, rows: float) -> Floats:
        """An element about `rows` pixels high, its lower edge carried on where the frame cuts its body there."""
        larger = next((n for n in _LARGER if n * ELEMENT[0] >= rows), _LARGER[-1])
        key = slot, pose, larger
        if key not in self._enlarged:
            element = self._layers.elements[slot, pose]
            ends = self._layers.box(slot, self._layers.reference)[3] < 0.5 - _ENDS
            cut = element[-1:] * (element[-1:, :, 3:] > (1 if ends else SOLID))
            longer = np.concatenate([element, np.repeat(cut, ELEMENT[0], 0)])
            self._enlarged[key] = _smooth(longer, larger)
        return self._enlarged[key]

    def _held_picture(self, slot: int, moment: float) -> Floats:
        """The picture of an element that known frames show, as it looks at a moment: its cycle goes on."""
        pictures = self._held[slot]
        if len(pictures) == 1:
            return pictures[0]
        since = (moment - self._layers.reference) * self._layers.seconds
        return pictures[-round(abs(since / self._earlier[0][1])) % len(pictures)]

    def laid(self, slot: int, moment: float) -> Floats:
        """An element where it stands, (height, width, 4), colours multiplied with the matte."""
        layers = self._layers
        move = layers.moves.elements[slot]
        assert move is not None
        left, top, right, bottom = layers.box(slot, moment)
        if slot in self._own:
            down = self._own[slot].down((moment - layers.reference) * layers.seconds)
            top, bottom = top + down, bottom + down
        box = left, top, right, bottom
        if slot in self._held:
            element, box = self._held_picture(slot, moment), _around(box)
            sides = element.shape[0], element.shape[1]
        else:
            element = self._sized(slot, self._pose(move, moment), (bottom - top) * self._height)
            sides = _sides(element)
        shrunk = min(sides[0], ELEMENT[0]) / max((box[3] - box[1]) * self._height, 1.0)
        if shrunk > 1:  # more pixels than are shown: blurred first, so that none flickers
            element = cv2.GaussianBlur(element, (0, 0), 0.4 * min(shrunk, 10.0))
        motion = self._motion(box, sides)
        return np.asarray(cv2.warpAffine(element, motion, (self._width, self._height), flags=cv2.INTER_LINEAR))

    def frame(self, moment: float, covers: Mapping[int, Floats] | None = None) -> Frame:
        """The frame (height, width, 3) at a moment, 0 the first frame to 1 the last; bodies cut to `covers` (height,
        width), by slot, where there are any."""
        picture, covers = self._background(moment), covers or {}
        for slot in self._far_to_near(moment):
            laid = self.laid(slot, moment)
            over = _shadow(laid) if slot in covers else laid
            picture = over[..., :3] + picture * (1 - over[..., 3:])
            if slot in covers:
                picture = recut(picture, laid, _body(laid), covers[slot])
        return np.asarray(np.clip(picture * 255 + 0.5, 0, 255), np.uint8)

    def bodies(self, moment: float) -> dict[int, Floats]:
        """What is seen of each element's body at a moment, (height, width), by slot; nothing of its shadow."""
        found: dict[int, Floats] = {}
        for slot in self._far_to_near(moment):
            laid = self.laid(slot, moment)
            own = laid[..., 3] * _body(laid)[..., 0]
            found = {other: cover * (1 - own) for other, cover in found.items()} | {slot: own}
        return found

    def _far_to_near(self, moment: float) -> list[int]:
        def distance(slot: int) -> float:
            move: Any = self._layers.moves.elements[slot]
            return at_moment(move.z, moment)

        return sorted(self._there, key=distance, reverse=True)
