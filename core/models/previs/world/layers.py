"""A scene taken apart: the plate, elements and moves that its picture is made of, as truth to learn from."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ..layers import ELEMENT, KNOTS, NEAREST, PLATE, POSES, SLOTS, VIEW, ElementMove, Moves, in_view
from .brush import Canvas
from .draw import draw_subjects, draw_weather, indoor_light
from .figures import draw_subject
from .light import light_of
from .places import draw_place
from .scene import FRAMES, Camera, Subject, Track, World

Bytes = npt.NDArray[np.uint8]
# Half the width, the lower and the upper edge of what a subject of a kind covers, its shadow too; metres from its foot.
_BOXES = {
    "person": (0.65, -0.12, 2.0),
    "car": (2.35, -0.5, 1.5),
    "dog": (0.62, -0.12, 0.78),
    "horse": (1.35, -0.28, 1.98),
    "ball": (0.38, -0.08, 0.64),
    "boat": (2.0, 0.08, 3.6),
    "tree": (1.3, -0.28, 3.5),
    "door": (0.65, -0.03, 2.22),
}
# The strides of an action's two poses, and how often it passes both in one stride. Feet are apart and together in turn.
_POSES = {
    "walks": (0.25, 0.5, 2.0),
    "runs": (0.25, 0.5, 2.0),
    "enters": (0.25, 0.5, 2.0),
    "leaves": (0.25, 0.5, 2.0),
    "approaches": (0.25, 0.5, 2.0),
    "talks": (0.0, 0.25 / 2.2, 2.2),
    "waves": (0.25 / 1.6, 0.75 / 1.6, 1.6),
    "turns": (0.0, 2.0, 0.0),
    "opens": (0.0, 1.0, 0.0),
    "jumps": (0.0, 0.0, 1.0),
    "bounces": (0.0, 0.0, 1.0),
}
_BEAST = 1.3  # of a beast's steps to each stride
_SIDE = 64  # rows in which an element is drawn, before it is brought to its size


def to_bytes(values: npt.NDArray[np.float32]) -> Bytes:
    """Code values of values 0 to 1."""
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)


def _knots(track: Track) -> Track:
    return np.interp(np.linspace(0, FRAMES - 1, KNOTS), np.arange(FRAMES), track)


def _lowest(world: World, who: Subject) -> float:
    """The lowest height at which the frame's lower edge ever cuts the subject."""
    camera = world.camera
    depth = np.maximum(who.z - camera.z, 0.15)
    return float((camera.y - (0.5 - camera.tilt) * depth).min())


def _box(world: World, who: Subject) -> tuple[float, float, float]:
    """Half the width, lower and upper edge of what is seen of a subject, in metres; a person near is cut below."""
    half, low, top = _BOXES[who.kind]
    if who.kind == "person":
        cut = float(np.clip(_lowest(world, who) - 0.03, low, 0.95))
        low, half = cut, half if who.action == "waves" else max(0.38, half * (top - cut) / (top - low))
    return half, low, top


def _poses(world: World, who: Subject, box: tuple[float, float, float]) -> Bytes:
    """Both poses (POSES, *ELEMENT, 4), colours multiplied with their matte."""
    half, low, top = box
    first, second, _ = _POSES.get(who.action, (0.0, 0.0, 0.0))
    beast = _BEAST if who.kind in ("dog", "horse") else 1.0
    moment = np.array([first, second], np.float32) / np.float32(beast)
    here = np.zeros(POSES, np.float32)
    x = here + (np.array([0, np.pi * 0.3], np.float32) if who.action == "rolls" else 0)
    still = replace(who, x=x, y=here, z=here + np.float32(who.z.mean()), stride=moment)
    tall = top - low
    camera = Camera(x, here + (low + top) / 2, still.z - tall, here, here)
    alone = replace(world, camera=camera, subjects=(still,))
    light = indoor_light(world, light_of(world))
    columns = max(8, round(_SIDE * 2 * half / tall))
    drawn = []
    for paper in (0.0, 1.0):
        canvas = Canvas(POSES, _SIDE, columns)
        canvas.pixels[:] = paper
        draw_subject(canvas, alone, light, np.random.default_rng(world.seed), still)
        drawn.append(np.clip(canvas.pixels, 0, 1))
    matte = 1 - (drawn[1] - drawn[0]).mean(-1, keepdims=True)
    layer = np.concatenate([drawn[0], matte], -1)
    small = [cv2.resize(pose, ELEMENT[::-1], interpolation=cv2.INTER_AREA) for pose in layer]
    return to_bytes(np.stack(small))


def _rate(track: Track, seconds: float) -> float:
    return float(track[-1] - track[0]) * FRAMES / (FRAMES - 1) / seconds


def _element(world: World, who: Subject, box: tuple[float, float, float], at: int, near: float) -> ElementMove:
    half, low, top = box
    camera = world.camera
    _, _, often = _POSES.get(who.action, (0.0, 0.0, 0.0))
    cadence = hop = 0.0
    pose: Track = np.ones(KNOTS, np.float32)
    if who.action in ("turns", "opens"):
        turned = np.cos(np.pi * who.stride * 0.5) if who.action == "turns" else 1 - 2 * who.stride
        pose = _knots(turned)
    elif who.action == "rolls":
        cadence = abs(_rate(who.x, world.seconds)) / (2 * np.pi * 0.3)
    elif often:
        steps = np.gradient(who.stride)
        cadence = (
            float(np.max(steps)) * FRAMES / world.seconds * often * (_BEAST if who.kind in ("dog", "horse") else 1)
        )
        pose = _knots(np.where(steps > 0.3 * np.max(steps), 1.0, -1.0))
        hop = float(who.y.max()) if who.action in ("jumps", "bounces") else 0.0
    return ElementMove(
        x=_knots((who.x - camera.x[at]) / near),
        z=_knots((who.z - camera.z[at]) / near),
        pose=pose,
        foot=(low - float(camera.y[at])) / near,
        width=2 * half / near,
        height=(top - low) / near,
        cadence=cadence,
        hop=hop / near,
    )


def unit_of(world: World, at: int) -> float:
    """How many metres are 1 in `Layers` of a reference frame: how far the main subject is from the camera."""
    who = world.subjects
    return float(max((who[0].z[at] if who else world.near) - world.camera.z[at], 0.4))


def layers_of(world: World, at: int) -> tuple[Bytes, Bytes, Moves, Bytes, npt.NDArray[np.float32]]:
    """Plate (*PLATE, 4), elements (SLOTS, POSES, *ELEMENT, 4), moves, the picture (*VIEW, 3) at drawn frame `at`, and
    how near all is that it shows (*VIEW), 1 over metres.

    As `Layers` has them, in code values: a nearness of NEAREST is 255.
    """
    who = world.subjects
    near = unit_of(world, at)
    view = world.at([at])
    light, rng = light_of(world), np.random.default_rng(world.seed)
    canvas = Canvas(1, *PLATE, unit=VIEW[0])
    draw_place(canvas, view, light, rng)
    nearness = np.clip(canvas.nearness[0] * near / NEAREST, 0, 1)[..., None]
    plate = np.concatenate([canvas.pixels[0], nearness], -1)
    elements = np.zeros((SLOTS, POSES, *ELEMENT, 4), np.uint8)
    moved: list[ElementMove | None] = [None] * SLOTS
    for slot, subject in enumerate(who[:SLOTS]):
        box = _box(world, subject)
        elements[slot] = _poses(world, subject, box)
        moved[slot] = _element(world, subject, box, at, near)
    camera = world.camera
    x, y, z = (_knots((track - track[at]) / near) for track in (camera.x, camera.y, camera.z))
    moves = Moves(x, y, z, _knots(camera.pan), _knots(camera.tilt), tuple(moved))
    picture = Canvas(1, *VIEW)
    picture.pixels[:] = canvas.pixels[in_view()]
    picture.nearness[:] = canvas.nearness[in_view()]
    draw_subjects(picture, view, light, rng)
    seen = picture.nearness[0].copy()
    draw_weather(picture, view, light, rng)
    return to_bytes(plate), elements, moves, to_bytes(picture.pixels[0]), seen
